"""Two tabs share one set of answers; a tab from before a new start cannot write into it."""

from playwright.sync_api import expect

from tests.conftest import BASE

EARLIER = "This page is from an earlier start"


def test_tab_from_before_a_new_start_cannot_write(patient):
    patient.starts()
    older = patient.opens_another_tab("/screening/")
    patient.presses("Start the questions")
    newer, patient.page = patient.page, older
    patient.answers_this(["breathing"])
    assert patient.heading == EARLIER
    patient.page = newer
    patient.page.reload()
    assert patient.asked == "urgent-signs"
    expect(patient.page.get_by_role("checkbox", checked=True)).to_have_count(0)


def test_tab_from_before_a_new_start_is_told_so_also_when_it_is_further_on(patient):
    patient.starts()
    patient.answers_this(["none"])
    older = patient.opens_another_tab("/screening/")
    patient.presses("Start again from the first question")
    patient.page = older
    patient.answers_this("someone-else")
    assert patient.heading == EARLIER


def test_tab_from_before_a_new_start_leads_on_to_the_newer_answers(patient):
    patient.starts()
    older = patient.opens_another_tab("/screening/")
    patient.presses("Start the questions")
    patient.answers_this(["none"])
    patient.page = older
    patient.answers_this(["breathing"])
    patient.follows("Go on with the newer answers")
    assert patient.asked == "answering-for"


def test_two_tabs_of_the_same_run_keep_both_answers(patient):
    patient.has_answered(BASE)
    patient.visits("/screening/question/infection/")
    first = patient.opens_another_tab("/screening/question/blood-clots/")
    patient.answers_this("yes")
    patient.page = first
    patient.answers_this("not-sure")
    assert patient.answer_to("infection") == "Not sure"
    assert patient.answer_to("blood-clots") == "Yes"


def test_other_people_never_see_these_answers(new_patient):
    one, another = new_patient(), new_patient()
    one.has_answered(BASE)
    another.visits("/screening/check/")
    assert another.path == "/screening/"
