"""manage.py import_questionnaire: a draft of the next version from a folder, a zip, a draft's JSON or FHIR."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from screening.admin.overview import whole_of
from screening.drafting import snapshot_of
from screening.importing import import_draft


class Command(BaseCommand):
    help = (
        "Makes a draft of the next version from a folder with rules.toml and wording, a zip of those, "
        "a draft's JSON or a FHIR R4 Questionnaire. A second clinician publishes it in the admin."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="DIR|FILE")
        parser.add_argument("--user", required=True, metavar="NAME", help="who brings it in, and so cannot approve it")

    def handle(self, *args, **options):
        path, name = options["path"], options["user"]
        person = get_user_model().objects.filter(username=name, is_active=True).first()
        if person is None or not person.has_perm("screening.add_questionnairedraft"):
            raise CommandError(f"{name} may not make drafts. Name an active user who is an editor or a reviewer.")
        try:
            draft = import_draft(path, by=person, at=timezone.now())
        except OSError as error:
            raise CommandError(f"Cannot read {path}: {error.strerror}.") from error
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        self.stdout.write(f"{draft} made. It waits in the admin to be checked.")
        if mistake := whole_of(snapshot_of(draft))[1]:
            self.stdout.write(f"It cannot be read yet: {mistake}")
