"""The audit's one way in, and the check of its chain. Whoever shows a record calls ``record`` first, in the same
transaction: no row, no record shown.

Each row's hash covers the row and the hash before it, under a key that is not in the database. The head covers the end
in the same way, so that the newest rows cannot be taken off by someone who can write to the database but has no key.
"""

import hmac
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pumpguide.publishing import canonical_json

from .keys import keyed_hash
from .models import Action, AuditEvent, AuditHead

LONGEST = 200  # characters of a subject or detail
CHANGED_FROM_OUTSIDE = "the head was changed from outside"
"""Stands for the hash before, in a row written after that: the mark stays, and takes the key to make."""
log = logging.getLogger(__name__)


def record(action: str, *, by, at, subject: str = "", detail: str = "") -> AuditEvent:
    """Add one event to the chain; it stands or falls with the transaction it is called in.

    ``by``: the staff member, or None for the patient or the installation. ``subject``: kind and number, never a name.
    Raises TransactionManagementError outside a transaction, ValueError for an action that is not in the list or for
    words too long to be kept whole (half a number would be another's).
    """
    if action not in Action.values:
        raise ValueError(f"{action!r} is no action of the audit. Use one of: {', '.join(Action.values)}.")
    if max(len(subject), len(detail)) > LONGEST:
        raise ValueError(f"More than {LONGEST} characters. Record a long list as several events.")
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "audit.record needs the transaction that reads or writes the record."
        )
    head, _new = AuditHead.objects.select_for_update().get_or_create(pk=1)
    head.number, head.hash = end_of_chain(head)
    event = AuditEvent(number=head.number + 1, at=at, by=by, action=action, subject=subject, detail=detail)
    event.hash = link(head.hash, event)
    event.save(force_insert=True)
    head.number, head.hash = event.number, event.hash
    head.proof = proof(head)
    head.save(update_fields=["number", "hash", "proof"])
    return event


def link(before: str, event: AuditEvent) -> str:
    """The keyed hash of an event and the link before it, as 64 hexadecimal digits."""
    facts = [event.number, event.at.astimezone(UTC).isoformat(), event.by_id, event.action, event.subject, event.detail]
    return keyed_hash("audit chain", before.encode(), canonical_json(facts).encode()).hex()


def proof(head: AuditHead) -> str:
    """What shows that the head was written with the key, as 64 hexadecimal digits."""
    return keyed_hash("audit head", str(head.number).encode(), head.hash.encode()).hex()


def genuine(head: AuditHead) -> bool:
    """Whether the head is as this program wrote it; an empty one is, as long as there are no rows."""
    if (head.number, head.hash, head.proof) == (0, "", ""):
        return not AuditEvent.objects.exists()
    return hmac.compare_digest(head.proof, proof(head))


def end_of_chain(head: AuditHead) -> tuple[int, str]:
    """(number, hash) to go on from. After a change from outside the work goes on, and the next row carries the mark."""
    if genuine(head):
        return head.number, head.hash
    log.critical("The audit's head was changed from outside. Run manage.py verify_audit.")
    newest = AuditEvent.objects.aggregate(newest=Max("number"))["newest"] or 0
    return max(head.number, newest), CHANGED_FROM_OUTSIDE


# --- the check


@dataclass(frozen=True)
class Broken:
    """Where the chain does not hold, and how that shows."""

    number: int
    why: str


def verify(newest: int | None = None) -> Iterator[Broken]:
    """Go along the chain, oldest first; yields every place where it does not hold. Rows may be added meanwhile.

    ``newest``: look only at so many of the newest rows, and take the one before them as it is. The oldest rows go
    after six years (``purge``); what the chain then begins with is noted in the event of that purge.
    """
    head = AuditHead.objects.filter(pk=1).first() or AuditHead(number=0)
    before, expected = start(head, newest)
    rows = AuditEvent.objects.order_by("number")
    at_head = before if expected == head.number + 1 else ""
    for event in (rows.filter(number__gte=expected) if newest else rows).iterator():
        if event.number < expected:
            yield Broken(event.number, _("this row should not be here; the list begins later"))
            continue
        if slip := slip_of(event, before, expected):
            yield slip
        before, expected = event.hash, event.number + 1
        if event.number == head.number:
            at_head = event.hash
    yield from slips_at_the_end(head, at_head, expected)


def missing(first: int, last: int) -> str:
    return _("rows %(first)s to %(last)s are missing") % {"first": first, "last": last}


def slip_of(event: AuditEvent, before: str, expected: int) -> Broken | None:
    """What is wrong with this row after the one before it."""
    if event.number > expected:
        return Broken(expected, missing(expected, event.number - 1))
    if hmac.compare_digest(event.hash, link(before, event)):
        return None
    if hmac.compare_digest(event.hash, link(CHANGED_FROM_OUTSIDE, event)):
        return Broken(event.number, _("when this row was written, the end of the list had been changed from outside"))
    return Broken(event.number, _("this row is not as it was written, or the one before it is not"))


def slips_at_the_end(head: AuditHead, at_head: str, expected: int) -> Iterator[Broken]:
    """Compares the head, as it was before the check, with the row it speaks of."""
    if not genuine(head) and expected > 1:
        yield Broken(head.number, _("the note of the newest row is missing or was changed"))
    if expected <= head.number:
        yield Broken(expected, missing(expected, head.number))
    elif head.number and not hmac.compare_digest(at_head, head.hash):
        yield Broken(head.number, _("this row is not the one that was written as the newest"))


def start(head: AuditHead, newest: int | None) -> tuple[str, int]:
    """(hash before the first row to look at, its number)."""
    before, first = start_of_chain()
    if newest is None or head.number - newest + 1 <= first:
        return before, first
    there = AuditEvent.objects.filter(number=head.number - newest).values_list("hash", flat=True).first()
    return there or "", head.number - newest + 1


def start_of_chain() -> tuple[str, int]:
    """(hash before the first row that should be there, its number). A note of a purge that cannot be read is none."""
    purge = AuditEvent.objects.filter(action=Action.PURGE, subject="audit").order_by("-number").first()
    number, _sep, digest = purge.detail.partition(" ") if purge else ("", "", "")
    return (digest, int(number) + 1) if number.isascii() and number.isdecimal() else ("", 1)


def written_down(noted: str) -> Broken | None:
    """Whether a row that someone wrote down elsewhere ("number:hash", as ``verify_audit`` prints) is as it was then.

    This finds what the chain cannot: a table emptied and begun anew, or a whole database set back to an older copy.
    """
    number, _sep, digest = noted.partition(":")
    if int(number) < start_of_chain()[1] or AuditEvent.objects.filter(number=int(number), hash=digest).exists():
        return None
    return Broken(int(number), _("this row is not the one that was written down"))


def newest_row() -> tuple[int, str]:
    """(number, hash) to write down elsewhere: who empties the whole table cannot empty that."""
    return AuditEvent.objects.order_by("-number").values_list("number", "hash").first() or (0, "")
