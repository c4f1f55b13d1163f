"""The words of the engine: questions, conditions, criteria and what comes out of them.

Everything here is frozen: a ruleset is read once, checked once and shared by every thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypedDict

Truth = bool | None
"""True, False or None. None is unknown: unanswered, *not sure* or *prefer not to say*; never "no"."""

Answers = Mapping[str, tuple[str, ...]]
"""One person's answers: link_id -> the option codes chosen, one for a single question, one or more for a multi."""

QuestionType = Literal["single", "multi"]
Mode = Literal["all of", "any of", "at least", "none of"]
Kind = Literal["urgent", "setting", "inclusion", "prerequisite", "exclusion", "caution", "note"]
Path = Literal["pain", "spasticity"]
CriterionPath = Literal["pain", "spasticity", "both"]
Status = Literal["met", "not-met", "unknown"]
Disposition = Literal[
    "urgent",
    "under-18",
    "unfinished",
    "need-more-information",
    "not-described",
    "talk-first-and-earlier-steps",
    "talk-first",
    "earlier-steps",
    "talk",
]

PATHS: tuple[Path, ...] = ("pain", "spasticity")
KINDS: tuple[Kind, ...] = ("urgent", "setting", "inclusion", "prerequisite", "exclusion", "caution", "note")
MODES: tuple[Mode, ...] = ("all of", "any of", "at least", "none of")
DISPOSITIONS: tuple[Disposition, ...] = (
    "urgent",
    "under-18",
    "unfinished",
    "need-more-information",
    "not-described",
    "talk-first-and-earlier-steps",
    "talk-first",
    "earlier-steps",
    "talk",
)


class RulesetError(ValueError):
    """A ruleset that cannot be read one way only. The message names the question or criterion and the mend."""


@dataclass(frozen=True, slots=True)
class Option:
    """One closed choice. ``unknown``: it means "we do not know". ``exclusive``: it stands alone.

    ``for_the_record``: it is kept for people to read; that no rule reads it is meant.
    """

    code: str
    unknown: bool = False
    exclusive: bool = False
    for_the_record: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """True when the question's answer holds any of these option codes."""

    question: str
    any_of: frozenset[str]


@dataclass(frozen=True)
class Rule:
    """How conditions count together. ``count`` (N) is read only with the mode "at least"."""

    mode: Mode
    conditions: tuple[Condition, ...]
    count: int = 1

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """The link_ids its conditions name, in order, each once."""
        return tuple(dict.fromkeys(condition.question for condition in self.conditions))

    @cached_property
    def needed(self) -> int:
        """How many true conditions make the rule true ("none of": how many make it false)."""
        return {"all of": len(self.conditions), "at least": self.count}.get(self.mode, 1)


@dataclass(frozen=True)
class Question:
    """One closed question. ``enabled_when`` None: always asked."""

    link_id: str
    section: str
    type: QuestionType
    options: tuple[Option, ...]
    enabled_when: Rule | None = None

    @cached_property
    def codes(self) -> tuple[str, ...]:
        return tuple(option.code for option in self.options)

    @cached_property
    def unknown_codes(self) -> frozenset[str]:
        return frozenset(option.code for option in self.options if option.unknown)

    @cached_property
    def exclusive_codes(self) -> frozenset[str]:
        return frozenset(option.code for option in self.options if option.exclusive)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One signed rule: when it is met, for which path, and which sources say so."""

    id: str
    kind: Kind
    path: CriterionPath
    rule: Rule
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Ruleset:
    """One version of the questionnaire's rules, checked when it is made.

    ``url`` and ``version`` are FHIR's Questionnaire.url and .version; ``hash`` is the content hash of the published
    definition the ruleset was read from. Raises RulesetError where the rules could not be read one way only.
    """

    url: str
    version: int
    hash: str
    sections: tuple[str, ...]
    questions: tuple[Question, ...]
    criteria: tuple[Criterion, ...]
    by_link_id: Mapping[str, Question] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_link_id", {question.link_id: question for question in self.questions})
        check(self)

    @property
    def canonical(self) -> str:
        """FHIR canonical: ``url|version``."""
        return f"{self.url}|{self.version}"

    @cached_property
    def stops(self) -> tuple[Criterion, ...]:
        """The criteria that end the questions: urgent ones first, then settings."""
        return (*self.of_kind("urgent"), *self.of_kind("setting"))

    def of_kind(self, *kinds: Kind) -> tuple[Criterion, ...]:
        return tuple(criterion for criterion in self.criteria if criterion.kind in kinds)


class PathAsDict(TypedDict):
    inclusion: Status
    prerequisites: Status


class FindingAsDict(TypedDict):
    criterion: str
    kind: Kind
    path: CriterionPath
    status: Status
    answers: list[str]
    sources: list[str]


class AssessmentAsDict(TypedDict):
    questionnaire: str
    hash: str
    disposition: Disposition
    paths: dict[str, PathAsDict]
    findings: list[FindingAsDict]
    unanswered: list[str]
    ignored: list[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """A criterion applied to one person's answers. ``answers``: the link_ids of the answers that decided it."""

    criterion: Criterion
    status: Status
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathStanding:
    """How one path (pain or spasticity) stands: any inclusion criterion, and all prerequisites."""

    inclusion: Status
    prerequisites: Status


@dataclass(frozen=True, slots=True)
class Assessment:
    """Every finding, both paths and exactly one disposition for one person's answers."""

    questionnaire: str
    hash: str
    disposition: Disposition
    paths: Mapping[Path, PathStanding]
    findings: tuple[Finding, ...]
    unanswered: tuple[str, ...]
    ignored: tuple[str, ...]

    def as_dict(self) -> AssessmentAsDict:
        """The public form, ready for JSON; keys and lists come in a fixed order."""
        return {
            "questionnaire": self.questionnaire,
            "hash": self.hash,
            "disposition": self.disposition,
            "paths": {
                path: {"inclusion": standing.inclusion, "prerequisites": standing.prerequisites}
                for path, standing in self.paths.items()
            },
            "findings": [
                {
                    "criterion": finding.criterion.id,
                    "kind": finding.criterion.kind,
                    "path": finding.criterion.path,
                    "status": finding.status,
                    "answers": list(finding.answers),
                    "sources": list(finding.criterion.sources),
                }
                for finding in self.findings
            ],
            "unanswered": list(self.unanswered),
            "ignored": list(self.ignored),
        }


def check(ruleset: Ruleset) -> None:
    """Raise RulesetError unless every name used is known, once, and used only after it was defined."""
    known: dict[str, Question] = {}
    for question in ruleset.questions:
        where = f"question {question.link_id}"
        if question.link_id in known:
            raise RulesetError(f"{where}: this link_id is used twice; give each question its own.")
        if question.section not in ruleset.sections:
            raise RulesetError(f"{where}: no section {question.section!r}; use one of {', '.join(ruleset.sections)}.")
        if question.type not in ("single", "multi"):
            raise RulesetError(f"{where}: type {question.type!r}; use single or multi.")
        if len(set(question.codes)) != len(question.codes) or not question.codes:
            raise RulesetError(f"{where}: give it options, each code once.")
        if question.enabled_when is not None:
            check_rule(question.enabled_when, where, known)
        known[question.link_id] = question
    seen: set[str] = set()
    for criterion in ruleset.criteria:
        where = f"criterion {criterion.id}"
        if criterion.id in seen:
            raise RulesetError(f"{where}: this id is used twice; give each criterion its own.")
        if criterion.kind not in KINDS:
            raise RulesetError(f"{where}: kind {criterion.kind!r}; use one of {', '.join(KINDS)}.")
        if criterion.path not in (*PATHS, "both"):
            raise RulesetError(f"{where}: path {criterion.path!r}; use pain, spasticity or both.")
        check_rule(criterion.rule, where, known)
        seen.add(criterion.id)


def check_rule(rule: Rule, where: str, known: Mapping[str, Question]) -> None:
    """Raise RulesetError unless the rule's mode, count, questions and options are all known here."""
    if rule.mode not in MODES:
        raise RulesetError(f"{where}: mode {rule.mode!r}; use one of {', '.join(MODES)}.")
    if not rule.conditions:
        raise RulesetError(f"{where}: it has no conditions; give it at least one.")
    if rule.mode == "at least" and not 1 <= rule.count <= len(rule.conditions):
        raise RulesetError(
            f"{where}: at least {rule.count} of {len(rule.conditions)}; use 1 to {len(rule.conditions)}."
        )
    for condition in rule.conditions:
        question = known.get(condition.question)
        if question is None:
            raise RulesetError(
                f"{where}: no question {condition.question!r} before it; name one that is asked earlier."
            )
        if not condition.any_of:
            raise RulesetError(f"{where}: the condition on {condition.question} names no option; name at least one.")
        for code in sorted(condition.any_of - set(question.codes)):
            raise RulesetError(
                f"{where}: {condition.question} has no option {code!r}; use one of {', '.join(question.codes)}."
            )
