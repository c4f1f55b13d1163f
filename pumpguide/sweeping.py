"""What deleted rows leave behind in the database's own files, and how that goes too."""

import time

from django.db import Error as DatabaseError
from django.db import connection

WAIT = 5  # seconds
LARGE = 200 * 1024 * 1024
"""Bytes, indexes included. 100,000 screenings (400 MB) took 8 seconds, a million (4 GB) 70; no page waits over 15."""


def sweep(tables: list[str], *, large_too: bool) -> bool:
    """Clear the files of what rows of these tables were before; False when something is left for another time.

    SQLite has overwritten what was deleted (``secure_delete``); the write-ahead log is emptied here. PostgreSQL writes
    the tables anew, and nobody reads them meanwhile: LARGE ones only with ``large_too``. Not inside a transaction.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        try:
            cursor.execute(f"SET statement_timeout = 0; SET lock_timeout = {int(WAIT * 1000)}")
            if not nobody_looks_back(cursor):
                return False
            done = [written_anew(cursor, table, large_too) for table in tables]
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", "") != "55P03":  # lock_not_available
                raise
            return False
        finally:
            cursor.execute("RESET statement_timeout; RESET lock_timeout")
    return all(done)


def written_anew(cursor, table: str, large_too: bool) -> bool:
    """Whether the table is in a new file now. One that is another user's is passed over with a mere warning."""
    name = connection.ops.quote_name(table)
    facts = "SELECT pg_relation_filenode(%s), pg_total_relation_size(%s)"
    cursor.execute(facts, [name, name])
    before, size = cursor.fetchone()
    if size > LARGE and not large_too:
        return False
    cursor.execute(f"VACUUM (FULL) {name}")
    cursor.execute(facts, [name, name])
    return cursor.fetchone()[0] != before


def nobody_looks_back(cursor) -> bool:
    """Wait until nothing reads from before now: PostgreSQL keeps deleted rows for whoever does.

    That is a reader in this database who began earlier, or a writer anywhere on the server, since what rewrites a
    table looks no further back than the oldest of those. False when there is still one after WAIT.
    Source: PostgreSQL's manual, "Routine Vacuuming" and "System Information Functions".
    """
    cursor.execute("SELECT pg_current_xact_id()::text")
    (now,) = cursor.fetchone()
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8 AND NOT EXISTS ("
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND age(backend_xmin) > age(%s::xid8::xid))",
            [now, now],
        )
        if cursor.fetchone() == (True,):
            return True
        time.sleep(0.05)
    return False
