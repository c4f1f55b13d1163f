"""The Nu HTML checker: fetched by name from npm into the user's cache once, never into the project."""

import functools
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from .npm import NoPackage, packed

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
    try:
        with packed(PACKAGE, CACHE) as (archive, scratch):
            with (scratch / "vnu.jar").open("wb") as unpacked:
                shutil.copyfileobj(archive.extractfile("package/build/dist/vnu.jar"), unpacked)
            (scratch / "vnu.jar").replace(JAR)  # at once: another process may look for it
    except NoPackage as lacking:
        raise NoChecker(str(lacking)) from lacking


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
