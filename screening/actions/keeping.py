"""What is deleted when its time is over. Each call clears one batch in one transaction: kill it, and run it again.

What a call-back was when a backup was made (still open, say) would not be past its time after a restore; so these
deletions are in the journal as well.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from .. import journal
from ..audit import record
from ..models import Action, AuditEvent, CallbackRequest, Screening, SendCount, Upkeep

BATCH = 500


@transaction.atomic
def purge_screenings(*, at: datetime, by=None) -> int:
    """Delete a batch of those sent SCREENING_DAYS ago or earlier, with their reviews. How many went; 0: no more.

    A row that a nurse is just writing to is left for the next hour.
    """
    past = Screening.objects.filter(sent_at__lte=at - timedelta(days=settings.SCREENING_DAYS))
    return clear("screening", past.order_by("sent_at", "pk"), "sending_hash", by, at)


@transaction.atomic
def purge_callbacks(*, at: datetime, by=None) -> int:
    """Delete a batch of those closed CALLBACK_DAYS ago or earlier, with their attempts. How many; 0: no more."""
    past = CallbackRequest.objects.filter(closed_at__lte=at - timedelta(days=settings.CALLBACK_DAYS))
    return clear("callback", past.order_by("closed_at", "pk"), "asking_hash", by, at)


def clear(kind: str, past: QuerySet, name: str, by, at: datetime) -> int:
    one_at_a_time()
    batch = dict(past.select_for_update(skip_locked=True).values_list("pk", name)[:BATCH])
    if batch:
        journal.note_all(kind, batch.values(), at)
        record(Action.PURGE, by=by, at=at, subject=f"{kind}s", detail=str(len(batch)))
        past.model.objects.filter(pk__in=batch).delete()
        leave_traces(at=at)
    return len(batch)


@transaction.atomic
def purge_audit(*, at: datetime, by=None) -> int:
    """Delete a batch of rows older than AUDIT_YEARS, from the chain's old end. How many; 0: no more.

    The purge's own row says where the chain begins from now on (``audit.start_of_chain``).
    """
    one_at_a_time()
    oldest = list(AuditEvent.objects.order_by("number").values_list("number", "hash", "at")[:BATCH])
    before = whole_years_before(at, settings.AUDIT_YEARS)
    kept = next((place for place, row in enumerate(oldest) if row[2] >= before), len(oldest))
    if kept == 0:
        return 0
    number, digest, _at = oldest[kept - 1]
    record(Action.PURGE, by=by, at=at, subject="audit", detail=f"{number} {digest}")
    AuditEvent.objects.filter(number__lte=number).delete()
    return kept


@transaction.atomic
def purge_counts(*, at: datetime, by=None) -> int:
    """Delete what was counted of sends in earlier hours; how many."""
    return SendCount.objects.filter(hour__lt=at.replace(minute=0, second=0, microsecond=0)).delete()[0]


def whole_years_before(at: datetime, years: int) -> datetime:
    """The start of the same day so many years ago; of February 28 for a 29th."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        return day.replace(year=at.year - years)
    except ValueError:
        return day.replace(year=at.year - years, day=28)


def one_at_a_time() -> Upkeep:
    """Wait until no other clearing is in its transaction; gives the one row of upkeep."""
    return Upkeep.objects.select_for_update().get_or_create(pk=1)[0]


def leave_traces(*, at: datetime) -> None:
    """Note that the database's files are to be swept of what rows were. For use inside the transaction that does it."""
    row = one_at_a_time()
    row.traces += 1
    row.unswept_since = row.unswept_since or at
    row.save(update_fields=["traces", "unswept_since"])


@transaction.atomic
def purged(*, at: datetime, swept: int | None) -> None:
    """All is cleared. ``swept``: so many of the ``traces`` are gone from the database's files (``pumpguide.sweeping``).

    None: the files were not swept. What was deleted while they were is for the next sweep.
    """
    row = one_at_a_time()
    row.purged_at = at
    if swept is not None:
        row.unswept_since = None if row.traces == swept else at
    row.save()
