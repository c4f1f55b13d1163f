"""What every check is given (a draft and its surroundings) and what it gives back (items)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ..models.page import BlockKind
from .text import Line, Link, lines, plain_lines

FACT_NAMES = {
    "boxed_warning": lazy("boxed warning"),
    "emergency_signs": lazy("emergency signs"),
    "availability": lazy("availability"),
    "strength": lazy("how strongly"),
    "duration": lazy("how long"),
    "before": lazy("before"),
    "during": lazy("during"),
    "after": lazy("after"),
    "ask": lazy("what to ask"),
}
"""The fields of the facts that hold text for readers."""
FOOTNOTED = {"availability", "strength", "duration"}
"""Those that the page shows with the footnote of the claim that backs them."""


LISTS_OF_THE_SITE = (BlockKind.RELATED, BlockKind.LISTING)
"""Blocks that only lead on."""


@dataclass(frozen=True)
class Item:
    """One thing found. An error blocks; a warning needs a reason to pass.

    ``code`` names the check, ``text`` says what is wrong and how to mend it, ``where`` on the page it is.
    """

    level: Literal["error", "warning"]
    code: str
    text: str
    where: str = ""


def error(code: str, text: str, where: str = "") -> Item:
    return Item("error", code, str(text), str(where))


def warning(code: str, text: str, where: str = "") -> Item:
    return Item("warning", code, str(text), str(where))


@dataclass(frozen=True)
class Around:
    """What the checks need to know beyond the page itself."""

    pages: Mapping[str, str] = field(default_factory=dict)
    """Key -> path of every page there is, public or not."""
    public: frozenset[str] = frozenset()
    """The keys of the published ones."""
    recheck: Mapping[str, date] = field(default_factory=dict)
    """Key of a source -> the day on which it is to be checked again, where one is set."""
    terms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Key of a glossary word -> the word and its other names."""


@dataclass(frozen=True)
class Place:
    """A part of the page with its text: ``kind`` is title, summary, note, meaning, fact (with a footnote), plain-fact
    (without) or the kind of a block."""

    kind: str
    where: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Draft:
    """A snapshot with all that the checks ask of it. ``at``: now, with a time zone."""

    data: dict
    at: datetime
    around: Around

    @property
    def blocks(self) -> list[dict]:
        return self.data["blocks"]

    @property
    def facts(self) -> dict:
        return self.data.get("facts", {})

    @cached_property
    def named(self) -> list[tuple[str, dict]]:
        """(where, block) of every block."""
        return [(block_name(number, block), block) for number, block in enumerate(self.blocks, start=1)]

    def kinds(self, *wanted: str) -> list[tuple[str, dict]]:
        """(where, block) of the blocks of these kinds."""
        return [(where, block) for where, block in self.named if block["kind"] in wanted]

    @cached_property
    def own(self) -> list[Place]:
        """What the page itself says, without the notes."""
        places = [
            Place("title", _("Title"), plain_lines(self.data["title"], "heading")),
            Place("summary", _("Main message"), plain_lines(self.data["summary"])),
        ]
        for where, block in self.named:
            heading = plain_lines(block["heading"], "heading")
            more = plain_lines(block.get("typical") or "")
            places.append(Place(block["kind"], where, (*heading, *lines(block["body"]), *more)))
        return places + [Place(kind, where, plain_lines(text)) for kind, where, text in self.fact_texts]

    @cached_property
    def fact_texts(self) -> list[tuple[str, str, str]]:
        """(kind, where, text) of what the facts of the page's kind say."""
        tables = [(name, row) for name, row in self.facts.items() if name != "drug_uses"]
        told = [
            ("fact" if name in FOOTNOTED else "plain-fact", _("Facts, “%s”") % FACT_NAMES[name], text)
            for _table, row in tables
            for name, text in row.items()
            if name in FACT_NAMES and text
        ]
        return told + [("fact", _("Uses and label status"), use["use"]) for use in self.facts.get("drug_uses", [])]

    @cached_property
    def notes(self) -> list[Place]:
        """What the page's footnotes and explained words say."""
        notes = [
            Place("note", _("Note “%s”") % claim["key"], plain_lines("\n".join([claim["text"], *says_of(claim)])))
            for claim in self.data["claims"]
        ]
        terms = [
            Place("meaning", _("Glossary word “%s”") % term["term"], plain_lines(term["definition"]))
            for term in self.data["terms"]
        ]
        return notes + terms

    @cached_property
    def links(self) -> list[tuple[Place, Line, Link]]:
        """Every link and mark in the page's own text, and where it is."""
        return [(place, line, link) for place in self.own for line in place.lines for link in line.links]

    @cached_property
    def text(self) -> str:
        """All the page itself says, one line for each paragraph, heading and list item."""
        return "\n".join(line.text for place in self.own for line in place.lines)

    @cached_property
    def running_text(self) -> str:
        """The paragraphs alone: short list items and headings make a page seem easier than it is."""
        return "\n".join(line.text for place in self.own for line in place.lines if line.tag == "p")


def says_of(claim: dict) -> list[str]:
    return [says["text"] for says in claim["says"]]


def block_name(number: int, block: dict) -> str:
    name = block["heading"] or BlockKind(block["kind"]).label
    return _("Block %(number)s, “%(name)s”") % {"number": number, "name": name}


def quoted(text: str) -> str:
    """The beginning of a text, to be found again."""
    return Truncator(" ".join(text.split())).chars(90)
