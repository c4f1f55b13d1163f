"""The published questionnaire versions as they lie ready in this process.

A version never changes, so once it has been read it needs no database again.
"""

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
    return definition(row.snapshot)


def newest(_key: str) -> tuple[int, int] | None:
    number = Questionnaire.objects.values_list("version", flat=True).first()
    return None if number is None else (number, number)


newest_shelf: Shelf[int] = Shelf(newest)


def current() -> Definition:
    """The newest published version. Raises NoSuchVersion when nothing has been published."""
    number = newest_shelf.get("newest")
    if number is None:
        raise NoSuchVersion("No questionnaire is published yet. Run: manage.py quickstart --no-serve.")
    return version(number)
