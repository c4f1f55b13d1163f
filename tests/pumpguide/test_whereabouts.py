"""Commands say which database they work on, so that one that lacks its environment is noticed."""

from types import SimpleNamespace

import pytest
from django.core.management import call_command

from pumpguide.whereabouts import sentence


def test_sentence_names_the_database_and_no_password(monkeypatch, settings):
    settings.PRODUCTION = True
    given = {"NAME": "pumps", "HOST": "db.example", "USER": "pat", "PASSWORD": "hunter2"}
    line = SimpleNamespace(vendor="postgresql", settings_dict=given)
    monkeypatch.setattr("pumpguide.whereabouts.connection", line)
    assert sentence() == "Production: the PostgreSQL database pumps on db.example."


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["rotate_keys", "verify_audit"])
def test_command_says_it_first(command, capsys):
    call_command(command)
    assert capsys.readouterr().out.startswith(f"{sentence()}\n")
