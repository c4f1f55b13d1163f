"""What someone may try who sits at a desk: past the limits, past the roles, past the audit."""

import threading

import pytest
from django.contrib.auth.models import Group
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from screening import audit, published
from screening.engine.reading import read_answers
from screening.models import Action, AuditEvent
from screening.paper import paper_code
from tests.conftest import BASE, person
from tests.screening.handing import database_in_a_file


def looked_up_in_vain(user, times: int) -> None:
    with transaction.atomic():
        for _time in range(times):
            audit.record(Action.LOOKUP_FAILED, by=user, at=timezone.now(), detail="code")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "typed"), [("intake:paper", "paper"), ("intake:find", "7KQM-2XWP-9RDJ")])
def test_of_many_vain_look_ups_at_once_no_more_go_through_than_are_left(questionnaire, settings, tmp_path, path, typed):
    typed = code_of_another_clinic(settings) if typed == "paper" else typed
    with database_in_a_file(tmp_path):
        nurse = person("nora", "Intake nurse")
        looked_up_in_vain(nurse, 18)
        assert sorted(at_once(nurse, reverse(path), typed)) == [422] * 2 + [429] * 4
        assert AuditEvent.objects.filter(action=Action.LOOKUP_FAILED).count() == 20


def at_once(nurse, path: str, typed: str) -> list[int]:
    """What six browsers of hers are told."""
    gate, told = threading.Barrier(6), []
    browsers = [Client() for _ in range(6)]
    for browser in browsers:
        browser.force_login(nurse)

    def look(browser):
        gate.wait(timeout=20)
        told.append(browser.post(path, {"code": typed}).status_code)
        connections.close_all()

    threads = [threading.Thread(target=look, args=(browser,)) for browser in browsers]
    [thread.start() for thread in threads]
    [thread.join(timeout=60) for thread in threads]
    return told


def code_of_another_clinic(settings) -> str:
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
    client.force_login(administrator)
    every = [*Group.objects.values_list("pk", flat=True)]
    form = {"username": "adam", "is_active": "on", "is_staff": "on", "groups": every}
    form |= {"date_joined_0": "2026-11-20", "date_joined_1": "10:00:00"}
    assert client.post(reverse("admin:auth_user_change", args=[administrator.pk]), form).status_code == 302
    assert [group.name for group in administrator.groups.all()] == ["Administrator"]
    assert client.get(reverse("intake:desk")).status_code == 403
