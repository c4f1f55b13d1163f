"""What happens by itself: a page appears, goes or becomes overdue at its time, without a worker, on every process."""

import logging
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from content.make import make_all, next_due
from content.models import Edition, Page, Redirect
from content.models.page import Stage
from content.pages import load
from content.publish import Conflict, expire, restore, schedule, take_down, unschedule
from content.workflow import touched, whole_page_checked
from pumpguide.publishing import Shelf
from tests.content.going_live import approved, change, colleague, go, write
from tests.content.test_snapshot import make_claim, make_page, mark

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # ten in the morning at the clinic
HOUR = timedelta(hours=1)
OVERDUE = "past its check date"


class Clock:
    """The time that every process sees; the tests move it on."""

    def __init__(self):
        self.now = START

    def moves(self, to=None, **by):
        self.now = to or self.now + timedelta(**by)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("content.pages.timezone", SimpleNamespace(now=lambda: clock.now))
    monkeypatch.setattr("pumpguide.publishing.time", SimpleNamespace(monotonic=lambda: clock.now.timestamp()))
    return clock


@pytest.fixture
def processes():
    """Two web processes: each has a shelf of its own and shares nothing with the other but the database."""
    return [Shelf(load), Shelf(load)]


def shown(process, path="/hazards/"):
    """What a process serves at a path, or None."""
    ready = process.get(path)
    return ready and ready.plain.decode()


def waiting(page, clock, when):
    """The page, approved and set to appear at ``when``."""
    approved(page, at=clock.now)
    Page.objects.filter(pk=page.pk).update(publish_at=when)
    return schedule(page, by=colleague(), at=clock.now, note="In time")


# --- to appear -----------------------------------------------------------------------------------------------------


def test_scheduled_page_appears_at_its_time_on_every_process(clock, processes):
    page = make_page("hazards", "<p>Words.</p>")
    waiting(page, clock, START + HOUR)
    clock.moves(START + HOUR - timedelta(seconds=1))
    assert [shown(process) for process in processes] == [None, None]
    clock.moves(START + HOUR)
    assert all("Words." in shown(process) for process in processes)
    page.refresh_from_db()
    assert (page.stage, page.scheduled, page.live.published_at) == (Stage.PUBLISHED, None, START + HOUR)


def test_scheduled_change_takes_the_place_of_the_live_page_within_5_seconds_of_its_time(clock, processes):
    page = make_page("hazards", "<p>First.</p>")
    go(page, at=START)
    waiting(write(page, "<p>Second.</p>"), clock, START + HOUR)
    clock.moves(START + HOUR - timedelta(seconds=1))
    assert all("First." in shown(process) for process in processes)
    clock.moves(seconds=1 + 5)
    assert all("Second." in shown(process) for process in processes)


def test_scheduled_page_that_moves_leaves_a_redirect(clock, processes):
    page = make_page("hazards", "<p>Words.</p>")
    go(page, at=START)
    waiting(change(page, slug="dangers"), clock, START + HOUR)
    clock.moves(START + HOUR)
    assert "Words." in shown(processes[0], "/dangers/")
    assert shown(processes[1]) is None
    assert Redirect.objects.get().path == "/hazards/"


def test_pages_that_show_its_title_follow(clock, processes):
    go(make_page("five-steps", {"kind": "listing", "subject": "step"}), at=START)
    waiting(make_page("trial", "<p>a</p>", kind="step", title="The trial"), clock, START + HOUR)
    assert "/five-steps/trial/" not in shown(processes[0], "/five-steps/")
    clock.moves(START + HOUR)
    assert all("/five-steps/trial/" in shown(process, "/five-steps/") for process in processes)


@pytest.mark.parametrize("when", [None, START - HOUR, START])
def test_only_a_time_to_come_can_be_waited_for(clock, when):
    page = make_page("hazards", "<p>Words.</p>")
    with pytest.raises(ValidationError, match="publish now"):
        waiting(page, clock, when)


def test_scheduler_who_saw_another_draft_is_told_so(clock):
    page = approved(make_page("hazards", "<p>Words.</p>"), at=START)
    Page.objects.update(publish_at=START + HOUR)
    with pytest.raises(Conflict):
        schedule(page, by=colleague(), at=START, note="In time", seen="another")


def test_edit_calls_off_what_waits(clock, processes):
    page = make_page("hazards", "<p>Words.</p>")
    waiting(page, clock, START + HOUR)
    page.refresh_from_db()
    touched(page)
    page.save()
    clock.moves(hours=2)
    assert shown(processes[0]) is None


def test_what_waits_can_be_called_off_and_stays_approved(clock, processes):
    page = make_page("hazards", "<p>Words.</p>")
    waiting(page, clock, START + HOUR)
    unschedule(page, at=START)
    clock.moves(hours=2)
    assert shown(processes[0]) is None
    page.refresh_from_db()
    assert (page.stage, page.publish_at) == (Stage.APPROVED, None)


def test_claim_that_changes_while_a_page_waits_does_not_go_out_with_it(clock, processes, editor):
    claim = make_claim("dose-small")
    waiting(make_page("hazards", mark("claim", "dose-small")), clock, START + HOUR)
    change(claim, by=editor, text="We say something else.")
    clock.moves(START + HOUR)
    assert "We say dose-small." in shown(processes[0])


@pytest.mark.parametrize("times", [1, 3])
def test_what_is_due_is_done_once(clock, processes, times):
    waiting(make_page("hazards", "<p>Words.</p>"), clock, START + HOUR)
    clock.moves(START + HOUR)
    shown(processes[0])
    edition = Edition.objects.get().number
    for _time in range(times):
        clock.moves(minutes=1)
        assert all("Words." in shown(process) for process in processes)
    assert Edition.objects.get().number == edition


# --- to go ---------------------------------------------------------------------------------------------------------


def test_page_goes_at_its_time_from_every_process(clock, processes):
    page = make_page("hazards", "<p>Words.</p>")
    go(page, at=START)
    expire(page, when=START + HOUR, at=START)
    clock.moves(START + HOUR - timedelta(seconds=1))
    assert all("Words." in shown(process) for process in processes)
    clock.moves(seconds=1 + 5)
    assert [shown(process) for process in processes] == [None, None]
    page.refresh_from_db()
    assert (page.live, page.stage, page.expire_at) == (None, Stage.ARCHIVED, None)
    assert page.revisions.count() == 1


def test_links_to_a_page_that_went_become_words(clock, processes):
    page = make_page("hazards", "<p>Words.</p>")
    go(page, at=START)
    go(make_page("clinic", mark("page", "hazards", "the hazards")), at=START)
    expire(page, when=START + HOUR, at=START)
    clock.moves(START + HOUR)
    assert "<p>the hazards</p>" in shown(processes[0], "/clinic/")


def test_page_that_was_to_go_may_stay(clock, processes):
    page = make_page("hazards", "<p>Words.</p>")
    go(page, at=START)
    expire(page, when=START + HOUR, at=START)
    expire(page, when=None, at=START)
    clock.moves(hours=2)
    assert "Words." in shown(processes[0])


def test_page_cannot_be_told_to_have_gone_already(clock):
    page = make_page("hazards", "<p>Words.</p>")
    go(page, at=START)
    with pytest.raises(ValidationError, match="take the page down now"):
        expire(page, when=START, at=START)


def test_page_taken_down_before_its_time_stays_when_it_is_published_again(clock, processes):
    page = make_page("hazards", "<p>Words.</p>")
    go(page, at=START)
    expire(page, when=START + HOUR, at=START)
    take_down(page, at=START)
    clock.moves(hours=2)
    go(page, at=clock.now)
    clock.moves(hours=1)
    assert "Words." in shown(processes[0])


@pytest.mark.parametrize("way", ["publish", "schedule", "restore"])
def test_page_that_would_be_gone_when_it_appears_is_refused_with_the_mend(clock, way):
    page = make_page("hazards", "<p>Words.</p>")
    first = go(page, at=START)
    Page.objects.update(live=None, expire_at=START + HOUR)
    ways = {
        "publish": lambda: go(page, at=START + HOUR),
        "schedule": lambda: waiting(page, clock, START + 2 * HOUR),
        "restore": lambda: restore(first, by=colleague(), at=START + HOUR),
    }
    with pytest.raises(ValidationError, match="to a later time, or empty it"):
        ways[way]()


# --- to become overdue ---------------------------------------------------------------------------------------------


def checked_until(page, day):
    return change(page, reviewed_by="Dr. A, physician", reviewed_on=date(2025, 11, 20), next_review=day)


def test_page_says_by_itself_that_its_check_is_overdue_from_the_next_day_on(clock, processes):
    page = checked_until(make_page("hazards", "<p>Words.</p>"), date(2026, 11, 22))
    go(page, at=START)
    clock.moves(datetime(2026, 11, 23, 4, 59, 59, tzinfo=UTC))  # the last second of the 22nd at the clinic
    assert not any(OVERDUE in shown(process) for process in processes)
    clock.moves(seconds=1 + 5)
    assert all(OVERDUE in shown(process) for process in processes)


def test_page_that_is_overdue_when_it_is_published_says_so_at_once(clock, processes):
    go(checked_until(make_page("hazards", "<p>Words.</p>"), date(2026, 11, 19)), at=START)
    assert OVERDUE in shown(processes[0])


def test_only_the_overdue_page_says_so(clock, processes):
    go(checked_until(make_page("hazards", "<p>Words.</p>"), date(2026, 11, 20)), at=START)
    go(make_page("clinic", "<p>We.</p>"), at=START)
    clock.moves(days=2)
    assert OVERDUE in shown(processes[0])
    assert OVERDUE not in shown(processes[0], "/clinic/")


def test_check_that_is_not_published_yet_does_not_hide_that_the_live_page_is_overdue(clock, processes, reviewer):
    page = checked_until(make_page("hazards", "<p>Words.</p>"), date(2026, 11, 22))
    go(page, at=START)
    whole_page_checked(page, by=reviewer, at=START, name="Dr. A, physician")
    make_all(at=START)
    clock.moves(days=4)
    assert OVERDUE in shown(processes[0])


def test_new_check_takes_the_notice_away(clock, processes, reviewer):
    page = checked_until(make_page("hazards", "<p>Words.</p>"), date(2026, 11, 19))
    go(page, at=START)
    whole_page_checked(page, by=reviewer, at=START, name="Dr. A, physician")
    go(page, at=START)
    assert OVERDUE not in shown(processes[0])


# --- when to look again --------------------------------------------------------------------------------------------


def test_nothing_is_due_where_nothing_waits(clock):
    go(make_page("hazards", "<p>Words.</p>"), at=START)
    assert next_due(START) is None
    assert Edition.objects.get().next_due is None


def test_the_nearest_of_all_is_due_next(clock):
    overdue = checked_until(make_page("hazards", "<p>Words.</p>"), date(2026, 11, 22))
    go(overdue, at=START)
    assert next_due(START) == datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    going = make_page("clinic", "<p>We.</p>")
    go(going, at=START)
    expire(going, when=START + 2 * HOUR, at=START)
    assert next_due(START) == START + 2 * HOUR
    waiting(make_page("pumps", "<p>a</p>"), clock, START + HOUR)
    assert Edition.objects.get().next_due == START + HOUR


def test_page_that_is_not_public_neither_goes_nor_becomes_overdue(clock):
    page = checked_until(make_page("hazards", "<p>Words.</p>"), date(2026, 11, 22))
    go(page, at=START)
    expire(page, when=START + HOUR, at=START)
    take_down(page, at=START)
    assert next_due(START) is None


def test_warm_page_costs_no_query_while_something_waits(clock, processes, settings, django_assert_num_queries):
    go(make_page("clinic", "<p>We.</p>"), at=START)
    waiting(make_page("hazards", "<p>Words.</p>"), clock, START + HOUR)
    with django_assert_num_queries(1):
        shown(processes[0], "/clinic/")
    with django_assert_num_queries(0):
        shown(processes[0], "/clinic/")


def test_what_cannot_be_done_is_logged_and_keeps_nobody_from_reading(clock, processes, monkeypatch, caplog):
    go(make_page("clinic", "<p>We.</p>"), at=START)
    waiting(make_page("hazards", "<p>Words.</p>"), clock, START + HOUR)
    clock.moves(START + HOUR)

    def broken(*args, **kwargs):
        raise RuntimeError("a template is broken")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR, "content.pages"):
        patch.setattr("content.make.render", broken)
        assert "We." in shown(processes[0], "/clinic/")
        assert shown(processes[0]) is None
    assert "could not be done" in caplog.text
    assert "Words." in shown(processes[1])  # mended: the next look does it


# --- a publish shows on every process ------------------------------------------------------------------------------


def test_publish_shows_on_every_process_within_5_seconds(clock, processes):
    page, other = make_page("hazards", "<p>First.</p>"), make_page("clinic", "<p>We.</p>")
    go(page, at=START)
    go(other, at=START)
    for process in processes:
        shown(process), shown(process, "/clinic/")
    go(write(page, "<p>Second.</p>"), at=START)
    take_down(other, at=START)
    clock.moves(seconds=5)
    assert all("Second." in shown(process) for process in processes)
    assert [shown(process, "/clinic/") for process in processes] == [None, None]


def test_change_made_while_a_page_waits_stays_its_authors_own(clock, processes, editor):
    claim = make_claim("dose-small")
    page = make_page("hazards", mark("claim", "dose-small"))
    waiting(page, clock, START + HOUR)
    claim.text = "We say something else."
    claim.stamp(editor, START + HOUR / 2)
    claim.save()
    clock.moves(START + HOUR)
    shown(processes[0])
    with pytest.raises(PermissionDenied):
        go(page, by=editor, at=START + 2 * HOUR)
