"""manage.py assess: hold answers from a file against a published version; one result for each person."""

import json
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from screening import published
from screening.engine.assess import assess
from screening.engine.reading import AnswersError, read_answers
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
            definition = published.version(options["number"]) if options["number"] else published.current()
            people = list(read_people(options["answers"]))
            everyone = [named(place, len(people), definition, person) for place, person in enumerate(people, start=1)]
        except (published.NoSuchVersion, AnswersError) as mistake:
            raise CommandError(str(mistake), returncode=2) from mistake
        for answers in everyone:
            if options["format"] == "text":
                self.stdout.write(as_text(summarize(definition, answers, "en")))
            else:
                self.stdout.write(json.dumps(assess(definition.ruleset, answers).as_dict(), ensure_ascii=False))


def named(place, count, definition, person):
    """The checked answers of one person; with several, the message says which line is wrong."""
    try:
        return read_answers(definition.ruleset, person)
    except AnswersError as mistake:
        if count == 1:
            raise
        raise AnswersError(f"Line {place}: {mistake}") from mistake


def read_people(source):
    """The JSON values of a file: one object over any number of lines, or one a line. Raises AnswersError."""
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise AnswersError(
            f"Cannot read {source}: {reason}. Name a file of JSON answers, or - for standard input."
        ) from error
    try:
        return [parsed(text)]
    except ValueError as whole:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise AnswersError(f"Malformed JSON: {whole}. Allowed: one object, or one object a line.") from whole
    people = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                people.append(parsed(line))
            except ValueError as error:
                raise AnswersError(
                    f"Line {number}: malformed JSON: {error}. Allowed: one object, or one object a line."
                ) from error
    return people


def parsed(text):
    """JSON in which no name is given twice. Raises ValueError."""
    return json.loads(text, object_pairs_hook=without_doubles)


def without_doubles(pairs):
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError("a name is given twice in one object")
    return values
