"""manage.py restore FILE: a backup takes the place of the database; then everything is checked."""

from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from pumpguide import backups, checkup
from pumpguide.dumps import DumpFailed, counted, load
from pumpguide.whereabouts import sentence
from screening.actions import replay_deletions, replay_wishes, restored


class Command(BaseCommand):
    help = (
        "Puts a backup in the place of the database, deletes again what was deleted since, and checks all of it. "
        "Stop the site first."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="what manage.py backup wrote")
        parser.add_argument("--yes", action="store_true", help="replace a database that is not empty")

    def handle(self, *args, file, yes=False, **options):
        self.stdout.write(sentence())
        try:
            with backups.opened(file, settings.VAR) as (manifest, raw):
                backups.refuse_unfit(manifest)
                if not yes and connection.introspection.table_names():
                    raise backups.Unusable(
                        "The database is not empty, and all that is in it would be replaced. Stop the site, make a "
                        "backup of it, and say --yes."
                    )
                load(raw)
            self.settle(manifest)
        except (backups.Unusable, DumpFailed) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename or file} cannot be read or written: {error.strerror}.") from error
        except DatabaseError as error:
            raise CommandError(
                f"The database does not take it ({type(error).__name__}). Check DATABASE_URL."
            ) from error

    def settle(self, manifest):
        """Bring what was loaded up to today, and hold it against what it should be."""
        self.stdout.write(f"Restored the backup of {manifest.made_at}.")
        with connection.cursor() as cursor:
            slips = checkup.same_rows(manifest.rows, counted(cursor))
        call_command("migrate", interactive=False, verbosity=0)
        slips += checkup.everything(self.stdout.write)
        at = timezone.now()
        restored(at=at, made_at=manifest.time)
        self.replay(at)
        Session.objects.all().delete()  # who has signed out since must not be in again
        self.stdout.write("Everyone has to sign in again.")
        call_command("purge", sweep=True, stdout=self.stdout)
        if slips:
            raise CommandError("The backup is in place, but:\n" + "\n".join(slips))
        self.stdout.write("All checks hold. What was written after the backup is gone, rows of the audit too.")

    def replay(self, at):
        if not settings.DELETIONS_LOG.exists():
            self.stdout.write(
                f"There is no {settings.DELETIONS_LOG}: either nothing was ever deleted, or what was deleted since "
                "the backup is back. Put the file in its place and run restore again."
            )
        gone = replay_deletions(at=at)
        asked = replay_wishes(at=at)
        self.stdout.write(f"Deleted since the backup, and deleted again: {gone}. Wishes to delete kept: {asked}.")
