"""Holds one person's answers against a ruleset: which questions are asked, every finding, one disposition.

Pure functions of a ruleset and answers; the same input gives the same bytes. Source of every rule here:
the clinical specification (screening.md), "How a condition is read" and "Disposition".
"""

from __future__ import annotations

from collections.abc import Mapping

from .terms import (
    PATHS,
    Answers,
    Assessment,
    Condition,
    Criterion,
    Disposition,
    Finding,
    Path,
    PathStanding,
    Question,
    Rule,
    Ruleset,
    Status,
    Truth,
)

STATUS: dict[Truth, Status] = {True: "met", False: "not-met", None: "unknown"}
STANDING: dict[Status, int] = {"not-met": 0, "unknown": 1, "met": 2}


def enabled(ruleset: Ruleset, answers: Answers) -> dict[str, Truth]:
    """Whether each question is asked: link_id -> True, False or None (not known yet, so not asked yet)."""
    asked: dict[str, Truth] = {}
    for question in ruleset.questions:
        rule = question.enabled_when
        asked[question.link_id] = True if rule is None else holds(rule, ruleset.by_link_id, asked, answers)
    return asked


def condition_holds(
    condition: Condition, questions: Mapping[str, Question], asked: Mapping[str, Truth], answers: Answers
) -> Truth:
    """The one rule for reading a condition, for criteria and for enabled_when alike."""
    link_id = condition.question
    if asked[link_id] is not True:
        return asked[link_id]
    chosen = answers.get(link_id)
    if chosen is None:
        return None
    if not condition.any_of.isdisjoint(chosen):
        return True
    return False if questions[link_id].unknown_codes.isdisjoint(chosen) else None


def holds(rule: Rule, questions: Mapping[str, Question], asked: Mapping[str, Truth], answers: Answers) -> Truth:
    """At least N of M: true when N are true; false when fewer than N are true or unknown; else unknown."""
    true = unknown = 0
    for condition in rule.conditions:
        truth = condition_holds(condition, questions, asked, answers)
        if truth:
            true += 1
        elif truth is None:
            unknown += 1
    needed = rule.needed
    outcome = True if true >= needed else (None if true + unknown >= needed else False)
    if rule.mode == "none of":
        return None if outcome is None else not outcome
    return outcome


def stop(ruleset: Ruleset, answers: Answers, asked: Mapping[str, Truth] | None = None) -> Disposition | None:
    """ "urgent" or "under-18" when the questions end here, whatever else is open; else None."""
    asked = enabled(ruleset, answers) if asked is None else asked
    for criterion in ruleset.stops:
        if holds(criterion.rule, ruleset.by_link_id, asked, answers):
            return "urgent" if criterion.kind == "urgent" else "under-18"
    return None


def next_question(ruleset: Ruleset, answers: Answers, asked: Mapping[str, Truth] | None = None) -> str | None:
    """The link_id of the first asked question without an answer; None when done, or when an urgent sign stops it.

    ``asked``: what ``enabled`` gave for these answers, where it is at hand.
    """
    asked = enabled(ruleset, answers) if asked is None else asked
    if stop(ruleset, answers, asked) == "urgent":
        return None
    return next((link_id for link_id, is_asked in asked.items() if is_asked and link_id not in answers), None)


def assess(ruleset: Ruleset, answers: Answers) -> Assessment:
    """All findings, how both paths stand, and the one disposition.

    ``answers`` must be valid for the ruleset (see ``reading.read_answers``); answers to questions that are not asked
    are listed as ignored and change nothing else.
    """
    asked = enabled(ruleset, answers)
    reasons = deciding_answers(ruleset, asked, answers)
    findings = tuple(
        Finding(
            criterion,
            STATUS[holds(criterion.rule, ruleset.by_link_id, asked, answers)],
            merged(criterion.rule, reasons),
        )
        for criterion in ruleset.criteria
    )
    paths = {path: standing(path, findings) for path in PATHS}
    unanswered = tuple(link_id for link_id, is_asked in asked.items() if is_asked and link_id not in answers)
    return Assessment(
        questionnaire=ruleset.canonical,
        hash=ruleset.hash,
        disposition=disposition(findings, paths, finished=not unanswered),
        paths=paths,
        findings=findings,
        unanswered=unanswered,
        ignored=tuple(link_id for link_id, is_asked in asked.items() if not is_asked and link_id in answers),
    )


def deciding_answers(ruleset: Ruleset, asked: Mapping[str, Truth], answers: Answers) -> dict[str, tuple[str, ...]]:
    """The answers a condition on each question rests on: its own or, where it is not asked, those that say so."""
    reasons: dict[str, tuple[str, ...]] = {}
    for question in ruleset.questions:
        link_id = question.link_id
        if asked[link_id] is True:
            reasons[link_id] = (link_id,) if link_id in answers else ()
        else:
            assert question.enabled_when is not None  # a question without enabled_when is always asked
            reasons[link_id] = merged(question.enabled_when, reasons)
    return reasons


def merged(rule: Rule, reasons: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The link_ids a rule rests on, in the rule's order, each once."""
    questions = rule.questions
    if len(questions) == 1:
        return reasons[questions[0]]
    return tuple(dict.fromkeys(link_id for question in questions for link_id in reasons[question]))


def standing(path: Path, findings: tuple[Finding, ...]) -> PathStanding:
    """Inclusion: met if one is met, unknown if none is met and one is unknown. Prerequisites: all of them."""
    inclusion = [f.status for f in findings if f.criterion.kind == "inclusion" and on(path, f.criterion)]
    prerequisites = [f.status for f in findings if f.criterion.kind == "prerequisite" and on(path, f.criterion)]
    return PathStanding(
        inclusion=max(inclusion, key=STANDING.__getitem__, default="not-met"),
        prerequisites=min(prerequisites, key=STANDING.__getitem__, default="met"),
    )


def on(path: Path, criterion: Criterion) -> bool:
    return criterion.path in (path, "both")


def best_path(paths: Mapping[Path, PathStanding]) -> Path | None:
    """Among the paths with inclusion met, the one whose prerequisites stand best; None when there is none."""
    included = [path for path in PATHS if paths[path].inclusion == "met"]
    return max(included, key=lambda path: STANDING[paths[path].prerequisites], default=None)


def disposition(findings: tuple[Finding, ...], paths: Mapping[Path, PathStanding], *, finished: bool) -> Disposition:
    """Exactly one; the first that holds, in the order of the clinical specification."""
    met = {finding.criterion.kind for finding in findings if finding.status == "met"}
    if "urgent" in met:
        return "urgent"
    if "setting" in met:
        return "under-18"
    if not finished:
        return "unfinished"
    best = best_path(paths)
    if best is None:
        open_paths = any(paths[path].inclusion == "unknown" for path in PATHS)
        return "need-more-information" if open_paths else "not-described"
    flagged = "exclusion" in met or "caution" in met
    prerequisites = paths[best].prerequisites
    if prerequisites == "not-met":
        return "talk-first-and-earlier-steps" if flagged else "earlier-steps"
    if flagged:
        return "talk-first"
    unknown_flag = any(f.status == "unknown" and f.criterion.kind in ("exclusion", "caution") for f in findings)
    return "need-more-information" if prerequisites == "unknown" or unknown_flag else "talk"
