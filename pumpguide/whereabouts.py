"""What a command works on, in one sentence. Without its environment it is another database than the site's."""

from django.conf import settings
from django.db import connection


def sentence() -> str:
    """Mode and database, without user or password."""
    mode = "Production" if settings.PRODUCTION else "Local mode"
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"{mode}: the SQLite database {given['NAME']}."
    return f"{mode}: the PostgreSQL database {given['NAME']} on {given['HOST'] or 'this machine'}."
