"""Between a snapshot and working rows, both ways: a new draft from a published version, a snapshot from a draft.

The two are exact opposites: a draft nobody changed gives back the snapshot it was made from, but for its version and
the signatures, which are frozen when it is published.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from .definition import read_condition
from .models import (
    Condition,
    Criterion,
    Option,
    Question,
    Questionnaire,
    QuestionnaireDraft,
    Section,
    TestPatient,
    Text,
)
from .models.draft import OPEN
from .ordering import ordered
from .published import row_in_use


def would_replace(draft: QuestionnaireDraft) -> Questionnaire:
    """The version a draft is held against: the one in use; once it is closed, the one it was made from."""
    return (row_in_use() if draft.stage in OPEN else None) or draft.based_on


# --- rows from a snapshot


def fill(draft: QuestionnaireDraft, snapshot: Mapping[str, Any]) -> None:
    """Write all rows of a draft that has none yet: a part of ``actions.start_draft``."""
    rules = snapshot["rules"]
    sections = {
        key: Section.objects.create(draft=draft, position=place, key=key)
        for place, key in enumerate(rules["sections"], start=1)
    }
    questions: dict[str, Question] = {}
    for place, row in enumerate(rules["question"], start=1):
        questions[row["link_id"]] = fill_question(draft, sections[row["section"]], place, row, questions)
    for place, row in enumerate(rules["criterion"], start=1):
        fill_criterion(draft, place, row, questions)
    for language, tables in snapshot["wording"].items():
        Text.objects.bulk_create(
            Text(draft=draft, language=language, position=place, place=path, text=text)
            for place, (path, text) in enumerate(flat(ordered(tables, rules)), start=1)
        )
    patients = snapshot.get("patients", {}).get("patient", [])
    TestPatient.objects.bulk_create(TestPatient(draft=draft, **row) for row in patients)


def fill_question(draft, section, place, row, known) -> Question:
    rule = row.get("enabled_when", {})
    question = Question.objects.create(
        draft=draft,
        section=section,
        position=place,
        link_id=row["link_id"],
        type=row["type"],
        enabled_mode=rule.get("mode", "any of"),
        enabled_count=rule.get("count"),
    )
    marks = {mark: row.get(mark, []) for mark in ("unknown", "exclusive", "for_the_record")}
    if marks["for_the_record"] is True:
        marks["for_the_record"] = row["options"]
    Option.objects.bulk_create(
        Option(question=question, position=number, code=code, **{mark: code in codes for mark, codes in marks.items()})
        for number, code in enumerate(row["options"], start=1)
    )
    write_conditions(rule.get("conditions", []), known, asked=question)
    return question


def fill_criterion(draft, place, row, questions) -> Criterion:
    criterion = Criterion.objects.create(
        draft=draft,
        position=place,
        key=row["id"],
        kind=row["kind"],
        path=row["path"],
        mode=row["mode"],
        count=row.get("count"),
        sources=", ".join(row["sources"]),
    )
    write_conditions(row["conditions"], questions, criterion=criterion)
    return criterion


def write_conditions(lines, questions, **owner) -> None:
    rows = []
    for place, line in enumerate(lines, start=1):
        condition = read_condition(line)
        question = questions[condition.question]
        codes = [code.strip() for code in line.split(":", 1)[1].split(",")]
        rows.append(Condition(question=question, options=codes, position=place, **owner))
    Condition.objects.bulk_create(rows)


# --- a snapshot from rows


def snapshot_of(draft: QuestionnaireDraft) -> dict[str, Any]:
    """The definition the rows describe, in the form of the files."""
    questions = draft.questions.select_related("section").prefetch_related("options", "enabled_when__question")
    criteria = draft.criteria.prefetch_related("conditions__question")
    return {
        "rules": {
            "url": draft.based_on.url,
            "version": draft.version,
            "sections": [section.key for section in draft.sections.all()],
            "question": [question_row(question) for question in questions],
            "criterion": [criterion_row(criterion) for criterion in criteria],
        },
        "wording": wording_of(draft),
        "patients": {"patient": [patient_row(patient) for patient in draft.patients.all()]},
    }


def question_row(question: Question) -> dict[str, Any]:
    options = list(question.options.all())
    row: dict[str, Any] = {
        "link_id": question.link_id,
        "section": question.section.key,
        "type": question.type,
        "options": [option.code for option in options],
    }
    for mark in ("unknown", "exclusive", "for_the_record"):
        codes = [option.code for option in options if getattr(option, mark)]
        if codes:
            row[mark] = codes
    conditions = [str(condition) for condition in question.enabled_when.all()]
    if conditions:
        row["enabled_when"] = rule_row(question.enabled_mode, question.enabled_count, conditions)
    return row


def criterion_row(criterion: Criterion) -> dict[str, Any]:
    conditions = [str(condition) for condition in criterion.conditions.all()]
    return {
        "id": criterion.key,
        "kind": criterion.kind,
        "path": criterion.path,
        **rule_row(criterion.mode, criterion.count, conditions),
        "sources": [source.strip() for source in criterion.sources.split(",") if source.strip()],
    }


def rule_row(mode: str, count: int | None, conditions: list[str]) -> dict[str, Any]:
    return {"mode": mode, **({"count": count} if mode == "at least" else {}), "conditions": conditions}


def patient_row(patient: TestPatient) -> dict[str, Any]:
    """``findings`` is there once a clinician has signed for them, and be it for none."""
    row = {"number": patient.number, "why": patient.why, "answers": patient.answers, "disposition": patient.disposition}
    return row if patient.findings is None else {**row, "findings": patient.findings}


def signatures_of(draft: QuestionnaireDraft) -> list[dict[str, Any]]:
    """Who signed each test patient and when (ISO 8601): in this draft, or for the version it would replace.

    For a draft the gate let pass, whose other patients are as in that version; nobody signed those it came with.
    """
    before = would_replace(draft).snapshot.get("patients", {}).get("signed", [])
    signed = {row["number"]: row for row in before}
    for patient in draft.patients.exclude(signed_by=None).select_related("signed_by"):
        name = patient.signed_by.get_full_name() or patient.signed_by.get_username()
        signed[patient.number] = {"number": patient.number, "by": name, "at": patient.signed_at.isoformat()}
    here = draft.patients.values_list("number", flat=True)
    return [signed[number] for number in here if number in signed]


def wording_of(draft: QuestionnaireDraft) -> dict[str, Any]:
    languages: dict[str, list[tuple[str, str]]] = {}
    for language, place, text in draft.texts.values_list("language", "place", "text"):  # a thousand rows: no objects
        languages.setdefault(language, []).append((place, text))
    return {language: nested(texts) for language, texts in languages.items()}


# --- words as flat places


def flat(table: Mapping[str, Any] | list[Any], above: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) for each text of a wording file. A list's items are numbered from 1: urgent.pump.steps.#1"""
    items = table.items() if isinstance(table, Mapping) else ((f"#{n}", item) for n, item in enumerate(table, start=1))
    for key, value in items:
        place = f"{above}.{key}" if above else str(key)
        if isinstance(value, str):
            yield place, value
        else:
            yield from flat(value, place)


def nested(texts: list[tuple[str, str]]) -> dict[str, Any]:
    """The opposite of ``flat``; empty texts are left out."""
    tree: dict[str, Any] = {}
    for place, text in texts:
        if not text.strip():
            continue
        *path, last = place.split(".")
        here = tree
        for key in path:
            here = here.setdefault(key, {})
        here[last] = text
    return listed(tree)


def listed(value: Any) -> Any:
    """Tables whose keys are all numbers (#1, #2 …) as lists, in the order of the numbers."""
    if not isinstance(value, dict):
        return value
    inside = {key: listed(item) for key, item in value.items()}
    if inside and all(key.startswith("#") for key in inside):
        return [inside[key] for key in sorted(inside, key=lambda key: int(key[1:]))]
    return inside
