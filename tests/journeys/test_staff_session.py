"""Who writes for long stays signed in, and learns in time when that cannot go on."""

import pytest

from tests.conftest import person

from .staff import Staff

ASKED = "/staff/session/"


@pytest.fixture
def nora(browser, live_server):
    """A nurse at the form for a patient's paper, with the clock in our hands."""
    person("nora", "Intake nurse")
    context = browser.new_context(base_url=live_server.url, locale="en-US")
    context.set_default_timeout(5000)
    nora = Staff(context, "nora").comes_in()
    nora.page.clock.install()
    nora.page.goto("/admin/password_change/")
    yield nora
    context.close()


def writes(nora):
    """A word into the first field of the form, and what the server says to it."""
    with nora.page.expect_response(f"**{ASKED}") as asked:
        nora.page.locator("#id_old_password").press_sequentially("a")
    asked.value.finished()


def test_writing_keeps_the_session_and_a_pause_is_warned_of_in_time(nora):
    writes(nora)
    note = nora.page.get_by_text("You will be signed out in 5 minutes unless you go on.")
    assert not note.is_visible()
    nora.page.clock.fast_forward("26:00")
    note.wait_for()
    writes(nora)
    note.wait_for(state="hidden")
    nora.context.clear_cookies()
    nora.page.clock.fast_forward("06:00")
    nora.page.locator("#id_old_password").press_sequentially("a")
    nora.page.get_by_text("You are signed out. Copy what you wrote").wait_for()
