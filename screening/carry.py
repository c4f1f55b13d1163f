"""Carries a person's answers from one version of the questionnaire to another, where the questions are the same.

Stricter than ``engine.compare.carried``, which asks what an edit does to a patient whose options are known: a person is
there to be asked again, so an answer goes along whole and unchanged in meaning, or not at all.
"""

from .engine.reading import AnswersError, read_answer
from .engine.terms import Answers, Question, Ruleset


def carried(old: Ruleset, new: Ruleset, answers: Answers) -> dict[str, tuple[str, ...]]:
    """The answers that mean the same in ``new``: same link_id, same type, and every chosen option still there and of
    the same nature (unknown or not, standing alone or not)."""
    kept = {}
    for link_id, codes in answers.items():
        before, after = old.by_link_id.get(link_id), new.by_link_id.get(link_id)
        if before is None or after is None or not same_options(before, after, codes):
            continue
        try:
            kept[link_id] = read_answer(after, codes[0] if after.type == "single" else list(codes))
        except AnswersError:
            continue
    return {link_id: kept[link_id] for link_id in new.by_link_id if link_id in kept}


def same_options(before: Question, after: Question, codes: tuple[str, ...]) -> bool:
    options = {option.code: option for option in after.options}
    return before.type == after.type and all(
        option == options.get(option.code) for option in before.options if option.code in codes
    )
