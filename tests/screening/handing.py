"""For tests of what patients hand over: a clinic that takes it, and a patient whose questions are all answered."""

import sqlite3
from contextlib import contextmanager

from django.db import OperationalError, connection, connections
from django.test import Client

from content.models import SiteSettings
from screening import clinic, form_age, published
from screening.answers import COOKIE, Visit, seal
from screening.engine.reading import read_answers
from screening.forms_send import call_wording
from tests.conftest import BASE


def name_the_clinic(**facts) -> None:
    """A clinic that takes summaries and calls back."""
    given = {"clinic_name": "Lake Clinic", "phone": "(555) 010-0199", "callback": True, "stated_wait": "two days"}
    SiteSettings(**{**given, **facts}).save()
    clinic.shelf.forget()


def mark(**options) -> str:
    """The mark of a form for a call, as it is shown now."""
    return form_age.mark(call_wording(clinic.now()), **options)


def finished(answers=BASE, run="ab" * 16, **options) -> Client:
    """A patient's browser with all questions answered."""
    client = Client(**options)
    client.cookies[COOKIE] = seal(Visit(1, read_answers(published.version(1).ruleset, answers), run))
    return client


@contextmanager
def tables_gone():
    """In here, the database answers every statement with an error; what is in memory still serves."""

    def down(*args, **kwargs):
        raise OperationalError("the database is down")

    with connection.execute_wrapper(down):
        yield


@contextmanager
def database_in_a_file(folder):
    """The tests' SQLite lies in memory, where threads do not wait for each other; here it lies in a file."""
    if connection.vendor != "sqlite":
        yield
        return
    kept, name = connections["default"], connection.settings_dict["NAME"]
    kept.ensure_connection()
    with sqlite3.connect(folder / "guide.sqlite3") as copy:
        kept.connection.backup(copy)
    copy.close()
    del connections["default"]
    connections.settings["default"]["NAME"] = str(folder / "guide.sqlite3")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"]["NAME"] = name
        connections["default"] = kept
