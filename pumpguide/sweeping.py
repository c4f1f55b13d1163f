"""What deleted rows leave behind in the database's own files, and how that goes too."""

from django.db import Error as DatabaseError
from django.db import connection

WAIT = "5s"


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
            cursor.execute(f"SET statement_timeout = 0; SET lock_timeout = '{WAIT}'")
            for table in tables:
                cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", "") != "55P03":  # lock_not_available
                raise
            return False
        finally:
            cursor.execute("RESET statement_timeout; RESET lock_timeout")
    return True
