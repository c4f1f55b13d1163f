"""What makes a page comfortable: notes and words that open in place, sharing, and saying whether it helped."""

import pytest
from playwright.sync_api import expect

from content.models import Feedback

from .axe import barriers

PAGE = "/medicines/morphine/"
FIRST_NOTE = "#s1"


@pytest.fixture(params=["with script", "without script"])
def reader(request, new_patient):
    """A person with each kind of browser."""
    return new_patient(java_script_enabled=request.param == "with script")


def note(person):
    return person.page.get_by_role("button", name="Note 1", exact=True).first


def word(person):
    return person.page.get_by_role("button", name="opioid", exact=True).first


def inside_the_window(person, place):
    box, size = person.page.locator(place).bounding_box(), person.page.viewport_size
    return box["x"] >= 0 and box["y"] >= 0 and box["x"] + box["width"] <= size["width"]


# --- notes and words -----------------------------------------------------------------------------------------------


def test_note_opens_where_it_stands_and_closes_again(reader):
    reader.visits(PAGE)
    opened = reader.page.locator(FIRST_NOTE)
    expect(opened).to_be_hidden()
    note(reader).scroll_into_view_if_needed()
    before = note(reader).bounding_box()
    note(reader).click()
    expect(opened).to_be_visible()
    expect(opened).to_contain_text("source")
    assert note(reader).bounding_box() == before
    reader.page.keyboard.press("Escape")
    expect(opened).to_be_hidden()


def test_note_leads_to_who_says_so_and_back_to_the_text(reader):
    reader.visits(PAGE)
    note(reader).click()
    reader.page.locator(FIRST_NOTE).get_by_role("link", name="Who says so").click()
    at_the_end = reader.page.locator("#note-1")
    expect(at_the_end).to_be_in_viewport()
    expect(at_the_end.get_by_role("list")).to_be_visible()  # what each source says is open
    expect(reader.page.locator(FIRST_NOTE)).not_to_be_in_viewport()
    at_the_end.get_by_role("link", name="Back to the text").click()
    expect(reader.page.locator("#b1")).to_be_in_viewport()


def test_word_is_explained_where_it_stands(reader):
    reader.visits(PAGE)
    meaning = reader.page.locator("#word-opioid")
    expect(meaning).to_be_hidden()
    word(reader).click()
    expect(meaning).to_be_visible()
    reader.clicks(meaning.get_by_role("link", name="Words explained"))
    assert reader.path == "/glossary/#term-opioid"


def test_note_opens_by_keyboard_and_the_link_in_it_comes_next(patient):
    patient.visits(PAGE)
    note(patient).focus()
    patient.page.keyboard.press("Enter")
    expect(patient.page.locator(FIRST_NOTE)).to_be_visible()
    patient.page.keyboard.press("Tab")
    expect(patient.page.locator(FIRST_NOTE).get_by_role("link")).to_be_focused()
    patient.page.keyboard.press("Escape")
    expect(patient.page.locator(FIRST_NOTE)).to_be_hidden()
    expect(note(patient)).to_be_focused()


@pytest.mark.parametrize("size", [{"width": 320, "height": 640}, {"width": 320, "height": 256}])
def test_what_opens_stays_within_a_narrow_window(patient, size):
    patient.page.set_viewport_size(size)
    patient.visits(PAGE)
    for button, place in ((note(patient), FIRST_NOTE), (word(patient), "#word-opioid")):
        button.click()
        assert inside_the_window(patient, place)
        assert patient.sideways_scroll() == 0
        patient.page.keyboard.press("Escape")


def test_nothing_that_opens_is_on_paper_but_every_note_is(patient):
    patient.visits(PAGE)
    note(patient).click()
    patient.page.emulate_media(media="print")
    expect(patient.page.locator(FIRST_NOTE)).to_be_hidden()
    expect(patient.page.locator("#note-1")).to_be_visible()
    for name in ("Yes", "E-mail this page", "Print this page"):
        expect(patient.page.get_by_text(name, exact=True)).to_be_hidden()


def test_browser_without_popovers_opens_them_in_the_line(patient):
    patient.page.add_init_script("delete HTMLElement.prototype.popover")
    patient.visits(PAGE)
    note(patient).click()
    assert patient.page.locator(FIRST_NOTE).evaluate("span => span.style.display") == "block"
    note(patient).click()
    assert patient.page.locator(FIRST_NOTE).evaluate("span => span.style.display") == ""


def test_open_note_and_open_word_have_no_barrier(patient):
    patient.visits(PAGE)
    for button in (note, word):
        button(patient).click()
        assert barriers(patient.page) == []


# --- sharing -------------------------------------------------------------------------------------------------------


def test_link_is_copied(patient, site):
    patient.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    patient.visits(f"{PAGE}#what-it-is")
    patient.page.get_by_role("button", name="Copy the link").click()
    expect(patient.page.get_by_role("button", name="Copied")).to_be_visible()
    assert patient.page.evaluate("navigator.clipboard.readText()") == site + PAGE


def test_device_s_own_sheet_is_asked_where_there_is_one(patient, site):
    patient.page.add_init_script("navigator.share = what => { window.shared = what; return Promise.resolve(); }")
    patient.visits(PAGE)
    patient.page.get_by_role("button", name="Share", exact=True).click()
    assert patient.page.evaluate("shared") == {"title": "Morphine in a pump – Pump Guide", "url": site + PAGE}


def test_without_script_only_what_works_is_shown(patient_without_script):
    patient_without_script.visits(PAGE)
    page = patient_without_script.page
    expect(page.get_by_role("link", name="E-mail this page")).to_be_visible()
    for name in ("Copy the link", "Share", "Print this page"):
        expect(page.get_by_text(name, exact=True)).to_be_hidden()


# --- did it help? --------------------------------------------------------------------------------------------------


def counted():
    return {(row.page.key, row.helpful, row.missing): row.count for row in Feedback.objects.select_related("page")}


def test_yes_without_script(patient_without_script):
    person = patient_without_script
    person.visits(PAGE)
    person.presses("Yes")
    assert person.heading == "Thank you"
    person.page.reload()
    person.follows("Back to “Morphine in a pump”")
    assert person.path == PAGE
    assert counted() == {("morphine", True, ""): 1}
    assert person.context.cookies() == []


def test_no_and_why_without_script(patient_without_script):
    person = patient_without_script
    person.visits(PAGE)
    person.presses("No")
    person.presses("It was too long")
    assert person.heading == "Thank you"
    assert {key: count for key, count in counted().items() if count} == {("morphine", False, "too-long"): 1}


def test_no_and_why_with_script_stay_on_the_page(patient):
    patient.visits(PAGE)
    patient.page.get_by_role("button", name="No", exact=True).click()
    asked = patient.page.get_by_role("group", name="What was missing?")
    expect(asked).to_be_visible()
    asked.get_by_role("button", name="It was hard to understand").click()
    expect(patient.page.get_by_text("Your answer is counted.")).to_be_focused()
    assert patient.path == PAGE
    assert {key: count for key, count in counted().items() if count} == {("morphine", False, "too-hard"): 1}
    assert patient.context.cookies() == []


def test_answer_that_cannot_be_sent_in_place_is_sent_the_plain_way(patient):
    patient.page.add_init_script("window.fetch = () => Promise.reject()")
    patient.visits(PAGE)
    patient.presses("Yes")
    assert patient.heading == "Thank you"
    assert counted() == {("morphine", True, ""): 1}


@pytest.mark.parametrize("state", ["", "?no", "?thanks"])
def test_feedback_pages_have_no_barrier_and_fit_a_narrow_window(patient, state):
    patient.page.set_viewport_size({"width": 320, "height": 640})
    patient.visits(f"/feedback/morphine/{state}")
    assert patient.sideways_scroll() == 0
    assert barriers(patient.page) == []
