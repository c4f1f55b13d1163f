"""Holds a whole database against what it should be: rows, the audit's chain, published hashes, sealed columns."""

from collections.abc import Callable

from django.apps import apps

from pumpguide.publishing import Revision, content_hash
from screening.audit import newest_row, verify
from screening.sealed import unreadable

MOST_SAID = 5


def same_rows(expected: dict[str, int], found: dict[str, int]) -> list[str]:
    """One sentence for each table that has not as many rows as it should."""
    return [
        f"{table} has {found.get(table, 0)} rows instead of {rows}."
        for table, rows in expected.items()
        if found.get(table) != rows
    ]


def everything(say: Callable[[str], object]) -> list[str]:
    """Says what was checked; gives a sentence for each thing that does not hold."""
    breaks = [f"The audit does not hold at row {broken.number}: {broken.why}." for broken in verify()]
    say(f"The audit ends with row {newest_row()[0]}; places where it does not hold: {len(breaks)}.")
    frozen, changed = published()
    say(f"Published revisions: {frozen}; changed from outside: {len(changed)}.")
    sealed, closed = unreadable()
    say(f"Sealed values: {sealed}; that no key opens: {len(closed)}.")
    if closed:
        closed = [*closed[:MOST_SAID], "Add the keys that were in use when the backup was made to PATIENT_KEYS."]
    return [*breaks[:MOST_SAID], *changed[:MOST_SAID], *closed]


def published() -> tuple[int, list[str]]:
    """(how many revisions there are, a sentence for each whose content is not what its hash says)."""
    count, changed = 0, []
    for model in apps.get_models():
        if issubclass(model, Revision):
            for number, snapshot, digest in model.objects.values_list("pk", "snapshot", "hash").iterator():
                count += 1
                if content_hash(snapshot) != digest:
                    changed.append(f"{model._meta.label} {number} is not what was published.")
    return count, changed
