"""manage.py quickstart: from a fresh checkout to a running site, in one command; safe to run again at any time."""

import os
import secrets
import socket
import string
import sys
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone

from pumpguide.roles import ROLES
from screening.audit import record
from screening.models import Action

HOST = "127.0.0.1"
ACCOUNTS = {"editor": "Editor", "reviewer": "Clinical reviewer", "nurse": "Intake nurse", "admin": "Administrator"}
DESKS = {"Intake nurse": "/intake/"}  # where a role works, if not in the admin
NO_SECOND_STEP = """
*** STAFF SIGN IN WITH A PASSWORD ALONE. ***
*** This is for a look at Pump Guide on your own machine, never for real patients. ***
*** Turn the second step on: PUMPGUIDE_TWO_FACTOR=required manage.py quickstart ***
"""
LETTERS = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("l1o0i")))


class Command(BaseCommand):
    help = (
        "Makes the database, loads the guide and the questionnaire, makes one account for each staff role and serves "
        "the site on this machine. Run it again at any time: what staff edited is never touched."
    )
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--port", type=port, default=8000, help="where to serve (default: 8000)")
        parser.add_argument("--no-serve", action="store_true", help="prepare everything, then stop")

    def handle(self, *args, **options):
        if not options["no_serve"]:
            refuse_taken(options["port"])
        try:
            self.prepare()
        except (DatabaseError, OSError) as error:
            raise CommandError(
                f"Pump Guide cannot use {settings.VAR} or its database ({str(error).strip().splitlines()[0]}). "
                "Make that folder writable, or set PUMPGUIDE_VAR to one that is; check DATABASE_URL if you set it."
            ) from error
        if not options["no_serve"]:
            self.serve(options["port"])

    def prepare(self):
        keep_private()
        self.step("Preparing the database", "migrate", verbosity=0)
        self.step("Collecting static files", "collectstatic", interactive=False, verbosity=0)
        self.step("Loading the questionnaire", "load_questionnaire")
        self.step("Loading the guide", "load_guide")
        self.step("Clearing what is past its time", "purge", stdout=StringIO())  # its counts are for the log of cron
        self.accounts()
        self.warn()

    def step(self, title, command, **options):
        self.stdout.write(f"{title} …")
        call_command(command, **{"stdout": self.stdout, **options})

    def accounts(self):
        made = make_accounts()
        if not made:
            self.stdout.write("There are accounts already: none is made, and their passwords stay as they are.")
            return
        self.stdout.write("\nStaff accounts, shown only now. Write the passwords down:")
        for username, password in made.items():
            role = ACCOUNTS[username]
            desk = DESKS.get(role, "/admin/")
            self.stdout.write(f"  {role:18} user {username:9} password {password}  works at {desk}")
        self.stdout.write("")

    def warn(self):
        """Say loudly what this machine leaves out, so that nobody takes it for a clinic's installation."""
        if settings.TWO_FACTOR == "off":
            self.stdout.write(self.style.WARNING(NO_SECOND_STEP))

    def serve(self, number):
        site = f"http://{HOST}:{number}"
        self.stdout.write(f"Pump Guide is at {site}/")
        self.stdout.write(f"The editors’ desk is at {site}/admin/, the nurses’ desk at {site}/intake/")
        self.stdout.write("Stop it with Ctrl+C.")
        self.stdout.flush()
        gunicorn = [sys.executable, "-m", "gunicorn", "pumpguide.wsgi", "--bind", f"{HOST}:{number}"]
        quiet = ["--workers", "2", "--threads", "4", "--log-level", "warning", "--no-control-socket"]
        os.chdir(settings.BASE_DIR)
        os.execv(sys.executable, gunicorn + quiet)  # noqa: S606 (our own interpreter, no shell)


def port(text):
    """A port number from the command line."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ValueError
    return int(text)


def refuse_taken(number):
    """Raise CommandError when something else listens on the port, or it may not be used."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
        except OSError as error:
            raise CommandError(
                f"Port {number} on this machine is taken ({error.strerror}). Use another: "
                f"manage.py quickstart --port {number + 1 if number < 65535 else 8000}"
            ) from error


def keep_private():
    """Let only the owner read SQLite's file, on one's own machine; in production its rights are the clinic's to set.

    What SQLite puts beside the file takes over the rights.
    """
    database = settings.DATABASES["default"]
    if not settings.PRODUCTION and database["ENGINE"].endswith("sqlite3"):
        path = Path(database["NAME"])
        path.touch(mode=0o600)
        path.chmod(0o600)


@transaction.atomic
def make_accounts():
    """One account for each role: username -> password; none once anybody has an account, whatever it is called.

    So an upgrade opens no door that a clinic has closed or renamed. Each account stands in the audit.
    """
    users = get_user_model().objects
    if users.exists():
        return {}
    made = {}
    for username, role in ACCOUNTS.items():
        assert role in ROLES  # noqa: S101 (a slip here is a developer's)
        made[username] = "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
        user = users.create_user(username, password=made[username], is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        record(Action.ACCOUNT, by=None, at=timezone.now(), subject=f"account {user.pk}", detail=role)
    return made
