"""Published versions cannot be changed by anyone: not through the code, not past it."""

import pytest
from django.db import DatabaseError, connection, transaction

from pumpguide.publishing import AlreadyPublished, freeze_table, run, thaw_table
from screening.models import Questionnaire

TABLE = "screening_questionnaire"


@pytest.fixture
def guarded(questionnaire):
    """The triggers as the migration makes them (see conftest: on SQLite the deleting one is put away for tests)."""
    if connection.vendor == "sqlite":
        run(connection, [f"DROP TRIGGER {TABLE}_no_update"])
        freeze_table(connection, TABLE)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE screening_questionnaire SET note = 'other'",
        "UPDATE screening_questionnaire SET version = 9",
        "DELETE FROM screening_questionnaire",
    ],
)
def test_database_refuses_to_change_a_published_version(guarded, statement):
    with pytest.raises(DatabaseError, match="cannot be changed or deleted"), transaction.atomic():
        run(connection, [statement])
    assert Questionnaire.objects.get().note == "Starting questionnaire"


def test_code_refuses_to_change_a_published_version(questionnaire):
    version = Questionnaire.objects.get()
    version.note = "other"
    for change in (version.save, version.delete, Questionnaire.objects.all().delete):
        with pytest.raises(AlreadyPublished):
            change()
    with pytest.raises(AlreadyPublished):
        Questionnaire.objects.update(note="other")


@pytest.mark.django_db
def test_table_can_be_thawed_to_go_back():
    run(connection, ["CREATE TABLE thing (id integer)"])
    freeze_table(connection, "thing")
    thaw_table(connection, "thing")
    run(connection, ["INSERT INTO thing VALUES (1)", "DELETE FROM thing", "DROP TABLE thing"])
