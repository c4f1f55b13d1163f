"""Answers can be read for 30 minutes after the last page, and not longer."""

from tests.conftest import BASE


def test_answers_are_cleared_once_the_idle_limit_has_passed(patient):
    patient.has_answered(BASE)
    patient.waits(minutes=31)
    response = patient.visits("/screening/summary/")
    assert response.status == 410
    assert patient.heading == "Your answers were cleared"
    assert "30 minutes" in patient.text
    assert "answers" not in patient.cookies()
    patient.follows("Start again")
    patient.presses("Start the questions")
    assert patient.asked == "urgent-signs"


def test_answer_sent_after_the_idle_limit_gets_the_same_plain_page(patient):
    patient.starts()
    patient.waits(minutes=31)
    patient.answers_this(["none"])
    assert patient.heading == "Your answers were cleared"


def test_each_page_renews_the_idle_limit(patient):
    patient.has_answered(BASE)
    patient.waits(minutes=29)
    patient.visits("/screening/check/")
    patient.waits(minutes=31)  # the answers are that old now, but not the last page
    patient.visits("/screening/check/")
    assert patient.heading == "Check your answers"


def test_a_limit_of_the_clinic_s_own_is_kept_and_told(patient, settings):
    settings.ANSWERS_IDLE_SECONDS = 5 * 60
    patient.has_answered(BASE)
    patient.waits(minutes=6)
    patient.visits("/screening/check/")
    assert "5 minutes" in patient.text


def test_damaged_cookie_gets_a_plain_page(patient):
    patient.keeps("damaged")
    response = patient.visits("/screening/check/")
    assert response.status == 400
    assert patient.heading == "We could not read your answers"
    assert "answers" not in patient.cookies()
