"""For migrations: triggers by which the database itself refuses what no code of ours does."""

from .publishing import run


def refuse(connection, table: str, event: str, said: str, *, columns=(), when: str = "") -> None:
    """Refuse ``event`` ("update" or "delete") on a table with the words ``said``.

    ``columns``: only updates of these. ``when``: an SQL condition on OLD, in words both databases understand.
    """
    what = f"{event} OF {', '.join(columns)}" if columns else event
    condition = f"WHEN ({when})" if when else ""
    name = f"{table}_no_{event}"
    if connection.vendor == "sqlite":
        body = f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        run(connection, [f"CREATE TRIGGER {name} BEFORE {what} ON {table} {condition} {body}"])
        return
    function = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{said}'; END $$"
    trigger = f"CREATE TRIGGER {name} BEFORE {what} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {name}()"
    run(connection, [function, trigger])


def allow(connection, table: str, event: str) -> None:
    """The opposite of refuse, for going back."""
    name = f"{table}_no_{event}"
    if connection.vendor == "sqlite":
        run(connection, [f"DROP TRIGGER {name}"])
    else:
        run(connection, [f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()"])


def older_than(connection, column: str, years: int) -> str:
    """SQL: the row's time lies more than so many years back."""
    if connection.vendor == "sqlite":
        return f"OLD.{column} < datetime('now', '-{years} years')"
    return f"OLD.{column} < now() - interval '{years} years'"


def keep_out_of_statistics(connection, table: str, columns) -> None:
    """PostgreSQL copies samples of every column for its planner; of these none, so that what is deleted is gone."""
    if connection.vendor == "postgresql":
        run(connection, [f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0" for column in columns])
