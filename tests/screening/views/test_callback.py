"""Asking to be called back: taken in once, spam held without a captcha, nobody dropped in silence."""

import logging
import re
import threading
import time
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from screening.actions.calling import due_at
from screening.keys import opened
from screening.models import CallbackRequest, ConsentWording
from tests.screening.handing import database_in_a_file, finished, mark, name_the_clinic, tables_gone

CALL, CALLED = "/screening/call/", "/screening/called/"
PERSON = {"name": "Mary Markerson", "phone": "(555) 010-7777", "best_time": "morning", "consent": "on"}
TOKEN = re.compile(r'name="token" value="([^"]+)"')

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clinic(db):
    name_the_clinic()


def shown():
    """The mark of a form that a person has had before them for a while."""
    return made_before(seconds=60)


def made_before(*, seconds):
    then = time.time() - seconds
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time", lambda: then)
        return mark()


def ask(token=None, client=None, place="192.0.2.1", **changes):
    data = {**PERSON, "token": shown() if token is None else token, **changes}
    return (client or Client()).post(CALL, data, REMOTE_ADDR=place)


def everything_is_kept(response):
    assert 'value="Mary Markerson"' in response.text
    assert 'value="(555) 010-7777"' in response.text
    assert re.search(r'value="morning"[^>]* checked', response.text)
    assert re.search(r'type="checkbox"[^>]* checked', response.text)
    return True


# --- the way through -----------------------------------------------------------------------------------------------


def test_request_is_stored_sealed_with_the_words_agreed_to():
    wording = re.search(r'<label for="id_consent">(.*?)</label>', Client().get(CALL).text)[1]
    assert ask().url == CALLED
    row = CallbackRequest.objects.get()
    assert opened(row.contact) == {"name": "Mary Markerson", "phone": "(555) 010-7777"}
    assert (row.best_time, row.language, row.suspicion) == ("morning", "en", "")
    assert (row.consent.purpose, row.consent.text) == ("callback", wording)
    assert "Lake Clinic" in wording


def test_pages_say_the_wait_as_the_clinic_states_it_and_set_no_cookie():
    for path in (CALL, CALLED):
        response = Client().get(path)
        assert "two days" in response.text
        assert 'href="tel:5550100199"' in response.text
        assert not response.cookies
        assert response.headers["Cache-Control"] == "private, no-store"
    assert not re.search(r'type="(checkbox|radio)"[^>]* checked', Client().get(CALL).text)


def test_clinic_that_calls_nobody_back_says_how_to_reach_it(questionnaire):
    name_the_clinic(callback=False)
    for response in (Client().get(CALL), ask()):
        assert response.status_code == 404
        assert "(555) 010-0199" in response.text
    assert not CallbackRequest.objects.exists()
    assert CALL not in finished().get("/screening/summary/").text
    name_the_clinic()
    assert f'href="{CALL}"' in finished().get("/screening/summary/").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Write your name"),
        ({"name": " \x00 "}, "Write your name"),
        ({"phone": ""}, "Write the phone number we can call"),
        ({"phone": "after five"}, "with digits"),
        ({"best_time": ""}, "Select the best time"),
        ({"best_time": "now"}, "Select the best time"),
        ({"consent": ""}, "Tick the box if you agree"),
    ],
)
def test_slip_is_named_and_nothing_is_stored(change, said):
    response = ask(**change)
    assert response.status_code == 422
    assert said in response.text
    assert "<title>Error:" in response.text
    assert not CallbackRequest.objects.exists()


def test_language_is_asked_where_there_are_several(settings):
    assert 'name="language"' not in Client().get(CALL).text
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    assert ask().status_code == 422
    ask(language="es")
    assert CallbackRequest.objects.get().language == "es"


def test_database_down_is_told_kindly_with_another_way_and_everything_kept():
    Client().get(CALL)
    with tables_gone():
        response = ask()
    assert response.status_code == 503
    assert re.search(r"You can also call the clinic: <a [^>]*>\(555\) 010-0199</a></p></div>", response.text)
    assert everything_is_kept(response)


# --- when it is due ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "days", "due"),
    [
        ("2026-11-16 09:00", 2, "2026-11-18"),  # Monday
        ("2026-11-19 23:50", 2, "2026-11-23"),  # Thursday
        ("2026-11-20 10:00", 1, "2026-11-23"),  # Friday
        ("2026-11-21 10:00", 1, "2026-11-23"),  # Saturday
        ("2026-11-21 10:00", 0, "2026-11-23"),
        ("2026-11-16 09:00", 0, "2026-11-16"),
        ("2026-10-30 09:00", 1, "2026-11-02"),  # the clocks change in between
    ],
)
def test_due_at_the_end_of_the_working_day_in_local_time(asked, days, due):
    moment = timezone.make_aware(datetime.fromisoformat(asked))
    assert timezone.localtime(due_at(moment, days)).strftime("%Y-%m-%d %H:%M") == f"{due} 23:59"


def test_days_until_due_are_the_clinic_s_own():
    name_the_clinic(callback_days=5)
    ask()
    row = CallbackRequest.objects.get()
    assert row.due_at == due_at(row.asked_at, 5)


# --- once, and once only -------------------------------------------------------------------------------------------


def test_same_form_twice_is_one_request():
    token = shown()
    assert [ask(token).url for _ in range(7)] == [CALLED] * 7
    assert CallbackRequest.objects.count() == ConsentWording.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_one_request_or_stop_at_the_limit(tmp_path):
    with database_in_a_file(tmp_path):
        same = shown()
        assert at_once(lambda: ask(same).status_code, 10) == [302] * 10
        assert CallbackRequest.objects.count() == 1
        tokens = [shown() for _ in range(10)]
        found = at_once(lambda: ask(tokens.pop(), phone=f"555 010 {7000 + len(tokens)}").status_code, 10)
        assert sorted(found) == [302] * 4 + [429] * 6
        assert CallbackRequest.objects.count() == 5


def at_once(task, times):
    gate, found = threading.Barrier(times), []

    def one():
        gate.wait(timeout=20)
        try:
            found.append(task())
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(times)]
    [thread.start() for thread in threads]
    [thread.join(timeout=60) for thread in threads]
    return found


# --- spam ----------------------------------------------------------------------------------------------------------


def test_what_a_machine_may_have_sent_is_kept_with_a_flag_and_thanked_alike():
    answers = [
        ask(place="192.0.2.1", phone="555 010 0001"),
        ask(mark(), place="192.0.2.2", phone="555 010 0002"),
        ask(comment="buy\x00now", place="192.0.2.3", phone="555 010 0003"),
        ask(mark(again=True), place="192.0.2.4", phone="555 010 0004"),
    ]
    assert {(response.status_code, response.url) for response in answers} == {(302, CALLED)}
    flags = list(CallbackRequest.objects.order_by("pk").values_list("suspicion", flat=True))
    assert flags == ["", "haste", "trap", ""]


def test_trap_is_out_of_sight_of_people_and_of_screen_readers():
    html = Client().get(CALL).text
    trap = re.search(r'<div class="trap" aria-hidden="true">.*?</div>', html, re.DOTALL)[0]
    assert 'tabindex="-1"' in trap
    assert 'autocomplete="off"' in trap
    assert "Leave this field empty" in trap


def test_third_from_one_address_is_flagged_and_the_sixth_refused_with_the_phone_number():
    for number in range(5):
        assert ask(phone=f"555 010 000{number}").status_code == 302
    response = ask()
    assert (response.status_code, response.headers["Retry-After"]) == (429, "3600")
    assert re.search(r"You can also call the clinic: <a [^>]*>\(555\) 010-0199</a></p></div>", response.text)
    assert everything_is_kept(response)
    assert list(CallbackRequest.objects.order_by("pk").values_list("suspicion", flat=True)) == ["", ""] + ["many"] * 3
    assert ask(place="192.0.2.9").status_code == 302
    CallbackRequest.objects.update(asked_at=timezone.now() - timedelta(minutes=61))
    assert ask().status_code == 302


def test_fourth_for_one_number_within_a_day_is_refused_however_it_is_written():
    numbers = ("5550107777", "+1 555 010 7777", "1 (555) 010-7777")
    for place, phone in enumerate(numbers):
        assert ask(place=f"192.0.2.{place}", phone=phone).status_code == 302
    assert ask(place="192.0.2.8", phone="555.010.7777 ext 3").status_code == 429
    CallbackRequest.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    assert ask(place="192.0.2.8").status_code == 302


def test_form_already_taken_in_is_thanked_beyond_the_limit_too():
    token = shown()
    ask(token)
    for number in range(4):
        ask(phone=f"555 010 000{number}")
    assert ask().status_code == 429
    assert ask(token).url == CALLED


def test_neither_address_nor_number_lies_in_the_row():
    ask()
    row = CallbackRequest.objects.values_list()[0]
    stored = " ".join(str(bytes(value) if isinstance(value, memoryview) else value) for value in row)
    for secret in ("192.0.2", "7777", "Markerson"):
        assert secret not in stored


# --- the mark of the form ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\x00", "é:é:é", "old", "cut"])
def test_form_without_a_good_mark_comes_back_filled_in_and_one_press_sends_it(token):
    token = {"old": made_before(seconds=12 * 3600 + 5), "cut": shown()[:-1]}.get(token, token)
    response = ask(token)
    assert response.status_code == 422
    assert "Please send it once more" in response.text
    assert everything_is_kept(response)
    assert not CallbackRequest.objects.exists()
    assert ask(TOKEN.search(response.text)[1]).url == CALLED
    assert CallbackRequest.objects.get().suspicion == ""


def test_words_that_were_changed_meanwhile_are_read_before_anyone_agrees():
    token = shown()
    name_the_clinic(clinic_name="Hill Clinic")
    response = ask(token)
    assert response.status_code == 409
    assert "The words beside the box were changed" in response.text
    assert "Hill Clinic keeps my name" in response.text
    assert 'value="Mary Markerson"' in response.text
    assert 'value="(555) 010-7777"' in response.text
    assert not re.search(r'type="checkbox"[^>]* checked', response.text)
    assert not CallbackRequest.objects.exists()
    assert ask(TOKEN.search(response.text)[1]).url == CALLED
    assert "Hill Clinic" in ConsentWording.objects.get().text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 302),
        ({"origin": "http://testserver"}, 302),
        ({"sec-fetch-site": "same-origin"}, 302),
        ({"sec-fetch-site": "cross-site"}, 422),
        ({"origin": "https://elsewhere.example"}, 422),
        ({"origin": "null"}, 422),
        ({"origin": "http://["}, 422),
    ],
)
def test_form_that_another_site_sends_is_shown_before_it_counts(headers, status):
    assert ask(client=Client(headers=headers, enforce_csrf_checks=True)).status_code == status
    assert CallbackRequest.objects.exists() == (status == 302)


# --- nothing of it anywhere else -----------------------------------------------------------------------------------


def test_markers_come_into_no_log_address_or_title(caplog):
    caplog.set_level(logging.DEBUG)
    responses = [ask(name=""), ask(phone="Markerson 7777"), ask(""), ask(comment="Markerson")]
    with tables_gone():
        responses.append(ask())
    responses += [ask() for _ in range(4)]
    assert {response.status_code for response in responses} == {302, 422, 429, 503}
    logged = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    titles = " ".join(found for response in responses for found in re.findall(r"<title>.*?</title>", response.text))
    places = " ".join(response.headers.get("Location", "") for response in responses)
    for marker in ("Markerson", "7777", "192.0.2"):
        assert marker not in logged + titles + places
    assert "Markerson" not in Client().get(CALLED).text


def test_other_methods_are_refused_and_a_plain_look_changes_nothing():
    assert Client().put(CALL).status_code == 405
    assert Client().head(CALL).status_code == 200
    assert not CallbackRequest.objects.exists()
