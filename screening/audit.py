"""The audit's one way in, and the check of its chain. Whoever shows a record calls ``record`` first, in the same
transaction: no row, no record shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC

from django.db import transaction

from pumpguide.publishing import canonical_json

from .keys import keyed_hash
from .models import Action, AuditEvent, AuditHead

KEPT_YEARS = 6


def record(action: str, *, by, at, subject: str = "", detail: str = "") -> AuditEvent:
    """Add one event to the chain; it stands or falls with the transaction it is called in.

    ``by``: the staff member, or None for the patient or the installation. ``subject``: kind and number, never a name.
    Raises TransactionManagementError outside a transaction, ValueError for an action that is not in the list.
    """
    if action not in Action.values:
        raise ValueError(f"{action!r} is no action of the audit. Use one of: {', '.join(Action.values)}.")
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "audit.record needs the transaction that reads or writes the record."
        )
    head, _made = AuditHead.objects.select_for_update().get_or_create(pk=1)
    event = AuditEvent(number=head.number + 1, at=at, by=by, action=action, subject=subject[:200], detail=detail[:200])
    event.hash = link(head.hash, event)
    event.save(force_insert=True)
    head.number, head.hash = event.number, event.hash
    head.save(update_fields=["number", "hash"])
    return event


def subjects(kind: str, numbers: Iterable[int]) -> str:
    """ "screening 3, 7": what an event is about, cut where there are very many."""
    listed = [str(number) for number in numbers]
    return f"{kind} {', '.join(listed)}"


def link(before: str, event: AuditEvent) -> str:
    """The keyed hash of an event and the link before it, as 64 hexadecimal digits."""
    facts = [event.number, event.at.astimezone(UTC).isoformat(), event.by_id, event.action, event.subject, event.detail]
    return keyed_hash("audit chain", before.encode(), canonical_json(facts).encode()).hex()


@dataclass(frozen=True)
class Broken:
    """Where the chain does not hold, and how that shows."""

    number: int
    why: str


def verify() -> Iterator[Broken]:
    """Go along the whole chain, oldest first; yields every place where it does not hold.

    The oldest rows go after six years (``purge``); what the chain then begins with is noted in the event of that purge.
    """
    before, expected = start_of_chain()
    for event in AuditEvent.objects.order_by("number").iterator():
        if event.number != expected:
            yield Broken(expected, f"rows {expected} to {event.number - 1} are missing")
        elif event.hash != link(before, event):
            yield Broken(event.number, "the row is not as it was written, or the one before it is not")
        before, expected = event.hash, event.number + 1
    head = AuditHead.objects.filter(pk=1).first()
    if (head.number + 1, head.hash) != (expected, before) if head else expected != 1:
        yield Broken(expected, "the newest rows are missing")


def start_of_chain() -> tuple[str, int]:
    """(hash before the first row that should be there, its number)."""
    purge = AuditEvent.objects.filter(action=Action.PURGE, subject="audit").order_by("-number").first()
    if purge is None:
        return "", 1
    number, digest = purge.detail.split()
    return digest, int(number) + 1
