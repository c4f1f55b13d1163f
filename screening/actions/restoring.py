"""After a restore: what was deleted since the backup is deleted again, wishes to delete are on the desk again, and the
audit says that it was restored.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.db import transaction

from .. import journal
from ..access.traces import trace
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
    return sum(delete_again(batch, by=by, at=at) for batch in batches())


def replay_wishes(*, at: datetime, by=None) -> int:
    """Put the patients' wishes that the journal names on the desk again; how many. For use after the deletions."""
    return sum(ask_again(batch, by=by, at=at) for batch in batches())


def batches() -> Iterator[list[journal.Entry]]:
    entries = journal.read()
    return iter(lambda: list(islice(entries, BATCH)), [])


@transaction.atomic
def delete_again(entries: list[journal.Entry], *, at: datetime, by=None) -> int:
    gone = 0
    one_at_a_time()
    for kind, (model, _name, _begun) in ROWS.items():
        numbers = list(named(kind, kind, entries))
        trace(Action.DELETE, numbers, by=by, at=at, detail="again, after a restore", kind=kind)
        model.objects.filter(pk__in=numbers).delete()
        gone += len(numbers)
    if gone:
        leave_traces(at=at)
    return gone


@transaction.atomic
def ask_again(entries: list[journal.Entry], *, at: datetime, by=None) -> int:
    back = []
    for number, asked_at in named("wish", "screening", entries).items():
        if Screening.objects.filter(pk=number, deletion_asked_at=None).update(deletion_asked_at=asked_at):
            back.append(number)
    trace(Action.DELETION_ASKED, back, by=by, at=at, detail="again, after a restore")
    return len(back)


def named(entry: str, row: str, entries: list[journal.Entry]) -> dict[int, datetime]:
    """Rows that entries of this kind name: number -> time of the last one, where they were there by then."""
    model, name, begun = ROWS[row]
    last = {one.name: one.at for one in entries if one.kind == entry}
    found = model.objects.filter(**{f"{name}__in": last}).values_list("pk", name, begun)
    return {number: last[which] for number, which, when in found if when <= last[which]}
