"""Version 1 as a FHIR R4 Questionnaire: valid for others, and readable back."""

import copy

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire as R4Questionnaire

from screening.definition import definition, read_folder
from screening.fhir import FhirError, checks, questionnaire, read_questions


@pytest.fixture
def resource(version_1):
    return questionnaire(version_1)


def item(resource, link_id):
    return next(i for group in resource["item"] for i in group["item"] if i["linkId"] == link_id)


def test_resource_is_valid_by_the_published_schema(resource):
    assert R4Questionnaire.model_validate(resource).url == resource["url"]


def test_resource_passes_the_checks_the_schema_lacks(resource):
    assert list(checks(resource)) == []


def test_questions_read_back_are_the_rules(resource):
    assert read_questions(resource) == read_folder()["rules"]["question"]


def test_canonical_address_and_version_are_there(resource, version_1):
    assert f"{resource['url']}|{resource['version']}" == version_1.ruleset.canonical


def test_enable_when_lists_each_option_and_any_of_them_opens(resource):
    asked = item(resource, "pain-duration")
    assert asked["enableBehavior"] == "any"
    assert {row["answerCoding"]["code"] for row in asked["enableWhen"]} == {"pain", "both", "not-sure"}


def test_all_of_two_options_of_one_question_are_still_both_asked_for_on_the_way_back():
    snapshot = read_folder()
    rule = {"mode": "all of", "conditions": ["pain-causes: cancer", "pain-causes: crps"]}
    next(row for row in snapshot["rules"]["question"] if row["link_id"] == "pain-control")["enabled_when"] = rule
    rows = read_questions(questionnaire(definition(snapshot)))
    assert next(row for row in rows if row["link_id"] == "pain-control")["enabled_when"] == rule


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: r.update(status="ready"), "status 'ready'; use draft"),
        (lambda r: r.update(resourceType="Patient"), "resourceType is not Questionnaire"),
        (lambda r: item(r, "age").update(type="color"), "type 'color'"),
        (lambda r: item(r, "age").update(linkId="answering-for"), "used twice"),
        (lambda r: item(r, "age").pop("linkId"), "has no linkId"),
        (lambda r: item(r, "main-problem")["enableWhen"][0].update(question="nobody"), "not asked before it"),
        (lambda r: item(r, "main-problem")["enableWhen"][0].update(operator="exists"), "takes operator ="),
        (lambda r: item(r, "age").update(answerOption=[{"valueString": "x"}]), "valueCoding"),
        (lambda r: r["item"][0].update(type="choice"), "sections are groups"),
    ],
)
def test_resource_that_cannot_be_meant_is_refused_with_the_mend(resource, change, said):
    broken = copy.deepcopy(resource)
    change(broken)
    with pytest.raises(FhirError, match=said):
        read_questions(broken)
