"""An audit row that cannot be written means that nothing of the record is shown, on every page that shows one."""

import pytest
from django.db import DatabaseError
from django.urls import reverse

from screening.access import opened_row
from screening.models import AuditEvent
from tests.screening.test_sending import send

from .callers import asked

SHOWING = ("screening", "contact", "desk", "print", "print-pdf", "export-csv", "export-fhir", "reveal-callback")
PER_ROW = ("screening", "contact", "reveal-callback")


@pytest.fixture
def kept(questionnaire, nurse, settings, tmp_path):
    """One screening and one call-back that the nurse holds."""
    settings.DELETIONS_LOG = tmp_path / "deletions.log"
    row = asked()
    row.claimed_by, row.claimed_at = nurse, row.asked_at
    row.save()
    return {"screening": send().screening, "callback": row}


def ask(client, name, kept):
    row = kept["callback" if name == "reveal-callback" else "screening"]
    address = reverse(f"intake:{name}", args=[row.pk] if name in PER_ROW else [])
    return client.get(address) if name == "screening" else client.post(address, {"number": row.pk})


@pytest.mark.parametrize("name", SHOWING)
def test_a_page_shows_its_record_only_after_its_trace(client, nurse, kept, name, monkeypatch):
    client.force_login(nurse)
    client.raise_request_exception = False
    assert ask(client, name, kept).status_code == 200
    assert AuditEvent.objects.count() == 1

    def fails(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(AuditEvent, "save", fails)
    response = ask(client, name, kept)
    shown = response.content.decode()
    assert response.status_code == 500
    assert "Mary" not in shown
    assert "555" not in shown
    assert opened_row(kept["screening"]).summary.heading not in shown
