"""``manage.py rotate_keys``: what patients sent is sealed anew under the newest key, so that an older one can go."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.utils import timezone

from pumpguide.whereabouts import sentence
from screening.actions import all_fresh, rotate
from screening.sealed import COLUMNS

HOW = """Put the new key in front in PATIENT_KEYS and restart every process of the site before this."""
MOST_SAID = 20


class Command(BaseCommand):
    help = (
        "Seals all that patients sent under the newest of PATIENT_KEYS. "
        f"{HOW} The site may run meanwhile; safe to stop at any moment and to run again."
    )

    def handle(self, *args, **options):
        self.stdout.write(sentence())
        try:
            closed = self.rotate()
            fresh = all_fresh()
        except DatabaseError as error:
            raise CommandError(
                f"The database does not let it go on ({type(error).__name__}). What is done stays done; run it again."
            ) from error
        if closed:
            raise CommandError(
                f"No key opens {', '.join(closed[:MOST_SAID])}{' and more' if len(closed) > MOST_SAID else ''}. "
                "Add the key they were sealed under to PATIENT_KEYS and run this again. Remove no key."
            )
        if not fresh:
            raise CommandError(
                "Something is still sealed under an older key: it was in use just now, or written by a process "
                "that has the older keys. "
                f"{HOW} Then run it again. Remove no key."
            )
        older = len(settings.PATIENT_KEYS) - 1
        self.stdout.write("The newest key opens everything.")
        if older:
            self.stdout.write(
                f"Run manage.py purge --sweep, which clears the database's files. Then the other keys ({older}) may be "
                "removed from PATIENT_KEYS. Keep them with the backups made until now."
            )

    def rotate(self) -> list[str]:
        """Every column; the places that no key opens."""
        at, closed = timezone.now(), []
        for model, column in COLUMNS:
            told = rotate(model, column, at=at)
            name = f"{model._meta.model_name}, {column}"
            self.stdout.write(f"{name}: {told.anew} sealed anew, {told.fresh} already under the newest key")
            closed += [f"{model._meta.model_name} {number}" for number in told.closed]
        return closed
