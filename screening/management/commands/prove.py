"""manage.py prove: every proof over a version, a folder of files or a draft's snapshot; exit 1 where one fails."""

import json
from itertools import zip_longest
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError

from screening import published
from screening.definition import definition, read_folder
from screening.engine.reading import as_given
from screening.engine.terms import RulesetError
from screening.importing import MISSHAPEN
from screening.models import Questionnaire

UNPREPARED = "The database is not ready. Run: manage.py quickstart --no-serve"


class Command(BaseCommand):
    help = (
        "Proves a questionnaire's rules over all possible answers. Exit 1 when a proof fails, 2 when it cannot be read."
    )

    def create_parser(self, prog_name, subcommand, **kwargs):
        """As Django's, but without its own --version, whose name this command gives to the questionnaire's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--version", dest="number", type=int, metavar="N", help="a published version; default: newest"
        )
        which.add_argument("--file", metavar="F", help="a folder with rules.toml and wording, or a snapshot as JSON")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args, **options):
        from screening.engine.prove import prove

        ruleset = read(options["number"], options["file"]).ruleset
        try:
            proofs = prove(ruleset)
        except RuntimeError as gave_up:  # nothing is claimed that was not proven
            raise CommandError(str(gave_up), returncode=2) from gave_up
        if options["format"] == "json":
            self.stdout.write(json.dumps([as_dict(ruleset, proof) for proof in proofs], ensure_ascii=False))
        else:
            self.stdout.write(f"{ruleset.canonical}  {ruleset.hash}")
            for proof in proofs:
                self.stdout.write(f"{'holds ' if proof.holds else 'FAILS '} {proof.title}")
                for failure in as_dict(ruleset, proof)["failures"]:
                    person = f"  {json.dumps(failure['patient'])}" if failure["patient"] is not None else ""
                    instead = f" or {json.dumps(failure['instead'])}" if failure["instead"] is not None else ""
                    self.stdout.write(f"         {failure['text']}{person}{instead}")
        if not all(proof.holds for proof in proofs):
            raise SystemExit(1)


def as_dict(ruleset, proof):
    return {
        "proof": proof.id,
        "title": proof.title,
        "holds": proof.holds,
        "failures": [
            {
                "about": failure.about,
                "names": list(failure.names),
                "text": failure.sentence,
                **dict(zip_longest(("patient", "instead"), (as_given(ruleset, one) for one in failure.people))),
            }
            for failure in proof.failures
        ],
    }


def snapshot_named(name):
    """The snapshot of a published version (its number), a folder, or a JSON file. Raises CommandError, exit code 2."""
    try:
        if name.isdecimal():
            row = Questionnaire.objects.filter(version=int(name)).first()
            if row is None:
                raise published.NoSuchVersion(f"Version {name} is not published here.")
            return row.snapshot
        place = Path(name)
        return read_folder(place) if place.is_dir() else json.loads(place.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        reason = f"Cannot read {name}: {error}. Name a version, a folder with rules.toml, or a snapshot as JSON."
        raise CommandError(reason, returncode=2) from error
    except (RulesetError, published.NoSuchVersion) as error:
        raise CommandError(str(error), returncode=2) from error
    except DatabaseError as error:
        raise CommandError(UNPREPARED, returncode=2) from error


def read(number=None, file=None):
    """The definition that is meant. Raises CommandError with exit code 2."""
    try:
        if file is None:
            return published.current() if number is None else published.version(number)
        return definition(snapshot_named(file))
    except (RulesetError, published.NoSuchVersion) as error:
        raise CommandError(str(error), returncode=2) from error
    except DatabaseError as error:
        raise CommandError(UNPREPARED, returncode=2) from error
    except MISSHAPEN as error:
        raise misshapen(file, error) from error


def misshapen(name, error) -> CommandError:
    """For JSON that is no snapshot of a questionnaire."""
    said = f"{name} does not have the shape of a questionnaire ({type(error).__name__}: {error}). Export one to see it."
    return CommandError(said, returncode=2)
