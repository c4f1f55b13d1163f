"""After a restore: what was deleted since the backup is deleted again, and the audit says that it was restored."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction

from .. import journal
from ..audit import record
from ..models import Action, CallbackRequest, Screening
from .keeping import leave_traces, one_at_a_time

ROWS = {"screening": (Screening, "sending_hash", "sent_at"), "callback": (CallbackRequest, "asking_hash", "asked_at")}
BATCH = 500


@transaction.atomic
def restored(*, at: datetime, made_at: datetime, by=None) -> None:
    """Leave the trace of a restore. ``made_at``: the time of the backup."""
    record(Action.RESTORE, by=by, at=at, subject="backup", detail=f"made {made_at.isoformat()}")


def replay_deletions(*, at: datetime, by=None) -> int:
    """Delete again what the journal names; how many rows came back and went. May be run again at any time.

    What was sent once more after its deletion (the same answers have the same name) stays.
    """
    entries = journal.read()
    return sum(delete_again(batch, by=by, at=at) for batch in iter(lambda: list(islice(entries, BATCH)), []))


@transaction.atomic
def delete_again(entries: list[journal.Deleted], *, at: datetime, by=None) -> int:
    gone = 0
    one_at_a_time()
    for kind, (model, name, begun) in ROWS.items():
        last = {entry.name: entry.at for entry in entries if entry.kind == kind}
        found = model.objects.filter(**{f"{name}__in": last}).values_list("pk", name, begun)
        numbers = [number for number, which, when in found if when <= last[which]]
        for subject in in_few_rows(kind, numbers):
            record(Action.DELETE, by=by, at=at, subject=subject, detail="again, after a restore")
        model.objects.filter(pk__in=numbers).delete()
        gone += len(numbers)
    if gone:
        leave_traces(at=at)
    return gone


def in_few_rows(kind: str, numbers: Iterable[int], together: int = 6) -> Iterator[str]:
    """Subjects for the audit that name a few rows each, since none may be long."""
    left = iter(numbers)
    while batch := list(islice(left, together)):
        yield ", ".join(f"{kind} {number}" for number in batch)
