"""What a patient sent, at the desk: found by code, checked, printed, and gone when its time is over."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from screening.actions.keeping import purge_screenings
from screening.models import AuditEvent, Screening
from tests.conftest import BASE, person
from tests.screening.handing import name_the_clinic
from tests.screening.intake.rows import sent, with_open_points

from .axe import barriers
from .test_send import CODE
from .watcher import Watcher


@pytest.fixture(autouse=True)
def _own_journal(settings, tmp_path):
    settings.DELETIONS_LOG = tmp_path / "deletions.log"


@pytest.fixture
def at_desk(browser, site):
    """Opens the desk as a nurse: ``at_desk(java_script_enabled=False, …)`` gives the page."""
    client = Client()
    client.force_login(person("nora", "Intake nurse"))
    watcher, contexts = Watcher(site), []

    def come(**options):
        context = browser.new_context(base_url=site, **{"locale": "en-US", **options})
        context.set_default_timeout(5000)
        watcher.watch(context)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        contexts.append(context)
        page = context.new_page()
        page.goto("/intake/")
        return page

    yield come
    for context in contexts:
        context.close()
    assert watcher.seen == []


def settles(page, place):
    """Confirms a point, the first answer that fits, as found in a report."""
    point = page.locator(f"#point-{place}")
    point.get_by_label("Confirmed").check()
    point.locator("[name=answer]").first.check()
    point.get_by_label("Found in").select_option("report")
    with page.expect_navigation():
        point.get_by_role("button", name="Save").click()


def sends(patient):
    """A patient who leaves points open sends the summary; the code they are shown."""
    with transaction.atomic():
        name_the_clinic()
    patient.has_answered(with_open_points())
    patient.visits("/screening/send/")
    patient.page.get_by_role("checkbox").check()
    patient.presses("Send")
    return CODE.search(patient.text)[0]


def test_sent_by_a_patient_found_by_code_confirmed_printed_and_purged(patient, at_desk):
    code = sends(patient)
    number = Screening.objects.get().pk
    others = [sent(BASE) for _number in range(2)]
    page = at_desk()
    assert barriers(page) == []
    page.keyboard.type(code.lower().replace("-", " "))  # the field is in focus
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/intake/{number}/")
    assert barriers(page) == []
    before = page.get_by_role("heading", level=1).inner_text()
    for place in (1, 2):
        settles(page, place)
        assert page.url.endswith(f"#point-{place}")
        assert page.evaluate("document.activeElement.id") == f"point-{place}"
    assert page.get_by_role("heading", level=1).inner_text() == before
    page.get_by_role("heading", name="With what was confirmed").wait_for()
    assert barriers(page) == []

    page.goto("/intake/?reviewed=")
    for ticked in (number, *(one.screening.pk for one in others)):
        page.get_by_role("checkbox", name=f"Tick No. {ticked}").check()
    page.get_by_role("button", name="Print").click()
    page.get_by_role("heading", name="3 sheets to print").wait_for()
    assert page.locator(".sheet").count() == 3
    assert barriers(page) == []
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 3
    assert AuditEvent.objects.filter(action="print").count() == 1

    purge_screenings(at=timezone.now() + timedelta(days=settings.SCREENING_DAYS))
    assert not Screening.objects.exists()
    page.goto(f"/intake/{number}/")
    page.get_by_role("heading", name="Not here").wait_for()


def test_keys_move_through_the_list_and_can_be_switched_off(at_desk):
    first, second = sent(BASE).screening.pk, sent(BASE).screening.pk
    page = at_desk()
    page.get_by_role("heading", name="Desk").click()
    focused = "document.activeElement.getAttribute('href') || document.activeElement.id"
    for key, where in (
        ("j", f"/intake/{first}/"),
        ("j", f"/intake/{second}/"),
        ("k", f"/intake/{first}/"),
        ("/", "id_code"),
    ):
        page.keyboard.press(key)
        assert page.evaluate(focused) == where
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator(":checked[name=number]").get_attribute("value") == str(first)
    page.get_by_role("checkbox", name="Tick all on this page").check()
    assert page.locator(":checked[name=number]").count() == 2
    page.goto("/intake/callbacks/")
    page.keyboard.press("/")
    page.wait_for_url("**/intake/")
    expect(page.get_by_label("Code or date of birth")).to_be_focused()
    page.keyboard.type("jk/")
    assert page.get_by_label("Code or date of birth").input_value() == "jk/"
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Single keys work on this device").uncheck()
    page.keyboard.press("/")
    assert page.evaluate(focused) != "id_code"
    page.reload()
    page.get_by_role("heading", name="Desk").click()
    page.keyboard.press("j")
    assert page.evaluate(focused) == "main"


def test_the_desk_works_without_script_on_a_narrow_screen(at_desk):
    sending = sent()
    page = at_desk(java_script_enabled=False, viewport={"width": 320, "height": 700})
    wide = []

    def fits():
        inner = page.viewport_size["width"]
        boxes = page.locator("main *").evaluate_all("all => all.map(one => one.getBoundingClientRect().right)")
        wide.extend(round(right) for right in boxes if right > inner)

    fits()
    page.get_by_label("Code or date of birth").fill("02/03/1950")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=f"No. {sending.screening.pk}").click()
    fits()
    settles(page, 1)
    page.get_by_text("Saved.").wait_for()
    page.get_by_role("button", name="Show name and number").click()
    page.get_by_text("Mary Example").wait_for()
    fits()
    page.get_by_role("button", name="Print").click()
    page.get_by_role("heading", name="1 sheet to print").wait_for()
    fits()
    assert wide == []
