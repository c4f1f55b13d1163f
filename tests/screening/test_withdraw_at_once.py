"""One version always stays in use, however many withdraw at once. On SQLite in a file, and on PostgreSQL."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from screening import published
from screening.actions import publish_questionnaire, withdraw
from screening.definition import read_folder
from screening.models import Questionnaire, Withdrawal
from tests.content.test_two_at_once import _database  # noqa: F401  # the tests' SQLite in a file, where writers wait

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 10


def test_of_ten_who_withdraw_two_versions_at_once_one_does_and_nine_are_told_why(questionnaire, reviewer):
    snapshot, now = read_folder(), timezone.now()
    snapshot["rules"]["version"] = 2
    publish_questionnaire(snapshot, by=reviewer, at=now, note="Again")
    versions = list(Questionnaire.objects.all())
    start, told, slips = threading.Barrier(PEOPLE), [], []

    def work(version):
        try:
            start.wait()
            withdraw(version, by=reviewer, at=now, reason="A slip")
        except ValidationError as refusal:
            told.append(refusal)
        except Exception as slip:
            slips.append(slip)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(versions[number % 2],)) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert slips == []
    assert (Withdrawal.objects.count(), len(told)) == (1, PEOPLE - 1)
    assert published.row_in_use() is not None
