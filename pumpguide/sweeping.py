"""What deleted rows leave behind in the database's own files, and how that goes too."""

import time

from django.db import Error as DatabaseError
from django.db import connection

WAIT = 5  # seconds


def sweep(tables: list[str]) -> bool:
    """Clear the files of what rows of these tables were before; False when others are busy there: try again later.

    SQLite has overwritten what was deleted (``secure_delete``); the write-ahead log is emptied here. PostgreSQL writes
    the tables anew, and nobody reads them meanwhile. Not inside a transaction.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        try:
            cursor.execute(f"SET statement_timeout = 0; SET lock_timeout = {int(WAIT * 1000)}")
            if not nobody_looks_back(cursor):
                return False
            for table in tables:
                cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", "") != "55P03":  # lock_not_available
                raise
            return False
        finally:
            cursor.execute("RESET statement_timeout; RESET lock_timeout")
    return True


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
