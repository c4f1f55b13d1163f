"""What an edit changes between two rulesets: every way the outcome can change, and the smallest person it changes for.

Found by the solver over all finished patients, never by sampling: where no change is named, none is possible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .assess import assess, enabled
from .formulas import Disagreement, View, choices, patient, standing, valid, view
from .solver import STATUSES, Solver, Term, Tri, conj, differ, disj, neg
from .terms import DISPOSITIONS, PATHS, Answers, Disposition, Question, Rule, Ruleset


@dataclass(frozen=True, slots=True)
class Person:
    """One finished patient: the answers given in the old version and in the new one."""

    old: Answers
    new: Answers


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which the versions differ.

    ``about``: "disposition", "finding" (a criterion), "path" (its inclusion or prerequisites) or "asked" (a question)
    for an outcome; "question", "option", "criterion" or "order" for an edit. ``before`` and ``after``: the outcome in
    each version, or what was written; "absent" where there is nothing. ``person``: the smallest one (fewest answers,
    then fewest options; what is the same in both versions counts once), None where there is none to show.
    """

    about: str
    names: tuple[str, ...]
    before: str
    after: str
    person: Person | None = None

    @property
    def sentence(self) -> str:
        return f"{self.about} {' '.join(self.names)}".rstrip() + f": {self.before} becomes {self.after}."


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs. ``reference``: how many of the stated patients go from which disposition to which."""

    old: str
    new: str
    edits: tuple[Change, ...]
    outcomes: tuple[Change, ...]
    reference: tuple[tuple[Disposition, Disposition, int], ...]

    @property
    def same_outcomes(self) -> bool:
        """Proven: every finished patient comes out the same, in each finding, each path and what is asked."""
        return not self.outcomes


def compare(old: Ruleset, new: Ruleset, reference: Iterable[Answers] = ()) -> Comparison:
    """Every difference for one and the same person who finishes both versions.

    The person answers a question that both versions ask the same way in both, option by option. Where that leaves no
    valid answer, because the options were changed, the question is answered anew in any way; so is a question that
    only one version asks. ``reference``: patients of the old version, with what is ``still_valid`` of their answers.
    Raises ``formulas.Disagreement`` if a person the solver found comes out otherwise in the engine, and
    ``solver.GaveUp`` if it cannot decide.
    """
    both = Both(old, new)
    counts = Counter(
        (assess(old, answers).disposition, assess(new, still_valid(old, new, answers)).disposition)
        for answers in reference
    )
    order = DISPOSITIONS.index
    rows = sorted(counts.items(), key=lambda row: (order(row[0][0]), order(row[0][1])))
    return Comparison(
        old.canonical, new.canonical, tuple(edits(both)), tuple(both.outcomes()), tuple((*pair, n) for pair, n in rows)
    )


def still_valid(old: Ruleset, new: Ruleset, answers: Answers) -> dict[str, tuple[str, ...]]:
    """The answers of a patient of the old version as the new one reads them.

    Kept, option by option, where the new version has the question and the option; an answer of which nothing valid is
    left is open.
    """
    kept = {}
    for link_id, question in new.by_link_id.items():
        left = tuple(code for code in question.codes if code in answers.get(link_id, ()))
        alone = question.type == "single" or not question.exclusive_codes.isdisjoint(left)
        if link_id in old.by_link_id and left and (len(left) == 1 or not alone):
            kept[link_id] = left
    return kept


class Both:
    """Everybody who finishes both versions."""

    def __init__(self, old: Ruleset, new: Ruleset) -> None:
        self.solver = Solver()
        before = {question.link_id: choices(self.solver, question) for question in old.questions}
        after = {name: self.answered_again(before.get(name, {}), old, q) for name, q in new.by_link_id.items()}
        self.old, self.new = view(self.solver, old, before), view(self.solver, new, after)
        self.finished = conj(self.old.finished, self.new.finished)
        self._sizes = [
            list(dict.fromkeys((*self.old.answered.values(), *self.new.answered.values()))),
            list(dict.fromkeys((*self.old.ticks, *self.new.ticks))),
        ]

    def answered_again(self, before: Mapping[str, Term], old: Ruleset, question: Question) -> Mapping[str, Term]:
        """The ticks for a question of the new version: those of the old one, or new ones tied to them."""
        was = old.by_link_id.get(question.link_id)
        if was is None:
            return choices(self.solver, question)
        if was.type == question.type and alone(was) == alone(question):
            return {code: before[code] for code in question.codes}
        after = choices(self.solver, question)
        both = [code for code in question.codes if code in before]
        kept = {code: before[code] if code in both else "false" for code in question.codes}
        back = {code: after[code] if code in both else "false" for code in was.codes}
        can_stay = [conj(disj(*kept.values()), valid(question, kept)), conj(disj(*back.values()), valid(was, back))]
        same = conj(*(neg(differ(before[code], after[code])) for code in both))
        self.solver.require(disj(*map(neg, can_stay), same))
        return after

    def person(self, *terms: Term) -> Person | None:
        """The smallest person who finishes both versions and for whom the terms hold."""
        model = self.solver.smallest((self.finished, *terms), *self._sizes)
        if model is None:
            return None
        return Person(counted(self.old, patient(self.old, model)), counted(self.new, patient(self.new, model)))

    def outcomes(self) -> Iterator[Change]:
        goals = {
            (about, names, was, now): conj(before[was], after[now])
            for about, names, before, after in measured(self.old, self.new)
            for was in before
            for now in after
            if was != now and before != after
        }
        for key in self.solver.possible_of(goals, self.finished):
            change = Change(*key, self.person(goals[key]))
            replay(self, change)
            yield change


def replay(both: Both, change: Change) -> None:
    """Raise Disagreement unless the engine, too, finds the change in this person."""
    assert change.person is not None
    for ruleset, answers, value in (
        (both.old.ruleset, change.person.old, change.before),
        (both.new.ruleset, change.person.new, change.after),
    ):
        if came_out(ruleset, answers, change) != value:
            raise Disagreement(f"{change.sentence} The engine finds otherwise for {answers}; mend formulas.py.")


def came_out(ruleset: Ruleset, answers: Answers, change: Change) -> str:
    assessment = assess(ruleset, answers)
    found: dict[tuple[str, ...], str] = {("disposition",): assessment.disposition}
    found |= {("finding", finding.criterion.id): finding.status for finding in assessment.findings}
    for path, stands in assessment.paths.items():
        found["path", path, "inclusion"], found["path", path, "prerequisites"] = stands.inclusion, stands.prerequisites
    found |= {("asked", name): "yes" if asked else "no" for name, asked in enabled(ruleset, answers).items()}
    return found.get((change.about, *change.names), "absent")


def counted(view: View, answers: Answers) -> dict[str, tuple[str, ...]]:
    """Without the answers to questions that are not asked in this version."""
    asked = enabled(view.ruleset, answers)
    return {link_id: codes for link_id, codes in answers.items() if asked[link_id]}


def alone(question: Question) -> dict[str, bool]:
    return {option.code: option.exclusive for option in question.options}


Values = Mapping[Any, Term]


def measured(old: View, new: View) -> Iterator[tuple[str, tuple[str, ...], Values, Values]]:
    """All that can come out for a person: (about, names, each value in the old version, each in the new)."""
    yield "disposition", (), old.dispositions, new.dispositions
    for name in dict.fromkeys((*old.findings, *new.findings)):
        yield "finding", (name,), values(old.findings.get(name)), values(new.findings.get(name))
    for path in PATHS:
        stood, stands = (standing(view.ruleset, view.findings, path) for view in (old, new))
        for part, before, after in zip(("inclusion", "prerequisites"), stood, stands, strict=True):
            yield "path", (path, part), values(before), values(after)
    for name, asked in old.asked.items():
        if name in new.asked:
            yield "asked", (name,), yes_or_no(asked), yes_or_no(new.asked[name])


def values(tri: Tri | None) -> Values:
    return {"absent": "true"} if tri is None else {status: tri.status(status) for status in STATUSES}


def yes_or_no(asked: Tri) -> Values:
    return {"yes": asked.yes, "no": neg(asked.yes)}


def edits(both: Both) -> Iterator[Change]:
    """What was added, removed or rewritten; for what is added or removed, the smallest person it concerns."""
    old, new = parts(both.old), parts(both.new)
    for key in dict.fromkeys((*old, *new)):
        (about, names), was, now = key, old.get(key), new.get(key)
        if was and now:
            fields = [field for field in was.written if was.written[field] != now.written[field]]
            yield from (Change(about, (*names, field), was.written[field], now.written[field]) for field in fields)
        elif about != "option" or {("question", names[:1])} <= old.keys() & new.keys():
            part = was or now
            assert part is not None
            yield Change(
                about, names, *(("present", "absent") if was else ("absent", "present")), both.person(part.met)
            )
    before, after = (
        [q.link_id for q in view.ruleset.questions if ("question", (q.link_id,)) in old.keys() & new.keys()]
        for view in (both.old, both.new)
    )
    if before != after:
        yield Change("order", (), ", ".join(before), ", ".join(after))


@dataclass(frozen=True, slots=True)
class Part:
    """A question, an option or a criterion: what is written of it, and the term for those it concerns."""

    written: Mapping[str, str]
    met: Term


def parts(view: View) -> dict[tuple[str, tuple[str, ...]], Part]:
    found: dict[tuple[str, tuple[str, ...]], Part] = {}
    for question in view.ruleset.questions:
        name, asked = question.link_id, view.asked[question.link_id].yes
        when = "always" if question.enabled_when is None else in_words(question.enabled_when)
        written = {"section": question.section, "type": question.type, "enabled_when": when}
        found["question", (name,)] = Part(written, asked)
        for option in question.options:
            flags = {flag: str(getattr(option, flag)).lower() for flag in ("unknown", "exclusive", "for_the_record")}
            found["option", (name, option.code)] = Part(flags, conj(asked, view.bits[name][option.code]))
    for c in view.ruleset.criteria:
        written = {"kind": c.kind, "path": c.path, "rule": in_words(c.rule), "sources": ", ".join(c.sources)}
        found["criterion", (c.id,)] = Part(written, view.findings[c.id].yes)
    return found


def in_words(rule: Rule) -> str:
    """ "at least 2 of: pain-treatments-failed: medicines; pain-treatments-failed: injections" """
    mode = f"at least {rule.count} of" if rule.mode == "at least" else rule.mode
    return f"{mode}: " + "; ".join(f"{c.question}: {', '.join(sorted(c.any_of))}" for c in rule.conditions)
