"""What the desk does with call-backs: take one, put it back, note a call in vain, close it, open it again.

Each change is one conditional UPDATE, so that of two who do it at once only one does, and leaves its trace.
"""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..access.callbacks import CLAIM_LASTS
from ..audit import record
from ..models import Action, CallbackAttempt, CallbackRequest


@transaction.atomic
def claim(number: int, *, by, at) -> bool:
    """Take a call; False when a colleague holds it, or it is closed. A claim older than CLAIM_LASTS may be taken over.

    Taking what one holds already changes nothing.
    """
    still_open = CallbackRequest.objects.filter(pk=number, closed_at=None)
    if still_open.filter(claimed_by=None).update(claimed_by=by, claimed_at=at):
        traced(number, by, at, "taken")
        return True
    if still_open.filter(claimed_at__lte=at - CLAIM_LASTS).update(claimed_by=by, claimed_at=at):
        traced(number, by, at, "taken over")
        return True
    return still_open.filter(claimed_by=by).exists()


@transaction.atomic
def release(number: int, *, by, at) -> None:
    """Put a call back for others. Raises ValidationError when one does not hold it."""
    change(number, by, claimed_by=None, claimed_at=None)
    traced(number, by, at, "put back")


@transaction.atomic
def attempt(number: int, *, by, at, reason: str, again_at: datetime) -> CallbackAttempt:
    """Note a call in vain; it is due again at ``again_at``, for whoever is there then. Raises ValidationError."""
    if again_at <= at:
        raise ValidationError(_("Choose a time that is still to come."))
    change(number, by, claimed_by=None, claimed_at=None, due_at=again_at)
    made = CallbackAttempt.objects.create(request_id=number, reason=reason, again_at=again_at, by=by, at=at)
    traced(number, by, at, reason)
    return made


@transaction.atomic
def close(number: int, *, by, at, outcome: str) -> None:
    """The matter is done. Raises ValidationError when one does not hold the call."""
    if outcome not in CallbackRequest.Outcome.values:
        raise ValueError(f"{outcome!r} is no outcome. Use one of: {', '.join(CallbackRequest.Outcome.values)}.")
    change(number, by, closed_by=by, closed_at=at, outcome=outcome)
    traced(number, by, at, f"closed {outcome}")


@transaction.atomic
def reopen(number: int, *, by, at) -> None:
    """Take back a closing, as after a slip: the call is due as before, and whoever opens it holds it."""
    closed = CallbackRequest.objects.filter(pk=number, closed_at__isnull=False)
    if not closed.update(closed_by=None, closed_at=None, outcome="", claimed_by=by, claimed_at=at):
        raise ValidationError(_("This call-back is open already."))
    traced(number, by, at, "opened again")


def change(number: int, by, **fields) -> None:
    """Update an open request that ``by`` holds."""
    if not CallbackRequest.objects.filter(pk=number, closed_at=None, claimed_by=by).update(**fields):
        raise ValidationError(_("You do not hold this call any more. Look who does, or take it first."))


def traced(number: int, by, at, what: str) -> None:
    record(Action.CALLBACK, by=by, at=at, subject=f"callback {number}", detail=what)
