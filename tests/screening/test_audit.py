"""The audit only grows, and whatever is done to it past the program is found."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from pumpguide.guards import older_than, refuse
from pumpguide.publishing import run
from screening.audit import CHANGED_FROM_OUTSIDE, link, newest_row, proof, record, verify, written_down
from screening.models import Action, AuditEvent, AuditHead

TABLE = "screening_auditevent"
pytestmark = pytest.mark.django_db


def add(rows=10, first=1):
    with transaction.atomic():
        for number in range(first, first + rows):
            record(Action.VIEW, by=None, at=timezone.now(), subject=f"screening {number}")


def past_the_triggers(**where):
    """Rows in the hands of someone who may do anything to the database, and has no key."""
    if connection.vendor == "sqlite":
        run(connection, [f"DROP TRIGGER IF EXISTS {TABLE}_no_{event}" for event in ("update", "delete")])
    else:
        connection.check_constraints()  # a table with checks put off cannot be altered
        run(connection, [f"ALTER TABLE {TABLE} DISABLE TRIGGER USER"])
    return AuditEvent.objects.filter(**where)


def set_head(number, digest):
    AuditHead.objects.update(number=number, hash=digest)


def hash_of(number):
    return AuditEvent.objects.get(number=number).hash


def broken():
    return [slip.number for slip in verify()]


def test_an_untouched_chain_holds_from_any_place():
    assert list(verify()) == []
    add()
    assert list(verify()) == list(verify(newest=3)) == list(verify(newest=100)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"action": "print"},
        {"subject": "screening 9"},
        {"detail": "x"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"hash": "ffff"},
    ],
)
def test_an_edited_row_is_found(change):
    add()
    past_the_triggers(number=5).update(**change)
    assert broken()[0] == 5
    assert next(verify(newest=7)).number == 5


def test_another_name_on_a_row_is_found(nurse):
    add()
    past_the_triggers(number=5).update(by=nurse)
    assert broken() == [5]


@pytest.mark.parametrize("number", [1, 5, 10])
def test_a_deleted_row_is_found_wherever_it_was(number):
    add()
    past_the_triggers(number=number).delete()
    assert broken() == [number]


def test_two_rows_that_changed_places_are_found():
    add()
    for old, new in ((4, 99), (5, 4), (99, 5)):
        past_the_triggers(number=old).update(number=new)
    assert {4, 5} <= set(broken())


def test_a_gap_closed_by_numbering_anew_is_found():
    add()
    past_the_triggers(number=5).delete()
    for number in range(6, 11):
        past_the_triggers(number=number).update(number=number - 1)
    set_head(9, hash_of(9))
    assert broken()[0] == 5


def test_a_row_made_without_the_key_is_found():
    add()
    forged = AuditEvent(number=11, at=timezone.now(), action="view", subject="screening 1", hash="ab" * 32)
    forged.save(force_insert=True)
    set_head(11, forged.hash)
    assert set(broken()) == {11}


def test_newest_rows_taken_off_are_found_though_the_head_was_set_back():
    add()
    past_the_triggers(number__gt=7).delete()
    assert broken() == [8]
    set_head(7, hash_of(7))
    assert broken() == [7]


def test_the_mark_of_a_head_set_back_stays_when_the_work_goes_on():
    add()
    past_the_triggers(number__gt=7).delete()
    set_head(7, hash_of(7))
    add(3, first=8)
    assert [(slip.number, "changed from outside" in slip.why) for slip in verify()] == [(8, True)]


def test_the_work_goes_on_where_the_head_was_set_too_low_or_is_gone():
    add()
    set_head(2, hash_of(2))
    add(1)
    assert broken() == [11]
    AuditHead.objects.all().delete()
    assert broken() == [11, 0]
    add(1)
    assert broken() == [11, 12]


def test_the_head_cannot_be_proved_by_what_lies_in_the_rows():
    add()
    head = AuditHead.objects.get()
    assert head.proof == proof(head)
    assert head.proof not in AuditEvent.objects.values_list("hash", flat=True)
    head.number -= 1
    assert head.proof != proof(head)


def test_emptied_and_begun_anew_is_found_by_what_was_written_down():
    add()
    number, digest = newest_row()
    assert written_down(f"{number}:{digest}") is None
    past_the_triggers().delete()
    assert broken() == [1]
    AuditHead.objects.all().delete()
    add(12)
    assert broken() == []
    assert written_down(f"{number}:{digest}").number == 10


def test_the_oldest_rows_may_go_when_a_purge_says_so():
    add()
    with transaction.atomic():
        record(Action.PURGE, by=None, at=timezone.now(), subject="audit", detail=f"4 {hash_of(4)}")
    past_the_triggers(number__lte=4).delete()
    assert broken() == []
    past_the_triggers(number=5).delete()
    assert broken() == [5]


def test_a_purge_that_was_made_up_or_cannot_be_read_is_found():
    add()
    past_the_triggers(number__lte=4).delete()
    forged = AuditEvent(number=11, at=timezone.now(), action="purge", subject="audit", detail=f"4 {'ab' * 32}")
    forged.hash = "ab" * 32
    forged.save(force_insert=True)
    assert 11 in broken()
    past_the_triggers(number=11).update(detail="rubbish")
    assert broken()[0] == 1


def test_rows_put_back_before_the_beginning_are_found():
    add()
    kept = AuditEvent.objects.get(number=3)
    with transaction.atomic():
        record(Action.PURGE, by=None, at=timezone.now(), subject="audit", detail=f"4 {hash_of(4)}")
    past_the_triggers(number__lte=4).delete()
    kept.save(force_insert=True)
    assert broken() == [3]


def test_the_mark_is_made_with_the_key():
    event = AuditEvent(number=1, at=timezone.now(), action="view")
    assert link(CHANGED_FROM_OUTSIDE, event) != link("", event)


# --- what the program and the database refuse


def test_there_is_no_record_outside_a_transaction_and_none_of_an_unknown_action(db):
    with pytest.raises(ValueError, match="no action"), transaction.atomic():
        record("gaze", by=None, at=timezone.now())
    with pytest.raises(ValueError, match="several events"), transaction.atomic():
        record(Action.VIEW, by=None, at=timezone.now(), subject="screening " + "1, " * 80)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_record_needs_the_transaction_of_what_it_records():
    with pytest.raises(transaction.TransactionManagementError):
        record(Action.VIEW, by=None, at=timezone.now())


def test_an_event_goes_with_its_transaction():
    add(1)
    with transaction.atomic():
        record(Action.VIEW, by=None, at=timezone.now())
        transaction.set_rollback(True)
    add(1)
    assert list(AuditEvent.objects.values_list("number", flat=True)) == [2, 1]
    assert list(verify()) == []


@pytest.fixture
def guarded(db):
    """The deleting trigger as the migration makes it (see conftest: on SQLite it is put away for tests)."""
    if connection.vendor == "sqlite":
        said = "The audit keeps its rows for six years."
        refuse(connection, TABLE, "delete", said, when=f"NOT ({older_than(connection, 'at', 6)})")


def test_the_database_refuses_to_edit_and_to_delete(guarded):
    add(2)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        AuditEvent.objects.filter(number=1).update(detail="x")
    with pytest.raises(DatabaseError, match="six years"), transaction.atomic():
        AuditEvent.objects.filter(number=1).delete()
    assert AuditEvent.objects.count() == 2


def test_the_database_lets_go_of_what_is_older_than_six_years(guarded):
    now = timezone.now()
    with transaction.atomic():
        record(Action.VIEW, by=None, at=now - timedelta(days=6 * 366))
        record(Action.VIEW, by=None, at=now - timedelta(days=6 * 365 - 3))
    AuditEvent.objects.filter(number=1).delete()
    with pytest.raises(DatabaseError, match="six years"), transaction.atomic():
        AuditEvent.objects.filter(number=2).delete()
