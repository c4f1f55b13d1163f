"""Nothing a person does needs JavaScript."""

import pytest
from playwright.sync_api import expect

from tests.conftest import BASE
from tests.screening.patients import patient as answers_of


@pytest.fixture
def patient(patient_without_script):
    return patient_without_script


def test_start_leads_to_the_first_question(patient):
    patient.visits("/")
    patient.follows("Answer the questions")
    patient.presses("Start the questions")
    assert patient.asked == "urgent-signs"
    assert patient.heading == patient.words.of("question", "urgent-signs", "text")


def test_missing_answer_gets_a_kind_error_that_leads_to_the_choice(patient):
    patient.starts()
    patient.presses("Continue")
    error = patient.words.of("question", "urgent-signs", "error")
    assert patient.page.title().startswith("Error:")
    expect(patient.page.get_by_role("alert")).to_contain_text(error)
    expect(patient.page.get_by_role("group", name=patient.heading)).to_contain_text(f"Error: {error}")
    patient.page.get_by_role("link", name=error).click()
    expect(patient.option("breathing")).to_be_focused()


def test_refused_answer_keeps_every_tick(patient):
    patient.starts()
    patient.chooses(["breathing", "none"])
    patient.presses("Continue")
    expect(patient.page.get_by_role("alert")).to_contain_text("None of these")
    expect(patient.option("breathing")).to_be_checked()
    expect(patient.option("none")).to_be_checked()
    patient.answers_this(["none"])
    assert patient.asked == "answering-for"


def test_back_shows_the_question_before_with_its_answer(patient):
    patient.starts()
    patient.answers_this(["none"])
    patient.answers_this("someone-else")
    patient.goes_back()
    assert patient.asked == "answering-for"
    expect(patient.option("someone-else")).to_be_checked()


def test_back_from_the_first_question_leads_to_the_start_and_on_again(patient):
    patient.starts()
    patient.answers_this(["none"])
    patient.goes_back()
    patient.goes_back()
    assert patient.path == "/screening/"
    patient.follows("Go on where you were")
    assert patient.asked == "answering-for"


def test_changed_answer_leads_back_to_check_your_answers(patient):
    patient.has_answered(BASE)
    patient.visits("/screening/check/")
    patient.changes("blood-thinners", "yes")
    assert patient.path == "/screening/check/"
    assert patient.answer_to("blood-thinners") == "Yes"


def test_back_from_a_change_keeps_the_answer(patient):
    patient.has_answered(BASE)
    patient.visits("/screening/check/")
    patient.wants_to_change("blood-thinners")
    expect(patient.option("no")).to_be_checked()
    patient.goes_back()
    assert patient.answer_to("blood-thinners") == "No"


def test_answers_no_longer_asked_for_are_gone_and_come_back_with_their_question(patient):
    patient.has_answered({**answers_of(11), **BASE, "main-problem": "pain"})
    patient.visits("/screening/check/")
    assert patient.answer_to("pain-duration") == "More than 1 year"
    patient.changes("main-problem", "spasticity")
    assert patient.answer_to("pain-duration") == ""
    assert patient.answer_to("spasticity-causes") == "Stroke"
    patient.changes("main-problem", "pain")
    assert patient.answer_to("pain-duration") == "More than 1 year"


def test_change_that_opens_questions_asks_them_before_check_your_answers(patient):
    patient.has_answered(BASE)
    patient.visits("/screening/check/")
    patient.changes("serious-illness", "yes")
    assert patient.asked == "life-expectancy"
    patient.answers_this("under-6-months")
    assert patient.path == "/screening/check/"


def test_urgent_sign_stops_until_its_answer_changes(patient):
    patient.starts()
    patient.answers_this(["pump-problem"])
    assert patient.path == "/screening/help-now/"
    patient.follows("change your answer and go on")
    patient.answers_this(["none"])
    assert patient.asked == "answering-for"


def test_words_speak_of_the_other_person_when_answering_for_someone_else(patient):
    patient.starts()
    patient.answers_this(["none"])
    patient.answers_this("someone-else")
    assert patient.heading == patient.words.of("question", "age", "text", other=True)


def test_clear_and_leave_removes_every_answer(patient):
    patient.has_answered(BASE)
    patient.visits("/screening/check/")
    patient.clears_and_leaves()
    assert patient.path == "/screening/left/"
    assert patient.heading == "Your answers are cleared"
    assert "answers" not in patient.cookies()
    patient.visits("/screening/summary/")
    assert patient.path == "/screening/"
    expect(patient.page.get_by_role("button", name="Start the questions")).to_be_visible()


def test_browser_back_after_leaving_shows_no_answer(patient):
    patient.has_answered(BASE)
    patient.visits("/screening/check/")
    patient.clears_and_leaves()
    patient.page.go_back()
    assert patient.path == "/screening/"
