"""What is past its time is deleted, in steps that may be cut off anywhere, and nothing of it stays in the files."""

import sqlite3
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as project
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from pumpguide.management.commands.purge import tonight
from pumpguide.sweeping import sweep
from pumpguide.whereabouts import sentence
from screening import journal
from screening.actions import (
    delete_screening,
    keeping,
    load_starting_questionnaire,
    purge_audit,
    purge_callbacks,
    purge_counts,
    purge_screenings,
)
from screening.audit import record, verify
from screening.models import (
    AuditEvent,
    CallbackAttempt,
    CallbackRequest,
    ConsentWording,
    Review,
    Screening,
    SendCount,
    Upkeep,
)
from tests.conftest import person
from tests.own_database import own_database
from tests.screening.keeping_rows import PLAIN, called, looked_over, sent

on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite overwrites what is deleted at once"
)
DAYS = {days: timedelta(days=days) for days in (1, 29, 31, 89, 91)}


@pytest.fixture(autouse=True)
def _own_journal(settings, tmp_path):
    settings.DELETIONS_LOG = tmp_path / "deletions.log"


@pytest.fixture
def own(db, tmp_path):
    """A database on disk, with the questionnaire; gives a nurse."""
    with own_database(tmp_path):
        load_starting_questionnaire(at=timezone.now())
        yield person("nora", "Intake nurse")


def actions_of(subject):
    return list(
        AuditEvent.objects.filter(action="purge", subject=subject).order_by("number").values_list("detail", flat=True)
    )


def test_screenings_go_90_days_after_they_were_sent(questionnaire, nurse):
    old, young = sent(1, ago=DAYS[91]), sent(2, ago=DAYS[89])
    looked_over(old, nurse)
    assert purge_screenings(at=timezone.now()) == 1
    assert list(Screening.objects.all()) == [young]
    assert not Review.objects.exists()
    assert ConsentWording.objects.exists()
    assert [deleted.name for deleted in journal.read()] == [old.sending_hash]
    assert actions_of("screenings") == ["1"]
    assert list(verify()) == []


def test_call_backs_go_30_days_after_closing_and_open_ones_stay(questionnaire, nurse):
    old = called(1, ago=DAYS[91], nurse=nurse, closed=DAYS[31])
    called(2, ago=DAYS[91], nurse=nurse, closed=DAYS[29])
    called(3, ago=DAYS[91])
    assert purge_callbacks(at=timezone.now()) == 1
    assert list(CallbackRequest.objects.order_by("pk").values_list("pk", flat=True)) == [old.pk + 1, old.pk + 2]
    assert CallbackAttempt.objects.count() == 1
    assert [(deleted.kind, deleted.name) for deleted in journal.read()] == [("callback", old.asking_hash)]


@pytest.mark.django_db
def test_counts_of_sends_go_when_their_hour_is_over():
    at = datetime(2026, 11, 20, 12, 7, tzinfo=UTC)
    for place, hour in (("a" * 64, 11), ("b" * 64, 12)):
        SendCount.objects.create(place=place, hour=at.replace(hour=hour, minute=0))
    assert purge_counts(at=at) == 1
    assert SendCount.objects.get().place == "b" * 64


def test_batches_stand_each_for_itself(questionnaire, monkeypatch):
    monkeypatch.setattr(keeping, "BATCH", 2)
    for run in range(1, 4):
        sent(run, ago=DAYS[91])
    counts = [purge_screenings(at=timezone.now()) for _turn in range(3)]
    assert counts == [2, 1, 0]
    assert actions_of("screenings") == ["2", "1"]


def test_nothing_to_delete_leaves_no_trace_in_the_audit(questionnaire):
    sent(ago=DAYS[1])
    assert purge_screenings(at=timezone.now()) == purge_callbacks(at=timezone.now()) == 0
    assert purge_audit(at=timezone.now()) == 0
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_audit_goes_after_six_years_and_the_rest_of_the_chain_holds(monkeypatch):
    monkeypatch.setattr(keeping, "BATCH", 2)
    now = timezone.now()
    with transaction.atomic():
        for years in (8, 7, 7, 5, 1):
            record("view", by=None, at=now - timedelta(days=366 * years))
    assert [purge_audit(at=now) for _turn in range(3)] == [2, 1, 0]
    assert list(AuditEvent.objects.order_by("number").values_list("number", flat=True)) == [4, 5, 6, 7]
    assert list(verify()) == []


def test_six_years_are_whole_years_also_from_a_leap_day():
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert keeping.whole_years_before(leap, 6) == datetime(2022, 2, 28, tzinfo=UTC)


def test_the_guard_of_the_database_says_the_same_years_as_the_settings():
    assert import_module("screening.migrations.0005_history_stays").AUDIT_YEARS == project.AUDIT_YEARS


def test_deletion_without_its_journal_does_not_happen(questionnaire, settings, tmp_path):
    sent(ago=DAYS[91])
    settings.DELETIONS_LOG = tmp_path
    with pytest.raises(CommandError, match="DELETIONS_LOG"):
        call_command("purge")
    assert Screening.objects.exists()
    assert not Upkeep.objects.filter(purged_at__isnull=False).exists()


def test_a_line_cut_off_in_the_journal_spoils_no_other(settings):
    at = timezone.now()
    journal.note("screening", "a" * 64, at)
    with settings.DELETIONS_LOG.open("a") as file:
        file.write(f"screening {'b' * 64} 2026-11-2")
    assert [deleted.name[0] for deleted in journal.read()] == ["a"]
    journal.note_all("callback", ["c" * 64, "d" * 64], at)
    assert [(deleted.name[0], deleted.at) for deleted in journal.read()] == [("a", at), ("c", at), ("d", at)]


# --- the files


def sealed_and_hashed():
    """Every token and hash that is stored about people, as bytes to search for."""
    found = []
    for model in (Screening, Review, CallbackRequest):
        fields = [field.attname for field in model._meta.fields if field.attname.endswith("_hash")]
        fields += [name for name in ("record", "contact", "sealed") if hasattr(model, name)]
        for row in model.objects.values_list(*fields):
            found += [bytes(value) if not isinstance(value, str) else value.encode() for value in row if value]
    return found


def everything_on_disk():
    """What the database's files hold."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname=current_database()"
        )
        folder, number = cursor.fetchone()
    return b"".join(file.read_bytes() for file in Path(folder, "base", str(number)).iterdir())


def purge_and_sweep():
    """As the hourly runs do: on PostgreSQL, tests that write at the same time put the sweeping off."""
    for _run in range(20):
        call_command("purge")
        if not Upkeep.objects.get().unswept_since:
            return
    raise AssertionError("The files were never swept.")


def piece(token):
    """The middle of it: PostgreSQL keeps long values in pieces."""
    return token[len(token) // 2 :][:32]


def test_after_the_purge_nothing_is_left_in_the_files(own):
    for run in range(1, 11):
        looked_over(sent(run, ago=DAYS[91]), own)
        called(run, ago=DAYS[91], nurse=own, closed=DAYS[31])
    kept = sent(99, ago=DAYS[1])
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE screening_screening ALTER record SET STORAGE EXTERNAL; ANALYZE")
    markers = sealed_and_hashed()
    before = everything_on_disk()
    assert [marker for marker in markers if piece(marker) not in before] == []
    purge_and_sweep()
    of_the_kept = {bytes(kept.record), bytes(kept.contact)} | {
        getattr(kept, name).encode() for name in ("sending_hash", "code_hash", "secret_hash", "birth_hash")
    }
    there = everything_on_disk()
    assert [marker for marker in markers if piece(marker) in there and marker not in of_the_kept] == []
    assert kept.sending_hash.encode() in there
    assert not [word for word in PLAIN if word.encode() in there]
    assert not Upkeep.objects.get().unswept_since


def test_what_a_patient_took_back_is_not_left_in_the_files_either(own):
    screening = sent()
    markers = sealed_and_hashed()
    delete_screening(screening, by=own, at=timezone.now())
    call_command("purge")
    there = everything_on_disk()
    assert [marker for marker in markers if piece(marker) in there] == []


def test_every_step_says_its_count_and_a_second_run_finds_nothing(own, capsys):
    sent(ago=DAYS[91])
    called(ago=DAYS[91], nurse=own, closed=DAYS[31])
    Session.objects.create(session_key="old", expire_date=timezone.now() - DAYS[1])
    Session.objects.create(session_key="new", expire_date=timezone.now() + DAYS[1])
    call_command("purge")
    said = capsys.readouterr().out
    assert said.startswith(sentence())
    assert "screenings: 1 deleted" in said
    assert "call-backs: 1 deleted" in said
    assert "ended sessions: 1 deleted" in said
    first = Upkeep.objects.get().purged_at
    call_command("purge")
    assert "1 deleted" not in capsys.readouterr().out
    assert Upkeep.objects.get().purged_at > first
    assert Session.objects.count() == 1


def test_files_in_use_are_swept_by_a_later_run(own, monkeypatch, capsys):
    sent(ago=DAYS[91])
    monkeypatch.setattr("pumpguide.sweeping.WAIT", 0.1)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA busy_timeout=50")
    with someone_reading():
        call_command("purge")
    assert "until a later run" in capsys.readouterr().out
    assert Upkeep.objects.get().unswept_since
    purge_and_sweep()
    assert sweep([], large_too=False)


def test_what_is_deleted_while_the_files_are_swept_is_for_the_next_sweep(own, monkeypatch):
    sent(1, ago=DAYS[91])
    late = sent(2)

    def sweep_and_delete(tables, **when):
        swept = sweep(tables, **when)
        delete_screening(late, by=own, at=timezone.now())
        return swept

    monkeypatch.setattr("pumpguide.management.commands.purge.sweep", sweep_and_delete)
    call_command("purge")
    assert Upkeep.objects.get().unswept_since
    monkeypatch.undo()
    purge_and_sweep()


class someone_reading:
    """Another connection in the middle of a long look at the screenings."""

    def __enter__(self):
        if connection.vendor == "sqlite":
            self.line = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
            self.line.execute("BEGIN")
            self.line.execute("SELECT count(*) FROM screening_screening").fetchone()
        else:
            self.line = connection.copy("default")
            self.line.set_autocommit(False)
            self.line.cursor().execute("SELECT count(*) FROM screening_screening")

    def __exit__(self, *_slip):
        self.line.close()


@on_postgresql
def test_files_are_swept_later_while_someone_reads_from_before(own, monkeypatch):
    monkeypatch.setattr("pumpguide.sweeping.WAIT", 0.2)
    sent(1, ago=DAYS[91])
    reader = connection.copy()
    reader.set_autocommit(False)
    try:
        with reader.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT count(*) FROM screening_screening")
            call_command("purge")
            assert Upkeep.objects.get().unswept_since
    finally:
        reader.close()
    purge_and_sweep()


# --- large tables, on PostgreSQL

NEW_YORK = ZoneInfo("America/New_York")
THREE_AT_NIGHT = datetime(2026, 11, 20, 3, 7, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("since", "at", "swept"),
    [
        (THREE_AT_NIGHT - timedelta(hours=5), THREE_AT_NIGHT, True),
        (THREE_AT_NIGHT - timedelta(hours=1), THREE_AT_NIGHT, False),
        (THREE_AT_NIGHT - timedelta(hours=5), THREE_AT_NIGHT + timedelta(hours=12), False),
        (None, THREE_AT_NIGHT, False),
    ],
)
def test_large_tables_are_swept_once_a_night(since, at, swept):
    with timezone.override(NEW_YORK):
        assert tonight(since, at) == swept


@on_postgresql
def test_large_table_is_not_written_anew_by_day_and_is_when_told(own, monkeypatch, capsys):
    monkeypatch.setattr("pumpguide.sweeping.LARGE", 0)
    monkeypatch.setattr("pumpguide.management.commands.purge.tonight", lambda _since, _at: False)
    sent(ago=DAYS[91])
    call_command("purge")
    assert "QUIET_HOURS" in capsys.readouterr().out
    assert Upkeep.objects.get().unswept_since
    call_command("purge", sweep=True)
    assert not Upkeep.objects.get().unswept_since


@on_postgresql
def test_table_that_is_another_users_is_not_taken_for_swept(own):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE not_the_owner")
        cursor.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO not_the_owner; SET ROLE not_the_owner")
        try:
            assert not sweep(["screening_screening"], large_too=True)
        finally:
            cursor.execute("RESET ROLE; DROP OWNED BY not_the_owner; DROP ROLE not_the_owner")
