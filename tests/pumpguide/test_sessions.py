"""How long staff stay signed in, measured on the server; and that patients never have a session."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

LOGIN, PASSWORD = "/admin/login/", "a long enough password"
PAGE = "/admin/content/page/"
SESSION = "/staff/session/"


@pytest.fixture
def clock(monkeypatch):
    """Moves the time, for all of Django: ``clock(minutes=31)`` from the start."""
    start = timezone.now()
    now = [start]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now[0])

    def to(**passed):
        now[0] = start + timedelta(**passed)

    return to


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    assert client.get(PAGE).status_code == 200
    return client


def test_session_lasts_while_it_is_used(signed_in, clock):
    for minutes in range(25, 9 * 60, 25):
        clock(minutes=minutes)
        assert signed_in.get(PAGE).status_code == 200


def test_half_an_hour_without_use_ends_it_and_the_login_leads_back(signed_in, clock, editor):
    clock(minutes=29)
    assert signed_in.get(PAGE).status_code == 200
    clock(minutes=60)
    asked = signed_in.get(f"{PAGE}?q=pump")
    assert asked.url == f"{LOGIN}?next={PAGE}%3Fq%3Dpump&ended=idle"
    assert not Session.objects.exists()
    login = signed_in.get(asked.url).content.decode()
    assert "signed out after 30 minutes without use" in login
    assert f'name="next" value="{PAGE}?q=pump"' in login
    back = signed_in.post(LOGIN, {"username": "edith", "password": PASSWORD, "next": f"{PAGE}?q=pump"})
    assert back.url == f"{PAGE}?q=pump"
    assert signed_in.get(back.url).status_code == 200


def test_ten_hours_end_it_whatever_the_use(signed_in, clock):
    for minutes in range(20, 600, 20):
        clock(minutes=minutes)
        assert signed_in.get(PAGE).status_code == 200
    clock(hours=10)
    asked = signed_in.get(PAGE)
    assert asked.url.endswith("&ended=long")
    assert "signed out after 10 hours" in signed_in.get(asked.url).content.decode()


def test_form_sent_too_late_says_that_nothing_was_saved(signed_in, clock):
    clock(minutes=31)
    sent = signed_in.post(f"{PAGE}add/", {"title": "x"}, headers={"referer": f"http://testserver{PAGE}add/?a=b"})
    assert sent.url == f"{LOGIN}?next={PAGE}add/%3Fa%3Db&ended=idle&unsaved=1"
    assert "was not saved" in signed_in.get(sent.url).content.decode()


def test_writing_that_is_told_counts_as_use_but_moves_no_longest_time(signed_in, clock):
    clock(minutes=29)
    assert signed_in.get(SESSION).json() == {"idle": 1800, "in_all": 36000 - 29 * 60}
    clock(minutes=58)
    assert signed_in.get(SESSION).status_code == 200
    for minutes in range(80, 600, 20):
        clock(minutes=minutes)
        left = signed_in.get(SESSION).json()
    assert left["in_all"] == 20 * 60
    clock(hours=10)
    assert signed_in.get(SESSION).status_code == 302


@pytest.mark.parametrize("path", [PAGE, "/intake/"])
def test_desk_page_says_before_it_happens_that_a_session_ends(client, editor, nurse, path):
    client.force_login(nurse if path == "/intake/" else editor)
    page = client.get(path).content.decode()
    assert f'data-session="{SESSION}"' in page
    assert re.search(r'<script src="/static/js/session[.\w]*js" defer>', page)
    assert "signed out after 30 minutes without a click" in page


def test_login_page_speaks_of_no_session(client, db):
    assert b"data-session" not in client.get(LOGIN).content


def test_visits_to_public_pages_do_not_count_as_use(signed_in, clock, questionnaire):
    for minutes in (10, 20, 31):
        clock(minutes=minutes)
        signed_in.get("/screening/")
    assert signed_in.get(PAGE).status_code == 302


def test_old_cookie_is_worth_nothing_after_logging_out(signed_in):
    kept = signed_in.cookies["sessionid"].value
    signed_in.post("/admin/logout/")
    signed_in.cookies["sessionid"] = kept
    assert signed_in.get(PAGE).status_code == 302


def test_logging_in_again_starts_both_clocks_anew(signed_in, clock):
    clock(hours=9, minutes=59)
    signed_in.post(LOGIN, {"username": "edith", "password": PASSWORD})
    clock(hours=10, minutes=20)
    assert signed_in.get(PAGE).status_code == 200


def test_unknown_reason_says_nothing(client, db):
    page = client.get(f"{LOGIN}?ended=<script>&unsaved=1")
    assert b"signed out" not in page.content
    assert b"not saved" not in page.content


def test_session_is_not_written_with_every_page(signed_in, clock):
    def writes(seconds):
        clock(seconds=seconds)
        with CaptureQueriesContext(connection) as found:
            signed_in.get("/admin/password_change/")
        return [query for query in found if query["sql"].startswith("UPDATE") and "django_session" in query["sql"]]

    assert writes(30) == []
    assert len(writes(120)) == 1


PATIENT = ["/screening/", "/screening/how-this-works/", "/screening/left/", "/screening/check/", "/healthz", "/search/"]


@pytest.mark.parametrize("path", PATIENT)
def test_patients_have_no_session(client, questionnaire, path):
    response = client.get(path)
    assert "sessionid" not in response.cookies
    assert not response.wsgi_request.session.accessed
    assert not Session.objects.exists()


def test_even_for_staff_a_question_page_reads_no_session(signed_in, questionnaire):
    response = signed_in.get("/screening/")
    assert not response.wsgi_request.session.accessed
