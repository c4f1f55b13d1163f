"""The whole database into one file and back, while the site runs: SQLite's online copy, PostgreSQL's own tools."""

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.apps import apps
from django.db import connection, transaction
from psycopg2.extensions import make_dsn

WAIT = 10  # seconds for others to let go of an SQLite database
EMPTIED = """
SET statement_timeout = 0;
DO $$ DECLARE found record; BEGIN
  FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP TABLE %I CASCADE', found.tablename);
  END LOOP;
  FOR found IN SELECT oid::regprocedure AS signature FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e') LOOP
    EXECUTE format('DROP FUNCTION %s CASCADE', found.signature);
  END LOOP;
END $$;
"""


class DumpFailed(Exception):
    """One sentence that says what stands in the way, and the mend."""


def dump(path: Path) -> dict[str, int]:
    """Write the database as it is at one moment to ``path``, which is there and empty. Gives table -> rows.

    Raises DumpFailed.
    """
    return dump_sqlite(path) if connection.vendor == "sqlite" else dump_postgresql(path)


def load(path: Path) -> None:
    """Put what ``dump`` wrote in the place of everything that is there: all of it, or nothing. Raises DumpFailed."""
    return load_sqlite(path) if connection.vendor == "sqlite" else load_postgresql(path)


def counted(cursor) -> dict[str, int]:
    """Table -> rows, of every table of ours that is there."""
    there = set(connection.introspection.table_names(cursor))
    ours = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} & there)
    rows = {}
    for table in ours:
        cursor.execute(counting(table))
        rows[table] = cursor.fetchone()[0]
    return rows


def counting(table: str) -> str:
    return f"SELECT count(*) FROM {connection.ops.quote_name(table)}"  # noqa: S608 (the name is a model's)


# --- SQLite


def dump_sqlite(path: Path) -> dict[str, int]:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(path)) as copy:
            # in one step: one moment's state, and no writer waits
            connection.connection.backup(copy, progress=patience())
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
            with connection.cursor() as cursor:
                tables = counted(cursor)
            return {table: copy.execute(counting(table)).fetchone()[0] for table in tables}
    except sqlite3.Error as error:
        raise DumpFailed(f"The database cannot be copied ({error}). Is there room on the disk?") from error


def load_sqlite(path: Path) -> None:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(path)) as source:
            found = source.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                raise DumpFailed(f"The database in the backup is damaged ({found}). Use another backup.")
            # one transaction on the live file, which stays in its place
            source.backup(connection.connection, progress=patience())
    except sqlite3.Error as error:
        raise DumpFailed(f"The database cannot be replaced ({error}). Stop the site, then try again.") from error


def patience() -> Callable[[int, int, int], None]:
    """For SQLite's copy, which else would wait for ever on a database that others hold."""
    until = time.monotonic() + WAIT

    def progress(status: int, _left: int, _pages: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise DumpFailed("The database is in use all the time. Stop the site, then try again.")

    return progress


# --- PostgreSQL


def dump_postgresql(path: Path) -> dict[str, int]:
    with one_moment() as snapshot:
        tool("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={path}")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            return counted(cursor)


@contextmanager
def one_moment() -> Iterator[str]:
    """A transaction that sees one moment's state; its name lets other connections see the same."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def load_postgresql(path: Path) -> None:
    """The backup becomes SQL, and that runs in the one transaction in which all that was there is dropped."""
    script = path.with_name(f"{path.name}.sql")
    try:
        script.touch(mode=0o600)
        with script.open("ab") as file:
            file.write(EMPTIED.encode())
            file.flush()
            tool("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(path), stdout=file, connects=False)
        connection.close()
        tool("psql", "--no-psqlrc", "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1", f"--file={script}")
    finally:
        script.unlink(missing_ok=True)


def tool(name: str, *words: str, stdout=subprocess.DEVNULL, connects=True) -> None:
    """Run one of PostgreSQL's own programs on the database in use; no password is among its words."""
    found = shutil.which(name)
    if found is None:
        raise DumpFailed(f"{name} is not installed. Install PostgreSQL's client programs, or add them to PATH.")
    env = dict(os.environ)
    if connects:
        given = connection.get_connection_params()
        env["PGPASSWORD"] = given.pop("password", None) or env.get("PGPASSWORD", "")
        for django_alone in ("cursor_factory", "client_encoding", "options", "context"):
            given.pop(django_alone, None)
        words = (*words, f"--dbname={make_dsn(**given)}")
    command = [found, *words]
    ran = subprocess.run(  # noqa: S603 (PostgreSQL's own tools, no shell, words of ours)
        command, env=env, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False
    )
    if ran.returncode:
        said = " ".join(line.strip() for line in ran.stderr.splitlines() if "rror" in line or "detail" in line)
        raise DumpFailed(f"{name} failed: {said[:300] or 'it did not say why'}")
