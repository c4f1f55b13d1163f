"""A clinician changes a rule: what changes and for whom is said in words, a test patient blocks, a second one approves.

Meanwhile patients keep the version they began with.
"""

import pytest
from django.db import transaction

from screening import published
from tests.conftest import BASE, person

from .clinician import Clinician

NAMES = ("ravi", "rosa")


@pytest.fixture
def clinician(browser, site, new_patient):
    """Clinicians who come in: ``clinician("ravi")``. Their pages are watched like those of patients."""
    published.in_use_shelf.forget()
    with transaction.atomic():
        for name in NAMES:
            person(name, "Clinical reviewer")

    def make(name):
        context = new_patient().context  # watched: no broken content policy, no missing file, no third party
        context.set_default_timeout(8000)
        return Clinician(context, name).comes_in()

    return make


def test_two_treatments_become_three_under_the_eyes_of_two_clinicians(clinician, new_patient):
    early, middle = new_patient(), new_patient()
    early.has_answered(BASE)
    early.visits("/screening/summary/")
    middle.has_answered({link_id: BASE[link_id] for link_id in list(BASE)[:-3]})
    middle.visits("/screening/check/")
    here = middle.asked

    ravi = clinician("ravi")
    changes_two_to_three(ravi)
    sees_what_changes_and_for_whom(ravi)
    is_blocked_and_signs_again(ravi)
    cannot_publish_alone(ravi)
    rosa = clinician("rosa")
    approves(rosa)

    published.in_use_shelf.forget()  # as after five seconds
    patients_meet_version_2(new_patient())
    assert middle.asked == here
    middle.answers(BASE)
    middle.asks_for_the_summary()
    assert middle.heading == "Worth talking about with a specialist"
    assert "version 1 of the questions" in middle.text
    early.page.reload()
    assert "version 1 of the questions" in early.text

    goes_wrong_and_is_withdrawn(rosa)
    found = {f"{one.name}: {name}": bars for one in (ravi, rosa) for name, bars in one.barriers.items() if bars}
    assert found == {}


def changes_two_to_three(ravi):
    ravi.begins_a_draft(1)
    ravi.follows("Other pain care tried")
    ravi.looks_over("rule")
    assert "names at least 2 of: Pain medicines" in ravi.text
    ravi.page.get_by_label("At least how many").fill("3")
    ravi.saves_the_row()
    assert "names at least 3 of: Pain medicines" in ravi.text


def sees_what_changes_and_for_whom(ravi):
    ravi.follows("What this draft changes")
    ravi.looks_over("what changes")
    assert "from “Worth talking about with a specialist” to “Other care usually comes first”" in ravi.text
    changed = ravi.page.get_by_role("listitem").filter(
        has_text="“Worth talking about with a specialist” to “Other care"
    )
    ravi.clicks(changed.get_by_role("button", name="Open this imaginary patient"))
    ravi.looks_over("imaginary patient")
    headings = ravi.page.locator("#content").get_by_role("row").all_inner_texts()
    assert "Other care usually comes first" in headings[1]
    assert "Worth talking about with a specialist" in headings[2]


def is_blocked_and_signs_again(ravi):
    ravi.opens_the_draft()
    ravi.checks()
    assert "Publishing stays closed" in ravi.said
    assert "Test patient 1 (Base: pain after back surgery" in ravi.text
    assert not ravi.page.get_by_role("button", name="Send to review").count()
    ravi.looks_over("blocked draft")
    ravi.signs_what_differs()
    ravi.checks()
    assert "Everything holds" in ravi.said
    ravi.sends_to_review("Two kinds of care are too few")
    assert "Sent to review" in ravi.said


def cannot_publish_alone(ravi):
    assert "a colleague has to look at it and publish it" in ravi.text
    assert not ravi.page.get_by_role("button", name="Approve and publish").count()


def approves(rosa):
    rosa.opens_the_draft()
    assert "Two kinds of care are too few" in rosa.text
    rosa.follows("What this draft changes")
    rosa.opens_the_draft()
    rosa.presses("Approve and publish")
    assert "Published. Those who start now get the new version." in rosa.said
    rosa.looks_over("published draft")
    rosa.follows("See the published version")
    rosa.looks_over("version")


def patients_meet_version_2(late):
    late.starts()
    late.answers(BASE)
    late.asks_for_the_summary()
    assert late.heading == "Other care usually comes first"
    assert "version 2 of the questions" in late.text


def goes_wrong_and_is_withdrawn(rosa):
    rosa.page.get_by_text("Stop using this version").click()
    rosa.page.get_by_label("Reason").fill("Three is too many")
    rosa.presses("Stop using it now")
    assert "Version 2 is no longer used" in rosa.said
    assert "Withdrawn: Three is too many" in rosa.text


def test_every_page_of_the_desk_is_free_of_barriers_and_loses_nothing(clinician):
    ravi = clinician("ravi")
    ravi.begins_a_draft(1)
    draft = ravi.page.url
    adds_a_question(ravi)
    adds_a_condition_on_it(ravi)
    is_refused_an_option_that_is_named(ravi)
    for name in ("Words of the summary", "Stop pages", "Sources", "Search all texts", "Test patient 12", "Picture"):
        ravi.page.goto(draft)
        ravi.follows(name)
        ravi.looks_over(name)
    ravi.page.goto(draft)
    ravi.follows("Addiction in the past")
    ravi.follows("Delete")
    ravi.looks_over("delete")
    ravi.page.goto(DRAFT_FROM_A_FILE)
    ravi.looks_over("draft from a file")
    ravi.presses("Make the draft")
    ravi.looks_over("draft from no file")
    ravi.page.goto("/admin/screening/questionnaire/")
    ravi.looks_over("versions")
    assert {name: bars for name, bars in ravi.barriers.items() if bars} == {}


DRAFT_FROM_A_FILE = "/admin/screening/questionnairedraft/import/"


def adds_a_question(ravi):
    ravi.follows("Add a question")
    ravi.looks_over("new question")
    ravi.page.get_by_label("Link id").fill("sleep")
    ravi.page.get_by_label("Section").select_option(label="About you")
    ravi.saves_the_row()
    for word, text in {
        "text": "How do you sleep?",
        "why": "It helps.",
        "short": "Sleep",
        "error": "Select one",
    }.items():
        ravi.page.locator(f"[name='words:en:question.sleep.{word}']").fill(text)
    ravi.page.get_by_label("Code, row 1").fill("well")
    ravi.page.get_by_label("label, row 1", exact=True).fill("Well")
    ravi.page.get_by_role("button", name="Add another Option").click()
    ravi.page.locator("[name='options-1-code']").fill("badly")
    ravi.page.locator("[name='options-1-options:en']").fill("Badly")
    ravi.looks_over("question being written")
    ravi.saves_the_row()
    assert "Well; Badly" in ravi.text


def adds_a_condition_on_it(ravi):
    ravi.follows("Addiction in the past")
    ravi.page.locator("#id_conditions-1-question").select_option(label="Sleep")
    boxes = ravi.page.locator("#id_conditions-1-options")  # shown at once by the script
    boxes.get_by_label("Badly").check()
    ravi.looks_over("rule being written")
    ravi.saves_the_row()
    assert "“Sleep” is Badly" in ravi.text


def is_refused_an_option_that_is_named(ravi):
    ravi.follows("How do you sleep?")
    ravi.page.locator("#id_options-1-DELETE").check()
    ravi.saves_the_row()
    assert "“badly” is named by: rule past-addiction." in ravi.text
    ravi.looks_over("refused question")
