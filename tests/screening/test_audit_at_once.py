"""Many people at once leave one chain, without gaps or doubles. On SQLite in a file, and on PostgreSQL."""

import threading

import pytest
from django.db import connections, transaction
from django.utils import timezone

from screening.audit import record, verify
from screening.models import Action, AuditEvent
from tests.content.test_two_at_once import _database  # noqa: F401  # the tests' SQLite in a file, where writers wait

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, EACH = 20, 5


def test_twenty_at_once_make_one_chain():
    start, slips = threading.Barrier(PEOPLE), []

    def work(name):
        try:
            start.wait()
            for turn in range(EACH):
                with transaction.atomic():
                    record(Action.VIEW, by=None, at=timezone.now(), subject=f"screening {name}", detail=str(turn))
        except Exception as slip:
            slips.append(slip)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(name,)) for name in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert slips == []
    numbers = AuditEvent.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, PEOPLE * EACH + 1))
    assert len(set(AuditEvent.objects.values_list("subject", "detail"))) == PEOPLE * EACH
    assert list(verify()) == []
