"""manage.py import_guide DIR --user NAME: bring an exported guide in as drafts; nothing is published."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from content.guide_files import GuideFileError
from content.guide_import import import_guide

NEEDED = ("content.add_page", "content.change_page")


class Command(BaseCommand):
    help = "Brings an exported guide in as drafts of the user you name. A reviewer publishes them in the admin."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="A folder that export_guide wrote.")
        parser.add_argument("--user", required=True, help="The editor whose changes these are.")

    def handle(self, *args, folder, user, **options):
        try:
            done = import_guide(folder, by=editor(user), at=timezone.now())
        except GuideFileError as mistake:
            raise CommandError(str(mistake)) from mistake
        changes = ", ".join(f"{name} {count}" for name, count in sorted(done.changed.items())) or "nothing new"
        self.stdout.write(f"Brought in as drafts: {changes}.")
        for name in done.left:
            self.stdout.write(f"{name} was left alone: it would be public at once. Enter what you need in the admin.")


def editor(username: str):
    """The active user of this name who may edit pages. Raises CommandError."""
    person = get_user_model().objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(f"There is no active user {username!r}. Name one of the editors.")
    if not person.has_perms(NEEDED):
        raise CommandError(f"{username} may not edit pages. Name one of the editors.")
    return person
