"""Who sits at the desk."""

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def _own_journal(settings, tmp_path):
    settings.DELETIONS_LOG = tmp_path / "deletions.log"


@pytest.fixture
def at_desk(nurse, questionnaire):
    """The nurse's browser."""
    client = Client()
    client.force_login(nurse)
    return client
