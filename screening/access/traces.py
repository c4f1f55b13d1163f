"""One look at many screenings leaves as many events as their numbers take room."""

from collections.abc import Iterable, Iterator, Sequence

from ..audit import record

PER_EVENT = 15
"""Numbers in one event; of nine digits each they fit into ``AuditEvent.subject``."""


def trace(action: str, numbers: Sequence[int], *, by, at, detail: str = "", kind: str = "screening") -> None:
    """Record an action on screenings, or on others of one ``kind``; every number stands in an event.

    For use inside a transaction.
    """
    for some in slices(list(dict.fromkeys(numbers))):
        record(action, by=by, at=at, subject=f"{kind} {', '.join(map(str, some))}", detail=detail)


def slices(numbers: Sequence[int]) -> Iterator[Iterable[int]]:
    for start in range(0, len(numbers), PER_EVENT):
        yield numbers[start : start + PER_EVENT]
