"""manage.py export_questionnaire: a published version, or the open draft, as readable files or as FHIR."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from screening.actions import OPEN
from screening.definition import definition
from screening.drafting import snapshot_of
from screening.engine.terms import RulesetError
from screening.fhir import FhirError, questionnaire
from screening.files import write_folder
from screening.management.commands.prove import snapshot_named
from screening.models import QuestionnaireDraft, Withdrawal


class Command(BaseCommand):
    help = "Writes a version (its number) or the open draft (draft) as a folder of files, or as one FHIR R4 file."

    def add_arguments(self, parser):
        parser.add_argument("which", metavar="N|draft")
        parser.add_argument("to", type=Path, metavar="DIR|FILE", help="a folder; with --fhir a file")
        parser.add_argument("--fhir", action="store_true", help="one FHIR R4 Questionnaire instead of files")

    def handle(self, *args, **options):
        which, to = options["which"], options["to"]
        snapshot = self.draft() if which == "draft" else snapshot_named(which)
        try:
            if options["fhir"]:
                resource = questionnaire(definition(snapshot), status=status_of(which))
                to.write_text(json.dumps(resource, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
                paths = [to]
            else:
                paths = write_folder(snapshot, to)
        except OSError as error:
            raise CommandError(f"Cannot write {to}: {error.strerror}.") from error
        except (FhirError, RulesetError) as mistake:
            raise CommandError(str(mistake)) from mistake
        for path in paths:
            self.stdout.write(str(path))

    def draft(self):
        draft = QuestionnaireDraft.objects.filter(stage__in=OPEN).first()
        if draft is None:
            raise CommandError("No draft is open. Name a published version by its number.")
        return snapshot_of(draft)


def status_of(which: str) -> str:
    """A name in fhir.STATUS for a version's number, a file, or the draft."""
    if which == "draft":
        return "draft"
    withdrawn = which.isdecimal() and Withdrawal.objects.filter(questionnaire__version=int(which)).exists()
    return "withdrawn" if withdrawn else "published"
