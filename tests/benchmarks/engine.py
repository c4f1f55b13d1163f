"""The engine: one assessment of version 1 with all findings and reasons, and the next question, a test patient each."""

from . import ground
from .measure import Side, alone, kept, table
from .patients import CHANGES, patients, ways

BOUND = 100
"""Microseconds, for one assessment as for one next_question."""
CALLS = 200


def main() -> None:
    ground.prepare()
    from screening.definition import definition, read_folder
    from screening.engine.assess import assess, next_question

    ruleset = definition(read_folder()).ruleset
    everyone = patients(ruleset)
    rows = []
    for number, (answers, (_change, disposition)) in enumerate(zip(everyone, CHANGES, strict=True), start=1):
        steps = [so_far for so_far, _link_id in ways(ruleset, [answers])]
        assessed = alone(Side(lambda given: assess(ruleset, given), lambda answers=answers: [answers] * CALLS))
        found = alone(
            Side(lambda given: next_question(ruleset, given), lambda steps=steps: steps * (CALLS // len(steps)))
        )
        holds = max(assessed.middle, found.middle) <= BOUND
        rows.append((number, disposition, assessed, found, f"≤ {BOUND} each", kept(holds)))
    shape = f"{len(ruleset.questions)} questions, {len(ruleset.criteria)} criteria, no database"
    table(
        f"Engine: median (least–most) of rounds, µs a call; {shape}",
        ("patient", "disposition", "assess", "next_question", "bound", ""),
        rows,
    )


if __name__ == "__main__":
    main()
