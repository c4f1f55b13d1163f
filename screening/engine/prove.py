"""Proofs over a whole ruleset: what holds for every possible patient, or the smallest one who shows that it does not.

Pure functions of a ruleset; the same ruleset gives the same bytes. What each proof shows stands in ``proofs``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import cleandoc

from . import proofs
from .formulas import People, Twin
from .proofs import Failure
from .terms import Ruleset

CIRCLES = ("no-cycle", "No question decides about itself", proofs.no_question_decides_about_itself)
WHOLE: tuple[tuple[str, str, Callable[[People], list[Failure]]], ...] = (
    ("asked", "Every question can be asked", proofs.every_question_can_be_asked),
    ("criteria", "Every criterion can come out each way", proofs.every_criterion_can_come_out_each_way),
    ("dispositions", "Every disposition can occur", proofs.every_disposition_can_occur),
    ("one-disposition", "No answers are without exactly one disposition", proofs.no_answers_without_one_disposition),
    ("unknown-not-clear", "Unknown never reads as clear", proofs.unknown_never_reads_as_clear),
    ("inclusions-differ", "No two inclusion criteria are the same", proofs.no_two_inclusions_are_the_same),
    ("heading-stays", "Knowing more never contradicts the heading", proofs.no_heading_is_contradicted),
)
ONE_QUESTION: tuple[tuple[str, str, Callable[[People, Twin], list[Failure]]], ...] = (
    ("options", "Every option changes something", proofs.every_option_changes_something),
    ("not-asked", "Nothing rests on a question that is not asked", proofs.nothing_rests_on_a_question_not_asked),
    ("known-stays", "Knowing more never unsettles a criterion", proofs.no_settled_criterion_is_unsettled),
)


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing shown about a ruleset. ``id`` is stable; ``definition`` says in plain words what exactly is shown."""

    id: str
    title: str
    definition: str
    failures: tuple[Failure, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.failures


READABLE = Proof("readable", "The rules can be read", "Every name used is known, once, and used in one way.")
"""Shown by there being a Ruleset: rules that cannot be read never become one."""


def prove(ruleset: Ruleset) -> tuple[Proof, ...]:
    """Every proof, in a fixed order; a circle among the questions leaves only that to be said.

    Raises ``formulas.Disagreement`` if a patient the solver found comes out otherwise in the engine, and
    ``solver.GaveUp`` if it cannot decide; either way nothing is proven.
    """
    circles = stated(*CIRCLES, CIRCLES[2](ruleset))
    if not circles.holds:
        return READABLE, circles
    people = People(ruleset)
    whole = [stated(id, title, by, by(people)) for id, title, by in WHOLE]
    failures: dict[str, list[Failure]] = {id: [] for id, _title, _by in ONE_QUESTION}
    for question in ruleset.questions:
        with people.solver.scope():
            twin = people.twin(question)
            for id, _title, by in ONE_QUESTION:
                failures[id] += by(people, twin)
    return READABLE, circles, *whole, *(stated(id, title, by, failures[id]) for id, title, by in ONE_QUESTION)


def stated(id: str, title: str, by: Callable[..., object], failures: list[Failure]) -> Proof:
    return Proof(id, title, cleandoc(by.__doc__ or ""), tuple(failures))
