"""The desk's list: a page of screenings by time, each mix of filters read off one index from any place in it.

Nothing is counted and nothing skipped, so the ten-thousandth page takes as long as the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from ..keys import opened
from ..models import Action, Disposition, Screening
from .rights import require_desk
from .traces import trace

PAGE = 25
WAITING_DAYS = 2
MOST_WISHES = 5
YES_NO = {"yes": True, "no": False}
SENT = ("today", "waiting")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOST_NUMBER = 2**63 - 1
SHOWN = (
    *("id", "disposition", "open_points", "answered_by", "sent_at", "reviewed_at", "deletion_asked_at"),
    *("reviewed_by__first_name", "reviewed_by__last_name", "reviewed_by__username"),
)


@dataclass(frozen=True)
class Place:
    """Right before or after one row of the list."""

    sent_at: datetime
    number: int

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """From an address; None for anything that is no place."""
        micros, dash, number = text.partition("-")
        if not (dash and text.isascii() and micros.isdigit() and number.isdigit() and len(text) < 40):
            return None
        try:
            place = cls(EPOCH + timedelta(microseconds=int(micros)), int(number))
        except OverflowError:
            return None
        return place if place.number <= MOST_NUMBER else None

    def __str__(self) -> str:
        return f"{(self.sent_at - EPOCH) // timedelta(microseconds=1)}-{self.number}"


@dataclass(frozen=True)
class Filters:
    """What to list; "" is any. ``sent``: "today" in the clinic's time zone, or "waiting" for WAITING_DAYS and more."""

    heading: str = ""
    open: str = ""
    reviewed: str = "no"
    sent: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Filters":
        """From an address; whatever is no filter counts as any. Without a word on it: those not reviewed."""
        allowed = {"heading": Disposition.values, "open": YES_NO, "reviewed": YES_NO, "sent": SENT}
        given = {"reviewed": "no", **{name: query[name] for name in allowed if name in query}}
        return cls(**{name: value if value in allowed[name] else "" for name, value in given.items()})

    @property
    def oldest_first(self) -> bool:
        """Those that wait: who waits longest comes first. Others: the newest."""
        return self.reviewed == "no"


@dataclass(frozen=True)
class Page:
    """Rows of the list, and where the pages around it begin; None where there is none."""

    rows: list[Screening]
    before: Place | None
    after: Place | None


def filtered(filters: Filters, at: datetime) -> QuerySet[Screening]:
    """The rows that fit. A flag is asked for by IN: a bare column in WHERE is no use to an index of SQLite."""
    rows = Screening.objects.select_related("reviewed_by").only(*SHOWN)
    if filters.heading:
        rows = rows.filter(disposition=filters.heading)
    if filters.open:
        rows = rows.filter(has_open__in=[YES_NO[filters.open]])
    if filters.reviewed:
        rows = rows.filter(is_reviewed__in=[YES_NO[filters.reviewed]])
    if filters.sent == "today":
        rows = rows.filter(sent_at__gte=timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0))
    if filters.sent == "waiting":
        rows = rows.filter(sent_at__lte=at - timedelta(days=WAITING_DAYS))
    return rows


def beyond(rows: QuerySet[Screening], place: Place, *, later: bool) -> QuerySet[Screening]:
    """The rows on one side of a place. The plain bound on the time is what the index is entered by."""
    way, bound = ("gt", "gte") if later else ("lt", "lte")
    tie = Q(**{f"sent_at__{way}": place.sent_at}) | Q(**{f"id__{way}": place.number})
    return rows.filter(tie, **{f"sent_at__{bound}": place.sent_at})


def page_query(
    filters: Filters, at: datetime, *, after: Place | None = None, before: Place | None = None
) -> QuerySet[Screening]:
    """PAGE rows and one more, in list order after a place; backwards from ``before``."""
    ascending = filters.oldest_first is not bool(before)
    rows = filtered(filters, at)
    if place := before or after:
        rows = beyond(rows, place, later=ascending)
    return rows.order_by(*(("sent_at", "id") if ascending else ("-sent_at", "-id")))[: PAGE + 1]


def list_screenings(
    user, filters: Filters, *, at: datetime, after: Place | None = None, before: Place | None = None
) -> Page:
    """One page of the list; no names and no answers are in it. Raises PermissionDenied."""
    require_desk(user, at)
    rows = list(page_query(filters, at, after=after, before=before))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if before:
        rows.reverse()
    if not rows:
        return Page([], None, None)
    earlier, later = (more, True) if before else (bool(after), more)
    first, last = rows[0], rows[-1]
    return Page(
        rows,
        Place(first.sent_at, first.pk) if earlier else None,
        Place(last.sent_at, last.pk) if later else None,
    )


def wishes_query() -> QuerySet[Screening]:
    """The numbers of those that patients wish to have deleted, who asked first before the others: one too many."""
    asked = Screening.objects.filter(deletion_asked_at__isnull=False).order_by("deletion_asked_at", "id")
    return asked.values_list("pk", flat=True)[: MOST_WISHES + 1]


def wishes(user, *, at: datetime) -> tuple[list[int], bool]:
    """At most MOST_WISHES of these numbers, and whether there are more. Raises PermissionDenied."""
    require_desk(user, at)
    numbers = list(wishes_query())
    return numbers[:MOST_WISHES], len(numbers) > MOST_WISHES


@transaction.atomic
def names_of(user, rows: list[Screening], *, at: datetime) -> dict[int, dict[str, Any]]:
    """Number -> {"name", "birth_date" (as 1950-02-03), "phone"} of those who gave any; traced as shown."""
    require_desk(user, at)
    numbers = [row.pk for row in rows]
    trace(Action.REVEAL, numbers, by=user, at=at)
    kept = Screening.objects.filter(pk__in=numbers, contact__isnull=False).values_list("pk", "contact")
    return {number: opened(contact) for number, contact in kept}


def listed(user, number: int, *, at: datetime) -> Screening:
    """One row as the list shows it. Raises PermissionDenied, Http404."""
    require_desk(user, at)
    row = Screening.objects.select_related("reviewed_by").only(*SHOWN).filter(pk=number).first()
    if row is None:
        raise Http404
    return row
