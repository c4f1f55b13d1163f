"""How often one address or one phone number may ask for a call, and one address send. Addresses and numbers are
counted by keyed hashes.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from .keys import keyed_hash
from .models import CallbackRequest, SendCount

PER_ADDRESS, ADDRESS_TIME = 5, timedelta(hours=1)
PER_PHONE, PHONE_TIME = 3, timedelta(days=1)
MANY = 3
"""From so many within the hour, this one among them, the desk is told that they come from the same place."""


class TooOften(Exception):
    """This address or this phone number has asked or sent so often lately that no more is taken in."""


@dataclass(frozen=True)
class Lately:
    """How many requests came before this one."""

    from_address: int
    for_phone: int

    @property
    def too_often(self) -> bool:
        return self.from_address >= PER_ADDRESS or self.for_phone >= PER_PHONE

    @property
    def many(self) -> bool:
        return self.from_address + 1 >= MANY


def lately(address: str, phone: str, at: datetime) -> Lately:
    """Both counts, each read off an index; ``address`` and ``phone`` are the hashes.

    Later ones count, too: they came in while this one waited for its turn.
    """
    rows = CallbackRequest.objects
    return Lately(
        rows.filter(address_hash=address, asked_at__gt=at - ADDRESS_TIME).count(),
        rows.filter(phone_hash=phone, asked_at__gt=at - PHONE_TIME).count(),
    )


def one_at_a_time(*hashes: str) -> None:
    """Until the transaction ends, whoever has one of these hashes waits; else fifty at once would all count none.

    SQLite lets only one transaction write in any case.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for name in sorted(hashes):  # always in the same order, so that no two wait for each other
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(name[:15], 16)])


def address_hash(address: str) -> str:
    """64 hexadecimal digits for an address as ``pumpguide.client.address`` gives it."""
    return keyed_hash("callback address", address.encode()).hex()


def phone_hash(phone: str) -> str:
    """64 hexadecimal digits, the same however the number is written."""
    return keyed_hash("callback phone", dialed(phone).encode()).hex()


def dialed(phone: str) -> str:
    """The digits of a number alone, without an extension and without the 1 before a US number."""
    digits = "".join(str(unicodedata.decimal(one)) for one in re.sub(r"\D", "", re.split(r"[a-z#]", phone.lower())[0]))
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


# --- sends


def count_of(address: str, at: datetime) -> SendCount:
    """How much this address has sent in this hour, locked until the transaction ends: who has the same one waits.

    What earlier hours counted goes. The hash is of the hour as well, so that nobody can be followed through the day.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    SendCount.objects.filter(hour__lt=hour).delete()
    place = keyed_hash("sends from", address.encode(), hour.isoformat().encode()).hex()
    return SendCount.objects.select_for_update().get_or_create(place=place, defaults={"hour": hour})[0]


def count_one(counted: SendCount) -> None:
    """One more. Raises TooOften."""
    if counted.count >= settings.SENDS_AN_HOUR:
        raise TooOften
    counted.count += 1
    counted.save(update_fields=["count"])
