"""A question as it is read out on the phone, its quick keys, and the list to jump to any other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _

from .engine.terms import Answers, Question, Ruleset, Truth
from .forms import QuestionForm
from .wording import Wording

KEYS = "1234567890acdefghijklmn"  # b is back, o leaves open
State = Literal["answered", "open", "not-asked"]


@dataclass(frozen=True)
class Jump:
    link_id: str
    number: int
    short: str
    state: State
    here: bool


@dataclass(frozen=True)
class JumpSection:
    title: str
    jumps: tuple[Jump, ...]


def spoken(question: Question, words: Wording, *, other: bool) -> str:
    """What is said after the question: the choices in one sentence, or that a list follows."""
    if question.type == "multi":
        return _("I will read a list. Please say yes to each that fits.")
    labels = [words.option(question.link_id, code, other=other) for code in question.codes]
    return _("You can say: {choices}; or: {last}.").format(choices="; ".join(labels[:-1]), last=labels[-1])


def choices(form: QuestionForm) -> list[dict[str, Any]]:
    """What the page needs of each option, with the key that chooses it."""
    keys = KEYS.ljust(len(form.fields["answer"].choices))
    return [{**choice.data, "key": key.strip()} for choice, key in zip(form["answer"].subwidgets, keys, strict=False)]


def jumps(
    ruleset: Ruleset, words: Wording, answers: Answers, asked: Mapping[str, Truth], *, here: str, other: bool
) -> list[JumpSection]:
    """Every question by section. A question of which it is not known yet whether it is asked counts as open."""
    listed: dict[str, list[Jump]] = {section: [] for section in ruleset.sections}
    for number, question in enumerate(ruleset.questions, 1):
        link_id = question.link_id
        state: State = "not-asked" if asked[link_id] is False else "answered" if link_id in answers else "open"
        short = words.of("question", link_id, "short", other=other)
        listed[question.section].append(Jump(link_id, number, short, state, link_id == here))
    return [
        JumpSection(words.of("section", section, "title", other=other), tuple(found))
        for section, found in listed.items()
    ]
