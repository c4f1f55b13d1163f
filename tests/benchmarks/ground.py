"""A scratch copy of the site for the benchmarks: its own folder, keys and SQLite database, gone at the end."""

import os
import tempfile
from functools import cache

OURS_ALONE = (
    "PUMPGUIDE_MODE",
    "DATABASE_URL",
    "SECRET_KEY",
    "ANSWERS_KEYS",
    "ALLOWED_HOSTS",
    "PUBLIC_URL",
    "BEHIND_PROXY",
)


@cache
def prepare() -> str:
    """Publish the starting guide and questionnaire on fresh ground. Gives the folder; touches no other data."""
    for name in OURS_ALONE:
        os.environ.pop(name, None)
    scratch = tempfile.TemporaryDirectory(prefix="pumpguide-benchmark-")
    kept.append(scratch)
    os.environ["PUMPGUIDE_VAR"] = scratch.name
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"

    import django

    django.setup()
    fill()
    return scratch.name


def fill() -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from content.guide_files import load
    from screening.actions import load_starting_questionnaire

    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", interactive=False, verbosity=0)
    load_starting_questionnaire(at=timezone.now())
    load(at=timezone.now())


kept: list[tempfile.TemporaryDirectory] = []
"""Holds the folder until the process ends, which removes it."""
