"""Two nurses never call the same person: of many who take a call at once, one holds it."""

import threading

import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from django.utils import timezone

from screening import actions
from screening.models import AuditEvent
from tests.content.test_two_at_once import _database  # noqa: F401  # the tests' SQLite in a file, where writers wait

from .callers import asked


@pytest.mark.django_db(transaction=True)
def test_of_ten_who_take_a_call_at_once_one_holds_it():
    row, now = asked(), timezone.now()
    people = [get_user_model().objects.create_user(f"nurse{number}") for number in range(10)]
    start, taken = threading.Barrier(len(people)), []

    def work(user):
        start.wait()
        if actions.claim(row.pk, by=user, at=now):
            taken.append(user)
        connections.close_all()

    threads = [threading.Thread(target=work, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row.refresh_from_db()
    assert taken == [row.claimed_by]
    assert AuditEvent.objects.get().by == row.claimed_by
