"""Personas and the small things every test may need."""

import functools
import gc
import gzip
import json
import os
from pathlib import Path

import brotli
import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.utils import timezone

from content.models import Edition, Page, PageRevision, Rendering, SearchEntry
from content.pages import shelf
from pumpguide.roles import ROLES
from screening import clinic, published
from screening.definition import Definition, definition, read_folder
from screening.engine.prove import prove
from screening.models import Questionnaire

from . import own_database

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs an event loop in the thread

PUBLIC = (Page, PageRevision, Rendering, Edition, SearchEntry)
"""What a public page is made of."""
BASE = json.loads((Path(__file__).parent / "screening" / "base_patient.json").read_text())
"""Base B of the clinical specification: the answers every test patient starts from."""


HERE = Path(__file__).parent


def journeys(*names):
    return {HERE / "journeys" / f"test_{name}.py" for name in names}


ONCE = {
    *(HERE / "screening" / "engine").glob("test_*.py"),
    HERE / "test_house.py",
    *journeys("accessibility", "idle_limit", "narrow", "preferences", "skipping_ahead"),
}
"""The engine, the house, and journeys on which the database is only read, by queries that other tests ask as well."""
LONG = {
    *journeys("attacks", "desk", "enter", "intake", "keyboard", "lforms", "page_comforts", "paper", "print"),
    *journeys("rules", "search", "tabs", "test_patients", "valid_html", "without_script"),
}
"""Days of work at the desk in a browser, and the same walks over many pages; a single long test is marked where it is.
"""


def pytest_collection_modifyitems(items):
    for item in items:
        for name, paths in (("once", ONCE), ("long", LONG)):
            if item.path in paths:
                item.add_marker(name)


def pytest_collection_finish(session):
    """What is there now stays to the end: looking through it for garbage all the time took a twentieth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


@pytest.fixture(scope="session")
def version_1() -> Definition:
    """Version 1 of the questionnaire as the files hold it; no database."""
    return definition(read_folder())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, tmp_path_factory):
    """Tests in a real browser empty the tables afterwards; on SQLite the triggers that guard revisions forbid that.

    So they go here, and the tests of the triggers put them back for themselves.
    """
    with django_db_blocker.unblock():
        own_database.keep_a_copy(tmp_path_factory.mktemp("database"))
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'")
                for (name,) in cursor.fetchall():
                    cursor.execute(f"DROP TRIGGER {name}")


@pytest.fixture(autouse=True, scope="session")
def _compress_each_page_once():
    """Loading the whole guide anew for a test gives the same pages; their compressed forms are worked out only once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("content.make.brotli.compress", functools.cache(brotli.compress))
        patch.setattr("content.make.gzip.compress", functools.cache(gzip.compress))
        yield


@pytest.fixture(autouse=True, scope="session")
def _prove_each_ruleset_once():
    """Proofs are a pure function of the rules; those of a draft that many tests start from are made once.

    The engine's own tests call it as it is.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("screening.engine.prove.prove", functools.cache(prove))
        yield


@pytest.fixture(autouse=True)
def _empty_shelves():
    """Each test begins as a new process would: nothing published is in memory."""
    shelf.forget()
    published.in_use_shelf.forget()
    clinic.shelf.forget()
    published.version.cache_clear()


@pytest.fixture
def questionnaire(db, questionnaire_rows):
    """Version 1, published."""
    Questionnaire.objects.bulk_create(questionnaire_rows)


@pytest.fixture(scope="session")
def questionnaire_rows(django_db_setup, django_db_blocker):
    """Its row, read from the files and checked once, then rolled back."""
    from screening.actions import load_starting_questionnaire

    with django_db_blocker.unblock(), transaction.atomic():
        load_starting_questionnaire(at=timezone.now())
        rows = list(Questionnaire.objects.all())
        transaction.set_rollback(True)
    return rows


@pytest.fixture
def guide(db, guide_rows):
    """The starting content, published."""
    with transaction.atomic():
        for rows in guide_rows:
            type(rows[0]).objects.bulk_create(rows)


@pytest.fixture
def public_guide(db, guide_rows):
    """What readers see of it, without the rows that staff edit: a third of the time."""
    with transaction.atomic():
        for rows in guide_rows:
            if isinstance(rows[0], PUBLIC):
                type(rows[0]).objects.bulk_create(rows)


@pytest.fixture(scope="session")
def guide_rows(django_db_setup, django_db_blocker):
    """The rows of the starting content, loaded once and rolled back: a test puts them in again in milliseconds."""
    from content.guide_files import load

    with django_db_blocker.unblock(), transaction.atomic():
        load(at=timezone.now())
        rows = [list(model.objects.all()) for model in apps.get_app_config("content").get_models()]
        transaction.set_rollback(True)
    return [found for found in rows if found]


def role(name):
    """The role with its rights. A test in a browser before this one may have emptied the tables."""
    group, made = Group.objects.get_or_create(name=name)
    if made:
        for label, codenames in ROLES[name].items():
            group.permissions.add(*Permission.objects.filter(content_type__app_label=label, codename__in=codenames))
    return group


def person(username, group):
    user = get_user_model().objects.create_user(username, password="a long enough password", is_staff=True)
    user.groups.add(role(group))
    return user


@pytest.fixture
def editor(db):
    return person("edith", "Editor")


@pytest.fixture
def reviewer(db):
    return person("ravi", "Clinical reviewer")


@pytest.fixture
def nurse(db):
    return person("nora", "Intake nurse")


@pytest.fixture
def administrator(db):
    return person("adam", "Administrator")
