"""A file that remembers what was deleted, so that a restored backup does not bring it back (``manage.py restore``).

One line each: kind, keyed hash of the row's sending, time. It is written and flushed to disk before the deletion is
committed: should that fail, the row would at most be deleted again after a restore, as the patient wished.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

KINDS = ("screening", "callback")


@dataclass(frozen=True)
class Deleted:
    """A row was deleted. ``name``: its ``sending_hash`` or ``asking_hash``."""

    kind: str
    name: str
    at: datetime


def note(kind: str, name: str, at: datetime) -> None:
    """Append one deletion and flush it to disk. Raises OSError where the file cannot be written."""
    path = settings.DELETIONS_LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{kind} {name} {at.isoformat()}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def read() -> Iterator[Deleted]:
    """All deletions, oldest first; a last line that was cut off by a failing machine is left out."""
    try:
        lines = settings.DELETIONS_LOG.read_text().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        parts = line.split(" ")
        if len(parts) == 3 and parts[0] in KINDS:
            yield Deleted(parts[0], parts[1], datetime.fromisoformat(parts[2]))
