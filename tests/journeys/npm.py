"""Packages that only a test needs, fetched by name with ``npm pack`` and never kept in the repository."""

import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NoPackage(Exception):
    """It cannot be fetched here; the message says why."""


@contextmanager
def packed(package: str, cache: Path) -> Iterator[tuple[tarfile.TarFile, Path]]:
    """(the package's archive, a scratch folder beside what ``cache`` keeps). Raises NoPackage."""
    if shutil.which("npm") is None:
        raise NoPackage(f"no npm found to fetch {package} with")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as scratch:
        command = ["npm", "pack", package, "--silent", "--pack-destination", scratch]
        done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, timeout=300, check=False)
        file = next(Path(scratch).glob("*.tgz"), None)
        if done.returncode or file is None:
            raise NoPackage(f"npm could not fetch {package}: {done.stderr.strip()[-200:]}")
        with tarfile.open(file) as archive:
            yield archive, Path(scratch)
