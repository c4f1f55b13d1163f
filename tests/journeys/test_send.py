"""A patient sends their summary, keeps the code, and takes it back; another one asks to be called."""

import re

import pytest
from django.db import transaction
from playwright.sync_api import expect

from screening.models import CallbackRequest, Screening
from tests.conftest import BASE
from tests.journeys.axe import barriers
from tests.screening.handing import name_the_clinic

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")
NARROW = {"width": 320, "height": 256}


@pytest.fixture
def site(site, settings, tmp_path):
    settings.DELETIONS_LOG = tmp_path / "deletions.log"
    with transaction.atomic():
        name_the_clinic()
    return site


def no_barrier(person):
    assert barriers(person.page) == []
    person.page.set_viewport_size(NARROW)
    assert person.sideways_scroll() == 0
    person.page.set_viewport_size({"width": 1280, "height": 800})


def test_patient_sends_keeps_the_code_and_takes_it_back(patient):
    patient.has_answered(BASE)
    patient.visits("/screening/summary/")
    patient.follows("Send to my clinic")
    no_barrier(patient)
    patient.page.get_by_label("Your name (optional)").fill("Mary Markerson")
    patient.page.get_by_label("Month").fill("3")
    patient.presses("Send")
    expect(patient.page.get_by_role("alert")).to_be_focused()
    expect(patient.page.get_by_role("alert")).to_contain_text("also needs a day and a year")
    no_barrier(patient)
    patient.page.get_by_label("Day", exact=True).fill("31")
    patient.page.get_by_label("Year").fill("1950")
    patient.page.get_by_role("checkbox", name=re.compile("^I agree")).check()
    patient.presses("Send")
    assert patient.heading == "Your summary was sent to Lake Clinic"
    assert CODE.search(patient.text)
    no_barrier(patient)
    link = patient.page.get_by_role("link", name="screening/delete")
    patient.clicks(link)
    no_barrier(patient)
    patient.presses("Delete it")
    assert patient.heading == "Nothing is kept under this link"
    assert not Screening.objects.exists()


def test_sending_works_without_script_and_the_code_stays_with_the_answers(patient_without_script):
    person = patient_without_script
    person.has_answered(BASE)
    person.visits("/screening/send/")
    person.page.get_by_role("checkbox").check()
    person.presses("Send")
    code = CODE.search(person.text)[0]
    person.visits("/screening/send/")
    assert CODE.search(person.text)[0] == code
    assert Screening.objects.count() == 1


def test_person_asks_to_be_called_and_never_meets_the_trap(patient):
    patient.visits("/screening/call/")
    no_barrier(patient)
    assert patient.page.get_by_role("textbox").count() == 2
    patient.presses("Ask for a call")
    expect(patient.page.get_by_role("alert")).to_contain_text("Write your name")
    no_barrier(patient)
    patient.page.get_by_label("Your name").fill("Mary Markerson")
    patient.page.get_by_label("Phone number", exact=True).fill("555 010 7777")
    patient.page.get_by_role("radio", name="In the morning").check()
    patient.page.get_by_role("checkbox", name=re.compile("^I agree")).check()
    patient.presses("Ask for a call")
    assert patient.path == "/screening/called/"
    assert "two days" in patient.text
    no_barrier(patient)
    assert CallbackRequest.objects.get().suspicion in ("", "haste")  # the robot is quick
