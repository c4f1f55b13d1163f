"""manage.py compare A B: every way the outcome can change between two versions; exit 1 where one can."""

import json

from django.core.management.base import BaseCommand, CommandError

from screening.changes import changes
from screening.engine.terms import RulesetError
from screening.importing import MISSHAPEN
from screening.management.commands.prove import misshapen, snapshot_named


class Command(BaseCommand):
    help = (
        "Compares two questionnaires, each a published version's number, a folder of files or a snapshot as JSON. "
        "Exit 1 when an outcome can change, 0 when it is proven that none can."
    )

    def add_arguments(self, parser):
        parser.add_argument("old", metavar="A")
        parser.add_argument("new", metavar="B")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args, **options):
        old, new = snapshot_named(options["old"]), snapshot_named(options["new"])
        try:
            found = changes(old, new, "en")
        except (RulesetError, RuntimeError) as error:  # unreadable, or the solver gave up: nothing is claimed
            raise CommandError(str(error), returncode=2) from error
        except MISSHAPEN as error:
            raise misshapen(f"{options['old']} or {options['new']}", error) from error
        parts = {"outcomes": found.outcomes, "edits": found.edits, "words": found.words}
        if options["format"] == "json":
            told = {name: [{"text": c.text, "patient": c.answers} for c in part] for name, part in parts.items()}
            told["reference"] = [list(row) for row in found.reference]
            self.stdout.write(json.dumps({"same_outcomes": found.same_outcomes, **told}, ensure_ascii=False))
        else:
            for name, part in parts.items():
                self.stdout.write(f"{name}: {len(part)}")
                for change in part:
                    person = f"  {json.dumps(change.answers)}" if change.answers else ""
                    self.stdout.write(f"  {change.text}{person}")
            for before, after, count in found.reference:
                self.stdout.write(f"test patients: {count} from {before} to {after}")
        if not found.same_outcomes:
            raise SystemExit(1)
