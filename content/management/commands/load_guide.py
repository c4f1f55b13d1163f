"""manage.py load_guide: bring in the starting content; never touches what staff edited."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from content.guide_files import GuideFileError, load


class Command(BaseCommand):
    help = "Loads and publishes the starting pages of the guide. What staff have edited is left alone."

    def handle(self, *args, **options):
        try:
            count = load(at=timezone.now())
        except GuideFileError as mistake:
            raise CommandError(str(mistake)) from mistake
        self.stdout.write(f"{count} pages published.")
