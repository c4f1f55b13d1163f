"""The rows of the desk's list in words, made ready here: a template that works them out takes twice as long."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from .models import AnsweredBy, Disposition, Screening


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row. ``named``: {"name", "birth_date", …} where names are shown and one was given."""

    number: int
    name: str
    tick: str
    url: str
    ago: str
    sent: str
    heading: str
    open_points: int
    who: str
    looked_by: str
    looked: str
    urgent: bool
    wish: bool
    named: Mapping[str, Any] | None
    born: str


def rows_shown(
    rows: Iterable[Screening], at: datetime, named: Mapping[int, Mapping[str, Any]] | None = None
) -> list[RowShown]:
    """The rows in the language of whoever reads, times in the clinic's time zone."""
    headings, who = ({value: str(label) for value, label in kind.choices} for kind in (Disposition, AnsweredBy))
    number, tick, ago = _("No. %s"), _("Tick No. %s"), _("%s ago")
    desk = reverse("intake:desk")  # a record lies under its number there; asking for each by name takes long
    return [
        RowShown(
            row.pk,
            number % row.pk,
            tick % row.pk,
            f"{desk}{row.pk}/",
            ago % timesince(row.sent_at, at, depth=1),
            short(row.sent_at),
            headings[row.disposition],
            row.open_points,
            who[row.answered_by],
            person(row),
            short(row.reviewed_at) if row.reviewed_at else "",
            row.disposition == Disposition.URGENT,
            row.deletion_asked_at is not None,
            (named or {}).get(row.pk),
            born((named or {}).get(row.pk)),
        )
        for row in rows
    ]


def born(named: Mapping[str, Any] | None) -> str:
    """The date of birth, written as it is typed to find by."""
    day = named and named["birth_date"]
    return date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT") if day else ""


def short(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def person(row: Screening) -> str:
    by = row.reviewed_by
    return by.get_full_name() or by.get_username() if by else ""
