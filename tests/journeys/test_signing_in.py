"""A nurse's first and second day: sets up an app, keeps the codes, comes back, mistypes. On a narrow screen."""

import base64

import pytest
from django_otp.oath import totp

from pumpguide.staff.models import SecondStep
from tests.conftest import person

from .axe import barriers
from .staff import PASSWORD
from .watcher import Watcher


@pytest.fixture
def nora(browser, live_server, settings):
    """The nurse's browser, with the second step required. No page may break the content policy."""
    settings.TWO_FACTOR = "required"
    person("nora", "Intake nurse")
    watcher = Watcher(live_server.url)
    context = browser.new_context(base_url=live_server.url, locale="en-US", viewport={"width": 320, "height": 640})
    context.set_default_timeout(5000)
    watcher.watch(context)
    yield context.new_page()
    context.close()
    assert watcher.seen == []


def gives_password(page):
    page.goto("/admin/")
    page.get_by_label("Username").fill("nora")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def types(page, label, code, button):
    page.get_by_label(label).fill(code)
    page.get_by_role("button", name=button).click()


def looks_over(page):
    """Nothing bars the way, and nothing sticks out on a narrow phone."""
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_nurse_sets_up_the_app_and_comes_back(nora):
    gives_password(nora)
    nora.get_by_role("heading", name="Set up your second step").wait_for()
    looks_over(nora)
    letters = nora.locator("strong[translate=no]").inner_text()
    secret = base64.b32decode(letters.replace(" ", ""))
    types(nora, "Code from the app", "12", "Finish")
    nora.get_by_role("alert").wait_for()
    looks_over(nora)
    assert nora.locator("strong[translate=no]").inner_text() == letters
    types(nora, "Code from the app", f"{totp(secret, t0=30):06}", "Finish")
    nora.get_by_role("heading", name="Your recovery codes").wait_for()
    looks_over(nora)
    kept = nora.locator("ol strong").all_inner_texts()
    assert len(kept) == 10
    nora.get_by_role("link", name="go on").click()
    nora.goto("/staff/second-step/")
    looks_over(nora)
    nora.get_by_role("button", name="Log out").click()

    gives_password(nora)
    nora.get_by_role("heading", name="Second step").wait_for()
    looks_over(nora)
    assert nora.get_by_label("Code").evaluate("field => field === document.activeElement")
    types(nora, "Code", kept[0].replace("-", "")[:-1], "Go on")
    nora.get_by_role("alert").wait_for()
    looks_over(nora)
    types(nora, "Code", kept[0], "Go on")
    nora.wait_for_url(lambda url: "/staff/" not in url)
    assert SecondStep.objects.get().recovery_codes.count() == 9
