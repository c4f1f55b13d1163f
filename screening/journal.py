"""A file that remembers what was deleted, so that a restored backup does not bring it back (``manage.py restore``), and
which patients wish a nurse to delete what they sent, so that it does not forget them.

One line each: kind, keyed hash of the row's sending, time. It is written and flushed to disk before the deletion is
committed: should that fail, the row would at most be deleted again after a restore, as the patient wished.
"""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

KINDS = ("screening", "callback", "wish")
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?[+-]\d\d:\d\d"
LINE = re.compile(rf"(?P<kind>{'|'.join(KINDS)}) (?P<name>[0-9a-f]{{64}}) (?P<at>{TIME})")


@dataclass(frozen=True)
class Entry:
    """A row was deleted, or (kind "wish") is to be. ``name``: its ``sending_hash`` or ``asking_hash``."""

    kind: str
    name: str
    at: datetime


def note(kind: str, name: str, at: datetime) -> None:
    """Append one entry and flush it to disk. Raises OSError where the file cannot be written."""
    note_all(kind, [name], at)


def note_all(kind: str, names: Iterable[str], at: datetime) -> None:
    """The same for several at once."""
    path = settings.DELETIONS_LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{kind} {name} {at.isoformat()}\n" for name in names).encode()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        if (size := os.fstat(handle).st_size) and os.pread(handle, 1, size - 1) != b"\n":
            lines = b"\n" + lines  # a failing machine cut the last line off; this one must not hang on to it
        if os.write(handle, lines) != len(lines):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.fsync(handle)
    finally:
        os.close(handle)


def read() -> Iterator[Entry]:
    """All entries, oldest first; a line that was cut off by a failing machine is left out."""
    try:
        lines = settings.DELETIONS_LOG.read_text().splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        if found := LINE.fullmatch(line):
            yield Entry(found["kind"], found["name"], datetime.fromisoformat(found["at"]))
