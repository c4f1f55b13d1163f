"""An administrator sees what patients sent only with a reason, for a quarter of an hour, and it is recorded."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from screening import access
from screening.actions import GlassReason, break_glass
from screening.models import AuditEvent

WHOLE = {"reason": "no-nurse", "understood": "on"}


def read(response):
    return " ".join(response.content.decode().split())


def test_glass_opens_the_desk_and_is_recorded(client, administrator):
    client.force_login(administrator)
    assert client.get(reverse("intake:callbacks")).status_code == 403
    assert client.post(reverse("intake:glass"), WHOLE).headers["Location"] == reverse("intake:desk")
    page = client.get(reverse("intake:callbacks"))
    assert page.status_code == 200
    assert "open to you for 15 more minutes" in read(page)
    event = AuditEvent.objects.get()
    assert (event.action, event.by, event.detail) == ("break-glass", administrator, "no-nurse")


def test_after_a_quarter_of_an_hour_it_is_closed_again(administrator, client, monkeypatch):
    now = timezone.now()
    assert break_glass(by=administrator, at=now, reason="fault") == now + timedelta(minutes=15)
    assert access.may_use_desk(administrator, now + timedelta(minutes=14, seconds=59))
    assert not access.may_use_desk(administrator, now + timedelta(minutes=15))
    client.force_login(administrator)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(minutes=15))
    assert client.get(reverse("intake:callbacks")).status_code == 403


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"understood": "on"}, "Select why you need it"),
        ({"reason": "curious", "understood": "on"}, "Select a valid choice"),
        ({"reason": "fault"}, "Tick that you understand"),
    ],
)
def test_without_a_reason_from_the_list_and_the_tick_it_stays_closed(client, administrator, sent, said):
    client.force_login(administrator)
    response = client.post(reverse("intake:glass"), sent)
    assert response.status_code == 422
    assert said in read(response)
    assert not AuditEvent.objects.exists()
    assert client.get(reverse("intake:callbacks")).status_code == 403


def test_a_reason_that_is_none_is_refused(administrator):
    with pytest.raises(ValueError, match="curious"):
        break_glass(by=administrator, at=timezone.now(), reason="curious")
    assert set(GlassReason.values) == {"no-nurse", "patient-asked", "fault", "inquiry"}


def test_one_persons_glass_opens_nothing_to_another(client, administrator, admin_user):
    break_glass(by=administrator, at=timezone.now(), reason="fault")
    client.force_login(admin_user)
    assert client.get(reverse("intake:callbacks")).status_code == 403


def test_a_superuser_breaks_the_glass_like_anyone_else(client, admin_user):
    client.force_login(admin_user)
    assert client.get(reverse("intake:callbacks")).status_code == 403
    client.post(reverse("intake:glass"), WHOLE)
    assert client.get(reverse("intake:callbacks")).status_code == 200


def test_a_nurse_is_led_to_the_desk_and_others_are_refused(client, nurse, editor, reviewer):
    client.force_login(nurse)
    for ask in (client.get, client.post):
        assert ask(reverse("intake:glass")).headers["Location"] == reverse("intake:desk")
    for user in (editor, reviewer):
        client.force_login(user)
        assert client.get(reverse("intake:glass")).status_code == 403
        assert client.post(reverse("intake:glass"), WHOLE).status_code == 403
    assert not AuditEvent.objects.exists()


def test_the_banner_costs_a_nurse_no_query(client, nurse, django_assert_num_queries):
    client.force_login(nurse)
    client.get(reverse("intake:callbacks"))
    with django_assert_num_queries(5):  # session, user, their rights, the queue, what closed today
        page = client.get(reverse("intake:callbacks"))
    assert "Emergency access" not in read(page)


def test_without_a_trace_the_desk_stays_closed(client, administrator, monkeypatch):
    client.force_login(administrator)
    client.raise_request_exception = False

    def fails(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditEvent, "save", fails)
    assert client.post(reverse("intake:glass"), WHOLE).status_code == 500
    assert not access.may_use_desk(administrator)
