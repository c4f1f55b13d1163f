"""The question flow and the criteria as one picture: an SVG made from a ruleset and its words.

Sections and questions run down the page; curves on the left lead from a question to those it opens; to the right of
each question stand the criteria it feeds. Pure text in and out; colours come from the page's style sheet.
"""

import textwrap
from dataclasses import dataclass
from html import escape

from .definition import Definition
from .engine.terms import Question

WIDTH, BOX_X, BOX_WIDTH, FEEDS_X = 960, 130, 350, 500
LINE, PAD, GAP, HEAD = 19, 11, 8, 46
BOX_CHARACTERS, FEEDS_CHARACTERS = 40, 62
LANES = 7


@dataclass(frozen=True)
class Row:
    """One question as it is drawn."""

    question: Question
    top: int
    height: int
    label: list[str]
    feeds: list[str]

    @property
    def middle(self) -> int:
        return self.top + self.height // 2


def picture(definition: Definition, language: str, title: str, description: str) -> str:
    """The whole SVG. ``title`` and ``description`` are read out to those who cannot see it."""
    rows, heads, height = laid_out(definition, language)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" class="drawing flow-picture" role="img" '
        f'viewBox="0 0 {WIDTH} {height}" aria-labelledby="flow-title flow-desc">',
        f'<title id="flow-title">{escape(title)}</title><desc id="flow-desc">{escape(description)}</desc>',
        *(text(BOX_X, top, words, "d-text d-text-strong") for top, words in heads),
        *curves(rows),
        *(box(row) for row in rows.values()),
        "</svg>",
    ]
    return "\n".join(parts)


def laid_out(definition: Definition, language: str) -> tuple[dict[str, Row], list[tuple[int, str]], int]:
    """Every row by link_id, the section heads with their baselines, and the height of it all."""
    words, ruleset = definition.wording(language), definition.ruleset
    rows: dict[str, Row] = {}
    heads, top = [], 10
    for section in ruleset.sections:
        heads.append((top + 28, words.of("section", section, "title")))
        top += HEAD
        for question in (q for q in ruleset.questions if q.section == section):
            label = textwrap.wrap(words.of("question", question.link_id, "short"), BOX_CHARACTERS)
            feeds = textwrap.wrap(" · ".join(fed_criteria(definition, question, language)), FEEDS_CHARACTERS)
            height = max(len(label), len(feeds), 1) * LINE + 2 * PAD
            rows[question.link_id] = Row(question, top, height, label, feeds)
            top += height + GAP
    return rows, heads, top + 10


def fed_criteria(definition: Definition, question: Question, language: str) -> list[str]:
    """The titles of the criteria whose conditions name the question."""
    words = definition.wording(language)
    return [
        words.of("criterion", criterion.id, "title")
        for criterion in definition.ruleset.criteria
        if question.link_id in criterion.rule.questions
    ]


def curves(rows: dict[str, Row]) -> list[str]:
    """One curve for each question that another one opens, each opener in a lane of its own."""
    lanes: dict[str, int] = {}
    drawn = []
    for row in rows.values():
        rule = row.question.enabled_when
        for opener in rule.questions if rule else ():
            lane = lanes.setdefault(opener, len(lanes) % LANES)
            drawn.append(curve(rows[opener], row, BOX_X - 22 - 15 * lane))
    return drawn


def curve(start: Row, end: Row, x: int) -> str:
    y1, y2 = start.middle, end.middle
    path = f"M{BOX_X} {y1}H{x + 8}Q{x} {y1} {x} {y1 + 8}V{y2 - 8}Q{x} {y2} {x + 8} {y2}H{BOX_X - 3}"
    arrow = f"M{BOX_X - 9} {y2 - 5}L{BOX_X - 2} {y2}L{BOX_X - 9} {y2 + 5}"
    return f'<path class="d-line d-thin" d="{path}"/><path class="d-line d-thin" d="{arrow}"/>'


def box(row: Row) -> str:
    size = f'x="{BOX_X}" y="{row.top}" width="{BOX_WIDTH}" height="{row.height}" rx="8"'
    style = "d-accent-soft" if row.question.enabled_when is None else "d-surface"
    lines = [f'<g class="d-line d-thin"><rect class="{style}" {size}/></g>']
    lines += stacked(BOX_X + 14, row, row.label, "d-text")
    return "".join(lines + stacked(FEEDS_X, row, row.feeds, "d-text d-text-small"))


def stacked(x: int, row: Row, lines: list[str], classes: str) -> list[str]:
    """Lines of text, centred on the row's height."""
    first = row.middle - (len(lines) - 1) * LINE // 2 + 5
    return [text(x, first + number * LINE, line, classes) for number, line in enumerate(lines)]


def text(x: int, y: int, words: str, classes: str) -> str:
    return f'<text class="{classes}" x="{x}" y="{y}">{escape(words)}</text>'
