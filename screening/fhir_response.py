"""A person's answers as a FHIR R4 QuestionnaireResponse, and back. Source: hl7.org/fhir/R4/questionnaireresponse.html.

The response names nobody: who answered is told by kind alone. Reading is strict; nothing is guessed or passed over.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

from django.utils.timezone import is_naive
from django.utils.translation import gettext as _

from . import published
from .definition import Definition
from .engine.assess import enabled
from .engine.reading import AnswersError, read_answer, shown
from .engine.terms import Answers, Question, Ruleset
from .fhir import FhirError
from .wording import Wording

Who = Literal["patient", "helper", "nurse-phone", "nurse-paper"]
"""Who answered; the values of a Screening's ``answered_by``."""
Resource = dict[str, Any]

HASH = "content-hash"
READABLE = ("completed", "amended", "in-progress", "stopped")
WHO_KINDS: Mapping[Who, tuple[str, str]] = {
    "patient": ("Patient", "Patient"),
    "helper": ("RelatedPerson", "RelatedPerson"),
    "nurse-phone": ("Patient", "Practitioner"),
    "nurse-paper": ("Patient", "Practitioner"),
}
"""Who answered -> the FHIR types of the one who knew (source) and of the one who wrote it down (author)."""


def questionnaire_response(
    definition: Definition, answers: Answers, *, authored: datetime, by: Who, language: str = "en"
) -> Resource:
    """The resource as JSON-ready data; answers to questions that are not asked are left out.

    ``authored``: when it was answered, aware. ``by``: who answered.
    Raises ValueError for a naive time.
    """
    ruleset, words = definition.ruleset, definition.wording(language)
    asked = enabled(ruleset, answers)
    given = {link_id: codes for link_id, codes in answers.items() if asked[link_id]}
    whole = all(link_id in given for link_id, is_asked in asked.items() if is_asked)
    source, author = WHO_KINDS[by]
    return {
        "resourceType": "QuestionnaireResponse",
        "language": words.language,
        "extension": [{"url": f"{ruleset.url}/extensions/{HASH}", "valueString": ruleset.hash}],
        "questionnaire": ruleset.canonical,
        "status": "completed" if whole else "in-progress",
        "subject": person("Patient"),
        "authored": instant(authored),
        "author": person(author),
        "source": person(source),
        "item": list(groups(ruleset, words, given, other=given.get("answering-for") == ("someone-else",))),
    }


def person(kind: str) -> Resource:
    """A FHIR reference that says what kind of person is meant, and nothing more."""
    names = {
        "Patient": _("The patient"),
        "RelatedPerson": _("Someone who helps the patient"),
        "Practitioner": _("A nurse of the clinic"),
    }
    return {"type": kind, "display": names[kind]}


def instant(moment: datetime) -> str:
    """FHIR dateTime and instant: with seconds and the offset. Raises ValueError for a naive time."""
    if is_naive(moment):
        raise ValueError(f"{moment} has no time zone; give an aware time.")
    return moment.isoformat(timespec="seconds")


def groups(ruleset: Ruleset, words: Wording, given: Answers, *, other: bool) -> Iterator[Resource]:
    """The sections that hold an answer, as groups like those of the Questionnaire."""
    for section in ruleset.sections:
        items = [
            answered(question, given[question.link_id], words, ruleset, other=other)
            for question in ruleset.questions
            if question.section == section and question.link_id in given
        ]
        if items:
            title = words.of("section", section, "title")
            yield {"linkId": f"section-{section}", "text": title, "item": items}


def answered(question: Question, codes: tuple[str, ...], words: Wording, ruleset: Ruleset, *, other: bool) -> Resource:
    link_id, system = question.link_id, f"{ruleset.url}/codes"
    return {
        "linkId": link_id,
        "text": words.of("question", link_id, "text", other=other),
        "answer": [
            {"valueCoding": {"system": system, "code": code, "display": words.option(link_id, code)}} for code in codes
        ],
    }


# --- back


def read_response(
    resource: object, find: Callable[[int], Definition] = published.version
) -> tuple[int, dict[str, tuple[str, ...]]]:
    """The version a response answers and its answers, as the engine takes them.

    For whoever takes in what other FHIR software filled in; no page of ours does. The tests hold against it that what
    we give out says all that was answered.

    ``find``: gives the definition of a version or raises NoSuchVersion. Raises FhirError, which names the element and
    what is allowed there; its message may hold what the resource said, so show it to who gave that, and log it nowhere.
    """
    whole = mapping(resource, "QuestionnaireResponse")
    if whole.get("resourceType") != "QuestionnaireResponse":
        raise FhirError(f"resourceType is {shown(whole.get('resourceType'))}; give a QuestionnaireResponse.")
    if whole.get("status") not in READABLE:
        raise FhirError(f"status is {shown(whole.get('status'))}; allowed: {', '.join(READABLE)}.")
    ruleset = named_ruleset(whole.get("questionnaire"), find)
    check_hash(whole, ruleset)
    answers: dict[str, tuple[str, ...]] = {}
    seen: set[str] = set()
    for group in rows(whole, "item", "QuestionnaireResponse"):
        section = read_section(group, ruleset, seen)
        for entry in rows(group, "item", f"item {group['linkId']!r}"):
            read_item(entry, section, ruleset, seen, answers)
    check_asked(ruleset, answers)
    return ruleset.version, {link_id: answers[link_id] for link_id in ruleset.by_link_id if link_id in answers}


def named_ruleset(canonical: object, find: Callable[[int], Definition]) -> Ruleset:
    """The ruleset of a canonical ``url|version``."""
    _url, bar, number = canonical.rpartition("|") if isinstance(canonical, str) else ("", "", "")
    if not (bar and number.isascii() and number.isdigit() and len(number) < 6):
        raise FhirError(f"questionnaire is {shown(canonical)}; give the address and the version, as in address|1.")
    try:
        ruleset = find(int(number)).ruleset
    except published.NoSuchVersion as error:
        raise FhirError(f"questionnaire is {shown(canonical)}. {error}") from error
    if canonical != ruleset.canonical:
        raise FhirError(f"questionnaire is {shown(canonical)}; allowed: {ruleset.canonical}.")
    return ruleset


def check_hash(whole: Mapping[str, Any], ruleset: Ruleset) -> None:
    """Where a content hash is given, it must be that of the version here: two clinics may both have a version 2."""
    for mark in rows(whole, "extension", "QuestionnaireResponse"):
        if mark.get("url") == f"{ruleset.url}/extensions/{HASH}" and mark.get("valueString") != ruleset.hash:
            raise FhirError(
                f"extension {HASH} is {shown(mark.get('valueString'))}; version {ruleset.version} here has the content "
                f"{ruleset.hash}. Open this response where it was made."
            )


def read_section(group: Mapping[str, Any], ruleset: Ruleset, seen: set[str]) -> str:
    """The section a group stands for."""
    link_id = once(group, seen)
    allowed = [f"section-{section}" for section in ruleset.sections]
    if link_id not in allowed:
        raise FhirError(f"item {shown(link_id)}: no such group; allowed: {', '.join(allowed)}.")
    if "answer" in group:
        raise FhirError(f"item {link_id!r}: a group has items and no answer of its own.")
    return link_id.removeprefix("section-")


def read_item(
    entry: Mapping[str, Any],
    section: str,
    ruleset: Ruleset,
    seen: set[str],
    answers: dict[str, tuple[str, ...]],
) -> None:
    """Put the answer of one item to the answers; an item without one adds nothing."""
    link_id = once(entry, seen)
    here = {question.link_id: question for question in ruleset.questions if question.section == section}
    if link_id not in here:
        raise FhirError(f"item {shown(link_id)}: not in group section-{section}; allowed: {', '.join(here)}.")
    where = f"item {link_id!r}"
    if "item" in entry:
        raise FhirError(f"{where}: it has items below it; a question has answers only.")
    codes = [read_coding(row, where, ruleset) for row in rows(entry, "answer", where)]
    if not codes:
        return
    question = here[link_id]
    if question.type == "single" and len(codes) > 1:
        raise FhirError(f"{where}: it has {len(codes)} answers; this question takes one.")
    try:
        answers[link_id] = read_answer(question, codes[0] if question.type == "single" else codes)
    except AnswersError as error:
        raise FhirError(f"{where}: {error}") from error


def read_coding(answer: Mapping[str, Any], where: str, ruleset: Ruleset) -> str:
    """The code of one answer, in our own code system."""
    extra = sorted(set(answer) - {"valueCoding", "id", "extension"})
    if extra or "valueCoding" not in answer:
        raise FhirError(f"{where}: answer has {shown(', '.join(extra)) if extra else 'no value'}; give a valueCoding.")
    coding, system = mapping(answer["valueCoding"], f"{where}: valueCoding"), f"{ruleset.url}/codes"
    if coding.get("system") != system:
        raise FhirError(f"{where}: the system of its coding is {shown(coding.get('system'))}; allowed: {system}.")
    if not isinstance(coding.get("code"), str):
        raise FhirError(f"{where}: code is {shown(coding.get('code'))}; give the code of one of its options.")
    return coding["code"]


def check_asked(ruleset: Ruleset, answers: Answers) -> None:
    """FHIR leaves disabled items out (Questionnaire.item.enableWhen)."""
    asked = enabled(ruleset, answers)
    for link_id in answers:
        if not asked[link_id]:
            raise FhirError(f"item {link_id!r}: with these answers it is not asked; leave it out.")


def once(entry: Mapping[str, Any], seen: set[str]) -> str:
    """The entry's linkId, which no entry before it had."""
    link_id = entry.get("linkId")
    if not isinstance(link_id, str) or not link_id:
        raise FhirError(f"an item has the linkId {shown(link_id)}; give it that of its question.")
    if link_id in seen:
        raise FhirError(f"item {shown(link_id)}: it is there twice; give each question once, with all its answers.")
    seen.add(link_id)
    return link_id


def rows(parent: Mapping[str, Any], name: str, where: str) -> list[Mapping[str, Any]]:
    """A list of objects; none where the element is missing."""
    found = parent.get(name, [])
    if not isinstance(found, list):
        raise FhirError(f"{where}: {name} is {shown(found)}; give a list.")
    return [mapping(row, f"{where}: {name}") for row in found]


def mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise FhirError(f"{where} is {shown(value)}; give a JSON object.")
    return value
