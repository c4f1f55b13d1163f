"""A version as a FHIR R4 Questionnaire, and back. Source: hl7.org/fhir/R4/questionnaire.html.

What FHIR has no element for travels in extensions of our own, under the questionnaire's canonical address, so that the
way back is exact for rules; criteria, wording beyond labels and test patients stay in our own files (files.py).
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .definition import Definition
from .engine.terms import Option, Question, Rule, Ruleset
from .wording import Wording

STATUS = {"published": "active", "withdrawn": "retired", "draft": "draft"}
UNKNOWN, EXCLUSIVE, RECORD = "option-unknown", "option-exclusive", "option-for-the-record"


class FhirError(ValueError):
    """A FHIR resource that cannot be read. The message names the element, what is wrong and what is allowed."""


def questionnaire(definition: Definition, language: str = "en", status: str = "published") -> dict[str, Any]:
    """The FHIR Questionnaire resource as JSON-ready data: groups for sections, choice items for questions."""
    ruleset, words = definition.ruleset, definition.wording(language)
    return {
        "resourceType": "Questionnaire",
        "url": ruleset.url,
        "version": str(ruleset.version),
        "name": "PainPumpScreening",
        "title": words.tables.get("name", "Pain pump screening"),
        "status": STATUS[status],
        "subjectType": ["Patient"],
        "language": language,
        "item": [
            {
                "linkId": f"section-{section}",
                "text": words.of("section", section, "title"),
                "type": "group",
                "item": [item(q, words, ruleset) for q in ruleset.questions if q.section == section],
            }
            for section in ruleset.sections
        ],
    }


def item(question: Question, words: Wording, ruleset: Ruleset) -> dict[str, Any]:
    return {
        "linkId": question.link_id,
        "text": words.of("question", question.link_id, "text"),
        "type": "choice",
        "required": True,
        "repeats": question.type == "multi",
        "answerOption": [answer_option(option, question, words, ruleset.url) for option in question.options],
        **enabling(question.enabled_when, ruleset),
    }


def answer_option(option: Option, question: Question, words: Wording, url: str) -> dict[str, Any]:
    marks = [
        extension(url, name)
        for name, is_set in (
            (UNKNOWN, option.unknown),
            (EXCLUSIVE, option.exclusive),
            (RECORD, option.for_the_record),
        )
        if is_set
    ]
    coding = {
        "system": f"{url}/codes",
        "code": option.code,
        "display": words.option(question.link_id, option.code),
    }
    return {**({"extension": marks} if marks else {}), "valueCoding": coding}


def extension(url: str, name: str, value: Any = True) -> dict[str, Any]:
    key = "valueBoolean" if value is True else "valueInteger"
    return {"url": f"{url}/extensions/{name}", key: value}


def enabling(rule: Rule | None, ruleset: Ruleset) -> dict[str, Any]:
    """enableWhen: one row for each option a condition names; "any of" is any, one option each of several is all."""
    if rule is None:
        return {}
    if rule.mode not in ("any of", "all of") or (
        rule.mode == "all of" and any(len(c.any_of) > 1 for c in rule.conditions)
    ):
        raise FhirError(
            f"enabled_when with {rule.mode!r} over several options has no FHIR form; write it as any of, "
            "or as all of conditions with one option each."
        )
    rows = [
        {"question": c.question, "operator": "=", "answerCoding": {"system": f"{ruleset.url}/codes", "code": code}}
        for c in rule.conditions
        for code in ruleset.by_link_id[c.question].codes
        if code in c.any_of
    ]
    return {"enableWhen": rows, "enableBehavior": "any" if rule.mode == "any of" else "all"}


# --- back


def read_questions(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The question rows (as in rules.toml) a FHIR Questionnaire describes. Raises FhirError."""
    problems = list(checks(resource))
    if problems:
        raise FhirError(problems[0])
    rows = []
    for group in resource["item"]:
        section = group["linkId"].removeprefix("section-")
        rows += [read_item(entry, section) for entry in group.get("item", [])]
    return rows


def read_item(entry: Mapping[str, Any], section: str) -> dict[str, Any]:
    options = entry["answerOption"]
    row: dict[str, Any] = {
        "link_id": entry["linkId"],
        "section": section,
        "type": "multi" if entry.get("repeats") else "single",
        "options": [option["valueCoding"]["code"] for option in options],
    }
    for key, name in (("unknown", UNKNOWN), ("exclusive", EXCLUSIVE), ("for_the_record", RECORD)):
        codes = [option["valueCoding"]["code"] for option in options if marked(option, name)]
        if codes:
            row[key] = codes
    if entry.get("enableWhen"):
        row["enabled_when"] = read_enabling(entry)
    return row


def marked(option: Mapping[str, Any], name: str) -> bool:
    return any(mark["url"].endswith(f"/{name}") and mark.get("valueBoolean") for mark in option.get("extension", []))


def read_enabling(entry: Mapping[str, Any]) -> dict[str, Any]:
    """``all``: a condition for each row, as two options of one condition would mean either; ``any``: one a question."""
    rows = [(row["question"], row["answerCoding"]["code"]) for row in entry["enableWhen"]]
    if entry.get("enableBehavior") == "all":
        return {"mode": "all of", "conditions": [f"{question}: {code}" for question, code in rows]}
    conditions: dict[str, list[str]] = {}
    for question, code in rows:
        conditions.setdefault(question, []).append(code)
    return {
        "mode": "any of",
        "conditions": [f"{question}: {', '.join(codes)}" for question, codes in conditions.items()],
    }


def checks(resource: Mapping[str, Any]) -> Iterator[str]:
    """What schema validation does not see: status, item types, doubled linkIds, enableWhen on unknown ones."""
    if resource.get("resourceType") != "Questionnaire":
        yield "resourceType is not Questionnaire; give a FHIR R4 Questionnaire."
        return
    if resource.get("status") not in ("draft", "active", "retired", "unknown"):
        yield f"status {resource.get('status')!r}; use draft, active, retired or unknown."
    seen: set[str] = set()
    for group in resource.get("item", []):
        if group.get("type") != "group":
            yield f"item {group.get('linkId')!r}: type {group.get('type')!r}; sections are groups."
            continue
        for entry in group.get("item", []):
            yield from item_checks(entry, seen)
            seen.add(entry.get("linkId", ""))


def item_checks(entry: Mapping[str, Any], seen: set[str]) -> Iterator[str]:
    where = f"item {entry.get('linkId')!r}"
    if not entry.get("linkId"):
        yield "an item has no linkId; give each its own."
    elif entry["linkId"] in seen:
        yield f"{where}: this linkId is used twice; give each item its own."
    if entry.get("type") != "choice":
        yield f"{where}: type {entry.get('type')!r}; questions are choices."
    if not entry.get("answerOption") or not all("valueCoding" in option for option in entry["answerOption"]):
        yield f"{where}: give it answerOption rows with valueCoding."
    for row in entry.get("enableWhen", []):
        if row.get("question") not in seen:
            yield f"{where}: enableWhen names {row.get('question')!r}, which is not asked before it."
        if row.get("operator") != "=" or "answerCoding" not in row:
            yield f"{where}: enableWhen takes operator = and answerCoding."
