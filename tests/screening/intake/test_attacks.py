"""What someone may try who sits at a desk: past the limits, past the roles, past the audit."""

import threading

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening import audit
from screening.models import Action, AuditEvent
from screening.paper import paper_code
from tests.content.test_two_at_once import _database  # noqa: F401  # the tests' SQLite in a file, where writers wait
from tests.screening.handing import finished

from .rows import sent


def looked_up_in_vain(user, times: int) -> None:
    with audit.transaction.atomic():
        for _time in range(times):
            audit.record(Action.LOOKUP_FAILED, by=user, at=timezone.now(), detail="code")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "typed"), [("intake:paper", "paper"), ("intake:find", "7KQM-2XWP-9RDM")])
def test_of_many_vain_look_ups_at_once_no_more_go_through_than_are_left(nurse, questionnaire, settings, path, typed):
    if typed == "paper":
        typed = code_of_another_clinic(settings)
    looked_up_in_vain(nurse, 18)
    gate, told = threading.Barrier(6), []
    browsers = [Client() for _ in range(6)]
    for browser in browsers:
        browser.force_login(nurse)

    def look(browser):
        gate.wait(timeout=20)
        told.append(browser.post(reverse(path), {"code": typed}).status_code)
        connections.close_all()

    threads = [threading.Thread(target=look, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(told) == [422] * 2 + [429] * 4
    assert AuditEvent.objects.filter(action=Action.LOOKUP_FAILED).count() == 20


def code_of_another_clinic(settings) -> str:
    from screening import published
    from screening.engine.reading import read_answers
    from tests.conftest import BASE

    ruleset, ours = published.current().ruleset, settings.CLINIC_KEY
    settings.CLINIC_KEY = "B" * 43 + "="
    code = paper_code(ruleset, read_answers(ruleset, BASE), timezone.localdate())
    settings.CLINIC_KEY = ours
    return code


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "9999-12-30"])
def test_day_at_the_edge_of_the_calendar_is_no_fault(client, administrator, settings, day):
    client.force_login(administrator)
    assert client.get(reverse("intake:audit"), {"day": day}).status_code == 422


def test_nobody_gives_themselves_a_role(client, administrator):
    """An administrator opens what patients sent by breaking the glass, not by becoming a nurse."""
    from django.contrib.auth.models import Group

    client.force_login(administrator)
    form = {"username": "adam", "is_active": "on", "is_staff": "on", "groups": [*Group.objects.values_list("pk", flat=True)]}
    form |= {"date_joined_0": "2026-11-20", "date_joined_1": "10:00:00"}
    assert client.post(reverse("admin:auth_user_change", args=[administrator.pk]), form).status_code == 302
    assert [group.name for group in administrator.groups.all()] == ["Administrator"]
    assert client.get(reverse("intake:desk")).status_code == 403
