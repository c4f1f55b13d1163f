"""manage.py purge: deletes what is past its time. Meant to run every hour; safe to run at any time, and to kill."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from pumpguide.staff.forgetting import forget_logins, forget_sessions
from pumpguide.sweeping import sweep
from pumpguide.whereabouts import sentence
from screening.actions import purge_audit, purge_callbacks, purge_counts, purge_screenings, purged
from screening.models import CallbackAttempt, CallbackRequest, Review, Screening, SendCount, Upkeep

CLEARED = (Screening, Review, CallbackRequest, CallbackAttempt, SendCount)
STEPS: dict[str, Callable[..., int]] = {
    "screenings": purge_screenings,
    "call-backs": purge_callbacks,
    "counts of sends": purge_counts,
    "rows of the audit": purge_audit,
    "ended sessions": forget_sessions,
    "old failed sign-ins": forget_logins,
}


class Command(BaseCommand):
    help = "Deletes what is past its time, and says how much that was. Run it every hour."

    def add_arguments(self, parser):
        parser.add_argument(
            "--sweep", action="store_true", help="clear the files of large tables now; the desk waits meanwhile"
        )

    def handle(self, *args, sweep=False, **options):
        self.stdout.write(sentence())
        try:
            self.purge(sweep)
        except OSError as error:
            raise CommandError(
                f"The list of deletions (DELETIONS_LOG) cannot be written: {error.strerror}. "
                "Nothing is deleted without it. Make the file and its folder writable for this user."
            ) from error
        except DatabaseError as error:
            raise CommandError(
                f"The database does not let the purge go on ({type(error).__name__}). What is done stays done; "
                "the next run does the rest."
            ) from error

    def purge(self, large_too: bool):
        at = timezone.now()
        for name, step in STEPS.items():
            gone = 0
            while batch := step(at=at):
                gone += batch
            self.stdout.write(f"{name}: {gone} deleted")
        traces, since = Upkeep.objects.values_list("traces", "unswept_since").get(pk=1)
        swept = sweep_if_needed(since, large_too or tonight(since, at))
        purged(at=at, swept=traces if swept else None)
        if not swept:
            self.stdout.write(
                "The database's files keep traces until a later run of this. They are in use, or a large table waits "
                "for the night (QUIET_HOURS), or a table belongs to another user of the database."
            )


def sweep_if_needed(since: datetime | None, large_too: bool) -> bool:
    """Whether nothing of what was deleted until now is left in the files. ``since``: the first time not swept yet."""
    if connection.vendor == "postgresql" and since is None:
        return True
    return sweep([model._meta.db_table for model in CLEARED], large_too=large_too)


def tonight(since: datetime | None, at: datetime) -> bool:
    """Whether it is night at the clinic and nothing was swept yet in it: writing a large table anew takes long."""
    here, (begins, ends) = timezone.localtime(at), settings.QUIET_HOURS
    night = here.replace(hour=begins, minute=0, second=0, microsecond=0)
    return since is not None and since < night and begins <= here.hour < ends
