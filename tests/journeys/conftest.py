"""A real browser on the live site: Chromium, the published site, and people who each have their own cookies."""

import os
import shutil
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import sync_playwright

from content.guide_files import load
from content.models import Edition, Page, PageRevision, Rendering, SearchEntry
from screening.actions import load_starting_questionnaire
from screening.models import Questionnaire

from .patient import Patient
from .watcher import Watcher

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
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


@pytest.fixture(scope="session")
def published_rows(django_db_setup, django_db_blocker):
    """All rows a public page needs, made once and rolled back: a test puts them in again in a few milliseconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(at=timezone.now())
        load_starting_questionnaire(at=timezone.now())
        rows = [
            list(model.objects.all()) for model in (Page, PageRevision, Rendering, Edition, SearchEntry, Questionnaire)
        ]
        transaction.set_rollback(True)
    return rows


@pytest.fixture
def site(live_server, published_rows):
    """The address of the live site, with the guide and the questionnaire published."""
    with transaction.atomic():
        for rows in published_rows:
            type(rows[0]).objects.bulk_create(rows)
    return live_server.url


@pytest.fixture
def new_patient(browser, site, version_1):
    """Makes people, each with a browser of their own: ``new_patient(java_script_enabled=False, …)``.

    At the end the test fails when a page broke the content policy, wrote an error to the console, lacked a file, or
    asked anyone but this site for anything.
    """
    watcher, contexts = Watcher(site), []

    def make(**options):
        context = browser.new_context(base_url=site, **{"locale": "en-US", **options})
        context.set_default_timeout(5000)
        watcher.watch(context)
        contexts.append(context)
        return Patient(context, site, version_1)

    yield make
    for context in contexts:
        context.close()
    assert watcher.seen == []


@pytest.fixture
def patient(new_patient):
    """A person with an ordinary browser."""
    return new_patient()


@pytest.fixture
def patient_without_script(new_patient):
    """A person whose browser runs no JavaScript."""
    return new_patient(java_script_enabled=False)
