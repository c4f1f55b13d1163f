"""manage.py backup FILE: the whole database in one file, while the site runs."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError

from pumpguide.backups import Unusable, write
from pumpguide.dumps import DumpFailed
from pumpguide.whereabouts import sentence

KEYS = """
The keys are not in it, and without them nobody can read what patients sent, you included.
Keep copies of SECRET_KEY, PATIENT_KEYS, CLINIC_KEY and the file DELETIONS_LOG in another place."""


class Command(BaseCommand):
    help = "Writes the whole database to one new file. The site may run meanwhile."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="where to write; must not be there yet")

    def handle(self, *args, file, **options):
        self.stdout.write(sentence())
        try:
            manifest = write(file)
        except (Unusable, DumpFailed) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file} cannot be written: {error.strerror}.") from error
        except DatabaseError as error:
            raise CommandError(f"The database cannot be read ({type(error).__name__}). Check DATABASE_URL.") from error
        rows = sum(manifest.rows.values())
        self.stdout.write(f"{file}: {file.stat().st_size} bytes, {len(manifest.rows)} tables, {rows} rows.{KEYS}")
