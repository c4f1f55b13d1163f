"""What a nurse checks of a screening: each question that is open, or that a line to talk about first rests on, or that
is asked by what was confirmed and that nobody has answered.

Pure data: the frozen assessment and the reviews in, points out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from .engine.assess import enabled, stop
from .engine.terms import Answers, Assessment, Question, Ruleset
from .summary import Line, Summary

SETTLING = ("confirmed", "not-so")


@dataclass(frozen=True)
class Noted:
    """A review as the desk reads it, unsealed. ``answer``: the codes that were found, if any."""

    link_id: str
    outcome: str
    found_in: str
    answer: tuple[str, ...]
    note: str
    by: str
    at: object


@dataclass(frozen=True)
class Point:
    """One question to check. ``kind``: "open", or "check" for something said that is to be talked about first."""

    link_id: str
    kind: Literal["open", "check"]
    lines: tuple[Line, ...]
    said: tuple[str, ...]
    """The codes as given; none when it was not answered."""
    reviews: tuple[Noted, ...]
    was_asked: bool = True
    """Whether the patient was asked it."""
    asked: bool = True
    """Whether it is asked with what was confirmed since; only then is it still open."""

    @property
    def latest(self) -> Noted | None:
        return self.reviews[-1] if self.reviews else None

    @property
    def settled(self) -> bool:
        return self.latest is not None and self.latest.outcome in SETTLING


def points(
    ruleset: Ruleset, answers: Answers, assessment: Assessment, summary: Summary, reviews: Iterable[Noted] = ()
) -> tuple[Point, ...]:
    """The points in the order of the summary: to talk about first, then open; each question once, open before check.
    Then those that lack an answer without any line resting on them.
    """
    before = enabled(ruleset, answers)
    noted: dict[str, list[Noted]] = {}
    for review in reviews:
        noted.setdefault(review.link_id, []).append(review)

    def point(link_id: str, kind: Literal["open", "check"], lines: Iterable[Line] = ()) -> Point:
        said, notes = answers.get(link_id, ()), tuple(noted.get(link_id, ()))
        return Point(link_id, kind, tuple(lines), said, notes, was_asked=before[link_id] is True)

    open_lines = lines_by_question(ruleset, answers, assessment, summary.open, wanted_open=True)
    check_lines = lines_by_question(ruleset, answers, assessment, summary.talk_first, wanted_open=False)
    found = [point(link_id, "check", lines) for link_id, lines in check_lines.items() if link_id not in open_lines]
    found += [point(link_id, "open", lines) for link_id, lines in open_lines.items()]
    while more := lacking(ruleset, answers, found, noted):  # what is confirmed of these may ask for others
        found += [point(link_id, "open") for link_id in more]
    asked = enabled(ruleset, confirmed_answers(answers, found))
    return tuple(replace(one, asked=asked[one.link_id] is True) for one in found)


def lacking(ruleset: Ruleset, answers: Answers, found: Iterable[Point], noted: Iterable[str]) -> list[str]:
    """The questions that are no point yet but lack an answer, given what was confirmed, or have a note from when they
    did. What was asked and answered "not sure" is a point only where a line rests on it.
    """
    before, confirmed = enabled(ruleset, answers), confirmed_answers(answers, found)
    asked, known = enabled(ruleset, confirmed), {point.link_id for point in found}
    over = stop(ruleset, confirmed, asked) is not None
    wanting = {
        question.link_id
        for question in ruleset.questions
        if asked[question.link_id] is True
        and is_open(question, answers)
        and not (before[question.link_id] is True and question.link_id in answers)
    }
    due = {*noted, *(() if over else wanting)} - known
    return [link_id for link_id in asked if link_id in due]


def lines_by_question(
    ruleset: Ruleset, answers: Answers, assessment: Assessment, lines: Iterable[Line], *, wanted_open: bool
) -> dict[str, list[Line]]:
    """Each question behind the lines -> its lines. ``wanted_open``: only open answers, or only those that are given."""
    asked = enabled(ruleset, answers)
    findings = {finding.criterion.id: finding for finding in assessment.findings}
    found: dict[str, list[Line]] = {}
    for line in lines:
        for criterion in line.criteria:
            for link_id in dict.fromkeys((*findings[criterion].answers, *findings[criterion].criterion.rule.questions)):
                if asked[link_id] and is_open(ruleset.by_link_id[link_id], answers) is wanted_open:
                    kept = found.setdefault(link_id, [])
                    if line not in kept:
                        kept.append(line)
    return found


def is_open(question: Question, answers: Answers) -> bool:
    """Whether the question is not answered, or with a code that says nothing for certain."""
    chosen = answers.get(question.link_id)
    return not chosen or not question.unknown_codes.isdisjoint(chosen)


def still_open(found: Iterable[Point]) -> int:
    """How many open points no review has settled yet."""
    return sum(point.kind == "open" and point.asked and not point.settled for point in found)


def confirmed_answers(answers: Answers, found: Iterable[Point]) -> dict[str, tuple[str, ...]]:
    """What the patient said, with every settled point's answer in its place."""
    confirmed: Mapping[str, tuple[str, ...]] = {
        point.link_id: point.latest.answer for point in found if point.settled and point.latest and point.latest.answer
    }
    return {**answers, **confirmed}
