"""The 16 test patients of the clinical specification come out as signed."""

import pytest

from screening.engine.assess import assess, next_question
from screening.engine.reading import as_given, read_answers
from tests.screening.patients import RULES, TEST_PATIENTS, patient, patients


def outcome(number):
    return assess(RULES, read_answers(RULES, patient(number)))


def status(assessment, criterion):
    return next(finding.status for finding in assessment.findings if finding.criterion.id == criterion)


@pytest.mark.parametrize(("number", "answers", "disposition"), patients())
def test_test_patient_comes_out_as_signed(number, answers, disposition):
    assert assess(RULES, read_answers(RULES, answers)).disposition == disposition


def test_the_dispositions_are_those_of_the_specification():
    assert [(patient["number"], patient["disposition"]) for patient in TEST_PATIENTS] == [
        (1, "talk"),
        (2, "talk"),
        (3, "not-described"),
        (4, "earlier-steps"),
        (5, "earlier-steps"),
        (6, "talk-first"),
        (7, "need-more-information"),
        (8, "talk-first-and-earlier-steps"),
        (9, "talk-first"),
        (10, "need-more-information"),
        (11, "talk"),
        (12, "talk"),
        (13, "urgent"),
        (14, "under-18"),
        (15, "need-more-information"),
        (16, "talk"),
    ]


@pytest.mark.parametrize(("number", "answers", "disposition"), patients())
def test_test_patient_has_answered_all_that_is_asked(number, answers, disposition):
    read = read_answers(RULES, answers)
    assert next_question(RULES, read) is None
    assert as_given(RULES, read) == answers


def test_every_disposition_but_unfinished_has_a_test_patient():
    assert {patient["disposition"] for patient in TEST_PATIENTS} == {
        "urgent",
        "under-18",
        "need-more-information",
        "not-described",
        "talk-first-and-earlier-steps",
        "talk-first",
        "earlier-steps",
        "talk",
    }


@pytest.mark.parametrize(
    ("number", "criterion", "expected"),
    [
        (1, "failed-back-surgery", "met"),
        (1, "severe-lasting-pain", "met"),
        (2, "crps", "met"),
        (2, "peripheral-nerve-injury", "met"),
        (2, "surgery-unlikely-to-help", "not-met"),
        (3, "tissue-pain-type", "met"),
        (4, "pain-care-tried", "not-met"),
        (5, "pain-not-controlled", "not-met"),
        (6, "blood-thinners", "met"),
        (7, "blood-thinners", "unknown"),
        (8, "active-addiction", "met"),
        (9, "cancer-pain", "met"),
        (9, "severe-lasting-pain", "not-met"),
        (9, "short-life-expectancy", "met"),
        (10, "short-life-expectancy", "unknown"),
        (11, "spasticity-from-named-cause", "met"),
        (11, "pain-care-tried", "not-met"),
        (12, "pain-care-tried", "not-met"),
        (12, "spasticity-care-tried", "met"),
        (13, "urgent-emergency", "met"),
        (14, "under-18", "met"),
        (15, "severe-lasting-pain", "unknown"),
        (16, "opioid-relief-then-trouble", "met"),
        (16, "severe-lasting-pain", "unknown"),
    ],
)
def test_test_patient_has_the_finding_it_is_there_for(number, criterion, expected):
    assert status(outcome(number), criterion) == expected


def test_both_paths_of_patient_12_are_shown():
    paths = outcome(12).paths
    assert (paths["pain"].inclusion, paths["pain"].prerequisites) == ("met", "not-met")
    assert (paths["spasticity"].inclusion, paths["spasticity"].prerequisites) == ("met", "met")


def test_patient_14_has_every_answer_after_age_ignored():
    assert outcome(14).ignored == tuple(patient(14))[3:]
