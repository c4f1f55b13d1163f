"""A nurse enters for a patient: on the phone by keys alone, and from a paper sheet in a browser without script."""

import io
import re

import pytest
from django.conf import settings
from django.test import Client
from pypdf import PdfReader

from screening.access import opened_row
from screening.models import Screening
from tests.conftest import person
from tests.screening.patients import RULES, patient

from .axe import barriers
from .watcher import Watcher

KEYS = "1234567890acd"
GIVEN = patient(5)


@pytest.fixture
def new_page(browser, site):
    """Makes pages in front of a signed-in nurse; none may break the content policy or have a barrier."""
    client = Client()
    client.force_login(person("nora", "Intake nurse"))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    watcher, contexts = Watcher(site), []

    def make(**options):
        context = browser.new_context(base_url=site, locale="en-US", **options)
        context.set_default_timeout(5000)
        watcher.watch(context)
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert watcher.seen == []


def presses(page, key):
    """A key that leads to another page."""
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press(key)


def clicks(page, name):
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name=name, exact=True).click()


def answers_by_keys(page):
    """The question in front; its link_id."""
    link_id = page.url.rstrip("/").split("/")[-1]
    for code in [GIVEN[link_id]] if isinstance(GIVEN[link_id], str) else GIVEN[link_id]:
        page.keyboard.press(KEYS[RULES.by_link_id[link_id].codes.index(code)])
    presses(page, "Enter")
    return link_id


def test_a_nurse_asks_all_questions_by_keys_and_stores_the_call(new_page):
    page = new_page()
    page.goto("/intake/new/")
    page.get_by_role("link", name="Ask on the phone").click()
    clicks(page, "Begin the call")
    assert barriers(page) == []
    asked = []
    while "/question/" in page.url:
        asked.append(answers_by_keys(page))
    assert set(asked) == set(GIVEN)
    assert barriers(page) == []
    page.get_by_label("Name").fill("Bo 12 o")  # keys typed into a field are text
    page.get_by_label("The patient agreed on the phone").check()
    clicks(page, "Store for the desk")
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", page.locator(".code").inner_text())
    assert opened_row(Screening.objects.get()).contact["name"] == "Bo 12 o"
    page.get_by_role("link", name="Open the record").click()
    page.get_by_text("A nurse, with the patient on the phone (nora)").wait_for()


def test_quick_keys_can_be_switched_off_and_stay_off(new_page):
    page = new_page()
    page.goto("/intake/phone/")
    clicks(page, "Begin the call")
    page.keyboard.press("?")
    page.get_by_label("Single keys work on this device").uncheck()
    page.reload()
    page.keyboard.press("1")
    assert page.locator(":checked:not(#quick-on)").count() == 0
    assert not page.locator(".option-key").first.is_visible()


def test_a_sheet_is_printed_blank_and_entered_without_script(new_page):
    page = new_page(java_script_enabled=False)
    page.goto("/intake/blank/")
    printed = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages]
    for number, text in enumerate(printed, 1):
        assert "Pump Guide · version 1 (" in text
        assert f"{number} / {len(printed)}" in text
    page.goto("/intake/enter/1/")
    for link_id, codes in GIVEN.items():
        for code in [codes] if isinstance(codes, str) else codes:
            page.locator(f"[name='q-{link_id}'][value='{code}']").check()
    clicks(page, "Check")
    page.get_by_text("Confirm that the patient agreed. Without it, nothing can be stored").first.wait_for()
    page.get_by_label("The patient signed on the sheet").check()
    clicks(page, "Check")
    clicks(page, "Store for the desk")
    assert set(opened_row(Screening.objects.get()).answers) == set(GIVEN)
    page.get_by_role("link", name="Open the record").click()
    page.get_by_text("A nurse, from a filled paper sheet (nora)").wait_for()


def test_the_sheet_to_enter_has_no_barrier_and_fits_a_narrow_screen(new_page):
    page = new_page(viewport={"width": 320, "height": 800})
    for path in ("/intake/enter/1/", "/intake/blank/"):
        page.goto(path)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 320
