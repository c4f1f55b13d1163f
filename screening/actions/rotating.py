"""Seals anew, under the newest of PATIENT_KEYS, what lies in the database under an older one.

A batch at a time, each in its own transaction: kill it anywhere and run it again, while the site runs. What is sealed
under the newest key is left as it is, so nothing has to be remembered.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import Model

from ..keys import patient_fernet
from ..sealed import tokens
from .keeping import leave_traces, one_at_a_time

BATCH = 200


@dataclass
class Rotated:
    """What one column held."""

    fresh: int = 0
    anew: int = 0
    closed: tuple[int, ...] = ()
    """Numbers of the rows that no key opens."""


def rotate(model: type[Model], column: str, *, at: datetime) -> Rotated:
    """Seal a whole column anew, batch after batch."""
    told, last = Rotated(), 0
    while last := rotate_batch(model, column, last, told, at=at):
        pass
    return told


@transaction.atomic
def rotate_batch(model: type[Model], column: str, after: int, told: Rotated, *, at: datetime) -> int:
    """Look at the rows that come after this number; gives the last one's number, or 0 when there was none.

    The rows are locked meanwhile, so that nothing a nurse writes is lost. Those that someone holds already are left:
    who deletes a screening holds it while waiting for the upkeep that is held here. ``all_fresh`` finds them.
    """
    one_at_a_time()
    rows = model._default_manager.filter(pk__gt=after).exclude(**{column: None}).order_by("pk")
    batch = list(rows.select_for_update(skip_locked=True).values_list("pk", column)[:BATCH])
    newest, every, anew = Fernet(settings.PATIENT_KEYS[0]), patient_fernet(), {}
    for number, token in batch:
        if opens(newest, bytes(token)):
            told.fresh += 1
            continue
        try:
            anew[number] = every.rotate(bytes(token))
        except InvalidToken:
            told.closed += (number,)
    for number, token in anew.items():
        model._default_manager.filter(pk=number).update(**{column: token})
    if anew:
        leave_traces(at=at)
    told.anew += len(anew)
    return batch[-1][0] if batch else 0


def opens(key: Fernet, token: bytes) -> bool:
    try:
        key.decrypt(token)
    except InvalidToken:
        return False
    return True


def all_fresh() -> bool:
    """Whether the newest key alone opens everything there is now; raises nothing, changes nothing."""
    newest = Fernet(settings.PATIENT_KEYS[0])
    return all(opens(newest, token) for _place, token in tokens())
