"""How many points of our checklist (understanding and acting, after PEMAT-P) a page meets, as far as a machine sees.

A number for staff who keep the guide; never shown to the public, and no judgment of a page: people decide.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as lazy

from ..models.page import BlockKind
from .draft import Item


@dataclass(frozen=True)
class Point:
    """One point of the checklist. It is met when none of the codes in ``broken_by`` was found.

    ``number``: its number in PEMAT-P's order, 1 to 24. ``for_kinds``: kinds of blocks it applies to; empty: any page.
    ``needs``: kinds of blocks of which one must be there.
    """

    number: int
    name: str
    broken_by: frozenset[str] = frozenset()
    for_kinds: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


TO_DO = frozenset({BlockKind.CHECKLIST, BlockKind.DO_DONT, BlockKind.STEPS, BlockKind.CARE_CARD})
POINTS = (
    Point(1, lazy("The purpose is plain"), frozenset({"no-message", "long-message"})),
    Point(3, lazy("Everyday words"), frozenset({"reading-level", "hard-word"})),
    Point(4, lazy("Terms are explained"), frozenset({"undefined-term"})),
    Point(6, lazy("Numbers are clear and sourced"), frozenset({"number-without-claim"})),
    Point(8, lazy("Short chunks"), frozenset({"long-sentence", "long-paragraph", "long-section"})),
    Point(9, lazy("Headings inform"), frozenset({"vague-heading", "same-heading", "long-section"})),
    Point(10, lazy("Logical order"), frozenset({"heading-order"})),
    Point(11, lazy("A summary"), frozenset({"no-key-points"})),
    Point(12, lazy("Key points stand out"), frozenset({"no-key-points", "key-points-place", "key-points-count"})),
    Point(
        15,
        lazy("Pictures have captions"),
        frozenset({"no-caption", "no-alternative", "no-picture"}),
        for_kinds=frozenset({BlockKind.FIGURE}),
    ),
    Point(16, lazy("Uncluttered"), frozenset({"too-long"})),
    Point(
        17,
        lazy("Tables are labeled"),
        frozenset({"table-caption", "table-headings", "no-table"}),
        for_kinds=frozenset({BlockKind.TABLE}),
    ),
    Point(18, lazy("At least one thing to do"), frozenset({"no-next-step"})),
    Point(19, lazy("Speaks to “you”"), frozenset({"no-you"})),
    Point(20, lazy("Explicit steps"), needs=TO_DO),
    Point(21, lazy("Something to take along"), needs=frozenset({BlockKind.CHECKLIST})),
)


def scores(data: dict, found: Iterable[Item]) -> dict[int, bool]:
    """Number of the point -> whether the page meets it; points that do not apply are left out."""
    kinds = {block["kind"] for block in data["blocks"]}
    codes = {item.code for item in found}
    return {
        point.number: not (point.broken_by & codes) and (not point.needs or bool(point.needs & kinds))
        for point in POINTS
        if not point.for_kinds or point.for_kinds & kinds
    }
