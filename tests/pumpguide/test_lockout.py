"""Wrong passwords: who has to wait, for how long, who has not, and that neither log nor database names anyone."""

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth import hashers
from django.test import RequestFactory
from django.utils import timezone

from pumpguide.client import UNKNOWN, address

LOGIN, RIGHT, WRONG = "/admin/login/", "a long enough password", "hunter2-hunter2"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def tries(client, password=WRONG, username="nora", times=1, **extra):
    extra = {"REMOTE_ADDR": HERE, **extra}
    for _time in range(times):
        response = client.post(LOGIN, {"username": username, "password": password}, **extra)
    return response


def test_four_wrong_passwords_leave_the_fifth_free(client, nurse):
    assert tries(client, times=4).status_code == 422
    assert tries(client, RIGHT).status_code == 302


def test_fifth_wrong_password_closes_the_door_kindly_for_a_quarter_of_an_hour(client, nurse):
    locked = tries(client, times=5)
    assert locked.status_code == 429
    assert locked["Retry-After"] == "900"
    assert "no-store" in locked["Cache-Control"]
    text = locked.content.decode()
    assert "15 minutes" in text
    assert "Ask an administrator" in text
    assert "nora" not in text
    assert HERE not in text
    assert tries(client, RIGHT).status_code == 429
    assert client.get("/admin/", REMOTE_ADDR=HERE).status_code == 302


def test_the_real_nurse_elsewhere_is_not_locked_out(client, nurse):
    tries(client, times=9)
    assert tries(client, RIGHT, REMOTE_ADDR=ELSEWHERE).status_code == 302


def test_a_colleague_at_the_same_address_is_not_locked_out(client, nurse, editor):
    tries(client, times=9)
    assert tries(client, RIGHT, username="edith").status_code == 302


def test_door_opens_again_and_knocking_meanwhile_does_not_make_it_longer(client, nurse):
    tries(client, times=5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert tries(client, times=3).status_code == 429
    attempt = AccessAttempt.objects.get()
    assert attempt.failures_since_start == 5
    assert attempt.attempt_time < timezone.now() - timedelta(minutes=13)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert tries(client, RIGHT).status_code == 302


def test_right_password_forgets_the_wrong_ones(client, nurse):
    tries(client, times=4)
    tries(client, RIGHT)
    assert not AccessAttempt.objects.exists()


def test_another_browser_at_the_same_address_does_not_start_anew(client, nurse):
    for number in range(4):
        tries(client, HTTP_USER_AGENT=f"browser {number}")
    assert tries(client, HTTP_USER_AGENT="another").status_code == 429


def test_spoofed_forwarding_header_buys_no_more_tries(client, nurse):
    for number in range(4):
        tries(client, HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
    assert tries(client, HTTP_X_FORWARDED_FOR="192.0.2.99").status_code == 429


def test_unknown_name_is_answered_as_a_wrong_password_is(client, nurse, monkeypatch):
    hashed = []
    real = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", lambda *given: hashed.append(1) or real(*given))
    told = {}
    for username in ("nora", "nobody"):
        hashed.clear()
        response = tries(client, username=username)
        body = response.content.decode().replace(username, "")
        token = response.context["csrf_token"]
        told[username] = (response.status_code, body.replace(str(token), ""), len(hashed))
    assert told["nora"][0] == told["nobody"][0] == 422
    assert told["nora"][2] == told["nobody"][2] == 1
    assert len(told["nora"][1]) == len(told["nobody"][1])
    for username in ("nora", "nobody"):
        assert tries(client, username=username, times=4).status_code == 429


@pytest.mark.parametrize("username", ["", " ", "n\0ra", "ü" * 200, "' OR 1=1 --", "<b>"])
def test_odd_names_are_answered(client, db, username):
    assert tries(client, username=username).status_code == 422


def test_neither_log_nor_database_holds_name_or_password(client, nurse, caplog):
    with caplog.at_level(logging.DEBUG):
        tries(client, times=6)
        tries(client, username=WRONG)
        tries(client, RIGHT, REMOTE_ADDR=ELSEWHERE)
    assert "one name at one address" in caplog.text
    for kept_out in ("nora", WRONG, RIGHT, HERE, ELSEWHERE):
        assert kept_out not in caplog.text
    kept = str(list(AccessAttempt.objects.values("username", "get_data", "post_data", "path_info")))
    assert "nora" not in kept
    assert WRONG not in kept
    assert not AccessLog.objects.exists()


# --- the client's address ------------------------------------------------------------------------------------------


def where(settings, proxy=False, **meta):
    settings.BEHIND_PROXY = proxy
    return address(RequestFactory().get("/", **meta))


def test_address_is_that_of_the_connection(settings):
    assert where(settings, REMOTE_ADDR=HERE) == HERE
    assert where(settings, REMOTE_ADDR=HERE, HTTP_X_FORWARDED_FOR=ELSEWHERE) == HERE


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (ELSEWHERE, ELSEWHERE),
        (f"10.0.0.1, 6.6.6.6 , {ELSEWHERE}", ELSEWHERE),
        (f"{ELSEWHERE}:4711", ELSEWHERE),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::"),
        ("::ffff:198.51.100.9", ELSEWHERE),
        ("fe80::1%eth0", "fe80::"),
        ("", "10.0.0.2"),
        ("unknown", "10.0.0.2"),
        (f"{ELSEWHERE}, rubbish", "10.0.0.2"),
        ("1" * 10_000, "10.0.0.2"),
    ],
)
def test_behind_a_proxy_only_its_own_entry_counts(settings, header, found):
    assert where(settings, True, REMOTE_ADDR="10.0.0.2", HTTP_X_FORWARDED_FOR=header) == found


def test_no_address_is_one_address(settings):
    assert where(settings, REMOTE_ADDR="") == UNKNOWN
    assert where(settings, True, REMOTE_ADDR="") == UNKNOWN
