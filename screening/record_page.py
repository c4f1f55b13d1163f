"""What the record and its print show, in plain parts: points with their history, both readings, all answers."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import published
from .access import Opened
from .forms_intake import ReviewForm
from .models import Review
from .summary import Line, Summary, answer_sections
from .wording import Wording
from .worklist import Noted, Point


@dataclass(frozen=True)
class NoteShown:
    """One note in words."""

    outcome: str
    answer: tuple[str, ...]
    found_in: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True)
class PointShown:
    """One point. ``place``: on the page, from 1; ``notes``: oldest first."""

    place: int
    kind: str
    was_asked: bool
    asked: bool
    short: str
    text: str
    why: str
    said: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[NoteShown, ...]
    settled: bool
    form: ReviewForm | None = None

    @property
    def latest(self) -> NoteShown | None:
        return self.notes[-1] if self.notes else None


@dataclass(frozen=True)
class Reading:
    """One side of the comparison: the heading, and the lines that only this side has, each with its part's title."""

    heading: str
    lead: str
    only: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AnswerShown:
    short: str
    said: tuple[str, ...]
    confirmed: tuple[str, ...]


def words_of(opened: Opened) -> Wording:
    """The version's words in the language of whoever reads."""
    return opened.definition.wording(get_language())


def points_shown(opened: Opened) -> list[PointShown]:
    """The worklist in the order of the summary, without forms."""
    words, other = words_of(opened), opened.summary.for_someone_else
    return [
        PointShown(
            place,
            point.kind,
            point.was_asked,
            point.asked,
            words.of("question", point.link_id, "short"),
            words.of("question", point.link_id, "text", other=other),
            words.of("question", point.link_id, "why", other=other),
            labels(words, point.link_id, point.said, other=other),
            point.lines,
            tuple(note_shown(words, note) for note in point.reviews),
            point.settled,
        )
        for place, point in enumerate(opened.points, start=1)
    ]


def points_on_paper(opened: Opened) -> list[PointShown]:
    """The same with each line once, at the first point it hangs on: a sheet is read from the top. What a settled point
    hung on may stand in the comparison already.
    """
    compared = {text for reading in readings(opened) or () for _title, text in reading.only}
    printed: set[Line] = set()
    shown = []
    for point in points_shown(opened):
        above = printed | {line for line in point.lines if point.settled and line.text in compared}
        shown.append(replace(point, lines=tuple(line for line in point.lines if line not in above)))
        printed |= {*shown[-1].lines}
    return shown


def with_forms(opened: Opened, shown: list[PointShown], bound: ReviewForm | None = None) -> list[PointShown]:
    """The same with a form each; ``bound`` stands in for its own point's, with what was typed."""
    words, seen = words_of(opened), len(opened.noted)
    return [
        replace(one, form=bound if bound and bound.point.link_id == point.link_id else form(opened, point, words, seen))
        for one, point in zip(shown, opened.points, strict=True)
    ]


def form(opened: Opened, point: Point, words: Wording, seen: int, data=None) -> ReviewForm:
    place = opened.points.index(point) + 1
    question = opened.definition.ruleset.by_link_id[point.link_id]
    return ReviewForm(point, question, words, place=place, seen=seen, data=data)


def note_shown(words: Wording, note: Noted) -> NoteShown:
    found_in = Review.FoundIn(note.found_in).label if note.found_in else ""
    answer = labels(words, note.link_id, note.answer) if note.link_id else ()
    return NoteShown(str(Review.Outcome(note.outcome).label), answer, str(found_in), note.note, note.by, note.at)


def overall_notes(opened: Opened) -> list[NoteShown]:
    """Who looked the whole over, and when."""
    return [note_shown(words_of(opened), note) for note in opened.noted if not note.link_id]


def labels(words: Wording, link_id: str, codes: tuple[str, ...], *, other: bool = False) -> tuple[str, ...]:
    return tuple(words.option(link_id, code, other=other) for code in codes)


# --- both readings


def readings(opened: Opened) -> tuple[Reading, Reading] | None:
    """As said, and with what was confirmed; None while nothing differs."""
    confirmed = opened.confirmed_summary
    if confirmed is None:
        return None
    said, found = dict.fromkeys(lines_of(opened.summary)), dict.fromkeys(lines_of(confirmed))
    return (
        Reading(opened.summary.heading, opened.summary.lead, tuple(line for line in said if line not in found)),
        Reading(confirmed.heading, confirmed.lead, tuple(line for line in found if line not in said)),
    )


def lines_of(summary: Summary) -> Iterator[tuple[str, str]]:
    """(title of the part, text) of each line."""
    parts = (
        (_("To talk about first"), summary.talk_first),
        ("", summary.open),  # each of its lines begins with it
        (_("Fits what the sources describe"), summary.fits),
        (_("Earlier steps to ask about"), summary.earlier_steps),
        (_("Good to mention"), summary.mention),
    )
    return ((title, line.text) for title, lines in parts for line in lines)


def answers_shown(opened: Opened) -> list[tuple[str, list[AnswerShown]]]:
    """(section, its answers) as given, with what nurses confirmed beside them."""
    words, other = words_of(opened), opened.summary.for_someone_else
    settled = {point.link_id for point in opened.points if point.settled}
    ignored = set(opened.assessment.ignored)
    given = {link_id: codes for link_id, codes in opened.answers.items() if link_id not in ignored}
    everything = {**given, **{link_id: opened.confirmed.get(link_id, ()) for link_id in settled}}
    return [
        (
            section.title,
            [
                AnswerShown(
                    said.short,
                    labels(words, said.link_id, given.get(said.link_id, ()), other=other),
                    labels(words, said.link_id, everything[said.link_id]) if said.link_id in settled else (),
                )
                for said in section.answers
            ],
        )
        for section in answer_sections(opened.definition.ruleset, words, everything, other)
    ]


def facts(opened: Opened) -> dict:
    """What every template about one screening needs."""
    return {
        "row": opened.row,
        "summary": opened.summary,
        "withdrawn": published.is_withdrawn(opened.summary.version),
        "readings": readings(opened),
        "answers": answers_shown(opened),
        "overall": overall_notes(opened),
        "open_points": opened.open_points,
    }
