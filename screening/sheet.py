"""The questionnaire as a sheet of paper: numbered, in order, with "go to" lines made from the rules by which it asks.

One arrangement serves the blank sheet and the page on which a filled one is entered, so that numbers always agree.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from .definition import Definition
from .engine.terms import Condition, Question, Rule, Ruleset
from .wording import Wording


@dataclass(frozen=True)
class SheetOption:
    """``alone``: no other box may be ticked with it."""

    code: str
    label: str
    hint: str
    alone: bool


@dataclass(frozen=True)
class SheetQuestion:
    """``go``: who is to answer this question and those after it, and where all others go on; often empty."""

    number: int
    link_id: str
    several: bool
    text: str
    short: str
    hint: str
    options: tuple[SheetOption, ...]
    go: str


@dataclass(frozen=True)
class SheetSection:
    id: str
    title: str
    questions: tuple[SheetQuestion, ...]


def sheet(definition: Definition, language: str) -> tuple[SheetSection, ...]:
    """The whole questionnaire, sections and questions in the order of the rules."""
    ruleset, words = definition.ruleset, definition.wording(language)
    go = go_lines(ruleset, words)
    rows = [row(number, question, words, go) for number, question in enumerate(ruleset.questions, 1)]
    section_of = {question.link_id: question.section for question in ruleset.questions}
    return tuple(
        SheetSection(
            section,
            words.of("section", section, "title"),
            tuple(row for row in rows if section_of[row.link_id] == section),
        )
        for section in ruleset.sections
    )


def row(number: int, question: Question, words: Wording, go: dict[str, str]) -> SheetQuestion:
    link_id, alone = question.link_id, question.exclusive_codes
    return SheetQuestion(
        number=number,
        link_id=link_id,
        several=question.type == "multi",
        text=words.of("question", link_id, "text"),
        short=words.of("question", link_id, "short"),
        hint=words.of("question", link_id, "hint"),
        options=tuple(
            SheetOption(code, words.option(link_id, code), words.option_hint(link_id, code), code in alone)
            for code in question.codes
        ),
        go=go.get(link_id, ""),
    )


# --- who answers what


def go_lines(ruleset: Ruleset, words: Wording) -> dict[str, str]:
    """link_id -> the line above it. None where an earlier line already leads everyone else past this question."""
    questions, lines = ruleset.questions, {}
    until: dict[Rule, int] = {}  # a rule -> the place to which the last line about it leads
    for place, question in enumerate(questions):
        rule = question.enabled_when
        if rule is None or until.get(rule, -1) > place:
            continue
        until[rule] = end = first_beyond(questions, place)
        lines[question.link_id] = go_line(ruleset, words, rule, place, end)
    return lines


def first_beyond(questions: tuple[Question, ...], place: int) -> int:
    """The place of the next question that may be asked though the one at ``place`` is not."""
    rule, skipped = questions[place].enabled_when, {questions[place].link_id}
    for further in range(place + 1, len(questions)):
        other = questions[further].enabled_when
        if other is None or (other != rule and not never_without(other, skipped)):
            return further
        skipped.add(questions[further].link_id)
    return len(questions)


def never_without(rule: Rule, skipped: set[str]) -> bool:
    """Whether the rule cannot hold while the ``skipped`` questions are not asked."""
    left = sum(condition.question not in skipped for condition in rule.conditions)
    return rule.mode != "none of" and left < rule.needed


def go_line(ruleset: Ruleset, words: Wording, rule: Rule, place: int, end: int) -> str:
    """Such as: Answer 5 to 14 only if you marked “Pain” or “Both” in question 4. If not, go to question 15."""
    values = {"first": place + 1, "last": end, "when": when(ruleset, words, rule), "next": end + 1}
    over, one = end == len(ruleset.questions), end == place + 1
    if over and one:
        return _("Answer question {first} only if {when}.").format(**values)
    if over:
        return _("Answer questions {first} to {last} only if {when}. If not, go to the end.").format(**values)
    if one:
        return _("Answer question {first} only if {when}. If not, go to question {next}.").format(**values)
    return _("Answer questions {first} to {last} only if {when}. If not, go to question {next}.").format(**values)


def when(ruleset: Ruleset, words: Wording, rule: Rule) -> str:
    """A rule as part of a sentence, with the questions' numbers."""
    numbers = {question.link_id: number for number, question in enumerate(ruleset.questions, 1)}
    parts = [ticked(condition, words, ruleset, numbers) for condition in rule.conditions]
    if rule.mode == "none of":
        return _("none of this is so: {parts}").format(parts="; ".join(parts))
    if rule.mode == "at least" and 1 < rule.count < len(parts):
        return _("at least {count} of these are so: {parts}").format(count=rule.count, parts="; ".join(parts))
    return (_(", and ") if rule.needed == len(parts) else _(", or ")).join(parts)


def ticked(condition: Condition, words: Wording, ruleset: Ruleset, numbers: dict[str, int]) -> str:
    question = ruleset.by_link_id[condition.question]
    labels = [_("“%s”") % words.option(question.link_id, code) for code in question.codes if code in condition.any_of]
    listed = _(" or ").join(filter(None, [", ".join(labels[:-1]), labels[-1]]))
    return _("you marked {options} in question {number}").format(options=listed, number=numbers[question.link_id])
