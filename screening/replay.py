"""Replays test patients: does a definition still judge them as clinicians signed?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pumpguide.publishing import content_hash

from .engine.assess import assess
from .engine.reading import AnswersError, read_answers
from .engine.terms import Assessment, Ruleset


@dataclass(frozen=True)
class Replay:
    """What became of one test patient. ``differences``: plain lines; none means: as signed."""

    number: int
    why: str
    differences: tuple[str, ...]
    disposition: str = ""
    findings: Mapping[str, str] | None = None
    answers: Mapping[str, Any] | None = None

    @property
    def as_signed(self) -> bool:
        return not self.differences

    @property
    def seen(self) -> str:
        """Names what a clinician signs for, as 64 hexadecimal digits: this patient, with what came out."""
        return content_hash([self.number, self.why, self.answers, self.disposition, self.findings])


def replay(ruleset: Ruleset, patients: Iterable[Mapping[str, Any]]) -> list[Replay]:
    """Each patient (number, why, answers, disposition and, where signed, findings) held against the ruleset."""
    return [replay_one(ruleset, patient) for patient in patients]


def replay_one(ruleset: Ruleset, patient: Mapping[str, Any]) -> Replay:
    number, why = patient["number"], patient["why"]
    try:
        assessment = assess(ruleset, read_answers(ruleset, patient["answers"]))
    except AnswersError as mistake:
        return Replay(number, why, (f"The answers no longer fit: {mistake}",))
    findings = notable(assessment)
    differences = []
    if assessment.disposition != patient["disposition"]:
        differences.append(f"disposition: signed {patient['disposition']}, now {assessment.disposition}")
    signed = patient.get("findings", findings)
    for criterion in sorted({*signed, *findings}):
        was, now = signed.get(criterion, "not-met"), findings.get(criterion, "not-met")
        if was != now:
            differences.append(f"{criterion}: signed {was}, now {now}")
    return Replay(number, why, tuple(differences), assessment.disposition, findings, patient["answers"])


def notable(assessment: Assessment) -> dict[str, str]:
    """Every finding that is not simply not met: criterion id -> status."""
    return {f.criterion.id: f.status for f in assessment.findings if f.status != "not-met"}
