"""Did you find this helpful? Counts, never persons: no cookie, no free text, no log line."""

import logging
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from content.feedback import Limit, count
from content.models import Feedback, Page
from content.models.public import Missing
from content.views import feedback as view

HERE = {"origin": "http://testserver"}
RISKS = "/feedback/risks/"

pytestmark = pytest.mark.usefixtures("public_guide")


@pytest.fixture(autouse=True)
def limit(monkeypatch):
    """Each test begins with nothing counted against the limit."""
    fresh = Limit(most=60, seconds=60)
    monkeypatch.setattr(view, "limit", fresh)
    return fresh


def sends(data, headers=HERE, path=RISKS):
    return Client(enforce_csrf_checks=True).post(path, data, headers=headers)


def counted():
    """(helpful, missing) -> how many, over all days and pages."""
    return {(row.helpful, row.missing): row.count for row in Feedback.objects.all()}


def test_yes_is_counted_and_thanked_for(client):
    response = sends({"helpful": "yes"})
    assert (response.status_code, response.headers["Location"]) == (303, f"{RISKS}?thanks")
    assert counted() == {(True, ""): 1}
    assert "Thank you" in client.get(response.headers["Location"]).text
    row = Feedback.objects.get()
    assert (row.page.key, row.day) == ("risks", timezone.localdate())


def test_no_asks_what_was_missing_and_each_choice_can_be_sent(client):
    response = sends({"helpful": "no"})
    assert response.headers["Location"] == f"{RISKS}?no"
    html = client.get(response.headers["Location"]).text
    for value, label in Missing.choices:
        assert f'name="missing" value="{value}"' in html
        assert str(label) in html or not value


def test_who_says_no_and_then_why_is_counted_once():
    sends({"helpful": "no"})
    sends({"helpful": "no"})
    response = sends({"helpful": "no", "missing": "too-hard"})
    assert response.headers["Location"] == f"{RISKS}?thanks"
    assert counted() == {(False, ""): 1, (False, "too-hard"): 1}


def test_something_else_stays_a_plain_no():
    sends({"helpful": "no"})
    assert sends({"helpful": "no", "missing": ""}).headers["Location"] == f"{RISKS}?thanks"
    assert counted() == {(False, ""): 1}


def test_why_without_a_no_before_is_counted_and_takes_nothing_away():
    sends({"helpful": "no", "missing": "too-long"})
    assert counted() == {(False, "too-long"): 1}


def test_answers_of_one_day_share_a_row_and_days_do_not():
    page = Page.objects.get(key="risks")
    for day in (1, 1, 2):
        count(page, helpful=True, at=datetime(2026, 11, day, 12, tzinfo=timezone.get_current_timezone()))
    assert sorted(Feedback.objects.values_list("day__day", "count")) == [(1, 2), (2, 1)]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"helpful": ""},
        {"helpful": "maybe"},
        {"helpful": "yes\x00"},
        {"helpful": "no", "missing": "my own words"},
        {"helpful": "no", "missing": "😀"},
        {"helpful": "yes", "missing": "too-long"},
        {"missing": "too-long"},
    ],
)
def test_what_is_no_choice_is_asked_again_and_not_counted(data):
    response = sends(data)
    assert response.status_code == 422
    assert "Did this page help you?" in response.text
    assert counted() == {}


@pytest.mark.parametrize("key", ["no-such-page", "admin"])
def test_page_that_is_not_public_takes_no_answers(key):
    assert sends({"helpful": "yes"}, path=f"/feedback/{key}/").status_code == 404
    assert Client().get(f"/feedback/{key}/").status_code == 404


def test_page_that_was_taken_down_takes_no_answers():
    Page.objects.filter(key="risks").update(live=None)
    assert sends({"helpful": "yes"}).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://testserver"},
        {"referer": "http://testserver/risks/"},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": "http://testserver"},
    ],
)
def test_answer_from_our_own_page_is_counted(headers):
    assert sends({"helpful": "yes"}, headers).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://elsewhere.example"},
        {"origin": "http://testserver.elsewhere.example"},
        {"origin": "http://testserver:8000"},
        {"origin": "http://["},
        {"referer": "https://elsewhere.example/http://testserver/"},
        {"origin": "https://elsewhere.example", "referer": "http://testserver/risks/"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_answer_from_another_site_is_refused(headers):
    assert sends({"helpful": "yes"}, headers).status_code == 403
    assert counted() == {}


def test_too_many_answers_at_once_are_refused_kindly(limit):
    limit.most = 2
    assert [sends({"helpful": "yes"}).status_code for _ in range(3)] == [303, 303, 429]
    response = sends({"helpful": "no"})
    assert "Please try again in a minute" in response.text
    assert response.headers["Retry-After"] == "60"
    assert counted() == {(True, ""): 2}


def test_limit_lets_answers_in_again_after_a_while(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("content.feedback.time.monotonic", lambda: now[0])
    few = Limit(most=2, seconds=10)
    assert [few.allows() for _ in range(3)] == [True, True, False]
    now[0] = 10.5
    assert [few.allows() for _ in range(3)] == [True, True, False]


def test_no_cookie_is_set_nothing_is_kept_and_nothing_is_logged(caplog):
    caplog.set_level(logging.INFO)
    client = Client()
    answers = [
        client.post(RISKS, {"helpful": "no"}, headers=HERE),
        client.get(f"{RISKS}?no"),
        client.post(RISKS, {"helpful": "no", "missing": "too-long"}, headers=HERE),
        client.get(f"{RISKS}?thanks"),
    ]
    assert not client.cookies
    assert all("no-store" in response.headers["Cache-Control"] for response in answers)
    assert caplog.records == []


@pytest.mark.parametrize("state", ["", "?no", "?thanks", "?anything=else"])
def test_its_pages_lead_back_and_stay_out_of_search_engines(client, state):
    response = client.get(RISKS + state)
    assert response.status_code == 200
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert 'class="back-link" href="/risks/"' in response.text


def test_other_methods_are_refused(client):
    assert client.put(RISKS).status_code == 405
