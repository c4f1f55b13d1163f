"""Carries a person's answers from one version of the questionnaire to another, where the questions are the same.

Stricter than ``engine.compare.still_valid``, which asks what an edit does to a patient whose options are known: a
person is there to be asked again, so an answer goes along whole and unchanged in meaning, or not at all.
"""

from .definition import Definition
from .engine.terms import Answers, Ruleset


def carried(old: Definition, new: Definition, answers: Answers) -> dict[str, tuple[str, ...]]:
    """The answers to questions that are the same in ``new``: type, every option and every word, in each language.

    An option that was added is one the person never saw, and a changed word may be why they are asked again. Signs
    that cannot wait are always asked anew.
    """
    urgent = urgent_questions(old.ruleset) | urgent_questions(new.ruleset)
    return {
        link_id: answers[link_id]
        for link_id in new.ruleset.by_link_id
        if link_id in answers and link_id not in urgent and same_question(old, new, link_id)
    }


def urgent_questions(ruleset: Ruleset) -> set[str]:
    return {link_id for criterion in ruleset.of_kind("urgent") for link_id in criterion.rule.questions}


def same_question(old: Definition, new: Definition, link_id: str) -> bool:
    before, after = old.ruleset.by_link_id.get(link_id), new.ruleset.by_link_id[link_id]
    if before is None or before.type != after.type or set(before.options) != set(after.options):
        return False
    return all(
        words.tables["question"][link_id] == new.wording(language).tables["question"][link_id]
        for language, words in old.wordings.items()
    )
