"""A nurse calls back a person who asked for it, while a colleague sees who is on it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from screening.models import AuditEvent, CallbackRequest
from tests.conftest import person
from tests.screening.intake.callers import asked

from .staff import Staff
from .watcher import Watcher


@pytest.fixture
def nurses(browser, live_server):
    """Two nurses, each with a browser of their own. No page may break the content policy."""
    watcher, contexts = Watcher(live_server.url), []

    def comes(name):
        person(name, "Intake nurse")
        context = browser.new_context(base_url=live_server.url, locale="en-US")
        context.set_default_timeout(5000)
        watcher.watch(context)
        contexts.append(context)
        return Staff(context, name).comes_in()

    yield comes("nora"), comes("olga")
    for context in contexts:
        context.close()
    assert watcher.seen == []


def test_a_call_is_taken_tried_in_vain_and_closed(nurses):
    nora, olga = nurses
    row = asked(due=timedelta(hours=-2))
    queue, one = reverse("intake:callbacks"), reverse("intake:callback", args=[row.pk])

    nora.page.goto(queue)
    assert "Overdue by 2" in nora.page.get_by_role("main").inner_text()
    nora.looks_over("queue")
    nora.clicks(nora.page.get_by_role("link", name=f"No. {row.pk}"))
    nora.presses("Take this call")
    nora.presses("Show name and number")
    assert "555 0100" in nora.page.get_by_role("main").inner_text()
    nora.looks_over("one")

    olga.page.goto(one)
    assert "nora has had this call since" in olga.page.get_by_role("main").inner_text()
    assert olga.page.get_by_role("main").get_by_role("button").count() == 0

    nora.page.get_by_label("No answer").check()
    nora.page.get_by_label("In an hour").check()
    nora.presses("Try again later")
    assert "Nobody" in nora.page.get_by_role("row", name=f"No. {row.pk}").inner_text()

    olga.page.goto(one)
    olga.presses("Take this call")
    olga.page.get_by_label("Reached", exact=True).check()
    olga.presses("Close this call")
    assert "Closed today" in olga.page.get_by_role("main").inner_text()

    assert CallbackRequest.objects.get().outcome == "reached"
    traces = AuditEvent.objects.order_by("number").values_list("by__username", "action", "detail")
    assert list(traces) == [
        ("nora", "callback", "taken"),
        ("nora", "reveal", ""),
        ("nora", "callback", "no-answer"),
        ("olga", "callback", "taken"),
        ("olga", "callback", "closed reached"),
    ]
    assert {name: found for name, found in nora.barriers.items() if found} == {}
