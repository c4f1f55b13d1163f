"""Asking to be called back: kept once however often the same form arrives, with name and number sealed."""

from dataclasses import astuple, dataclass
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from ..keys import keyed_hash, seal
from ..limits import TooOften, address_hash, lately, one_at_a_time, phone_hash
from ..models import CallbackRequest, ConsentWording
from .sending import consent_wording

SATURDAY = 5


@dataclass(frozen=True)
class Wish:
    """What a person filled in. ``best_time``: one of CallbackRequest.BestTime."""

    name: str
    phone: str
    best_time: str
    language: str


@transaction.atomic
def ask_for_call(
    wish: Wish, *, at, nonce: str, address: str, consent: str, language: str, days: int, suspicion: str = ""
) -> CallbackRequest:
    """Put a request into the queue, or find the one that this form has made already. Raises TooOften.

    ``nonce``: names this showing of the form. ``consent``: the wording as it stood on the page, in ``language``.
    ``days``: working days until it is due. ``suspicion``: one of CallbackRequest.Suspicion, or "".
    """
    asking, place, phone = asking_hash(nonce, wish), address_hash(address), phone_hash(wish.phone)
    one_at_a_time(place, phone)
    if found := CallbackRequest.objects.filter(asking_hash=asking).first():
        return found
    before = lately(place, phone, at)
    if before.too_often:
        raise TooOften
    row = CallbackRequest(
        asking_hash=asking,
        contact=seal({"name": wish.name, "phone": wish.phone}),
        best_time=wish.best_time,
        language=wish.language,
        consent=consent_wording(ConsentWording.Purpose.CALLBACK, consent, language, at=at),
        suspicion=suspicion or (CallbackRequest.Suspicion.MANY if before.many else ""),
        address_hash=place,
        phone_hash=phone,
        asked_at=at,
        due_at=due_at(at, days),
    )
    return saved(row)


def saved(row: CallbackRequest) -> CallbackRequest:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same form, at the same time, from two addresses
        return CallbackRequest.objects.get(asking_hash=row.asking_hash)
    return row


def asking_hash(nonce: str, wish: Wish) -> str:
    """64 hexadecimal digits for one showing of the form and what was filled in: who goes back and mends the number asks
    anew.
    """
    return keyed_hash("asking", *(part.encode() for part in (nonce, *astuple(wish)))).hex()


def due_at(asked: datetime, days: int) -> datetime:
    """The end, in local time, of the working day (Monday to Friday) that comes so many working days later."""
    day, left = timezone.localdate(asked), days
    while left > 0 or day.weekday() >= SATURDAY:
        day += timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return timezone.make_aware(datetime.combine(day, time(23, 59)))
