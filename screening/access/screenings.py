"""Find and open screenings: by code, by date of birth, by number. Every look leaves its trace, vain ones too."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import Http404

from ..audit import record
from ..codes import code_hash, read_code
from ..keys import keyed_hash
from ..limits import one_at_a_time
from ..models import Action, AuditEvent, Review, Screening
from .listing import MOST_NUMBER, SHOWN
from .opened import Opened, opened_row
from .rights import require_desk
from .traces import trace

BY_NUMBER = "number"
"""How a vain look-up by number stands in the audit. The list shows every number, so these are not limited, and they use
up none of the others.
"""
MOST_VAIN_LOOKUPS = 20
WITHIN = timedelta(minutes=10)
MOST_FOUND = 50


OF_A_RECORD = (
    *("record", "contact", "disposition", "answered_by", "sent_at", "reviewed_at", "deletion_asked_at"),
    *("questionnaire__version", "consent__text"),
    *(f"{by}__{name}" for by in ("entered_by", "reviewed_by") for name in ("first_name", "last_name", "username")),
)
"""What a page about a screening shows: of the questionnaire the version only, which is at hand (``published``)."""


class TooManyLookups(Exception):
    """This person looked up too often in vain; it opens again after ten minutes."""


def all_whole() -> QuerySet[Screening]:
    return Screening.objects.select_related("questionnaire", "consent", "entered_by", "reviewed_by").only(*OF_A_RECORD)


def whole(number: int) -> Screening | None:
    """The row with this number; a number no row can have is not looked up (SQLite could not hold it)."""
    return next(iter(all_whole().filter(pk=number)), None) if number <= MOST_NUMBER else None


def open_screening(user, number: int, *, at, action: str = Action.VIEW) -> Opened:
    """One screening with everything in it, traced as ``action``. Raises PermissionDenied, or Http404, traced too."""
    with transaction.atomic():
        require_desk(user, at)
        row = whole(number)
        if row is not None:
            record(action, by=user, at=at, subject=f"screening {row.pk}")
            return opened_row(row)
        record(Action.LOOKUP_FAILED, by=user, at=at, detail=BY_NUMBER)
    raise Http404


@transaction.atomic
def find_by_number(user, number: int, *, at) -> int | None:
    """The number, where a screening has it; None, traced, where none has. Raises PermissionDenied."""
    require_desk(user, at)
    if number <= MOST_NUMBER and Screening.objects.filter(pk=number).exists():
        return number
    record(Action.LOOKUP_FAILED, by=user, at=at, detail=BY_NUMBER)
    return None


@transaction.atomic
def open_several(user, numbers: list[int], *, at, action: str, detail: str = "") -> list[Opened]:
    """Several screenings in the order of ``numbers``, all traced; those that are gone are left out."""
    require_desk(user, at)
    reviews = Prefetch("reviews", Review.objects.select_related("by"))
    rows = all_whole().prefetch_related(reviews).in_bulk(numbers)
    there = [rows[number] for number in dict.fromkeys(numbers) if number in rows]
    trace(action, [row.pk for row in there], by=user, at=at, detail=detail)
    return [opened_row(row, list(row.reviews.all())) for row in there]


def open_for_work(user, number: int, *, at) -> Opened:
    """One screening to note on; no trace, so nothing of it may be shown. Raises PermissionDenied, Http404."""
    require_desk(user, at)
    row = whole(number)
    if row is None:
        raise Http404
    return opened_row(row)


def lookups_left(user, at) -> int:
    """How many vain look-ups by code, date of birth or paper this person may still make now."""
    vain = AuditEvent.objects.filter(by=user, action=Action.LOOKUP_FAILED, at__gt=at - WITHIN)
    vain = vain.exclude(detail=BY_NUMBER)
    return max(0, MOST_VAIN_LOOKUPS - vain[:MOST_VAIN_LOOKUPS].count())


def require_lookup(user, at) -> None:
    """For use inside the transaction that traces the look-up. Raises TooManyLookups.

    One look-up of a person at a time: many at once would all count what was before them.
    """
    one_at_a_time(keyed_hash("look-ups of", str(user.pk).encode()).hex())
    if not lookups_left(user, at):
        raise TooManyLookups


@transaction.atomic
def find_by_code(user, typed: str, *, at) -> int | None:
    """The number of the screening with this code, or None, traced: never sent, deleted and purged are all the same.

    Raises CodeError before any look-up, PermissionDenied, TooManyLookups.
    """
    require_desk(user, at)
    code = read_code(typed)
    require_lookup(user, at)
    number = Screening.objects.filter(code_hash=code_hash(code)).values_list("pk", flat=True).first()
    if number is None:
        record(Action.LOOKUP_FAILED, by=user, at=at, detail="code")
    return number


@transaction.atomic
def find_by_birth_date(user, born: date, *, at) -> list[Screening]:
    """The screenings sent with this date of birth, newest first, at most MOST_FOUND. Traced, found or not."""
    require_desk(user, at)
    require_lookup(user, at)
    digest = keyed_hash("birth date", born.isoformat().encode()).hex()
    found = list(
        Screening.objects.select_related("reviewed_by")
        .only(*SHOWN)
        .filter(birth_hash=digest)
        .order_by("-pk")[:MOST_FOUND]
    )
    if found:
        trace(Action.REVEAL, [row.pk for row in found], by=user, at=at, detail="date of birth")
    else:
        record(Action.LOOKUP_FAILED, by=user, at=at, detail="date of birth")
    return found
