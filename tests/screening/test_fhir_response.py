"""Answers as a FHIR R4 QuestionnaireResponse: valid for others, exact on the way back, strict with what is not ours."""

import copy
import json
import re
from dataclasses import replace
from datetime import datetime

import pytest
from django.utils import timezone
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse as R4QuestionnaireResponse
from hypothesis import given

from screening.engine.assess import assess, enabled
from screening.engine.reading import read_answers
from screening.fhir import FhirError, questionnaire
from screening.fhir_response import questionnaire_response, read_response
from screening.published import NoSuchVersion
from tests.screening.patients import RULES, VERSION_1, any_answers, finished_adults, patient, patients, quick

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=timezone.get_default_timezone())


def find(number):
    """Version 1, without a database."""
    if number != 1:
        raise NoSuchVersion(f"Version {number} is not published here. Published: 1.")
    return VERSION_1


def response(answers, by="patient"):
    return questionnaire_response(VERSION_1, answers, authored=NOW, by=by)


def items(resource):
    return {item["linkId"]: item for group in resource["item"] for item in group["item"]}


@pytest.fixture
def resource():
    return copy.deepcopy(response(read_answers(RULES, patient(1))))


@pytest.mark.parametrize(("number", "answers", "_disposition"), patients(), ids=lambda value: str(value)[:3])
def test_every_test_patient_is_valid_by_the_published_schema_and_reads_back_to_the_same_assessment(
    number, answers, _disposition
):
    before = assess(RULES, read_answers(RULES, answers))
    made = json.loads(json.dumps(response(read_answers(RULES, answers))))
    R4QuestionnaireResponse.model_validate(made)
    version, back = read_response(made, find)
    assert version == 1
    assert assess(RULES, back) == replace(before, ignored=())


@quick
@given(finished_adults())
def test_finished_answers_read_back_exactly(answers):
    assert read_response(response(answers), find) == (1, answers)


@quick
@given(any_answers())
def test_items_are_those_that_are_asked_and_answered(answers):
    asked = enabled(RULES, answers)
    made = items(response(answers))
    assert list(made) == [link_id for link_id in RULES.by_link_id if asked[link_id] and link_id in answers]
    version, back = read_response(response(answers), find)
    assert assess(RULES, back).findings == assess(RULES, answers).findings
    assert version == 1


def test_canonical_status_and_time_are_given(resource):
    assert resource["questionnaire"] == RULES.canonical
    assert resource["status"] == "completed"
    assert resource["authored"] == "2026-11-20T09:30:00-05:00"


def test_unfinished_answers_are_in_progress():
    assert response({"urgent-signs": ("none",)})["status"] == "in-progress"


@pytest.mark.parametrize(
    ("by", "source", "author"),
    [
        ("patient", "Patient", "Patient"),
        ("helper", "RelatedPerson", "RelatedPerson"),
        ("nurse-phone", "Patient", "Practitioner"),
        ("nurse-paper", "Patient", "Practitioner"),
    ],
)
def test_source_and_author_tell_who_answered_and_who_wrote(by, source, author):
    made = response(read_answers(RULES, patient(1)), by)
    assert (made["source"]["type"], made["author"]["type"]) == (source, author)
    R4QuestionnaireResponse.model_validate(made)


def test_groups_and_items_stand_as_in_the_questionnaire(resource):
    whole = questionnaire(VERSION_1)
    place = {item["linkId"]: group["linkId"] for group in whole["item"] for item in group["item"]}
    assert all(place[item["linkId"]] == group["linkId"] for group in resource["item"] for item in group["item"])


def test_answer_carries_system_code_and_display(resource):
    assert items(resource)["pain-severity"]["answer"] == [
        {"valueCoding": {"system": f"{RULES.url}/codes", "code": "severe", "display": "Severe"}}
    ]


def test_naive_time_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        questionnaire_response(VERSION_1, {}, authored=datetime(2026, 1, 1), by="patient")  # noqa: DTZ001


def test_codes_of_several_come_back_in_the_questions_order(resource):
    items(resource)["pain-treatments-failed"]["answer"].reverse()
    _version, answers = read_response(resource, find)
    assert answers["pain-treatments-failed"] == ("medicines", "physical-therapy")


def test_response_without_our_hash_is_read(resource):
    del resource["extension"]
    assert read_response(resource, find)[0] == 1


def test_item_without_answer_is_an_open_question(resource):
    del items(resource)["blood-clots"]["answer"]
    assert "blood-clots" not in read_response(resource, find)[1]


def coding(code, system=f"{RULES.url}/codes"):
    return {"valueCoding": {"system": system, "code": code}}


def answer(link_id, *rows):
    return lambda r: items(r)[link_id].update(answer=list(rows))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: r.update(resourceType="Questionnaire"), "give a QuestionnaireResponse"),
        (lambda r: r.update(status="entered-in-error"), "status is 'entered-in-error'; allowed: completed"),
        (lambda r: r.update(status=[]), r"status is \[\]"),
        (lambda r: r.pop("questionnaire"), "questionnaire is None; give the address and the version"),
        (lambda r: r.update(questionnaire=RULES.url), "give the address and the version"),
        (lambda r: r.update(questionnaire=f"{RULES.url}|x"), "give the address and the version"),
        (lambda r: r.update(questionnaire=f"{RULES.url}|²"), "give the address and the version"),
        (lambda r: r.update(questionnaire=f"{RULES.url}|01"), "allowed: .*1"),
        (lambda r: r.update(questionnaire=f"{RULES.url}|7"), "Version 7 is not published here. Published: 1"),
        (lambda r: r.update(questionnaire=f"{RULES.url}|" + "9" * 5000), "give the address and the version"),
        (lambda r: r.update(questionnaire="https://elsewhere.example|1"), f"allowed: {re.escape(RULES.canonical)}"),
        (lambda r: r["extension"][0].update(valueString="f" * 64), "extension content-hash is"),
        (lambda r: r.update(item={}), "item is {}; give a list"),
        (lambda r: r["item"].append("x"), "item is 'x'; give a JSON object"),
        (lambda r: r["item"][0].pop("linkId"), "an item has the linkId None"),
        (lambda r: r["item"][0].update(linkId=["x"]), "an item has the linkId"),
        (lambda r: r["item"][0].update(linkId="section-x"), "no such group; allowed: section-"),
        (lambda r: r["item"][0].update(answer=[]), "a group has items and no answer"),
        (lambda r: r["item"].append(r["item"][0]), "it is there twice"),
        (lambda r: r["item"][1]["item"].append(r["item"][1]["item"][0]), "it is there twice"),
        (lambda r: items(r)["age"].update(linkId="nobody"), "'nobody': not in group section-"),
        (lambda r: items(r)["age"].update(linkId="blood-clots"), "'blood-clots': not in group section-"),
        (lambda r: items(r)["age"].update(item=[]), "a question has answers only"),
        (answer("age", {"valueString": "18"}), "answer has 'valueString'; give a valueCoding"),
        (answer("age", {}), "answer has no value; give a valueCoding"),
        (answer("age", {**coding("18-or-over"), "item": []}), "answer has 'item'"),
        (answer("age", {"valueCoding": "18-or-over"}), "give a JSON object"),
        (answer("age", coding("18-or-over", "http://loinc.org")), "system of its coding is 'http://loinc.org'"),
        (answer("age", coding("17")), "age has no option '17'; allowed: under-18, 18-or-over"),
        (answer("age", coding(17)), "code is 17"),
        (answer("age", coding("under-18"), coding("18-or-over")), "has 2 answers; this question takes one"),
        (answer("urgent-signs", coding("none"), coding("seizure-or-confusion")), "'none' stands alone"),
        (answer("urgent-signs", coding("none"), coding("none")), "names an option twice"),
        (answer("main-problem", coding("spasticity")), "with these answers it is not asked; leave it out"),
    ],
)
def test_response_that_cannot_be_meant_is_refused_with_the_element_and_what_is_allowed(resource, change, said):
    change(resource)
    with pytest.raises(FhirError, match=said):
        read_response(resource, find)


@pytest.mark.parametrize("nothing", [None, [], "x", 3, {}])
def test_anything_else_is_refused(nothing):
    with pytest.raises(FhirError):
        read_response(nothing, find)


@pytest.mark.usefixtures("questionnaire")
def test_published_versions_are_known_without_being_told(resource):
    resource["extension"] = []
    assert read_response(resource)[0] == 1
    resource["questionnaire"] = f"{RULES.url}|99"
    with pytest.raises(FhirError, match="Version 99 is not published here"):
        read_response(resource)
