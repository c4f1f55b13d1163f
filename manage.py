#!/usr/bin/env python
"""The command line: quickstart, assess, and Django's own commands."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (this line is for the people who run an older Python)
    sys.exit(f"Pump Guide needs Python 3.11 or newer; this is Python {sys.version.split()[0]}. Install a newer one.")


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pumpguide.settings")
    try:
        from django.conf import settings
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Django is not installed here. Run: python3 -m venv .venv && .venv/bin/pip install -e .")
    try:
        settings.INSTALLED_APPS  # noqa: B018 (reads the settings now, so that a mistake in them is told in one sentence)
    except ImproperlyConfigured as mistake:
        sys.exit(str(mistake))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
