"""The page where the audit is read: newest first, narrowed down, itself recorded."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from screening.access import auditing
from screening.audit import record
from screening.models import AuditEvent
from tests.screening.test_audit import past_the_triggers


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    return client


@transaction.atomic
def happened(action="view", subject="screening 1", by=None, at=None, detail=""):
    return record(action, by=by, at=at or timezone.now(), subject=subject, detail=detail)


def shown(response):
    return [event.number for event in response.context["page"].events]


def get(office, **query):
    return office.get(reverse("intake:audit"), query)


def test_newest_comes_first_and_reading_is_the_newest(office, nurse, administrator):
    happened(by=nurse)
    happened(by=None, action="delete", detail="by the patient")
    response = get(office)
    assert shown(response) == [3, 2, 1]
    page = response.content.decode()
    for words in (
        "nora",
        "opened",
        "screening 1",
        "by the patient",
        "The patient, or the site itself",
        "read this list",
    ):
        assert words in page
    assert AuditEvent.objects.get(number=3).by == administrator
    assert "no-store" in response.headers["Cache-Control"]


def test_it_is_narrowed_down_by_person_action_and_day(office, nurse):
    happened(at=datetime(2026, 3, 1, 4, 59, tzinfo=UTC))  # the day before, at the clinic
    happened(at=datetime(2026, 3, 1, 12, tzinfo=UTC), by=nurse)
    happened(action="print", by=nurse)
    assert shown(get(office, by=nurse.pk)) == [3, 2]
    assert shown(get(office, action="print")) == [3]
    assert shown(get(office, day="2026-03-01")) == [2]
    assert shown(get(office, day="2026-02-28")) == [1]
    assert shown(get(office, day="2026-02-27")) == []
    assert shown(get(office, by=nurse.pk, action="view")) == [2]


def test_a_subject_is_found_alone_and_in_a_list_but_not_in_a_longer_number(office):
    for subject in ("screening 12", "screening 3, 12", "screening 12, 40", "screening 1, 12, 3"):
        happened(subject=subject)
    for subject in ("screening 120", "screening 1, 112", "callback 12", "screening 2", ""):
        happened(subject=subject)
    assert shown(get(office, subject="screening 12")) == [4, 3, 2, 1]
    assert shown(get(office, subject=" Screening  No. 12 ")) == [4, 3, 2, 1]
    assert shown(get(office, subject="callback")) == [7]


def test_it_is_paged_by_key_and_keeps_its_filters(office, monkeypatch):
    monkeypatch.setattr(auditing, "ON_A_PAGE", 3)
    for number in range(7):
        happened(action="print" if number % 2 else "view")
    response = get(office, action="view")
    assert shown(response) == [7, 5, 3]
    assert response.context["older"] == "?action=view&before=3"
    assert shown(office.get(reverse("intake:audit") + response.context["older"])) == [1]


def test_a_rare_thing_is_looked_for_piece_by_piece(office, monkeypatch):
    monkeypatch.setattr(auditing, "LOOKED_THROUGH", 4)
    happened(action="delete")
    for _number in range(8):
        happened()
    response = get(office, action="delete")  # itself number 10: looks through 10 to 7
    assert shown(response) == []
    assert "Look further back" in response.content.decode()
    found, steps = [], 0
    while not found and steps < 5:
        response = office.get(reverse("intake:audit") + response.context["older"])
        found, steps = shown(response), steps + 1
    assert (found, steps) == ([1], 2)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"day": "soon"}, "Write the day like"),
        ({"subject": "12; drop"}, "Write a kind and a number"),
        ({"by": "999999"}, "Select a valid choice"),
        ({"by": "x"}, "Select a valid choice"),
        ({"action": "gaze"}, "Select a valid choice"),
        ({"before": "x"}, ""),
        ({"before": "9" * 30}, ""),
        ({"subject": "\x00"}, ""),
    ],
)
def test_a_filter_that_cannot_be_read_is_said(office, query, said):
    response = get(office, **query)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert shown(response) == [1]


def test_the_newest_rows_can_be_checked_there(office):
    for _number in range(5):
        happened()
    assert "hold together" in office.post(reverse("intake:audit")).content.decode()
    past_the_triggers(number=3).update(detail="x")
    page = office.post(reverse("intake:audit")).content.decode()
    assert "does not hold in 1 place" in page
    assert "Row 3: this row is not as it was written" in page
    assert list(AuditEvent.objects.filter(detail="checked").values_list("action", flat=True)) == ["read-audit"] * 2


def test_only_administrators_read_it(client, nurse, editor, reviewer, admin_user):
    for user in (nurse, editor, reviewer):
        client.force_login(user)
        assert client.get(reverse("intake:audit")).status_code == 403
        assert client.post(reverse("intake:audit")).status_code == 403
    assert not AuditEvent.objects.exists()
    client.force_login(admin_user)
    assert client.get(reverse("intake:audit")).status_code == 200


def test_a_nurse_is_not_told_to_be_none(client, nurse):
    client.force_login(nurse)
    page = client.get(reverse("intake:audit")).content.decode()
    assert "Only intake nurses" not in page
    assert "Back to the desk" in page


def test_it_takes_the_same_few_queries_however_long_it_is(office, django_assert_max_num_queries):
    for _number in range(60):
        happened()
    get(office)
    with django_assert_max_num_queries(16):
        assert len(shown(get(office))) == auditing.ON_A_PAGE
