"""The engine: one assessment of version 1 with all findings and reasons, and the next question, a test patient each."""

from . import ground
from .measure import Side, alone, kept, queries, table
from .patients import CHANGES, patients, way

BOUND = 100
"""Microseconds, for one assessment as for one next_question."""
CALLS = 100


def main() -> None:
    ground.prepare()
    from screening.definition import definition, read_folder
    from screening.engine.assess import assess, next_question

    ruleset = definition(read_folder()).ruleset
    rows = []
    for number, answers in enumerate(patients(ruleset), start=1):
        steps = [so_far for so_far, _link_id in way(ruleset, answers)]
        steps *= CALLS // len(steps)  # about as many calls for a short way as for a long one
        whole = Side(lambda given: assess(ruleset, given), lambda given=answers, steps=steps: [given] * len(steps))
        step = Side(lambda given: next_question(ruleset, given), lambda steps=steps: steps)
        assessed, found = alone(whole), alone(step)
        holds = kept(max(assessed.middle, found.middle) <= BOUND)
        rows.append((number, CHANGES[number - 1][1], assessed, found, f"≤ {BOUND} each", holds, queries(whole)))
    table(
        f"Engine, µs a call: {len(ruleset.questions)} questions, {len(ruleset.criteria)} criteria",
        ("patient", "disposition", "assess", "next_question", "bound", "", "queries"),
        rows,
    )


if __name__ == "__main__":
    main()
