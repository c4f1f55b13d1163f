"""What a nurse checks of a screening: each question that is open, or that a line to talk about first rests on.

Pure data: the frozen assessment and the reviews in, points out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from .engine.assess import enabled
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

    @property
    def latest(self) -> Noted | None:
        return self.reviews[-1] if self.reviews else None

    @property
    def settled(self) -> bool:
        return self.latest is not None and self.latest.outcome in SETTLING


def points(
    ruleset: Ruleset, answers: Answers, assessment: Assessment, summary: Summary, reviews: Iterable[Noted] = ()
) -> tuple[Point, ...]:
    """The points in the order of the summary: to talk about first, then open; each question once, open before check."""
    by_question: dict[str, list[Noted]] = {}
    for review in reviews:
        by_question.setdefault(review.link_id, []).append(review)
    open_lines = lines_by_question(ruleset, answers, assessment, summary.open, wanted_open=True)
    check_lines = lines_by_question(ruleset, answers, assessment, summary.talk_first, wanted_open=False)
    kinds = [(link_id, "check", lines) for link_id, lines in check_lines.items() if link_id not in open_lines]
    kinds += [(link_id, "open", lines) for link_id, lines in open_lines.items()]
    return tuple(
        Point(link_id, kind, tuple(lines), answers.get(link_id, ()), tuple(by_question.get(link_id, ())))
        for link_id, kind, lines in kinds
    )


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
    return sum(point.kind == "open" and not point.settled for point in found)


def confirmed_answers(answers: Answers, found: Iterable[Point]) -> dict[str, tuple[str, ...]]:
    """What the patient said, with every settled point's answer in its place."""
    confirmed: Mapping[str, tuple[str, ...]] = {
        point.link_id: point.latest.answer for point in found if point.settled and point.latest and point.latest.answer
    }
    return {**answers, **confirmed}
