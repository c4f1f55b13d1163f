"""manage.py export_guide DIR: the whole guide as readable files, to move it or to review it in git."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from content.export import export_guide
from content.guide_files import GuideFileError


class Command(BaseCommand):
    help = "Writes the guide as staff have it now (drafts too) into a folder. import_guide brings it back exactly."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="An empty folder, or one that holds an earlier export.")

    def handle(self, *args, folder, **options):
        try:
            count = export_guide(folder)
        except (GuideFileError, OSError) as mistake:
            raise CommandError(str(mistake)) from mistake
        self.stdout.write(f"{count} files written to {folder}.")
