"""Answers as a few bytes: one fixed length for every person, so that the length tells nothing.

Each question takes a fixed number of bits, in the questionnaire's order: a single question the number of the chosen
option (0: no answer), a multi question one bit an option (all 0: no answer). Meaningful only with the same version.
"""

from .engine.reading import AnswersError, read_answer
from .engine.terms import Answers, Question, Ruleset


def width(question: Question) -> int:
    """How many bits the question takes."""
    return len(question.codes) if question.type == "multi" else len(question.codes).bit_length()


def size(ruleset: Ruleset) -> int:
    """How many bytes packed answers to this ruleset take."""
    return (sum(width(question) for question in ruleset.questions) + 7) // 8


def pack(ruleset: Ruleset, answers: Answers) -> bytes:
    """The answers (asked for or not) as ``size(ruleset)`` bytes."""
    number = 0
    for question in ruleset.questions:
        chosen = answers.get(question.link_id, ())
        places = [question.codes.index(code) for code in chosen]
        value = sum(1 << place for place in places) if question.type == "multi" else sum(place + 1 for place in places)
        number = number << width(question) | value
    return number.to_bytes(size(ruleset), "big")


def unpack(ruleset: Ruleset, packed: bytes) -> dict[str, tuple[str, ...]]:
    """The opposite of pack. Raises AnswersError for bytes that no answers pack to."""
    number = int.from_bytes(packed, "big")
    answers = {}
    for question in reversed(ruleset.questions):
        value = number & ((1 << width(question)) - 1)
        number >>= width(question)
        if value:
            answers[question.link_id] = chosen_codes(question, value)
    if number or len(packed) != size(ruleset):
        raise AnswersError("These bytes do not hold answers to this version.")
    return {link_id: answers[link_id] for link_id in ruleset.by_link_id if link_id in answers}


def chosen_codes(question: Question, value: int) -> tuple[str, ...]:
    if question.type == "multi":
        codes = [code for place, code in enumerate(question.codes) if value >> place & 1]
        return read_answer(question, codes)
    if value > len(question.codes):
        raise AnswersError(f"{question.link_id} has no option number {value}.")
    return (question.codes[value - 1],)
