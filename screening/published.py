"""The published questionnaire versions as they lie ready in this process.

A version never changes, so once it has been read it needs no database again.
"""

from dataclasses import dataclass, replace
from functools import cache

from pumpguide.publishing import Shelf

from .definition import Definition, definition
from .models import Questionnaire


class NoSuchVersion(LookupError):
    """No such questionnaire version is published here; the message says which are."""


@cache
def version(number: int) -> Definition:
    """The published version; one query the first time, none after. Raises NoSuchVersion."""
    row = Questionnaire.objects.filter(version=number).first()
    if row is None:
        known = ", ".join(str(known) for known in Questionnaire.objects.values_list("version", flat=True)) or "none yet"
        raise NoSuchVersion(f"Version {number} is not published here. Published: {known}.")
    return replace(definition(row.snapshot), signed=row.approved_by_id is not None)


@dataclass(frozen=True)
class InUse:
    """Which versions may be used now: the newest one for those who start, and those that were withdrawn."""

    newest: int
    withdrawn: frozenset[int]


def in_use(_key: str) -> tuple[InUse, InUse] | None:
    rows = list(Questionnaire.objects.values_list("version", "withdrawal"))
    live = [number for number, withdrawal in rows if withdrawal is None]
    if not live:
        return None
    found = InUse(max(live), frozenset(number for number, withdrawal in rows if withdrawal is not None))
    return found, found


in_use_shelf: Shelf[InUse] = Shelf(in_use)


def now() -> InUse:
    """Raises NoSuchVersion when nothing has been published."""
    found = in_use_shelf.get("in use")
    if found is None:
        raise NoSuchVersion("No questionnaire is published yet. Run: manage.py quickstart --no-serve.")
    return found


def row_in_use() -> Questionnaire | None:
    """The row of the version that those who start now get; None when there is none."""
    return Questionnaire.objects.filter(withdrawal=None).first()


def is_withdrawn(number: int) -> bool:
    """Whether this version is no longer in use."""
    try:
        return number in now().withdrawn
    except NoSuchVersion:  # every version was
        return True


def numbers() -> list[int]:
    """Every version ever published, the newest first."""
    return list(Questionnaire.objects.order_by("-version").values_list("version", flat=True))


def current() -> Definition:
    """The newest published version that was not withdrawn. Raises NoSuchVersion."""
    return version(now().newest)
