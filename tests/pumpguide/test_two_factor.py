"""The second step of signing in: nobody reaches the desk without it, and nobody is left out for good."""

import logging
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from cryptography.fernet import InvalidToken
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp

from pumpguide.staff import actions, codes
from pumpguide.staff.models import LONGEST_WAIT, RecoveryCode, SecondStep
from pumpguide.staff.site import DeskSite

PASSWORD = "a long enough password"
SECRET = b"a secret of 20 bytes"
LOGIN, VERIFY, SET_UP, STEP = "/admin/login/", "/staff/code/", "/staff/set-up/", "/staff/second-step/"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _required(settings):
    settings.TWO_FACTOR = "required"


def code(at=None, periods=0, secret=SECRET):
    """What the app shows: now, at another time, or so many periods off."""
    return f"{totp(secret, t0=-30 * periods if at is None else _t0(at, periods)):06}"


def _t0(at, periods):
    return int(timezone.now().timestamp() - at.timestamp()) - 30 * periods


def enrolled(user, at=NOW - timedelta(hours=1)):
    """The recovery codes of a user who has set up the app with SECRET."""
    _step, shown = actions.enrol(SECRET, code(at), by=user, at=at)
    return shown


def with_password(client, user, to="/admin/"):
    return client.post(LOGIN, {"username": user.username, "password": PASSWORD, "next": to})


# --- the door ------------------------------------------------------------------------------------------------------

BEHIND = [
    "/admin/",
    "/admin/jsi18n/",
    "/admin/autocomplete/",
    "/admin/password_change/",
    "/admin/password_change/done/",
    "/admin/auth/user/",
    "/admin/auth/user/add/",
    "/admin/r/1/1/",
    "/admin/content/",
    "/admin/nothing/at/all/",
    "/staff/",
    STEP,
]


@pytest.mark.parametrize("path", BEHIND)
def test_password_alone_opens_nothing_of_the_desk(client, administrator, path):
    enrolled(administrator)
    client.force_login(administrator)
    for method in (client.get, client.head, client.post):
        response = method(path)
        assert response.status_code == 302
        assert response.url.startswith(VERIFY)


@pytest.mark.parametrize("path", [*BEHIND, VERIFY, SET_UP])
def test_nobody_passes_without_a_password(client, db, path):
    assert client.get(path).url.startswith(LOGIN)


def test_account_that_is_not_staff_or_no_longer_active_is_sent_to_the_login(client, nurse):
    enrolled(nurse)
    for field in ("is_staff", "is_active"):
        setattr(nurse, field, False)
        nurse.save()
        client.force_login(nurse)
        assert client.get(VERIFY).url.startswith(LOGIN)
        setattr(nurse, field, True)


def test_leaving_needs_no_second_step(client, nurse):
    enrolled(nurse)
    client.force_login(nurse)
    assert b"Logged out" in client.post("/admin/logout/").content
    assert client.get(VERIFY).url.startswith(LOGIN)


def test_desk_knows_no_other_methods(client, administrator):
    client.force_login(administrator)
    for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert client.generic(method, "/admin/").status_code == 405


def test_view_in_no_listed_space_is_refused_to_everyone(client, django_user_model, monkeypatch):
    monkeypatch.setattr("pumpguide.middleware.PUBLIC_NAMES", ())
    client.force_login(django_user_model.objects.create_superuser("root"))
    assert client.get("/healthz").status_code == 403


def test_admin_asks_for_the_second_step_even_without_the_middleware(administrator):
    request = RequestFactory().get("/admin/")
    request.user = administrator
    assert not DeskSite().has_permission(request)
    administrator.is_verified = lambda: True
    assert DeskSite().has_permission(request)


def test_desk_pages_are_kept_by_no_browser(client, administrator):
    client.force_login(administrator)
    for path in (LOGIN, VERIFY, SET_UP):
        assert "no-store" in client.get(path)["Cache-Control"]


# --- signing in ----------------------------------------------------------------------------------------------------


def test_password_then_code_opens_the_page_that_was_asked_for(client, editor):
    enrolled(editor)
    asked = client.get("/admin/content/page/?q=pump")
    assert asked.url == f"{LOGIN}?next={quote('/admin/content/page/?q=pump', safe='/')}"
    step = client.get(with_password(client, editor, "/admin/content/page/?q=pump").url)
    assert step.url == f"{VERIFY}?next={quote('/admin/content/page/?q=pump', safe='/')}"
    assert b"/admin/content/page/?q=pump" in client.get(step.url).content
    done = client.post(VERIFY, {"code": code(), "next": "/admin/content/page/?q=pump"})
    assert done.url == "/admin/content/page/?q=pump"
    assert client.get(done.url).status_code == 200


@pytest.mark.parametrize("typed", ["{} {}", "{}-{}", " {}{} ", "{}\u00a0{}"])
def test_code_may_be_typed_with_gaps(client, editor, typed):
    enrolled(editor)
    client.force_login(editor)
    now = code()
    assert client.post(VERIFY, {"code": typed.format(now[:3], now[3:])}).status_code == 302


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12345\0", "1" * 5000, "-1", "1e5"]
)
def test_what_cannot_be_a_code_is_told_so_and_not_counted(client, editor, typed):
    enrolled(editor)
    client.force_login(editor)
    response = client.post(VERIFY, {"code": typed})
    assert response.status_code == 422
    assert "Type the 6 digits" in response.content.decode()
    assert SecondStep.objects.get().failures == 0


def test_wrong_code_is_counted_and_the_next_one_has_to_wait(client, editor):
    enrolled(editor)
    client.force_login(editor)
    assert client.post(VERIFY, {"code": code(periods=500)}).status_code == 422
    SecondStep.objects.update(failures=4)
    response = client.post(VERIFY, {"code": code()})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 8
    assert "seconds, then try again" in response.content.decode()
    assert client.get("/admin/").status_code == 302


def test_code_works_once(editor):
    enrolled(editor)
    actions.verify(code(NOW), by=editor, at=NOW)
    with pytest.raises(actions.WrongCode):
        actions.verify(code(NOW), by=editor, at=NOW + timedelta(seconds=1))


def test_code_before_the_last_used_one_works_no_more(editor):
    enrolled(editor)
    actions.verify(code(NOW), by=editor, at=NOW)
    with pytest.raises(actions.WrongCode):
        actions.verify(code(NOW, -1), by=editor, at=NOW)


@pytest.mark.parametrize(("off", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_phone_may_be_half_a_minute_off(editor, off, right):
    enrolled(editor)
    if right:
        assert actions.verify(code(NOW, off), by=editor, at=NOW)
    else:
        with pytest.raises(actions.WrongCode):
            actions.verify(code(NOW, off), by=editor, at=NOW)


def test_waits_double_and_never_pass_a_quarter_of_an_hour(editor):
    enrolled(editor)
    step = SecondStep.objects.get()
    waits = []
    for failures in (1, 2, 3, 8, 11, 10**6):
        step.failures, step.failed_at = failures, NOW
        waits.append((step.closed_until() - NOW).total_seconds())
    assert waits == [1, 2, 4, 128, LONGEST_WAIT, LONGEST_WAIT]


def test_right_code_after_the_wait_clears_the_failures(editor):
    enrolled(editor)
    with pytest.raises(actions.WrongCode):
        actions.verify("000000" if code(NOW) != "000000" else "000001", by=editor, at=NOW)
    with pytest.raises(actions.TooManyTries):
        actions.verify(code(NOW), by=editor, at=NOW)
    actions.verify(code(NOW), by=editor, at=NOW + timedelta(seconds=1))
    assert SecondStep.objects.get().failures == 0


def test_session_gets_a_new_key_with_each_step_and_a_planted_one_is_worth_nothing(client, editor):
    enrolled(editor)
    with_password(client, editor)
    half = client.cookies["sessionid"].value
    client.post(VERIFY, {"code": code()})
    whole = client.cookies["sessionid"].value
    assert len({half, whole}) == 2
    thief = Client()
    thief.cookies["sessionid"] = half
    assert thief.get("/admin/").url.startswith(LOGIN)
    assert client.get("/admin/").status_code == 200


def test_session_chosen_by_another_is_not_taken_over_at_login(client, editor):
    client.cookies["sessionid"] = "chosenbyanattacker0000000000000a"
    with_password(client, editor)
    assert client.cookies["sessionid"].value != "chosenbyanattacker0000000000000a"


def test_logging_in_again_asks_for_the_second_step_again(client, editor):
    enrolled(editor)
    client.force_login(editor)
    client.post(VERIFY, {"code": code()})
    assert client.get("/admin/").status_code == 200
    with_password(client, editor)
    assert client.get("/admin/").url.startswith(VERIFY)


def test_step_of_one_account_is_nothing_for_another(client, editor, reviewer):
    enrolled(editor)
    actions.enrol(b"another 20-byte key!", code(secret=b"another 20-byte key!"), by=reviewer, at=timezone.now())
    client.force_login(reviewer)
    session = client.session
    session["otp_device_id"] = editor.secondstep_set.get().persistent_id
    session.save()
    assert client.get("/admin/").url.startswith(VERIFY)
    assert client.post(VERIFY, {"code": code()}).status_code == 422


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "",
]


@pytest.mark.parametrize("to", ELSEWHERE)
def test_nobody_is_sent_to_another_site(client, editor, to):
    enrolled(editor)
    assert with_password(client, editor, to).url == "/staff/"
    assert b"evil" not in client.get(VERIFY, {"next": to}).content
    assert client.post(VERIFY, {"code": code(), "next": to}).url == "/staff/"
    assert client.get(VERIFY, {"next": to}).url == "/staff/"


def test_nobody_is_sent_to_another_site_by_a_referrer(client, editor):
    client.force_login(editor)
    enrolled(editor)
    response = client.post("/admin/content/page/add/", headers={"referer": "https://evil.example/x"})
    assert response.url == f"{VERIFY}?next=/staff/"


# --- setting up ----------------------------------------------------------------------------------------------------


def sealed_in(response):
    return re.search(r'name="sealed" value="([^"]+)"', response.content.decode())[1]


def test_first_login_leads_to_setting_up_and_on_to_the_desk(client, nurse):
    with_password(client, nurse)
    assert client.get(client.get("/admin/").url).url == SET_UP
    page = client.get(SET_UP)
    sealed = sealed_in(page)
    secret = codes.opened(sealed.encode(), nurse.pk)
    text = page.content.decode()
    assert codes.in_letters(secret) in text
    assert "<svg" in text
    assert not re.search(r"\sstyle=|<style", text)
    assert not SecondStep.objects.exists()
    before = client.cookies["sessionid"].value
    done = client.post(SET_UP, {"sealed": sealed, "code": code(secret=secret)})
    assert done.status_code == 200
    assert client.cookies["sessionid"].value != before
    shown = re.findall(r"\d{4}-\d{4}-\d{4}", done.content.decode())
    assert len(shown) == RecoveryCode.objects.count() == 10
    assert client.get("/admin/").status_code == 200
    assert not re.findall(r"\d{4}-\d{4}-\d{4}", client.get(STEP).content.decode())


def test_wrong_first_code_keeps_the_picture(client, nurse):
    client.force_login(nurse)
    first = client.get(SET_UP)
    again = client.post(SET_UP, {"sealed": sealed_in(first), "code": "000000"})
    assert again.status_code == 422
    assert sealed_in(again) == sealed_in(first)
    assert not SecondStep.objects.exists()


def test_form_of_another_account_or_of_long_ago_gives_a_new_picture(client, nurse, editor, monkeypatch):
    client.force_login(nurse)
    others = codes.seal(SECRET, editor.pk).decode()
    for sealed in (others, "rubbish", "", "ü"):
        response = client.post(SET_UP, {"sealed": sealed, "code": code()})
        assert response.status_code == 422
        assert sealed_in(response) != sealed
    own = codes.seal(SECRET, nurse.pk).decode()
    monkeypatch.setattr("pumpguide.staff.views.SETTING_UP_SECONDS", -1)
    assert client.post(SET_UP, {"sealed": own, "code": code()}).status_code == 422
    assert not SecondStep.objects.exists()


def test_password_alone_cannot_replace_the_app(client, nurse):
    enrolled(nurse)
    client.force_login(nurse)
    assert client.get(SET_UP).url.startswith(VERIFY)
    mine = codes.seal(b"x" * 20, nurse.pk).decode()
    response = client.post(SET_UP, {"sealed": mine, "code": code(secret=b"x" * 20), "present": "000000"})
    assert response.url.startswith(VERIFY)
    assert codes.opened(SecondStep.objects.get().sealed_secret, nurse.pk) == SECRET


def test_another_app_takes_a_code_of_the_present_one(client, nurse):
    shown = enrolled(nurse)
    client.force_login(nurse)
    client.post(VERIFY, {"code": code()})
    sealed = sealed_in(client.get(SET_UP))
    secret = codes.opened(sealed.encode(), nurse.pk)
    given = {"sealed": sealed, "code": code(secret=secret)}
    assert client.post(SET_UP, given).status_code == 422
    assert client.post(SET_UP, {**given, "present": "0000-0000-0000"}).status_code == 422
    SecondStep.objects.update(failures=0, failed_at=None)
    assert client.post(SET_UP, {**given, "present": shown[0]}).status_code == 200
    assert codes.opened(SecondStep.objects.get().sealed_secret, nurse.pk) == secret
    assert client.get("/admin/").status_code == 200


# --- recovery codes ------------------------------------------------------------------------------------------------


def test_recovery_code_stands_in_for_the_app_once(client, nurse):
    shown = enrolled(nurse)
    client.force_login(nurse)
    assert client.post(VERIFY, {"code": shown[0]}).status_code == 302
    assert "9 are left" in client.get("/admin/").content.decode()
    client.force_login(nurse)
    client.logout()
    client.force_login(nurse)
    assert client.post(VERIFY, {"code": shown[0]}).status_code == 422
    SecondStep.objects.update(failures=0, failed_at=None)
    assert client.post(VERIFY, {"code": shown[1].replace("-", " ")}).status_code == 302


def test_new_recovery_codes_take_a_code_and_end_the_old_ones(client, nurse):
    old = enrolled(nurse)
    client.force_login(nurse)
    client.post(VERIFY, {"code": old[0]})
    assert client.post(STEP, {"code": "000000" if code() != "000000" else "000001"}).status_code == 422
    SecondStep.objects.update(failures=0, failed_at=None)
    new = re.findall(r"\d{4}-\d{4}-\d{4}", client.post(STEP, {"code": code()}).content.decode())
    assert len(new) == 10
    assert not set(new) & set(old)
    with pytest.raises(actions.WrongCode):
        actions.verify(old[1].replace("-", ""), by=nurse, at=timezone.now())


def test_recovery_code_of_another_account_is_wrong(nurse, editor):
    shown = enrolled(nurse)
    enrolled(editor)
    with pytest.raises(actions.WrongCode):
        actions.verify(shown[0].replace("-", ""), by=editor, at=NOW)


# --- what lies in the database and in the log ------------------------------------------------------------------------


def test_database_holds_neither_secret_nor_recovery_codes(nurse):
    shown = enrolled(nurse)
    step = SecondStep.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_secret FROM staff_secondstep")
        assert SECRET not in bytes(cursor.fetchone()[0])
        cursor.execute("SELECT hash FROM staff_recoverycode")
        hashes = [row[0] for row in cursor.fetchall()]
    assert not {part for each in shown for part in (each, each.replace("-", ""))} & set(hashes)
    with pytest.raises(InvalidToken):
        codes.opened(step.sealed_secret, nurse.pk + 1)


def test_log_names_account_numbers_alone(client, nurse, administrator, caplog):
    with caplog.at_level(logging.DEBUG):
        shown = enrolled(nurse)
        client.force_login(nurse)
        client.post(VERIFY, {"code": "123456"})
        actions.reset(nurse, by=administrator, at=NOW)
    assert f"account {administrator.pk} reset the second step of account {nurse.pk}" in caplog.text
    for kept_out in (nurse.username, "123456", shown[0], codes.in_letters(SECRET)):
        assert kept_out not in caplog.text


# --- reset by an administrator ---------------------------------------------------------------------------------------


def signed_in(client, user):
    enrolled(user)
    client.force_login(user)
    client.post(VERIFY, {"code": code()})


def reset(client, *users):
    chosen = {"action": "reset_second_step", "_selected_action": [user.pk for user in users]}
    return client.post(reverse("admin:auth_user_changelist"), chosen, follow=True)


def test_administrator_resets_a_colleague_who_is_out_at_once(client, administrator, nurse):
    desk = Client()
    signed_in(desk, nurse)
    signed_in(client, administrator)
    assert desk.get("/admin/").status_code == 200
    assert "1 second step was reset" in reset(client, nurse).content.decode()
    assert desk.get(desk.get("/admin/").url).url == SET_UP
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (
        administrator,
        str(nurse.pk),
        "Reset the second step.",
    )


def test_nobody_resets_their_own_or_a_superuser(client, administrator, django_user_model):
    root = django_user_model.objects.create_superuser("root")
    enrolled(root)
    signed_in(client, administrator)
    reset(client, administrator, root)
    assert SecondStep.objects.count() == 2
    assert not LogEntry.objects.exists()


def test_others_cannot_reset(client, editor, nurse):
    enrolled(nurse)
    signed_in(client, editor)
    assert reset(client, nurse).status_code == 403
    assert nurse.secondstep_set.exists()


def test_administrator_sees_who_has_one_but_no_secret(client, administrator, nurse):
    signed_in(client, administrator)
    page = client.get(reverse("admin:auth_user_changelist")).content.decode()
    assert page.count('alt="True"') >= 1
    change = client.get(reverse("admin:auth_user_change", args=[nurse.pk])).content.decode()
    assert "sealed" not in page + change


# --- switched off ----------------------------------------------------------------------------------------------------


def test_switched_off_the_desk_opens_by_password_and_says_so(client, editor, settings):
    settings.TWO_FACTOR = "off"
    with_password(client, editor)
    page = client.get("/admin/").content.decode()
    assert "a password alone" in page
    settings.TWO_FACTOR = "required"
    signed_in(client, editor)
    assert "a password alone" not in client.get("/admin/").content.decode()


# --- where one lands -------------------------------------------------------------------------------------------------


def test_each_lands_at_their_own_work(client, nurse, editor, settings):
    settings.TWO_FACTOR = "off"
    settings.STAFF_LANDINGS = {"screening.use_desk": "content:search"}
    for user, landing in ((nurse, "/search/"), (editor, "/admin/")):
        form = {"username": user.username, "password": PASSWORD}
        assert client.post(f"{LOGIN}?next=", form).url == "/staff/"
        assert client.get("/staff/").url == landing
        client.logout()
    settings.STAFF_LANDINGS = {"screening.use_desk": "no-such:page"}
    client.force_login(nurse)
    assert client.get("/staff/").url == "/admin/"


def test_login_form_carries_on_the_page_asked_for(client, db):
    assert (
        'name="next" value="/admin/content/page/"' in client.get(f"{LOGIN}?next=/admin/content/page/").content.decode()
    )
    assert 'name="next" value="/staff/"' in client.get(LOGIN).content.decode()
    assert "evil" not in re.search(r'name="next" value="[^"]*"', client.get(f"{LOGIN}?next=//evil").content.decode())[0]


def test_two_tabs_set_up_one_app(nurse):
    enrolled(nurse)
    with pytest.raises(actions.WrongCode):
        actions.enrol(b"y" * 20, code(NOW, secret=b"y" * 20), by=nurse, at=NOW)
    assert get_user_model().objects.get(pk=nurse.pk).secondstep_set.count() == 1
