"""``manage.py verify_audit`` tells every break and what to write down."""

import io
import re

import pytest
from django.core.management import CommandError, call_command

from pumpguide.whereabouts import sentence

from .test_audit import add, past_the_triggers

pytestmark = pytest.mark.django_db


def check(**options):
    out = io.StringIO()
    try:
        call_command("verify_audit", stdout=out, **options)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def noted(said):
    return re.search(r"^\d+:[0-9a-f]{64}$", said, re.MULTILINE)[0]


def test_a_whole_audit_holds_and_gives_what_to_write_down():
    add(3)
    said, error = check()
    assert "Rows 1 to 3 were checked" in said
    assert noted(said).startswith("3:")
    assert error == ""
    add(2)
    assert check(noted=noted(said))[1] == ""


def test_an_empty_audit_is_no_error():
    assert check() == (f"{sentence()}\nThere are no rows.\nThe audit holds.\n", "")


def test_each_break_is_a_line_and_the_command_fails():
    add(9)
    past_the_triggers(number=2).update(detail="x")
    past_the_triggers(number__in=(5, 6)).delete()
    said, error = check()
    assert [line for line in said.splitlines() if line.startswith("Row ")] == [
        "Row 2: this row is not as it was written, or the one before it is not.",
        "Row 5: rows 5 to 6 are missing.",
    ]
    assert "2 breaks" in error


def test_what_was_written_down_must_still_be_there():
    add(2)
    _said, error = check(noted=f"2:{'ab' * 32}")
    assert "1 breaks" in error
    assert "--noted takes" in check(noted="2:rubbish")[1]
