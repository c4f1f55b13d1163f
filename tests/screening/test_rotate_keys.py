"""Keys are changed while the site runs, and a change that is cut off anywhere is finished by the next."""

import signal

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from screening.actions import load_starting_questionnaire, rotate, rotating
from screening.keys import opened
from screening.models import CallbackRequest, Review, Screening, Upkeep
from screening.sealed import COLUMNS, tokens
from tests.conftest import person
from tests.own_database import own_database, run
from tests.screening.keeping_rows import CONTACT, NOTE, called, looked_over, sent

OLD, NEW = (Fernet.generate_key().decode() for _key in range(2))
KILLED_AT_THE_FIFTH = """
import os, signal
import django
django.setup()
from cryptography.fernet import MultiFernet
from django.core.management import call_command
from screening.actions import rotating

rotating.BATCH = 2
seal_anew, turns = MultiFernet.rotate, []

def counted(self, token):
    turns.append(token)
    if len(turns) == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return seal_anew(self, token)

MultiFernet.rotate = counted
call_command("rotate_keys")
"""


@pytest.fixture(autouse=True)
def _keys(settings, tmp_path):
    settings.DELETIONS_LOG = tmp_path / "deletions.log"
    settings.PATIENT_KEYS = [OLD]


def fill(nurse):
    for number in range(1, 5):
        looked_over(sent(number), nurse)
        called(number)


def everything_opens_with_the_newest_alone(settings):
    settings.PATIENT_KEYS = [NEW]
    assert {opened(row.contact)["name"] for row in Screening.objects.all()} == {CONTACT.name}
    assert all(opened(row.record)["answers"] for row in Screening.objects.all())
    assert {opened(row.sealed)["note"] for row in Review.objects.exclude(sealed=None)} == {NOTE}
    assert {opened(row.contact)["name"] for row in CallbackRequest.objects.all()} == {"Marker Caller"}


def test_everything_is_sealed_anew_and_a_second_run_has_nothing_to_do(questionnaire, nurse, settings, capsys):
    fill(nurse)
    settings.PATIENT_KEYS = [NEW, OLD]
    call_command("rotate_keys")
    assert "screening, record: 4 sealed anew, 0 already" in capsys.readouterr().out
    before = list(tokens())
    assert Upkeep.objects.get().unswept_since
    call_command("rotate_keys")
    said = capsys.readouterr().out
    assert "screening, record: 0 sealed anew, 4 already" in said
    assert "other keys (1) may be removed" in said
    assert list(tokens()) == before
    everything_opens_with_the_newest_alone(settings)


def test_kill_9_in_the_middle_loses_nothing_and_the_next_run_goes_on(db, tmp_path, settings, capsys):
    with own_database(tmp_path):
        load_starting_questionnaire(at=timezone.now())
        fill(person("nora", "Intake nurse"))
        settings.PATIENT_KEYS = [NEW, OLD]
        killed = run("-c", KILLED_AT_THE_FIFTH)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        newest = Fernet(NEW)
        assert sum(rotating.opens(newest, token) for _place, token in tokens()) == 4
        call_command("rotate_keys")
        assert "screening, record: 0 sealed anew, 4 already" in capsys.readouterr().out
        everything_opens_with_the_newest_alone(settings)


def test_what_no_key_opens_is_named_and_the_rest_is_done(questionnaire, nurse, settings):
    fill(nurse)
    number = Screening.objects.first().pk
    Screening.objects.filter(pk=number).update(record=Fernet(Fernet.generate_key()).encrypt(b"x"))
    settings.PATIENT_KEYS = [NEW, OLD]
    with pytest.raises(CommandError, match=f"No key opens screening {number}\\. .*Remove no key"):
        call_command("rotate_keys")
    newest = Fernet(NEW)
    assert [place for place, token in tokens() if not rotating.opens(newest, token)] == [f"screening {number}, record"]


def test_what_was_sealed_under_an_older_key_meanwhile_is_told(questionnaire, nurse, settings, monkeypatch):
    fill(nurse)
    settings.PATIENT_KEYS = [NEW, OLD]

    def and_a_process_with_old_keys_writes(*words, **more):
        told = rotate(*words, **more)
        settings.PATIENT_KEYS = [OLD]
        called(99)
        settings.PATIENT_KEYS = [NEW, OLD]
        return told

    monkeypatch.setattr("screening.management.commands.rotate_keys.rotate", and_a_process_with_old_keys_writes)
    monkeypatch.setattr("screening.management.commands.rotate_keys.COLUMNS", COLUMNS[-1:])
    with pytest.raises(CommandError, match="restart every process"):
        call_command("rotate_keys")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="On SQLite one writer waits for the other")
def test_a_deletion_at_the_same_time_is_not_waited_for(db, tmp_path, settings):
    with own_database(tmp_path):
        load_starting_questionnaire(at=timezone.now())
        fill(person("nora", "Intake nurse"))
        settings.PATIENT_KEYS = [NEW, OLD]
        line = connection.copy()
        line.set_autocommit(False)
        try:
            with line.cursor() as cursor:
                cursor.execute("SELECT FROM screening_review WHERE sealed IS NOT NULL ORDER BY id LIMIT 1 FOR UPDATE")
                with pytest.raises(CommandError, match="in use just now"):
                    call_command("rotate_keys")
        finally:
            line.close()
        call_command("rotate_keys")
        everything_opens_with_the_newest_alone(settings)


def test_every_column_that_holds_bytes_is_among_the_sealed_ones():
    found = {
        (model, field.name)
        for model in apps.get_app_config("screening").get_models()
        for field in model._meta.fields
        if field.get_internal_type() == "BinaryField"
    }
    assert found == set(COLUMNS)
