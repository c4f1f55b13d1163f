"""An address typed or kept from before never leads past an open question, and never to a bare error."""

import pytest
from playwright.sync_api import expect

from tests.conftest import BASE

AHEAD = [
    "/screening/question/infection/",
    "/screening/check/",
    "/screening/summary/",
    "/screening/help-now/",
    "/screening/under-18/",
]


def led_to(patient, path):
    patient.visits(path)
    return patient.path


def test_skipping_ahead_leads_to_the_first_open_question(patient):
    patient.has_answered({"urgent-signs": ["none"], "answering-for": "myself"})
    assert {path: led_to(patient, path) for path in AHEAD} == dict.fromkeys(AHEAD, "/screening/question/age/")


def test_without_answers_every_address_leads_to_the_start(patient):
    assert {path: led_to(patient, path) for path in AHEAD} == dict.fromkeys(AHEAD, "/screening/")


def test_question_that_is_not_asked_leads_to_check_your_answers(patient):
    patient.has_answered(BASE)
    patient.visits("/screening/question/life-expectancy/")
    assert patient.path == "/screening/check/"


def test_urgent_sign_closes_every_other_question(patient):
    patient.has_answered({**BASE, "urgent-signs": ["breathing"]})
    patient.visits("/screening/question/age/")
    assert patient.path == "/screening/help-now/"


@pytest.mark.parametrize("path", ["/screening/question/no-such-question/", "/no-such-page/", "/screening/nothing"])
def test_unknown_address_gives_404_in_the_look_of_the_site(patient, path):
    patient.has_answered(BASE)
    response = patient.visits(path)
    assert response.status == 404
    assert patient.heading == "We can’t find that page"
    expect(patient.page.get_by_role("banner").get_by_role("link", name="Pump Guide")).to_be_visible()
    patient.page.get_by_role("main").get_by_role("link", name="front page").click()
    patient.page.wait_for_url("**/")
    assert patient.path == "/"
