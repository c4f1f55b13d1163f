"""From a fresh folder to a running site: the README's first command, for real."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from content.models import Page
from pumpguide.management.commands.quickstart import ACCOUNTS, Command, keep_private, make_accounts
from screening.models import AuditEvent

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments, var, **more):
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PUMPGUIDE", "DJANGO"))}
    environment = {**outside, "PUMPGUIDE_VAR": str(var), **more}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fetch(url, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as response:  # noqa: S310
        return response.status, response.headers, response.read()


@pytest.fixture
def served(tmp_path):
    """The site as quickstart serves it: gunicorn, hashed static names, a database of its own."""
    number = free_port()
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("PUMPGUIDE", "DJANGO"))}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "quickstart", "--port", str(number)],
        cwd=ROOT,
        env={**outside, "PUMPGUIDE_VAR": str(tmp_path / "var")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for _attempt in range(600):
            if process.poll() is not None:
                raise AssertionError(process.stdout.read())
            try:
                fetch(f"http://127.0.0.1:{number}/healthz")
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
        yield f"http://127.0.0.1:{number}"
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="quickstart would prepare the shared PostgreSQL")
def test_quickstart_serves_guide_screening_and_hashed_static_files(served):
    status, headers, page = fetch(f"{served}/medicines/baclofen/")
    assert status == 200
    css = re.search(rb'href="(/static/css/site\.[0-9a-f]{12}\.css)"', page)[1].decode()
    status, headers, _body = fetch(served + css, **{"Accept-Encoding": "br"})
    assert headers["Content-Encoding"] == "br"
    assert "immutable" in headers["Cache-Control"]
    status, headers, page = fetch(f"{served}/screening/")
    assert b"Start the questions" in page
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    with pytest.raises(urllib.error.HTTPError, match="404"):
        fetch(f"{served}/nothing-here/")
    _status, _headers, health = fetch(f"{served}/healthz")
    assert json.loads(health) == {"database": "ok", "purge": "ok", "sweep": "ok"}


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="it is about SQLite's file")
def test_local_data_is_its_owners_alone(tmp_path, settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(tmp_path / "data.sqlite3"))
    keep_private()
    assert (tmp_path / "data.sqlite3").stat().st_mode & 0o777 == 0o600
    done = manage("quickstart", "--help", var=tmp_path / "var")
    assert done.returncode == 0
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db
def test_each_account_is_told_with_where_it_works():
    command = Command(stdout=StringIO())
    command.accounts()
    lines = command.stdout.getvalue().splitlines()
    assert [line.split()[-1] for line in lines if "password" in line and "user" in line] == (
        ["/admin/", "/admin/", "/intake/", "/admin/"]
    )


def test_taken_port_is_one_sentence_with_another_port(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        done = manage("quickstart", "--port", str(number), var=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert f"Port {number} on this machine is taken" in done.stderr
    assert f"--port {number + 1}" in done.stderr


def test_port_that_is_no_port_is_refused(tmp_path):
    done = manage("quickstart", "--port=abc", var=tmp_path)
    assert done.returncode == 2
    assert "invalid port value" in done.stderr
    for number in ("0", "70000", "-1"):
        with pytest.raises(CommandError, match="invalid port value"):
            call_command("quickstart", f"--port={number}")


def test_folder_that_cannot_be_written_is_one_sentence_with_the_mend(tmp_path):
    (tmp_path / "file").write_text("")
    done = manage("quickstart", "--no-serve", var=tmp_path / "file" / "var")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "cannot write" in done.stderr
    assert "PUMPGUIDE_VAR" in done.stderr


def test_database_that_cannot_be_used_is_one_sentence(tmp_path):
    (tmp_path / "pumpguide.sqlite3").mkdir()
    done = manage("quickstart", "--no-serve", var=tmp_path, DATABASE_URL="")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "Make that folder writable" in done.stderr


def test_old_python_is_one_sentence():
    pretend = "import sys; sys.version_info = (3, 9, 1); sys.version = '3.9.1 (old)'; exec(open('manage.py').read())"
    done = subprocess.run([sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == "Pump Guide needs Python 3.11 or newer; this is Python 3.9.1. Install a newer one."


@pytest.mark.parametrize(("two_factor", "loud"), [("off", True), ("required", False)])
def test_password_alone_is_said_loudly(settings, two_factor, loud):
    settings.TWO_FACTOR = two_factor
    command = Command(stdout=StringIO())
    command.warn()
    assert ("PASSWORD ALONE" in command.stdout.getvalue()) == loud


@pytest.mark.django_db
def test_one_account_for_each_role_is_made_once():
    made = make_accounts()
    assert set(made) == set(ACCOUNTS)
    for username, role in ACCOUNTS.items():
        user = get_user_model().objects.get(username=username)
        assert user.check_password(made[username])
        assert [group.name for group in user.groups.all()] == [role]
        assert not user.is_superuser
        trace = AuditEvent.objects.get(subject=f"account {user.pk}")
        assert (trace.action, trace.by, trace.detail) == ("account", None, role)
    assert make_accounts() == {}


def test_account_that_a_clinic_renamed_or_closed_is_not_made_again(nurse):
    make_accounts()
    assert get_user_model().objects.get() == nurse
    assert not AuditEvent.objects.exists()


def test_loading_again_never_touches_what_staff_edited(guide, editor):
    page = Page.objects.get(key="morphine")
    page.title, page.changed_by = "Our own words", editor
    page.save()
    page.blocks.first().delete()
    count = page.blocks.count()
    call_command("load_guide", verbosity=0)
    page.refresh_from_db()
    assert (page.title, page.blocks.count()) == ("Our own words", count)
