"""manage.py load_questionnaire: publish version 1 where nothing is published yet."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from screening.actions import load_starting_questionnaire
from screening.engine.terms import RulesetError


class Command(BaseCommand):
    help = "Publishes the starting questionnaire, unless a version is published already."

    def handle(self, *args, **options):
        try:
            done = load_starting_questionnaire(at=timezone.now())
        except RulesetError as mistake:
            raise CommandError(str(mistake)) from mistake
        self.stdout.write(
            "Version 1 of the questionnaire published." if done else "A questionnaire is published already."
        )
