"""manage.py assess: hold answers from a file against a published version; one result for each person."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError

from screening import published
from screening.engine.assess import assess
from screening.engine.reading import AnswersError, read_answers
from screening.management.commands.prove import UNPREPARED
from screening.summary import summarize
from screening.text import as_text


class Command(BaseCommand):
    help = (
        "Reads one JSON object of answers, or JSON Lines (one person a line), and prints one result each, in order. "
        "Exit 2 and one line on standard error when the answers cannot be read."
    )

    def add_arguments(self, parser):
        parser.add_argument("--answers", required=True, metavar="FILE", help="the answers; - for standard input")
        parser.add_argument(
            "--version", dest="number", type=int, metavar="N", help="questionnaire version; default: newest"
        )
        parser.add_argument("--format", choices=("json", "text"), default="json")

    def create_parser(self, prog_name, subcommand, **kwargs):
        """As Django's, but without its own --version, whose name this command gives to the questionnaire's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def handle(self, *args, **options):
        try:
            definition = published.current() if options["number"] is None else published.version(options["number"])
            everyone = [checked(definition, where, person) for where, person in read_people(options["answers"])]
        except (published.NoSuchVersion, AnswersError) as mistake:
            raise CommandError(str(mistake), returncode=2) from mistake
        except DatabaseError as error:
            raise CommandError(UNPREPARED, returncode=2) from error
        for answers in everyone:
            if options["format"] == "text":
                self.stdout.write(as_text(summarize(definition, answers, "en")))
            else:
                self.stdout.write(json.dumps(assess(definition.ruleset, answers).as_dict(), ensure_ascii=False))


def checked(definition, where, person):
    """The checked answers of one person; among several, the message says which line is wrong."""
    try:
        return read_answers(definition.ruleset, person)
    except AnswersError as mistake:
        raise AnswersError(f"{where}{mistake}") from mistake


def read_people(source):
    """(where, JSON value) of each person in a file: one object over any number of lines, or one a line.

    ``where`` is "Line N: " in the second case, else "". Raises AnswersError.
    """
    text = read_text(source)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) < 2 or not is_json(lines[0][1]):
        return [("", parsed("", text))]
    return [(f"Line {number}: ", parsed(f"Line {number}: ", line)) for number, line in lines]


def read_text(source):
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise AnswersError(
            f"Cannot read {source}: {reason}. Name a file of JSON answers, or - for standard input."
        ) from error


def is_json(text):
    """Whether the text is a JSON value by itself, so that the next line begins another person."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def parsed(where, text):
    """JSON in which no name is given twice. Raises AnswersError."""
    try:
        return json.loads(text, object_pairs_hook=without_doubles)
    except RecursionError as error:
        raise malformed(where, "it is nested too deeply") from error
    except ValueError as error:
        raise malformed(where, error) from error


def malformed(where, reason):
    begin = f"{where}malformed" if where else "Malformed"
    return AnswersError(f"{begin} JSON: {reason}. Allowed: one object, or one object a line.")


def without_doubles(pairs):
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a name is given twice in one object")
    return values
