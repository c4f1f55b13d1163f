"""Rulesets as formulas: every question, criterion and disposition over all possible answers at once.

For ``prove`` and ``compare``. Each patient found is held against ``assess`` before anyone sees it, so the formulas and
the engine cannot drift apart unnoticed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from .assess import assess, enabled, on
from .solver import Model, Solver, Term, Tri, at_least, at_most, conj, differ, disj, neg, true_in
from .terms import PATHS, Answers, Condition, Disposition, Kind, Path, Question, Rule, Ruleset, Status, Truth

Key = TypeVar("Key")
TRUTH: dict[Status, Truth] = {"met": True, "not-met": False, "unknown": None}
ALWAYS = Tri("true", "true")


class Disagreement(RuntimeError):
    """A patient the solver found comes out otherwise in the engine: a fault of this module, never of a ruleset."""


Bits = Mapping[str, Mapping[str, Term]]
"""Whether each option of each question is ticked: link_id -> code -> name."""


@dataclass(frozen=True)
class View:
    """One ruleset read over one set of ticks. Every term in it is a name."""

    ruleset: Ruleset
    bits: Bits
    answered: Mapping[str, Term]
    asked: Mapping[str, Tri]
    findings: Mapping[str, Tri]
    finished: Term = "false"
    dispositions: Mapping[Disposition, Term] = field(default_factory=dict)

    @property
    def ticks(self) -> list[Term]:
        return [bit for bits in self.bits.values() for bit in bits.values()]


def choices(solver: Solver, question: Question) -> dict[str, Term]:
    """New ticks for a question, such that they are a valid answer or none at all."""
    bits = {code: solver.fresh() for code in question.codes}
    solver.require(valid(question, bits))
    return bits


def valid(question: Question, bits: Mapping[str, Term]) -> Term:
    """At most one tick for a single question; no tick beside one that stands alone. No tick at all is valid too."""
    if question.type == "single":
        return at_most(1, list(bits.values()))
    others = {code: [bit for other, bit in bits.items() if other != code] for code in question.exclusive_codes}
    return conj(*(disj(neg(bits[code]), neg(disj(*others[code]))) for code in question.codes if code in others))


def view(solver: Solver, ruleset: Ruleset, bits: Bits) -> View:
    """The whole ruleset as formulas over these ticks."""
    answered = {link_id: solver.name(disj(*ticks.values())) for link_id, ticks in bits.items()}
    whole = View(ruleset, bits, answered, asked := {}, findings := {})
    for question in ruleset.questions:
        rule = question.enabled_when
        asked[question.link_id] = ALWAYS if rule is None else holds(solver, whole, rule)
    for criterion in ruleset.criteria:
        findings[criterion.id] = holds(solver, whole, criterion.rule)
    finished = solver.name(conj(*(disj(neg(asked[link_id].yes), answered[link_id]) for link_id in asked)))
    return View(ruleset, bits, answered, asked, findings, finished, dispositions(solver, ruleset, findings, finished))


def changed(solver: Solver, whole: View, link_id: str, ticks: Mapping[str, Term]) -> View:
    """The same view with other ticks for one question; what does not rest on it keeps its names."""
    asked, findings = dict(whole.asked), dict(whole.findings)
    answered = {**whole.answered, link_id: solver.name(disj(*ticks.values()))}
    other = View(whole.ruleset, {**whole.bits, link_id: ticks}, answered, asked, findings)
    touched = {link_id}
    for question in whole.ruleset.questions:
        rule = question.enabled_when
        if rule is not None and not touched.isdisjoint(rule.questions):
            asked[question.link_id] = holds(solver, other, rule)
            touched.add(question.link_id)
    for criterion in whole.ruleset.criteria:
        if not touched.isdisjoint(criterion.rule.questions):
            findings[criterion.id] = holds(solver, other, criterion.rule)
    return other


def condition_holds(view: View, condition: Condition) -> Tri:
    """The one rule for reading a condition (``assess.condition_holds``) as formulas."""
    asked, bits = view.asked[condition.question], view.bits[condition.question]
    question = view.ruleset.by_link_id[condition.question]
    listed = [bits[code] for code in question.codes if code in condition.any_of]
    unsure = [bits[code] for code in question.codes if code in question.unknown_codes]
    open_or_listed = disj(neg(view.answered[condition.question]), *unsure, *listed, neg(asked.yes))
    return Tri(conj(asked.yes, disj(*listed)), conj(asked.may, open_or_listed))


def holds(solver: Solver, view: View, rule: Rule) -> Tri:
    """At least N of M over three values; "none of" is the opposite of "any of"."""
    read = [solver.named(condition_holds(view, condition)) for condition in rule.conditions]
    yes = at_least(rule.needed, [tri.yes for tri in read])
    may = at_least(rule.needed, [tri.may for tri in read])
    return solver.named(Tri(neg(may), neg(yes)) if rule.mode == "none of" else Tri(yes, may))


Standing = tuple[Tri, Tri]
"""How a path stands: its inclusion (any of its inclusion criteria) and its prerequisites (all of them)."""


def standing(ruleset: Ruleset, findings: Mapping[str, Tri], path: Path) -> Standing:
    inclusion = [findings[c.id] for c in ruleset.of_kind("inclusion") if on(path, c)]
    return any_of(inclusion), all_of([findings[c.id] for c in ruleset.of_kind("prerequisite") if on(path, c)])


def lines(ruleset: Ruleset, findings: Mapping[str, Tri], finished: Term) -> tuple[tuple[Disposition, Term], ...]:
    """The ten lines of the clinical specification, each as it stands there: what must hold besides the order."""

    def of(*kinds: Kind) -> list[Tri]:
        return [findings[criterion.id] for criterion in ruleset.of_kind(*kinds)]

    paths = [standing(ruleset, findings, path) for path in PATHS]
    included = any_of([inclusion for inclusion, _prerequisites in paths])
    best = any_of([all_of([Tri(inclusion.yes, inclusion.yes), prerequisites]) for inclusion, prerequisites in paths])
    flag = any_of(of("exclusion", "caution"))
    return (
        ("urgent", any_of(of("urgent")).yes),
        ("under-18", any_of(of("setting")).yes),
        ("unfinished", neg(finished)),
        ("need-more-information", included.unknown),
        ("not-described", neg(included.may)),
        ("talk-first-and-earlier-steps", conj(included.yes, flag.yes, neg(best.may))),
        ("talk-first", conj(included.yes, flag.yes)),
        ("earlier-steps", conj(included.yes, neg(best.may))),
        ("need-more-information", conj(included.yes, disj(best.unknown, flag.unknown))),
        ("talk", conj(included.yes, best.yes, neg(flag.may))),
    )


def any_of(tris: Sequence[Tri]) -> Tri:
    return Tri(disj(*(tri.yes for tri in tris)), disj(*(tri.may for tri in tris)))


def all_of(tris: Sequence[Tri]) -> Tri:
    return Tri(conj(*(tri.yes for tri in tris)), conj(*(tri.may for tri in tris)))


def dispositions(
    solver: Solver, ruleset: Ruleset, findings: Mapping[str, Tri], finished: Term
) -> dict[Disposition, Term]:
    """Each disposition as a name: one of its lines holds and no line before that one does."""
    found: dict[Disposition, Term] = {}
    before: list[Term] = []
    for name, line in lines(ruleset, findings, finished):
        term = solver.name(line)
        found[name] = disj(found.get(name, "false"), conj(term, *map(neg, before)))
        before.append(term)
    return {name: solver.name(term) for name, term in found.items()}


def patient(view: View, model: Model) -> dict[str, tuple[str, ...]]:
    """The answers of one solution. Raises Disagreement unless the engine finds just what the formulas say."""
    answers = {
        link_id: tuple(code for code, bit in ticks.items() if true_in(model, bit))
        for link_id, ticks in view.bits.items()
        if true_in(model, view.answered[link_id])
    }
    confirm(view, model, answers)
    return answers


def confirm(view: View, model: Model, answers: Answers) -> None:
    assessment = assess(view.ruleset, answers)
    asked = {link_id: truth(model, tri) for link_id, tri in view.asked.items()}
    findings = {name: truth(model, tri) for name, tri in view.findings.items()}
    assessed = {finding.criterion.id: TRUTH[finding.status] for finding in assessment.findings}
    found = [name for name, term in view.dispositions.items() if true_in(model, term)]
    same = asked == enabled(view.ruleset, answers) and findings == assessed
    if not same or (view.dispositions and found != [assessment.disposition]):
        raise Disagreement(f"The solver and the engine differ about {answers}; mend screening/engine/formulas.py.")


def truth(model: Model, tri: Tri) -> Truth:
    return True if true_in(model, tri.yes) else (None if true_in(model, tri.may) else False)


class Twin(NamedTuple):
    """Everybody again, with any other answer or none to one question. ``moved``: something comes out otherwise."""

    question: Question
    view: View
    moved: Term


class People:
    """Everybody who could ever answer a ruleset: any valid answers, finished or not, asked for or not."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.solver = Solver()
        bits = {question.link_id: choices(self.solver, question) for question in ruleset.questions}
        self.view = view(self.solver, ruleset, bits)
        self._sizes = list(self.view.answered.values()), self.view.ticks

    def smallest(self, *terms: Term, nearest: Sequence[Term] = ()) -> dict[str, tuple[str, ...]] | None:
        """The smallest patient for whom all terms hold; with ``nearest``, of those with the fewest of these true."""
        model = self.solver.smallest(terms, nearest, *self._sizes)
        return None if model is None else patient(self.view, model)

    def pair(self, twin: Twin, *terms: Term) -> tuple[Answers, Answers]:
        """The smallest patient for whom all terms hold (there is one), and the same one with the other answer."""
        ticks = list(twin.view.bits[twin.question.link_id].values())
        model = self.solver.smallest(terms, *self._sizes, ticks)
        assert model is not None
        return patient(self.view, model), patient(twin.view, model)

    def twin(self, question: Question) -> Twin:
        """To be used inside a scope of the solver."""
        other = changed(self.solver, self.view, question.link_id, choices(self.solver, question))
        asked = [differ(self.view.asked[name].yes, tri.yes) for name, tri in other.asked.items()]
        pairs = [(self.view.findings[name], tri) for name, tri in other.findings.items()]
        found = [differ(*terms) for one, two in pairs for terms in ((one.yes, two.yes), (one.may, two.may))]
        return Twin(question, other, self.solver.name(disj(*asked, *found)))

    def gaps(self) -> list[Term]:
        """For each question: whether one before it is asked and has no answer."""
        found, gap = [], "false"
        for name, asked in self.view.asked.items():
            found.append(gap)
            gap = self.solver.name(disj(gap, conj(asked.yes, neg(self.view.answered[name]))))
        return found

    def any_findings(self) -> tuple[dict[str, Tri], dict[Disposition, Term]]:
        """Findings of any kind, whether answers lead to them or not, and what they come to."""
        findings = {name: Tri(self.solver.fresh(), self.solver.fresh()) for name in self.view.findings}
        for tri in findings.values():
            self.solver.require(disj(neg(tri.yes), tri.may))
        return findings, dispositions(self.solver, self.view.ruleset, findings, self.solver.fresh())

    def nobody(self, goals: Mapping[Key, Term], *given: Term) -> list[Key]:
        """The goals that nobody meets. A patient found may meet many; each is replayed through the engine."""
        never = []
        with self.solver.scope():
            left = {key: self.solver.name(term) for key, term in goals.items()}
            while left:
                first = next(iter(left))
                model = self.solver.solve(*given, left[first])
                if model is None:
                    never.append(first)
                    del left[first]
                else:
                    patient(self.view, model)
                    left = {key: term for key, term in left.items() if not true_in(model, term)}
        return never
