"""Reads one person's answers as they come from outside (a form, a file, a code) and refuses what cannot be meant.

Pure Python like the rest of the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .terms import Answers, Question, Ruleset


class AnswersError(ValueError):
    """Answers that cannot be read. The message is one line: which question, what is wrong, what is allowed."""


def read_answers(ruleset: Ruleset, given: object) -> dict[str, tuple[str, ...]]:
    """Checked answers from a JSON-like object: link_id -> code (single) or list of codes (multi).

    Codes of a multi question come back in the question's own order. Raises AnswersError.
    """
    if not isinstance(given, Mapping):
        raise AnswersError('The answers must be one JSON object such as {"age": "18-or-over"}.')
    for link_id in given:
        if link_id not in ruleset.by_link_id:
            raise AnswersError(f"Unknown question {link_id!r}; allowed: {', '.join(ruleset.by_link_id)}.")
    return {
        link_id: read_answer(question, given[link_id])
        for link_id, question in ruleset.by_link_id.items()
        if link_id in given
    }


def read_answer(question: Question, given: object) -> tuple[str, ...]:
    """The chosen codes of one question, checked. Raises AnswersError."""
    if question.type == "single":
        if not isinstance(given, str):
            raise AnswersError(f"{question.link_id} takes one code, not {shown(given)}; {allowed(question)}.")
        codes: tuple[str, ...] = (given,)
    else:
        if isinstance(given, str) or not isinstance(given, Sequence) or not given:
            raise AnswersError(f"{question.link_id} takes a list of one or more codes; {allowed(question)}.")
        codes = tuple(given)
    for code in codes:
        if code not in question.codes:
            raise AnswersError(f"{question.link_id} has no option {shown(code)}; {allowed(question)}.")
    if len(set(codes)) != len(codes):
        raise AnswersError(f"{question.link_id} names an option twice; name each once.")
    alone = question.exclusive_codes.intersection(codes)
    if alone and len(codes) > 1:
        raise AnswersError(f"{question.link_id}: {min(alone)!r} stands alone; leave out the other options, or it.")
    return tuple(code for code in question.codes if code in codes)


def as_given(ruleset: Ruleset, answers: Answers) -> dict[str, str | list[str]]:
    """The opposite of read_answers: the JSON-like form, in the questionnaire's order."""
    return {
        link_id: answers[link_id][0] if question.type == "single" else list(answers[link_id])
        for link_id, question in ruleset.by_link_id.items()
        if link_id in answers
    }


def shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def allowed(question: Question) -> str:
    return f"allowed: {', '.join(question.codes)}"
