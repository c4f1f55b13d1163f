"""Looking something up: with script and without, on a narrow phone, by keyboard, and with a word misspelt."""

import pytest

from content.models import Synonym
from content.search import vocabulary

from .axe import barriers

NARROW_PHONE = {"width": 320, "height": 640}
ASKED = ["", "?q=refill", "?q=baklofen", "?q=unicorn", "?q=morphine+unicorn", "?q=" + "a" * 200]


@pytest.fixture(autouse=True)
def _new_process():
    vocabulary.cache_clear()


def looks_for(patient, words):
    patient.page.get_by_role("searchbox", name="What do you want to know?").fill(words)
    patient.presses("Search")


def found(patient):
    """The titles of the pages found, best first."""
    return patient.page.get_by_role("main").get_by_role("heading", level=3).all_inner_texts()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_word_leads_to_its_page(new_patient, script):
    patient = new_patient(java_script_enabled=script)
    patient.visits("/")
    patient.follows("Search")
    looks_for(patient, "ziconotide")
    assert patient.path == "/search/?q=ziconotide"
    first = found(patient)[0]
    patient.follows(first)
    assert patient.path == "/medicines/ziconotide/"
    assert patient.heading == first


def test_misspelt_word_is_mended_in_one_step(patient_without_script):
    patient = patient_without_script
    patient.visits("/search/")
    looks_for(patient, "baklofen")
    assert "We found no page" in patient.text
    patient.follows("baclofen")
    assert any("Baclofen" in title for title in found(patient))
    assert patient.page.get_by_role("searchbox").input_value() == "baclofen"


def test_old_name_finds_the_page_in_our_words(patient):
    Synonym.objects.get_or_create(word="RSD", means="complex regional pain syndrome", language="en")
    patient.visits("/search/")
    looks_for(patient, "rsd")
    patient.follows(found(patient)[0])
    assert patient.path == "/conditions/crps/"


def test_search_works_by_keyboard_alone(patient):
    patient.visits("/search/")
    patient.page.get_by_role("searchbox").focus()
    patient.page.keyboard.type("refill")
    with patient.page.expect_navigation(wait_until="domcontentloaded"):
        patient.page.keyboard.press("Enter")
    assert "refill" in found(patient)[0].lower()


def test_search_leaves_nothing_on_the_device_and_the_next_page_is_not_told(patient):
    patient.visits("/search/?q=refill")
    with patient.page.expect_request(lambda request: request.is_navigation_request()) as asked:
        patient.page.get_by_role("main").get_by_role("heading", level=3).first.get_by_role("link").click()
    assert "referer" not in asked.value.all_headers()
    assert patient.context.cookies() == []
    assert patient.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked[:20] or "bare")
def test_search_has_no_barrier_and_never_scrolls_sideways(patient, asked):
    patient.page.set_viewport_size(NARROW_PHONE)
    patient.visits(f"/search/{asked}")
    assert patient.sideways_scroll() == 0
    assert barriers(patient.page) == []
