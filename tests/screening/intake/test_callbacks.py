"""The call-back queue: who is due, who is on it, and that every step leaves its trace."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from pumpguide.publishing import run
from screening import actions
from screening.access.callbacks import place_of, reveal_callback
from screening.forms_queue import Again, AttemptForm, again_at
from screening.models import AuditEvent, CallbackAttempt, CallbackRequest
from tests.conftest import person

from .callers import asked

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(nurse):
    client = Client()
    client.force_login(nurse)
    return client


@pytest.fixture
def other_nurse(db):
    return person("olga", "Intake nurse")


def at(name, row):
    return reverse(f"intake:{name}", args=[row.pk])


def traces():
    return list(AuditEvent.objects.order_by("number").values_list("action", "subject", "detail"))


def read(response):
    return " ".join(response.content.decode().split())


# --- the list


def test_who_is_due_first_comes_first_and_lateness_is_said_in_words(desk):
    later, late, flagged = asked(due=2 * HOUR), asked(due=-3 * HOUR), asked(due=HOUR, suspicion="haste")
    page = read(desk.get(reverse("intake:callbacks")))
    places = [page.index(at("callback", row)) for row in (late, flagged, later)]
    assert places == sorted(places)
    assert page.count("Overdue by 3") == 1
    assert page.count("May not be a person: Sent within seconds") == 1
    assert page.count("In the morning") == page.count('<td data-label="Language">English</td>') == 3


def test_no_name_or_number_stands_in_the_list_or_on_the_page_of_one(desk):
    row = asked()
    for address in (reverse("intake:callbacks"), at("callback", row)):
        response = desk.get(address)
        assert response.status_code == 200
        assert "Mary" not in response.content.decode()
        assert "555" not in response.content.decode()
    assert traces() == []


def test_the_queue_is_paged_by_key_both_ways_without_counting(desk, django_assert_max_num_queries):
    due = timezone.now() + HOUR
    rows = [asked(due_at=due + timedelta(minutes=number // 3)) for number in range(60)]

    def shown(query=""):
        with django_assert_max_num_queries(10):  # session and its limits, user, rights, two of one page, closed
            page = desk.get(reverse("intake:callbacks") + query).context["page"]
        return [row.pk for row in page.rows], page

    first, page = shown()
    second, page_2 = shown(f"?after={page.later}")
    third, page_3 = shown(f"?after={page_2.later}")
    assert first + second + third == [row.pk for row in rows]
    assert page.earlier is None
    assert page_3.later is None
    assert shown(f"?before={page_3.earlier}")[0] == second
    back, page_1 = shown(f"?before={page_2.earlier}")
    assert back == first
    assert page_1.earlier is None


@pytest.mark.parametrize("way", ["after", "before"])
def test_a_page_of_the_queue_is_read_off_its_index(desk, way):
    row = asked()
    if connection.vendor == "postgresql":  # which would rather read so small a table whole
        run(connection, ["SET LOCAL enable_seqscan = off", "SET LOCAL enable_sort = off"])
    with CaptureQueriesContext(connection) as asked_for:
        desk.get(reverse("intake:callbacks"), {way: place_of(row)})
    query = next(one["sql"] for one in asked_for if 'callbackrequest"."closed_at" IS NULL' in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' * (connection.vendor == 'sqlite')}{query}")
        plan = str(cursor.fetchall())
    assert "callback_queue" in plan
    assert "B-TREE" not in plan.upper()
    assert "SORT" not in plan.upper()


@pytest.mark.parametrize("place", ["x", "-", "1-", "9" * 40 + "-1", "1-" + "9" * 30, "%00", "٣-٣"])
def test_a_place_that_is_none_is_the_first_page(desk, place):
    row = asked()
    for way in ("after", "before"):
        response = desk.get(reverse("intake:callbacks"), {way: place})
        assert response.status_code == 200
        assert at("callback", row) in read(response)


def test_what_was_closed_today_is_listed_and_older_is_not(desk, nurse):
    today, before = asked(), asked()
    actions.claim(today.pk, by=nurse, at=timezone.now())
    actions.close(today.pk, by=nurse, at=timezone.now(), outcome="reached")
    old = timezone.now() - timedelta(days=2)
    CallbackRequest.objects.filter(pk=before.pk).update(closed_by=nurse, closed_at=old, outcome="reached")
    page = read(desk.get(reverse("intake:callbacks")))
    assert "Nobody waits for a call" in page
    assert at("callback", today) in page
    assert at("callback", before) not in page


# --- one call


def test_a_call_is_taken_shown_and_closed_and_each_step_is_traced(desk, nurse):
    row = asked()
    assert desk.post(at("claim", row)).headers["Location"] == at("callback", row)
    page = desk.post(at("reveal-callback", row))
    assert "Mary Example" in read(page)
    assert "555 0100" in read(page)
    assert "no-store" in page.headers["Cache-Control"]
    assert desk.post(at("close", row), {"outcome": "reached"}).headers["Location"] == reverse("intake:callbacks")
    row.refresh_from_db()
    assert (row.closed_by, row.outcome) == (nurse, "reached")
    subject = f"callback {row.pk}"
    assert traces() == [
        ("callback", subject, "taken"),
        ("reveal", subject, ""),
        ("callback", subject, "closed reached"),
    ]


def test_a_colleague_sees_who_is_on_it_and_gets_neither_the_call_nor_the_number(desk, other_nurse):
    row = asked()
    actions.claim(row.pk, by=other_nurse, at=timezone.now())
    assert "olga has had this call since" in read(desk.get(at("callback", row)))
    for name, sent in (("claim", {}), ("reveal-callback", {}), ("close", {"outcome": "reached"}), ("release", {})):
        response = desk.post(at(name, row), sent)
        assert response.status_code == 409, name
        assert "olga" in read(response)
        assert "Mary" not in read(response)
    response = desk.post(at("attempt", row), {"reason": "busy", "again": "hour"})
    assert response.status_code == 409
    assert "You do not hold this call any more" in read(response)
    assert len(traces()) == 1
    assert not CallbackAttempt.objects.exists()


def test_a_name_is_shown_only_to_the_person_who_took_the_call(nurse, other_nurse):
    row = asked()
    for user in (nurse, other_nurse):
        with pytest.raises(PermissionDenied):
            reveal_callback(user, row.pk, at=timezone.now())
    assert traces() == []


def test_a_forgotten_call_may_be_taken_over_after_two_hours(nurse, other_nurse):
    row, now = asked(), timezone.now()
    assert actions.claim(row.pk, by=other_nurse, at=now)
    assert not actions.claim(row.pk, by=nurse, at=now + 2 * HOUR - timedelta(seconds=1))
    assert actions.claim(row.pk, by=nurse, at=now + 2 * HOUR)
    assert [detail for *_, detail in traces()] == ["taken", "taken over"]


def test_taking_what_one_holds_changes_nothing(nurse):
    row, now = asked(), timezone.now()
    assert actions.claim(row.pk, by=nurse, at=now)
    assert actions.claim(row.pk, by=nurse, at=now + HOUR)
    row.refresh_from_db()
    assert row.claimed_at == now
    assert len(traces()) == 1


def test_a_call_that_was_put_back_is_free_for_others(desk, nurse, other_nurse):
    row = asked()
    desk.post(at("claim", row))
    desk.post(at("release", row))
    assert actions.claim(row.pk, by=other_nurse, at=timezone.now())
    assert [detail for *_, detail in traces()] == ["taken", "put back", "taken"]


def test_a_call_in_vain_is_due_again_and_free(desk):
    row = asked(due=-HOUR)
    desk.post(at("claim", row))
    before = timezone.now()
    assert desk.post(at("attempt", row), {"reason": "no-answer", "again": "hour"}).status_code == 302
    row.refresh_from_db()
    assert before + HOUR <= row.due_at <= timezone.now() + HOUR
    assert row.claimed_by is None
    assert "1 time, last: No answer" in read(desk.get(reverse("intake:callbacks")))
    assert "No answer (nora)" in read(desk.get(at("callback", row)))
    assert desk.post(at("attempt", row), {"reason": "no-answer", "again": "hour"}).status_code == 409
    assert CallbackAttempt.objects.count() == 1
    assert traces()[-1][2] == "no-answer"


def test_an_attempt_is_history(nurse):
    row, now = asked(), timezone.now()
    actions.claim(row.pk, by=nurse, at=now)
    actions.attempt(row.pk, by=nurse, at=now, reason="busy", again_at=now + HOUR)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        CallbackAttempt.objects.update(reason="no-answer")
    with pytest.raises(ValidationError):
        actions.attempt(row.pk, by=nurse, at=now, reason="busy", again_at=now)


def test_a_closing_can_be_taken_back(desk, nurse):
    row = asked()
    desk.post(at("claim", row))
    desk.post(at("close", row), {"outcome": "wrong-number"})
    assert "Wrong number" in read(desk.get(at("callback", row)))
    assert desk.post(at("reopen", row)).headers["Location"] == at("callback", row)
    assert "You have had this call since" in read(desk.get(at("callback", row)))
    assert desk.post(at("reopen", row)).status_code == 409
    assert desk.post(at("close", row), {"outcome": "reached"}).status_code == 302


def test_a_closed_call_still_shows_its_name_when_asked_and_traces_it(desk, nurse):
    row = asked()
    desk.post(at("claim", row))
    desk.post(at("close", row), {"outcome": "reached"})
    assert "Mary" not in read(desk.get(at("callback", row)))
    assert "Mary" in read(desk.post(at("reveal-callback", row)))
    assert traces()[-1][0] == "reveal"


@pytest.mark.parametrize(
    ("name", "sent", "said"),
    [
        ("close", {}, "Select how it ended"),
        ("close", {"outcome": "rubbish"}, "Select a valid choice"),
        ("attempt", {"again": "hour"}, "Select what happened"),
        ("attempt", {"reason": "busy"}, "Select when to try again"),
        ("attempt", {"reason": "busy", "again": "other"}, "Write the day and time"),
        ("attempt", {"reason": "busy", "again": "other", "other": "soon"}, "Write the day and time like"),
        ("attempt", {"reason": "busy", "again": "other", "other": "2020-01-01T10:00"}, "still to come"),
        ("attempt", {"reason": "busy", "again": "other", "other": "2999-01-01T10:00"}, "within the next 60 days"),
    ],
)
def test_a_form_that_is_not_whole_comes_back_with_what_to_do(desk, name, sent, said):
    row = asked()
    desk.post(at("claim", row))
    response = desk.post(at(name, row), sent)
    assert response.status_code == 422
    assert said in read(response)
    assert "<title>Error:" in read(response)
    if "reason" in sent:
        assert 'value="busy" id="attempt_reason_1" checked' in read(response)


def test_an_unknown_call_is_not_found(desk):
    for name in ("callback", "claim", "release", "reveal-callback", "attempt", "close", "reopen"):
        for number in (1, 10**25):
            address = reverse(f"intake:{name}", args=[number])
            response = desk.get(address) if name == "callback" else desk.post(address)
            assert response.status_code == 404, address


def test_nobody_but_nurses_sees_the_queue(client, editor, reviewer, administrator):
    row = asked()
    for user in (editor, reviewer, administrator):
        client.force_login(user)
        assert client.get(reverse("intake:callbacks")).status_code == 403
        for name in ("claim", "release", "reveal-callback", "attempt", "close", "reopen"):
            response = client.post(at(name, row), {"outcome": "reached", "reason": "busy", "again": "hour"})
            assert response.status_code == 403
    client.logout()
    assert client.get(reverse("intake:callbacks")).status_code == 302
    assert traces() == []


def test_without_a_trace_no_name_is_shown(desk, monkeypatch):
    row = asked()
    desk.post(at("claim", row))
    desk.raise_request_exception = False

    def fails(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditEvent, "save", fails)
    response = desk.post(at("reveal-callback", row))
    assert response.status_code == 500
    assert "Mary" not in response.content.decode()
    assert "555" not in response.content.decode()
    assert desk.post(at("close", row), {"outcome": "reached"}).status_code == 500
    row.refresh_from_db()
    assert row.closed_at is None


# --- when to try again

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("choice", "now", "then"),
    [
        (Again.HOUR, (2026, 11, 20, 16, 30), (2026, 11, 20, 17, 30)),
        (Again.AFTERNOON, (2026, 11, 20, 9, 0), (2026, 11, 20, 14, 0)),
        (Again.NEXT_MORNING, (2026, 11, 19, 16, 0), (2026, 11, 20, 9, 0)),
        (Again.NEXT_MORNING, (2026, 11, 20, 16, 0), (2026, 11, 23, 9, 0)),
        (Again.NEXT_AFTERNOON, (2026, 10, 31, 16, 0), (2026, 11, 2, 14, 0)),  # the clocks go back in between
    ],
)
def test_a_choice_stands_for_a_time_at_the_clinic(choice, now, then):
    asked_at = datetime(*now, tzinfo=NEW_YORK).astimezone(UTC)
    assert again_at(choice, asked_at) == datetime(*then, tzinfo=NEW_YORK)


def test_this_afternoon_is_offered_only_before_it():
    def offered(hour):
        form = AttemptForm(datetime(2026, 11, 20, hour, tzinfo=NEW_YORK))
        return [value for value, _label in form.fields["again"].choices]

    assert Again.AFTERNOON in offered(13)
    assert Again.AFTERNOON not in offered(14)
