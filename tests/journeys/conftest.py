"""A real browser on the live site: Chromium, the published site, and people who each have their own cookies."""

import os
import shutil
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import sync_playwright

from screening.models import Questionnaire
from tests.conftest import PUBLIC

from .patient import Patient
from .watcher import Watcher

HERE = Path(__file__).parent
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",
    "--in-process-gpu",
    "--enable-features=RenderDocument:level/crashed-frame",  # the next page keeps the frame it has: a fifth less work
]
NO_BROWSER = "no Chromium found"


def pytest_collection_modifyitems(items):
    """Every journey needs a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    """The system's own Chromium; without one the journeys are skipped, or fail where PUMPGUIDE_REQUIRE_BROWSER=1."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("PUMPGUIDE_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{NO_BROWSER}, and PUMPGUIDE_REQUIRE_BROWSER is 1. Install one of: {', '.join(NAMES)}.")
        pytest.skip(NO_BROWSER)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def site(live_server, guide_rows, questionnaire_rows):
    """The address of the live site, with the guide and the questionnaire published."""
    with transaction.atomic():
        for rows in guide_rows:
            if isinstance(rows[0], PUBLIC):
                type(rows[0]).objects.bulk_create(rows)
        Questionnaire.objects.bulk_create(questionnaire_rows)
    return live_server.url


class Seats:
    """Browser contexts with ordinary settings. Whoever leaves one leaves nothing in it; then it is used again.

    A new context costs as much as ten pages. One page stays open in each, so that its process stays, too.
    """

    def __init__(self, browser, site) -> None:
        self.browser, self.site, self.free = browser, site, {True: [], False: []}

    def take(self, *, script):
        if self.free[script]:
            return self.free[script].pop()
        context = self.browser.new_context(base_url=self.site, locale="en-US", java_script_enabled=script)
        context.new_page()
        return context

    def give_back(self, context, *, script):
        first, *others = context.pages
        for page in others:
            page.close()
        context.clear_cookies()
        context.clear_permissions()
        devtools = context.new_cdp_session(first)
        devtools.send("Network.clearBrowserCache")
        devtools.send("Storage.clearDataForOrigin", {"origin": self.site, "storageTypes": "all"})
        devtools.detach()
        self.free[script].append(context)

    def close(self):
        for context in (*self.free[True], *self.free[False]):
            context.close()


@pytest.fixture(scope="session")
def seats(browser, live_server):
    """The contexts of this worker, closed before the site that they are still connected to."""
    seats = Seats(browser, live_server.url)
    yield seats
    seats.close()


@pytest.fixture
def new_patient(browser, site, version_1, seats):
    """Makes people, each with a browser of their own: ``new_patient(java_script_enabled=False, …)``.

    At the end the test fails when a page broke the content policy, wrote an error to the console, lacked a file, or
    asked anyone but this site for anything.
    """
    watcher, own, taken = Watcher(site), [], []

    def make(*, java_script_enabled=True, **options):
        if options:
            context = browser.new_context(
                base_url=site, **{"locale": "en-US", "java_script_enabled": java_script_enabled, **options}
            )
            own.append(context)
        else:
            context = seats.take(script=java_script_enabled)
            taken.append((context, java_script_enabled))
        context.set_default_timeout(5000)
        watcher.watch(context)
        return Patient(context, site, version_1)

    yield make
    for context in own:
        context.close()
    for context, script in taken:
        seats.give_back(context, script=script)
        watcher.leave(context)
    assert watcher.seen == []


@pytest.fixture
def patient(new_patient):
    """A person with an ordinary browser."""
    return new_patient()


@pytest.fixture
def patient_without_script(new_patient):
    """A person whose browser runs no JavaScript."""
    return new_patient(java_script_enabled=False)
