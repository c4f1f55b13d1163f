"""Two people at once, with threads and real transactions: on SQLite in a file, and on PostgreSQL."""

import os
import re
import sqlite3
import threading
from contextlib import contextmanager
from functools import partial

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, connections, transaction
from django.utils import timezone

from content.models import Block, Edition, Page, Rendering
from content.models.page import Stage
from content.publish import Conflict, NotApproved, publish
from content.snapshot import snapshot
from content.workflow import locked, touched
from pumpguide.publishing import content_hash

from .test_snapshot import make_page

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = int(os.environ.get("PUMPGUIDE_ROUNDS", "40"))
AT_MOST = 400
"""Rounds until each of two who run side by side has come first at least once."""
OTHER_ROUNDS = 20
ROUND = re.compile(r"Round (\d+)")


@pytest.fixture(autouse=True)
def _database(tmp_path):
    """The tests' SQLite lies in memory, where writers do not wait for each other; here it lies in a file."""
    if connection.vendor != "sqlite":
        yield
        return
    in_memory = connection.settings_dict["NAME"]
    connection.ensure_connection()
    with sqlite3.connect(tmp_path / "guide.sqlite3") as copy:
        connection.connection.backup(copy)
    copy.close()
    with moved_to(str(tmp_path / "guide.sqlite3")):
        yield
    assert connection.settings_dict["NAME"] == in_memory


@contextmanager
def moved_to(name):
    """Every thread's connection, this one's too, now opens that file."""
    kept = connections["default"]
    in_memory = kept.settings_dict["NAME"]
    del connections["default"]
    connections.settings["default"]["NAME"] = name
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"]["NAME"] = in_memory
        connections["default"] = kept


@pytest.fixture
def people():
    """Two reviewers; nobody else is needed."""
    return [get_user_model().objects.create_user(name) for name in ("rosa", "ravi")]


def at_once(*tasks):
    """Run each in a thread of its own, all let go at the same moment; what each returned or raised."""
    gate, outcomes = threading.Barrier(len(tasks)), [None] * len(tasks)

    def run(place, task):
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            outcomes[place] = task()
        except Exception as refusal:
            outcomes[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


@transaction.atomic
def write(page, number):
    """A round's draft: title, summary and both blocks say its number; as the desk does it, with the row locked."""
    page = locked(page)
    page.title = page.summary = f"Round {number}"
    page.blocks.update(body=f"<p>Round {number}</p>", heading=f"Round {number}")
    page.changed_at = timezone.now()
    touched(page)
    page.save()


def approve(page, by) -> str:
    """Approved as it stands now; the hash of what was seen."""
    page = Page.objects.get(pk=page.pk)
    seen = content_hash(snapshot(page))
    approved = {"approved_by": by, "approved_at": timezone.now(), "approved_hash": seen}
    Page.objects.filter(pk=page.pk).update(stage=Stage.APPROVED, **approved)
    return seen


def go(page, by, seen=None):
    return publish(page, by=by, at=timezone.now(), note="A test", seen=seen)


def rounds_in(text) -> set[str]:
    return set(ROUND.findall(str(text)))


def public(path) -> str:
    return bytes(Rendering.objects.get(path=path).plain).decode()


def test_of_two_who_publish_at_once_one_wins_and_the_other_is_told(people):
    page = make_page("risks", *[{"heading": "x", "body": "<p>x</p>"}] * 2)
    wins, number = [], 0
    while number < ROUNDS or (len(set(wins)) < 2 and number < AT_MOST):
        number += 1
        write(page, number)
        seen = approve(page, people[0])
        outcomes = at_once(*[partial(go, page, by, seen) for by in people])
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict", "PageRevision"], outcomes
        won = next(place for place, outcome in enumerate(outcomes) if not isinstance(outcome, Conflict))
        wins.append(won)
        page.refresh_from_db()
        assert page.live == outcomes[won]
        assert (page.live.number, page.live.approved_by) == (number, people[won])
        assert rounds_in(page.live.snapshot) == rounds_in(public("/risks/")) == {str(number)}
    numbers = page.revisions.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, number + 1))
    assert Edition.objects.get().number == number
    assert set(wins) == {0, 1}  # both come first at times, so they do run side by side


def test_who_publishes_while_another_saves_gets_one_whole_version_or_is_told(people):
    page = make_page("risks", *[{"heading": "x", "body": "<p>x</p>"}] * 2)
    for number in range(1, OTHER_ROUNDS + 1):
        write(page, number)
        seen = approve(page, people[0])
        outcomes = at_once(partial(go, page, people[0], seen), partial(write, page, f"{number}000"))
        assert isinstance(outcomes[0], Conflict | NotApproved) or outcomes[0].number, outcomes
        assert outcomes[1] is None
        assert content_hash(snapshot(Page.objects.get(pk=page.pk))) != seen
        for revision in page.revisions.all()[:1]:
            assert len(rounds_in(revision.snapshot)) == len(rounds_in(public("/risks/"))) == 1
            assert not rounds_in(revision.snapshot) & {f"{n}000" for n in range(1, number + 1)}


def test_two_pages_published_at_once_both_stand_in_the_list(people):
    pages = [make_page(key, "<p>x</p>") for key in ("one", "two")]
    shelf = make_page("all", {"kind": "listing", "subject": "article"})
    approve(shelf, people[0])
    go(shelf, people[0])
    for number in range(1, OTHER_ROUNDS + 1):
        seen = []
        for page in pages:
            Page.objects.filter(pk=page.pk).update(menu_title=f"{page.key} {number}", summary=f"{page.key} {number}")
            seen.append(approve(page, people[0]))
        outcomes = at_once(*[partial(go, *task) for task in zip(pages, people, seen, strict=True)])
        assert [getattr(outcome, "number", outcome) for outcome in outcomes] == [number, number]
        listed = public("/all/")
        assert f"one {number}" in listed
        assert f"two {number}" in listed


def test_new_pages_published_at_once_for_the_first_time_do_not_hinder_each_other(people):
    for number in range(5):
        Edition.objects.all().delete()
        pages = [make_page(f"page-{number}-{place}", "<p>x</p>") for place in range(2)]
        seen = [approve(page, people[0]) for page in pages]
        outcomes = at_once(*[partial(go, *task) for task in zip(pages, people, seen, strict=True)])
        assert [getattr(outcome, "number", outcome) for outcome in outcomes] == [1, 1]
        assert Edition.objects.get().number >= 1
    assert Block.objects.count() == Rendering.objects.count() == 10
