"""The second step of signing in: nobody reaches the desk without it, and nobody is sent astray."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone

from pumpguide.staff import actions
from pumpguide.staff.forgetting import forget_logins
from pumpguide.staff.models import LONGEST_WAIT, MOST_A_DAY, Place, SecondStep
from pumpguide.staff.site import DeskSite

from .second_step import LOGIN, NOW, PASSWORD, SET_UP, STEP, VERIFY, code, enrolled, signed_in, with_password


@pytest.fixture(autouse=True)
def _required(settings):
    settings.TWO_FACTOR = "required"


# --- the door -----------------------------------------------------------------------------------------------------

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


# --- signing in ---------------------------------------------------------------------------------------------------


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
    Place.objects.filter(failures=1).update(failures=4)
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


def test_waits_double_and_never_pass_a_quarter_of_an_hour():
    waits = []
    for failures in (1, 2, 3, 8, 11, 10**6):
        place = Place(failures=failures, failed_at=NOW)
        waits.append((place.closed_until() - NOW).total_seconds())
    assert waits == [1, 2, 4, 128, LONGEST_WAIT, LONGEST_WAIT]


def test_right_code_after_the_wait_clears_the_failures(editor):
    enrolled(editor)
    with pytest.raises(actions.WrongCode):
        actions.verify("000000" if code(NOW) != "000000" else "000001", by=editor, at=NOW)
    with pytest.raises(actions.TooManyTries):
        actions.verify(code(NOW), by=editor, at=NOW)
    actions.verify(code(NOW), by=editor, at=NOW + timedelta(seconds=1))
    assert Place.objects.get().failures == 0


def wrong(user, at, address):
    with pytest.raises(actions.WrongCode):
        actions.verify(code(at, 500), by=user, at=at, address=address)


def test_wrong_codes_from_elsewhere_keep_nobody_out(client, editor):
    enrolled(editor)
    client.force_login(editor)
    for status in (422, 429):
        response = client.post(VERIFY, {"code": code(periods=500)}, REMOTE_ADDR="192.0.2.1")
        assert response.status_code == status
    assert client.post(VERIFY, {"code": code()}, REMOTE_ADDR="192.0.2.2").status_code == 302


def test_after_many_wrong_codes_in_a_day_known_addresses_alone_may_go_on(editor, caplog):
    enrolled(editor)
    actions.verify(code(NOW), by=editor, at=NOW, address="192.0.2.1")
    SecondStep.objects.update(failures=MOST_A_DAY - 1, counted_from=NOW)
    wrong(editor, NOW, "192.0.2.2")
    assert "not known" in caplog.text
    later = NOW + timedelta(minutes=5)
    with pytest.raises(actions.TooManyTries) as caught:
        actions.verify(code(later), by=editor, at=later, address="192.0.2.3")
    assert caught.value.until == NOW + timedelta(days=1)
    assert actions.verify(code(later), by=editor, at=later, address="192.0.2.1")
    next_day = NOW + timedelta(days=1)
    assert actions.verify(code(next_day), by=editor, at=next_day, address="192.0.2.3")


def test_addresses_are_forgotten_when_they_are_of_no_more_use(editor):
    enrolled(editor)
    wrong(editor, NOW, "192.0.2.1")
    assert forget_logins(at=NOW + timedelta(days=6)) == 0
    assert forget_logins(at=NOW + timedelta(days=8)) == 1
    assert forget_logins(at=NOW + timedelta(days=31)) == 1


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


# --- switched off -------------------------------------------------------------------------------------------------


def test_switched_off_the_desk_opens_by_password_and_says_so(client, editor, settings):
    settings.TWO_FACTOR = "off"
    with_password(client, editor)
    page = client.get("/admin/").content.decode()
    assert "a password alone" in page
    settings.TWO_FACTOR = "required"
    signed_in(client, editor)
    assert "a password alone" not in client.get("/admin/").content.decode()


# --- where one lands ----------------------------------------------------------------------------------------------


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
