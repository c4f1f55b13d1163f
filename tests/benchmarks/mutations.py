"""Faults planted in version 1 one at a time, and what catches each: the reading, the prover, a test patient, compare.

The faults are made mechanically: each kind is planted at up to a few places, spread evenly over all places it fits.
A fault that leaves every outcome the same is shown to do so by compare.
"""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import astuple, dataclass
from functools import cache
from random import Random

from . import ground
from .faults import KINDS, Plant, Snapshot
from .measure import table
from .patients import BASE, CHANGES

SAME = "same outcomes"
PLACES = 6
"""At most this many faults of each kind."""
PASSERS_BY = 500


def main() -> None:
    ground.prepare()
    found = [(kind, where, caught(plant)) for kind, where, plant in faults()]
    rows = [(kind, where, *astuple(by), by.verdict) for kind, where, by in found]
    headings = ("fault", "where", "reading", "prover", "test patients", "compare", "")
    table(f"{len(rows)} faults planted in version 1, and what catches each", headings, rows)
    for name, number in Counter(by.verdict for *_rest, by in found).items():
        print(f"  {number:4} {name}")
    for name in ("reading", "prover", "patients"):
        print(f"  {sum(bool(getattr(by, name)) for *_rest, by in found):4} stopped by: {name}")
    missed = [(kind, where) for kind, where, by in found if by.verdict == "MISSED"]
    if missed or len(rows) < 60:
        raise SystemExit(f"Planted {len(rows)} faults; not caught: {missed}.")


# --- what catches a fault


@dataclass(frozen=True)
class Caught:
    """What each check says of one fault: nothing where it does not notice."""

    reading: str = ""
    prover: str = ""
    patients: str = ""
    compare: str = ""

    @property
    def verdict(self) -> str:
        if self.reading or self.prover or self.patients:
            return "cannot be published"
        return {"": "MISSED", SAME: "changes nothing, proven"}.get(self.compare, "shown to the approver")


def caught(plant: Plant) -> Caught:
    from screening.definition import definition
    from screening.engine.compare import compare
    from screening.engine.prove import prove
    from screening.engine.terms import RulesetError

    snapshot = deepcopy(snapshot_1())
    plant(snapshot)
    try:
        ruleset = definition(snapshot).ruleset
    except RulesetError as error:
        return Caught(reading=str(error)[:50])
    failed = [
        proof.id for proof, sound in zip(prove(ruleset), proofs_1(), strict=True) if subjects(proof) - subjects(sound)
    ]
    found = compare(version_1(), ruleset)
    if not found.edits and not found.outcomes:
        raise ValueError("A planted fault changed nothing that is written; mend its kind.")
    told = SAME if found.same_outcomes else f"{len(found.outcomes)} changes"
    if found.same_outcomes and any(outcome(ruleset, person) != outcome(version_1(), person) for person in passers_by()):
        told = ""
    return Caught("", ", ".join(failed), some(patients_changed(ruleset)), told)


def some(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers)) if len(numbers) < 4 else f"{len(numbers)} of {len(CHANGES)}"


def subjects(proof) -> set[tuple[str, ...]]:
    return {failure.names for failure in proof.failures}


def patients_changed(ruleset) -> list[int]:
    """The numbers of the test patients who do not come out as signed."""
    from screening.engine.assess import assess
    from screening.engine.reading import AnswersError, read_answers

    numbers = []
    for number, (change, signed) in enumerate(CHANGES, start=1):
        given = {name: answer for name, answer in {**BASE, **change}.items() if answer is not None}
        try:
            found = assess(ruleset, read_answers(ruleset, given)).disposition
        except AnswersError:
            found = None
        if found != signed:
            numbers.append(number)
    return numbers


@cache
def passers_by() -> list[dict[str, tuple[str, ...]]]:
    """People who finish version 1 any way, to doubt what compare proves."""
    from screening.engine.assess import next_question

    random, found = Random(4), []  # noqa: S311 (the same people each time, no secret)
    for _number in range(PASSERS_BY):
        answers = {"urgent-signs": ("none",), "age": ("18-or-over",)}
        while (link_id := next_question(version_1(), answers)) is not None:
            question = version_1().by_link_id[link_id]
            code = random.choice(question.codes)
            beside = [other for other in question.codes if other not in question.exclusive_codes]
            several = question.type == "multi" and code in beside
            answers[link_id] = tuple(random.sample(beside, random.randint(1, 3))) if several else (code,)
        found.append(answers)
    return found


def outcome(ruleset, answers):
    from screening.engine.assess import assess

    found = assess(ruleset, answers)
    return found.disposition, {finding.criterion.id: finding.status for finding in found.findings}


@cache
def snapshot_1() -> Snapshot:
    from screening.definition import read_folder

    return read_folder()


@cache
def version_1():
    from screening.definition import definition

    return definition(snapshot_1()).ruleset


@cache
def proofs_1():
    from screening.engine.prove import prove

    return prove(version_1())


# --- where they are planted


def faults() -> Iterator[tuple[str, str, Plant]]:
    for kind, make in KINDS.items():
        made = list(make(snapshot_1()))
        step = max(1, len(made) // PLACES)
        yield from ((kind, *fault) for fault in made[::step][:PLACES])


if __name__ == "__main__":
    main()
