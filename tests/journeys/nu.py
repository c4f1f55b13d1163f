"""The Nu HTML checker: fetched by name from npm into the user's cache once, never into the project."""

import functools
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "vnu-jar@26.9.27"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pumpguide" / PACKAGE
JAR = CACHE / "vnu.jar"


class NoChecker(Exception):
    """The checker cannot be had here; the message says what is lacking."""


@functools.cache
def jar() -> Path:
    """The checker's file. Raises NoChecker."""
    if shutil.which("java") is None:
        raise NoChecker("no java found")
    if not JAR.exists():
        fetch()
    return JAR


def fetch() -> None:
    if shutil.which("npm") is None:
        raise NoChecker("no npm found to fetch the checker with")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        command = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", folder]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
        packed = next(Path(folder).glob("*.tgz"), None)
        if done.returncode or packed is None:
            raise NoChecker(f"npm could not fetch {PACKAGE}: {done.stderr.strip()[-200:]}")
        with tarfile.open(packed) as archive, (Path(folder) / "vnu.jar").open("wb") as unpacked:
            shutil.copyfileobj(archive.extractfile("package/build/dist/vnu.jar"), unpacked)
        (Path(folder) / "vnu.jar").replace(JAR)  # at once: another process may look for it


def mistakes(pages: dict[str, bytes]) -> list[str]:
    """What the checker finds in pages (what they are called -> HTML), errors and warnings, one line each."""
    with tempfile.TemporaryDirectory(prefix="nu") as folder:
        named = {f"{place}.html": name for place, name in enumerate(pages)}
        for file, name in named.items():
            (Path(folder) / file).write_bytes(pages[name])
        command = ["java", "-Xmx512m", "-jar", jar(), "--format", "json", "--stdout", "--exit-zero-always", folder]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    found = json.loads(done.stdout)["messages"]
    return [line(named[Path(message["url"]).name], message) for message in found]


def line(name: str, message: dict) -> str:
    where = f"{name}:{message.get('lastLine', '')}"
    kind = message.get("subType", message["type"])
    return f"{where}: {kind}: {message['message']} Near: {message.get('extract', '').strip()!r}"
