"""Two texts side by side: any two snapshots of a page, with what differs marked word by word. Pure."""

import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import unescape
from itertools import zip_longest
from typing import Literal

from django.utils.translation import gettext_lazy as _

from pumpguide.publishing import canonical_json

from .models.page import BlockKind

AROUND = 1  # passages shown before and after a change
PLAIN_FIELDS = {
    "title": _("Title"),
    "menu_title": _("Short title"),
    "summary": _("Main message"),
    "kind": _("Kind"),
    "slug": _("Address"),
    "position": _("Order"),
    "reviewed_by": _("Checked by"),
    "reviewed_on": _("Checked on"),
    "next_review": _("Next check due"),
}
LEAST_ALIKE = 0.3  # passages that share less than this are shown as one removed and one added


@dataclass(frozen=True)
class Passage:
    """A paragraph, a list item or a field, as people read it; ``where`` names its place."""

    where: str
    text: str


@dataclass(frozen=True)
class Piece:
    """Some words in a row, and whether only this side has them."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Row:
    """One passage of both texts. ``left`` or ``right`` is empty where that side has none; "gap": equal, left out."""

    kind: Literal["same", "changed", "removed", "added", "gap"]
    where: str = ""
    left: tuple[Piece, ...] = ()
    right: tuple[Piece, ...] = ()
    count: int = 0


def side_by_side(old: dict | None, new: dict | None) -> list[Row]:
    """The rows of both snapshots in order; long runs of equal passages become one "gap"."""
    left, right = passages(old or {}), passages(new or {})
    rows: list[Row] = []
    for what, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if what == "equal":
            rows += [Row("same", one.where, whole(one), whole(one)) for one in left[a:b]]
        else:
            rows += [row for one, two in zip_longest(left[a:b], right[c:d]) for row in pair(one, two)]
    return folded(rows)


def same(rows: list[Row]) -> bool:
    return all(row.kind in ("same", "gap") for row in rows)


def whole(passage: Passage, *, changed: bool = False) -> tuple[Piece, ...]:
    return (Piece(passage.text, changed),)


def pair(one: Passage | None, two: Passage | None) -> list[Row]:
    """Two passages that stand at the same place: one row when they are alike, else one removed and one added."""
    if one and two:
        words = [re.findall(r"\s+|\w+|[^\w\s]", passage.text) for passage in (one, two)]
        match = SequenceMatcher(None, *words, autojunk=False)
        if one.where == two.where and match.ratio() >= LEAST_ALIKE:
            left, right = pieces(match, *words)
            return [Row("changed", two.where, left, right)]
    removed = [Row("removed", one.where, whole(one, changed=True))] if one else []
    return removed + ([Row("added", two.where, right=whole(two, changed=True))] if two else [])


def pieces(match: SequenceMatcher, one: list[str], two: list[str]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    left, right = [], []
    for what, a, b, c, d in match.get_opcodes():
        if b > a:
            left.append(Piece("".join(one[a:b]), what != "equal"))
        if d > c:
            right.append(Piece("".join(two[c:d]), what != "equal"))
    return tuple(left), tuple(right)


def folded(rows: list[Row]) -> list[Row]:
    """Equal passages far from any change become a gap that says how many they are."""
    changes = [place for place, row in enumerate(rows) if row.kind != "same"]
    near = {place + step for place in changes for step in range(-AROUND, AROUND + 1)}
    out: list[Row] = []
    for place, row in enumerate(rows):
        if row.kind != "same" or place in near:
            out.append(row)
        elif out and out[-1].kind == "gap":
            out[-1] = Row("gap", count=out[-1].count + 1)
        else:
            out.append(Row("gap", count=1))
    return out


# --- a snapshot as passages ---------------------------------------------------------------------------------------


def passages(data: dict) -> list[Passage]:
    """Everything in a snapshot that can differ, in the order of the page."""
    data = json.loads(canonical_json(data))  # a database may keep a table's keys in another order than a draft has them
    found = [Passage(str(label), str(data[name])) for name, label in PLAIN_FIELDS.items() if data.get(name)]
    found += [Passage(str(_("Facts")), text) for text in written_out(data.get("facts", {}))]
    for block in data.get("blocks", []):
        found += block_passages(block)
    for name, label in {"claims": _("Claim"), "sources": _("Source"), "terms": _("Word"), "topics": _("Topic")}.items():
        for row in data.get(name, []):
            rest = {field: value for field, value in row.items() if field != "key"}
            found += [Passage(f"{label} {row['key']}", text) for text in written_out(rest)]
    return found


def block_passages(block: dict) -> list[Passage]:
    where = str(BlockKind(block["kind"]).label) if block["kind"] in BlockKind else block["kind"]
    head = [Passage(where, f"## {block['heading']}")] if block.get("heading") else []
    known = ("kind", "heading", "body")
    rest = written_out({name: value for name, value in block.items() if name not in known})
    return head + [Passage(where, text) for text in [*rest, *lines(block.get("body") or "")]]


def written_out(value, name: str = "") -> list[str]:
    """Nested data as lines such as ``status: off-label``; what is empty is left out."""
    if isinstance(value, dict):
        return [line for key, item in value.items() for line in written_out(item, key)]
    if isinstance(value, list):
        return [line for item in value for line in written_out(item, name)]
    named = name.replace("_", " ")
    return [] if value in ("", None, False) else [f"{named}: {value}" if name else str(value)]


SIGNS = (
    (r'<a href="([^"]*)">(.*?)</a>', r"[\2](\1)"),
    (r"</?strong>", "**"),
    (r"</?em>", "_"),
    (r"<h3>", "### "),
    (r"<h4>", "#### "),
    (r"<li>", "• "),
    (r"<br ?/?>", "\n"),
    (r"</t[hd]>\s*(?=<t[hd])", " | "),
    (r"</?(?:ul|ol)>|</(?:p|h3|h4|li|tr|caption)>", "\n"),
    (r"<[^>]+>", ""),
)


def lines(html: str) -> list[str]:
    """A body as lines of words, with bold, links and marks as signs, so that a change of those shows too."""
    for found, sign in SIGNS:
        html = re.sub(found, sign, html, flags=re.DOTALL)
    return [line.strip() for line in unescape(html).split("\n") if line.strip()]
