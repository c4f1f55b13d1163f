"""``manage.py verify_audit``: goes along the whole audit and tells every place where it does not hold."""

import re

from django.core.management.base import BaseCommand, CommandError

from pumpguide.whereabouts import sentence
from screening.audit import newest_row, start_of_chain, verify, written_down


class Command(BaseCommand):
    help = (
        "Check the audit's chain. Prints one line for each break and exits with 1 when there is one. "
        "Write down the number and hash it prints somewhere else, and give them next time with --noted."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--noted", metavar="NUMBER:HASH", help="what an earlier run printed; shows that no row since is gone"
        )

    def handle(self, *args, noted=None, **options):
        self.stdout.write(sentence())
        if noted and not re.fullmatch(r"\d{1,18}:[0-9a-f]{64}", noted):
            raise CommandError("--noted takes what an earlier run printed: a number, a colon, 64 hexadecimal digits.")
        breaks = 0
        for broken in verify():
            breaks += 1
            self.stdout.write(f"Row {broken.number}: {broken.why}.")
        if noted and (broken := written_down(noted)):
            breaks += 1
            self.stdout.write(f"Row {broken.number}: {broken.why}.")
        self.say_where_it_ends()
        if breaks:
            raise CommandError(f"The audit does not hold: {breaks} breaks.")
        self.stdout.write("The audit holds.")

    def say_where_it_ends(self):
        """What was looked at, and the line to write down."""
        _before, first = start_of_chain()
        number, digest = newest_row()
        if not number:
            self.stdout.write("There are no rows.")
            return
        self.stdout.write(f"Rows {first} to {number} were checked. Write this down elsewhere:")
        self.stdout.write(f"{number}:{digest}")
