"""The prover and compare: time for version 1 and for rulesets two, three and four times its size."""

import time
from dataclasses import replace
from itertools import chain
from statistics import median

from . import ground
from .measure import kept, table

BOUNDS = {1: 1.0, 4: 4.0}
"""Seconds on one core for all proofs, by size in copies of version 1."""
ROUNDS = 5


def main() -> None:
    ground.prepare()
    from screening.engine.compare import compare

    rows, first = [], 0.0
    for times in (1, 2, 3, 4):
        ruleset = grown(times)
        proven, waited = seconds(proves(ruleset))
        compared, _waited = seconds(lambda ruleset=ruleset: compare(ruleset, three(ruleset)))
        first = first or proven
        verdict = (f"≤ {BOUNDS[times]} s", kept(proven <= BOUNDS[times])) if times in BOUNDS else ("", "")
        size = f"{len(ruleset.questions)} questions, {len(ruleset.criteria)} criteria"
        rows.append(
            (size, f"{proven:.2f} s", *verdict, f"× {proven / first:.1f}", f"{waited:.2f} s", f"{compared:.2f} s")
        )
    headings = ("size", "prove", "bound", "", "growth", "by the clock", "compare (three treatments for two)")
    table(f"Prover and compare: seconds of one core, the middle of {ROUNDS}, the solver loaded", headings, rows)


def seconds(call) -> tuple[float, float]:
    """Of the processor and by the clock: the middle of all rounds and the least."""
    call()
    worked, waited = [], []
    for _round in range(ROUNDS):
        work, clock = time.process_time(), time.perf_counter()
        call()
        worked.append(time.process_time() - work)
        waited.append(time.perf_counter() - clock)
    return median(worked), min(waited)


def proves(ruleset):
    """A call that proves the ruleset. Raises ValueError where a proof fails: then it is not this that is measured."""
    from screening.engine.prove import prove

    def call():
        failed = [proof.id for proof in prove(ruleset) if not proof.holds]
        if failed:
            raise ValueError(f"{', '.join(failed)} fails at this size; mend the rules or tests/benchmarks/prove.py.")

    return call


def grown(times: int):
    """Version 1 that many times over: each question and criterion again under other names, adults by one age.

    The copies of a question stand together, so that every urgent sign is asked about first.
    """
    from .mutations import version_1

    ruleset = version_1()
    copies = [copied(ruleset, number) for number in range(2, times + 1)]
    questions = zip(ruleset.questions, *(questions for questions, _criteria in copies), strict=True)
    criteria = (criterion for _questions, criteria in copies for criterion in criteria)
    return replace(ruleset, questions=tuple(chain(*questions)), criteria=(*ruleset.criteria, *criteria))


def copied(ruleset, number: int):
    def rule(old, *, kept=()):
        conditions = [
            c if c.question in kept else replace(c, question=f"{c.question}-{number}") for c in old.conditions
        ]
        return replace(old, conditions=tuple(conditions))

    questions = [
        replace(
            question,
            link_id=f"{question.link_id}-{number}",
            enabled_when=question.enabled_when and rule(question.enabled_when, kept=("age",)),
        )
        for question in ruleset.questions
    ]
    criteria = [replace(old, id=f"{old.id}-{number}", rule=rule(old.rule)) for old in ruleset.criteria]
    return questions, criteria


def three(ruleset):
    """The same with three kinds of pain care asked for, where it was two."""
    criteria = [replace(c, rule=replace(c.rule, count=3)) if c.id == "pain-care-tried" else c for c in ruleset.criteria]
    return replace(ruleset, version=ruleset.version + 1, criteria=tuple(criteria))


if __name__ == "__main__":
    main()
