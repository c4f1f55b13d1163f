"""The only writers of second steps. Each takes who does it and when, in one transaction."""

import logging
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import transaction

from pumpguide.client import UNKNOWN
from screening.audit import record
from screening.keys import keyed_hash
from screening.models import Action

from . import codes
from .models import MOST_A_DAY, Place, RecoveryCode, SecondStep

log = logging.getLogger(__name__)


class WrongCode(Exception):
    """``field``: the field of the form that the code stood in."""

    def __init__(self, field: str = "code") -> None:
        super().__init__("wrong code")
        self.field = field


class TooManyTries(Exception):
    """No code is looked at before ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too many wrong codes")
        self.until = until


def verify(code: str, *, by: User, at: datetime, address: str = UNKNOWN) -> SecondStep:
    """The second step of ``by``, taken with a code of digits alone. Raises WrongCode or TooManyTries.

    ``address``: where the code comes from, as ``pumpguide.client`` gives it.
    """
    with transaction.atomic():
        step = SecondStep.objects.select_for_update().filter(user=by).first()
        refusal = judge(step, code, at, "code", address)
    if refusal:
        raise refusal  # after the transaction, so that the failure is counted
    return step


def enrol(
    secret: bytes, code: str, *, present: str = "", by: User, at: datetime, address: str = UNKNOWN
) -> tuple[SecondStep, list[str]]:
    """Set up an app for ``by``: the step and its recovery codes in plain, for this once.

    ``code``: the app's first. ``present``: a code of what it replaces, where there is such. Raises WrongCode, with the
    field, or TooManyTries.
    """
    with transaction.atomic():
        get_user_model().objects.select_for_update().get(pk=by.pk)  # two tabs at once: one after the other
        old = SecondStep.objects.select_for_update().filter(user=by).first()
        period = codes.period_of(secret, code, at)
        refusal = WrongCode() if period is None else old and judge(old, present, at, "present", address)
        if not refusal:
            if old:
                old.delete()
            sealed = codes.seal(secret, by.pk)
            step = SecondStep.objects.create(user=by, sealed_secret=sealed, made_at=at, last_period=period)
            step.places.create(hash=place_hash(step, address), right_at=at)
            shown = make_codes(step)
    if refusal:
        raise refusal
    log.info("account %s set up a second step", by.pk)
    return step, shown


def renew_codes(code: str, *, by: User, at: datetime, address: str = UNKNOWN) -> list[str]:
    """Ten new recovery codes in plain, for this once; the old ones end. Raises WrongCode or TooManyTries."""
    with transaction.atomic():
        step = SecondStep.objects.select_for_update().filter(user=by).first()
        refusal = judge(step, code, at, "code", address)
        if not refusal:
            step.recovery_codes.all().delete()
            shown = make_codes(step)
    if refusal:
        raise refusal
    log.info("account %s made new recovery codes", by.pk)
    return shown


@transaction.atomic
def reset(user: User, *, by: User, at: datetime) -> bool:
    """Take away a colleague's second step, so that they set it up anew; whether there was one."""
    gone, _by_model = SecondStep.objects.filter(user=user).delete()
    if gone:
        record(Action.ACCOUNT, by=by, at=at, subject=f"account {user.pk}", detail="second step reset")
        log.warning("account %s reset the second step of account %s", by.pk, user.pk)
    return bool(gone)


def judge(
    step: SecondStep | None, code: str, at: datetime, field: str, address: str
) -> WrongCode | TooManyTries | None:
    """Use up the code, or count the failure. Inside a transaction that holds the row; None when the code was right."""
    if step is None:
        return WrongCode(field)
    place = place_of(step, address)
    closed = [place.closed_until(), None if place.known(at) else step.closed_until()]
    if until := max((end for end in closed if end and at < end), default=None):
        return TooManyTries(until)
    if right(step, code, at):
        place.failures, place.failed_at, place.right_at = 0, None, at
    else:
        place.failures, place.failed_at = place.failures + 1, at
        step.count_failure(at)
        if step.failures == MOST_A_DAY:
            log.warning("account %s: no more codes today from addresses that are not known", step.user_id)
    place.save()
    step.save()
    return None if place.failed_at is None else WrongCode(field)


def place_of(step: SecondStep, address: str) -> Place:
    """What is known of an address, or a new row that is not stored yet."""
    digest = place_hash(step, address)
    return step.places.filter(hash=digest).first() or Place(step=step, hash=digest)


def place_hash(step: SecondStep, address: str) -> str:
    return keyed_hash("second step from", step.user_id.to_bytes(8, "big"), address.encode()).hex()


def right(step: SecondStep, code: str, at: datetime) -> bool:
    """Whether the code is the app's or one of recovery, which goes with this."""
    if len(code) == codes.RECOVERY_DIGITS:
        gone, _by_model = step.recovery_codes.filter(hash=codes.recovery_hash(code, step.user_id)).delete()
        return bool(gone)
    period = codes.period_of(codes.opened(step.sealed_secret, step.user_id), code, at, after=step.last_period)
    step.last_period = step.last_period if period is None else period
    return period is not None


def make_codes(step: SecondStep) -> list[str]:
    shown = codes.new_recovery_codes()
    rows = [RecoveryCode(step=step, hash=codes.recovery_hash(code, step.user_id)) for code in shown]
    RecoveryCode.objects.bulk_create(rows)
    return shown
