"""A backup is one file: the database as its own tools wrote it, and a manifest that says what it is.

The keys are not in it: whoever finds a backup can read nothing of what patients sent.
"""

import hashlib
import hmac
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from pumpguide.publishing import canonical_json
from screening.keys import keyed_hash

from .dumps import dump

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "database"
PIECE = 1024 * 1024
MOST_MANIFEST = 1024 * 1024
DAMAGED = (zipfile.BadZipFile, zlib.error, KeyError, EOFError, ValueError, RuntimeError, IsADirectoryError)
"""What the standard library raises for a file that is no zip, or no whole one."""


class Unusable(Exception):
    """One sentence: what is wrong with a backup or its place, and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. ``rows``: table -> how many; ``migrations``: each that was applied, "app.name"."""

    format: int
    software: str
    vendor: str
    made_at: str
    sha256: str
    rows: dict[str, int]
    migrations: list[str]

    @property
    def mark(self) -> str:
        """Shows that this clinic made it and nobody changed it since."""
        return keyed_hash("backup", canonical_json(asdict(self)).encode()).hex()

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def write(target: Path) -> Manifest:
    """Make a backup at ``target``, readable by its owner alone; it is there whole, or not at all.

    Raises Unusable (something is there already), DumpFailed, OSError.
    """
    refuse_taken(target)
    made_at = timezone.now()
    with TemporaryDirectory(prefix=".backup-", dir=target.parent) as folder:
        raw, packed = Path(folder, DATABASE), Path(folder, "packed")
        raw.touch(mode=0o600)
        rows = dump(raw)
        manifest = Manifest(
            FORMAT, software(), connection.vendor, made_at.isoformat(), sha256(raw), rows, sorted(applied())
        )
        pack(manifest, raw, packed)
        put_in_place(packed, target)
    keep_entry(target.parent)
    return manifest


def refuse_taken(target: Path) -> None:
    if target.exists() or target.is_symlink():
        raise Unusable(f"{target} is there already and is never overwritten. Choose another name.")


def put_in_place(packed: Path, target: Path) -> None:
    """Never in the place of what another run has put there, as a mere rename would. Raises Unusable, OSError."""
    try:
        os.link(packed, target)
    except FileExistsError:
        refuse_taken(target)
    except OSError:  # a disk without hard links, such as exFAT or a share
        try:
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            refuse_taken(target)
        os.replace(packed, target)


def pack(manifest: Manifest, raw: Path, packed: Path) -> None:
    packed.touch(mode=0o600)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(MANIFEST, json.dumps({**asdict(manifest), "mark": manifest.mark}, indent=1))
        file.write(raw, DATABASE)
    with packed.open("rb+") as file:
        os.fsync(file.fileno())


def keep_entry(folder: Path) -> None:
    """The folder's new entry is on the disk as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def opened(source: Path, near: Path) -> Iterator[tuple[Manifest, Path]]:
    """The manifest and the database, unpacked in ``near`` until the end. Every byte is checked; raises Unusable."""
    near.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".restore-", dir=near) as folder:
        raw = Path(folder, DATABASE)
        raw.touch(mode=0o600)
        try:
            with zipfile.ZipFile(source) as file:
                manifest = read_manifest(file)
                with file.open(DATABASE) as packed, raw.open("wb") as out:
                    shutil.copyfileobj(packed, out, PIECE)
        except FileNotFoundError as error:
            raise Unusable(f"There is no file {source}.") from error
        except DAMAGED as error:
            raise Unusable(f"{source} is no backup of Pump Guide, or is damaged. Use another.") from error
        if not hmac.compare_digest(sha256(raw), manifest.sha256):
            raise Unusable(f"{source} is damaged: its content is not what was written. Use another backup.")
        yield manifest, raw


def read_manifest(file: zipfile.ZipFile) -> Manifest:
    """Raises Unusable, KeyError, ValueError."""
    if file.getinfo(MANIFEST).file_size > MOST_MANIFEST:
        raise ValueError
    found = json.loads(file.read(MANIFEST))
    if not isinstance(found, dict):
        raise ValueError
    if found.get("format") != FORMAT:
        raise Unusable("The backup was made by another version of Pump Guide, in a form that this one cannot read.")
    mark = found.pop("mark", "")
    try:
        manifest = Manifest(**found)
        made_here = hmac.compare_digest(str(mark), manifest.mark)
    except TypeError as error:
        raise ValueError from error
    if not made_here:
        raise Unusable(
            "The backup was made under another CLINIC_KEY, or was changed since. Set the CLINIC_KEY of that time."
        )
    return manifest


def refuse_unfit(manifest: Manifest) -> None:
    """Raises Unusable where this installation cannot take the backup in."""
    if manifest.vendor != connection.vendor:
        raise Unusable(
            f"The backup is of {manifest.vendor}, and this installation uses {connection.vendor}. Set DATABASE_URL to "
            f"a database of that kind."
        )
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if newer := set(manifest.migrations) - known:
        raise Unusable(
            f"The backup was made by a newer Pump Guide ({manifest.software}; {min(newer)} is not known here). "
            "Upgrade first."
        )


def applied() -> list[str]:
    return [".".join(key) for key in MigrationLoader(connection).applied_migrations]


def software() -> str:
    try:
        return version("pumpguide")
    except PackageNotFoundError:
        return "unknown"


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
