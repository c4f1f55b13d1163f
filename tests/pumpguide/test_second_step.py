"""A second step is set up, changed and reset by those who may; its secrets lie nowhere in plain."""

import logging
import re

import pytest
from cryptography.fernet import InvalidToken
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pumpguide.staff import actions, codes
from pumpguide.staff.models import Place, RecoveryCode, SecondStep

from .second_step import NOW, SECRET, SET_UP, STEP, VERIFY, code, enrolled, signed_in, with_password


@pytest.fixture(autouse=True)
def _required(settings):
    settings.TWO_FACTOR = "required"


# --- setting up ---------------------------------------------------------------------------------------------------


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
    Place.objects.all().delete()
    assert client.post(SET_UP, {**given, "present": shown[0]}).status_code == 200
    assert codes.opened(SecondStep.objects.get().sealed_secret, nurse.pk) == secret
    assert client.get("/admin/").status_code == 200


def test_two_tabs_set_up_one_app(nurse):
    enrolled(nurse)
    with pytest.raises(actions.WrongCode):
        actions.enrol(b"y" * 20, code(NOW, secret=b"y" * 20), by=nurse, at=NOW)
    assert get_user_model().objects.get(pk=nurse.pk).secondstep_set.count() == 1


# --- recovery codes -----------------------------------------------------------------------------------------------


def test_recovery_code_stands_in_for_the_app_once(client, nurse):
    shown = enrolled(nurse)
    client.force_login(nurse)
    assert client.post(VERIFY, {"code": shown[0]}).status_code == 302
    assert "9 are left" in client.get("/admin/").content.decode()
    client.force_login(nurse)
    client.logout()
    client.force_login(nurse)
    assert client.post(VERIFY, {"code": shown[0]}).status_code == 422
    Place.objects.all().delete()
    assert client.post(VERIFY, {"code": shown[1].replace("-", " ")}).status_code == 302


def test_new_recovery_codes_take_a_code_and_end_the_old_ones(client, nurse):
    old = enrolled(nurse)
    client.force_login(nurse)
    client.post(VERIFY, {"code": old[0]})
    assert client.post(STEP, {"code": "000000" if code() != "000000" else "000001"}).status_code == 422
    Place.objects.all().delete()
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


# --- what lies in the database and in the log ---------------------------------------------------------------------


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


# --- reset by an administrator ------------------------------------------------------------------------------------


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
