"""A backup holds one moment's whole database, and a restore brings it back without what was deleted since."""

import errno
import json
import os
import sqlite3
import stat
import threading
import zipfile
from datetime import timedelta

import pytest
from django.conf import settings as project
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from pumpguide import dumps
from pumpguide.backups import Manifest, Unusable, applied, put_in_place
from pumpguide.staff.models import Place
from pumpguide.whereabouts import sentence
from screening.access.auditing import about
from screening.actions import ask_to_delete, delete_screening, load_starting_questionnaire
from screening.audit import verify
from screening.models import AuditEvent, CallbackRequest, Screening
from tests.conftest import person
from tests.own_database import own_database, with_tools
from tests.screening.keeping_rows import PLAIN, called, looked_over, receipt, sent


@pytest.fixture(autouse=True)
def _own_places(settings, tmp_path, monkeypatch):
    settings.DELETIONS_LOG = tmp_path / "deletions.log"
    settings.VAR = tmp_path / "var"
    with_tools(monkeypatch)


@pytest.fixture
def own(db, tmp_path):
    with own_database(tmp_path):
        load_starting_questionnaire(at=timezone.now())
        yield person("nora", "Intake nurse")


@pytest.fixture
def file(own, tmp_path):
    """A backup of one screening, looked over, and one call-back."""
    looked_over(sent(), own)
    called(nurse=own, ago=timedelta(days=3))
    call_command("backup", str(tmp_path / "backup"))
    return tmp_path / "backup"


def altered(file, change=lambda manifest: manifest, database=None):
    """The same backup with another manifest, or other content."""
    with zipfile.ZipFile(file) as old:
        manifest, raw = json.loads(old.read("manifest.json")), old.read("database")
    file.unlink()
    with zipfile.ZipFile(file, "w") as new:
        new.writestr("manifest.json", json.dumps({**manifest, **(change(manifest) or {})}))
        new.writestr("database", raw if database is None else database)


def refusal(*words):
    with pytest.raises(CommandError) as caught:
        call_command(*words)
    return str(caught.value)


def test_what_was_there_is_there_again(own, file, capsys):
    before = {model: list(model.objects.values()) for model in (Screening, CallbackRequest, get_user_model())}
    Session.objects.create(session_key="x", expire_date=timezone.now() + timedelta(days=1))
    sent(2)
    person("nina", "Intake nurse")
    capsys.readouterr()
    call_command("restore", str(file), "--yes")
    assert {model: list(model.objects.values()) for model in before} == before
    assert not Session.objects.exists()
    assert AuditEvent.objects.first().action == "restore"
    assert list(verify()) == []
    said = capsys.readouterr().out
    assert said.startswith(sentence())
    assert "All checks hold" in said
    assert "screenings: 0 deleted" in said


def test_the_file_is_its_owners_alone_and_names_no_key_and_nobody(file, capsys):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as whole:
        content = b"".join(whole.read(name) for name in whole.namelist())
    for secret in (*PLAIN, *project.PATIENT_KEYS, project.CLINIC_KEY, project.SECRET_KEY):
        assert secret.encode() not in content
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(".")] == []


def test_a_file_that_is_there_is_never_overwritten(file):
    before = file.read_bytes()
    assert "never overwritten" in refusal("backup", str(file))
    assert file.read_bytes() == before
    assert "cannot be written" in refusal("backup", str(file / "no" / "folder"))


def test_disk_without_hard_links_takes_a_backup_too(own, tmp_path, monkeypatch):
    def no_links(*_paths):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("pumpguide.backups.os.link", no_links)
    target, taken = tmp_path / "backup", tmp_path / "taken"
    call_command("backup", str(target))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    taken.write_text("of another run")
    with pytest.raises(Unusable, match="never overwritten"):
        put_in_place(target, taken)
    assert taken.read_text() == "of another run"
    call_command("restore", str(target), "--yes")


def test_backup_of_an_older_schema_is_brought_up_to_todays(own, tmp_path):
    sent()
    call_command("migrate", "staff", "0001", verbosity=0)
    assert "staff.0002_places" not in applied()
    call_command("backup", str(tmp_path / "backup"))
    call_command("migrate", "staff", verbosity=0)
    sent(2)
    call_command("restore", str(tmp_path / "backup"), "--yes")
    assert Screening.objects.count() == 1
    assert "staff.0002_places" in applied()
    assert not Place.objects.exists()


def test_what_was_deleted_since_stays_deleted(own, tmp_path, capsys):
    gone, kept = sent(1), sent(2)
    sent_again = sent(3)
    delete_screening(sent_again, by=own, at=timezone.now())
    sent(3)
    old = called(nurse=own, ago=timedelta(days=40))
    CallbackRequest.objects.update(closed_by=None, closed_at=None, outcome="")
    call_command("backup", str(tmp_path / "backup"))
    delete_screening(gone, by=own, at=timezone.now())
    CallbackRequest.objects.update(closed_by=own, closed_at=timezone.now() - timedelta(days=31), outcome="reached")
    call_command("purge")
    capsys.readouterr()
    call_command("restore", str(tmp_path / "backup"), "--yes")
    assert "deleted again: 2" in capsys.readouterr().out
    names = set(Screening.objects.values_list("sending_hash", flat=True))
    assert names == {kept.sending_hash, sent_again.sending_hash}
    assert not CallbackRequest.objects.filter(asking_hash=old.asking_hash).exists()
    again = AuditEvent.objects.filter(detail="again, after a restore").values_list("subject", flat=True)
    assert sorted(again) == [f"callback {old.pk}", f"screening {gone.pk}"]
    assert list(verify()) == []


def test_a_patients_wish_since_the_backup_is_on_the_desk_again(own, tmp_path, capsys):
    asked, gone = receipt(1), receipt(2)
    for one in (asked, gone):
        looked_over(one.screening, own)
    call_command("backup", str(tmp_path / "backup"))
    at = timezone.now()
    for one in (asked, gone):
        ask_to_delete(one.secret, at=at)
    delete_screening(gone.screening, by=own, at=timezone.now())
    call_command("restore", str(tmp_path / "backup"), "--yes")
    assert "Wishes to delete kept: 1" in capsys.readouterr().out
    assert list(Screening.objects.values_list("pk", "deletion_asked_at")) == [(asked.screening.pk, at)]
    noted = AuditEvent.objects.filter(detail="again, after a restore", action="deletion-asked")
    assert [event.subject for event in noted] == [f"screening {asked.screening.pk}"]


def test_deletions_again_are_found_in_the_audit_by_number(own, tmp_path):
    gone = [sent(run) for run in range(1, 4)]
    call_command("backup", str(tmp_path / "backup"))
    for screening in gone:
        delete_screening(screening, by=own, at=timezone.now())
    call_command("restore", str(tmp_path / "backup"), "--yes")
    for screening in gone:
        found = AuditEvent.objects.filter(about("screening", screening.pk))
        assert "again, after a restore" in found.values_list("detail", flat=True)


def test_what_is_past_its_time_by_now_goes_with_the_restore(own, tmp_path):
    sent(ago=timedelta(days=91))
    call_command("backup", str(tmp_path / "backup"))
    call_command("restore", str(tmp_path / "backup"), "--yes")
    assert not Screening.objects.exists()


def test_database_that_is_not_empty_needs_a_yes(file):
    sent(2)
    assert "--yes" in refusal("restore", str(file))
    assert Screening.objects.count() == 2


def test_backup_fills_an_empty_database(file, tmp_path):
    if connection.vendor == "sqlite":
        connections["default"].close()
        connections.settings["default"]["NAME"] = str(tmp_path / "empty.sqlite3")
        del connections["default"]
    else:
        with connection.cursor() as cursor:
            cursor.execute(dumps.EMPTIED)
    assert connection.introspection.table_names() == []
    call_command("restore", str(file))
    assert Screening.objects.count() == 1


CHANGED = [
    ({"format": 2}, "another version"),
    ({"rows": {}}, "CLINIC_KEY"),
    ({"mark": 7}, "CLINIC_KEY"),
    ({"more": 1}, "no backup"),
]
MADE_ELSEWHERE = [
    ({"vendor": "oracle"}, "of oracle"),
    ({"migrations": ["screening.9999_later"]}, "Upgrade first"),
    ({"rows": {"screening_screening": 7}}, "screening_screening has 1 rows instead of 7"),
]


def test_changed_or_unfit_backup_is_refused(file, settings):
    whole = file.read_bytes()
    for change, word in CHANGED:
        file.write_bytes(whole)
        altered(file, lambda _manifest, change=change: change)
        assert word in refusal("restore", str(file), "--yes")
    for facts, word in MADE_ELSEWHERE:
        file.write_bytes(whole)
        as_if_made(file, **facts)
        assert word in refusal("restore", str(file), "--yes")
    settings.CLINIC_KEY = settings.PATIENT_KEYS[0]
    file.write_bytes(whole)
    assert "CLINIC_KEY" in refusal("restore", str(file), "--yes")
    assert Screening.objects.count() == 1


def as_if_made(file, **facts):
    """The same backup, made elsewhere: the manifest says something else and is genuine all the same."""
    altered(file, lambda manifest: manifest.pop("mark") and {"mark": Manifest(**{**manifest, **facts}).mark, **facts})


def test_damaged_file_is_refused_wherever_it_is_damaged(file):
    whole = file.read_bytes()
    for place in (0, 40, len(whole) // 3, len(whole) // 2, len(whole) - 100, len(whole) - 20):
        hurt = bytearray(whole)
        hurt[place : place + 12] = os.urandom(12)
        file.write_bytes(hurt)
        assert str(file) in refusal("restore", str(file), "--yes")
    file.write_bytes(whole[: len(whole) // 2])
    assert "damaged" in refusal("restore", str(file), "--yes")
    file.write_bytes(whole)
    altered(file, database=b"something else")
    assert "not what was written" in refusal("restore", str(file), "--yes")
    assert "no file" in refusal("restore", str(file) + "x", "--yes")
    assert Screening.objects.count() == 1


def test_failed_load_leaves_everything_as_it_was(own, file, monkeypatch):
    sent(2)
    if connection.vendor == "sqlite":
        reader = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        reader.execute("BEGIN IMMEDIATE")
        monkeypatch.setattr(dumps, "WAIT", 0)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=50")
        assert "Stop the site" in refusal("restore", str(file), "--yes")
        reader.close()
    else:
        monkeypatch.setattr(dumps, "EMPTIED", f"{dumps.EMPTIED} SELECT 1 / 0;")
        assert "psql failed" in refusal("restore", str(file), "--yes")
    assert Screening.objects.count() == 2


def test_keys_that_open_nothing_are_told(file, settings):
    settings.PATIENT_KEYS = [settings.CLINIC_KEY]
    said = refusal("restore", str(file), "--yes")
    assert "No key opens screening" in said
    assert "PATIENT_KEYS" in said


def test_lost_journal_is_told(file, settings, tmp_path, capsys):
    settings.DELETIONS_LOG = tmp_path / "elsewhere.log"
    call_command("restore", str(file), "--yes")
    assert "There is no" in capsys.readouterr().out


def test_tool_that_is_missing_or_too_old_is_told_in_one_sentence(own, tmp_path, monkeypatch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite needs no tool")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "pg_dump is not installed" in refusal("backup", str(tmp_path / "backup"))
    assert not (tmp_path / "backup").exists()


def test_backup_while_patients_send_is_one_moments_state(own, tmp_path):
    over, slips = threading.Event(), []

    def send_on():
        try:
            run = 100
            while not over.is_set():
                sent(run := run + 1)
        except Exception as slip:
            slips.append(slip)
        finally:
            connections.close_all()

    sender = threading.Thread(target=send_on)
    sender.start()
    try:
        for number in range(2):
            call_command("backup", str(tmp_path / f"backup {number}"))
    finally:
        over.set()
        sender.join()
    assert slips == []
    for number in range(2):  # a restore fails where rows, chain or tokens do not fit together
        call_command("restore", str(tmp_path / f"backup {number}"), "--yes")
