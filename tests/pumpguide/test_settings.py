"""Settings come from the environment; what is missing or wrong is named, with the mend, before anything starts."""

import json
import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet
from csp.constants import NONCE
from django.core.exceptions import ImproperlyConfigured

from pumpguide import settings as ours

KEY = Fernet.generate_key().decode()
PRODUCTION = {
    "PUMPGUIDE_MODE": "production",
    "SECRET_KEY": KEY + KEY,
    "ANSWERS_KEYS": KEY,
    "PATIENT_KEYS": KEY,
    "CLINIC_KEY": KEY,
    "ALLOWED_HOSTS": "pumps.example,www.pumps.example",
}
SHOW = """
import json
import pumpguide.settings as s
print(json.dumps({name: getattr(s, name) for name in dir(s) if name.isupper() and name != "LANGUAGES"}, default=str))
"""


def run(folder, *command, **env):
    """Run Python in a process of its own with just this environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        env={**kept, "PUMPGUIDE_VAR": str(folder), **env},
        cwd=ours.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def start(folder, **env):
    return run(folder, "manage.py", "check", **env)


def settings_of(folder, **env):
    return json.loads(run(folder, "-c", SHOW, **env).stdout)


# --- production ----------------------------------------------------------------------------------------------------


def test_production_passes_every_deployment_check(tmp_path):
    ran = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert ran.returncode == 0, ran.stderr
    assert "0 silenced" in ran.stdout


@pytest.mark.parametrize("name", ["SECRET_KEY", "ANSWERS_KEYS", "PATIENT_KEYS", "CLINIC_KEY", "ALLOWED_HOSTS"])
@pytest.mark.parametrize("value", [None, "", ","])
def test_production_refuses_to_start_without_each_key(tmp_path, name, value):
    env = {**PRODUCTION, name: value}
    if value is None:
        del env[name]
    if name == "SECRET_KEY" and value == ",":
        return  # a short key is Django's own deployment check
    ran = start(tmp_path, **env)
    assert ran.returncode != 0
    assert name in ran.stderr
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


def test_production_writes_no_key_of_its_own(tmp_path):
    start(tmp_path, **PRODUCTION)
    assert not (tmp_path / "keys").exists()


def test_production_is_https_only_and_locks_its_cookies(tmp_path):
    found = settings_of(tmp_path, **PRODUCTION)
    assert found["DEBUG"] is False
    assert found["PUBLIC_URL"] == "https://pumps.example"
    for name in ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY"):
        assert found[name] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert "SECURE_PROXY_SSL_HEADER" not in found  # nobody is trusted to say so unless told


def test_proxy_is_trusted_only_when_told(tmp_path):
    found = settings_of(tmp_path, **PRODUCTION, BEHIND_PROXY="1")
    assert found["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_second_step_is_required_in_production_and_off_on_ones_own_machine(tmp_path):
    assert settings_of(tmp_path, **PRODUCTION)["TWO_FACTOR"] == "required"
    assert settings_of(tmp_path)["TWO_FACTOR"] == "off"
    assert settings_of(tmp_path, PUMPGUIDE_TWO_FACTOR="required")["TWO_FACTOR"] == "required"


def test_production_without_a_second_step_fails_the_deployment_check(tmp_path):
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    ran = run(tmp_path, *check, **PRODUCTION, PUMPGUIDE_TWO_FACTOR="off")
    assert ran.returncode != 0
    assert "password alone" in ran.stderr


def test_answers_cookie_has_the_host_prefix_in_production(tmp_path):
    show = "import django; django.setup(); from screening.answers import COOKIE; print(COOKIE)"
    env = {**PRODUCTION, "DJANGO_SETTINGS_MODULE": "pumpguide.settings"}
    assert run(tmp_path, "-c", show, **env).stdout == "__Host-answers\n"


# --- local ---------------------------------------------------------------------------------------------------------


def test_local_mode_starts_with_nothing_set_and_keeps_its_keys(tmp_path):
    first, second = settings_of(tmp_path), settings_of(tmp_path)
    assert first["PRODUCTION"] is False
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert first["ANSWERS_KEYS"] == second["ANSWERS_KEYS"]
    assert first["DATABASES"]["default"]["NAME"] == str(tmp_path / "pumpguide.sqlite3")
    for path in (tmp_path / "keys").iterdir():
        assert path.stat().st_mode & 0o777 == 0o600


def test_two_installations_have_different_keys(tmp_path):
    one, other = settings_of(tmp_path / "one"), settings_of(tmp_path / "other")
    assert one["SECRET_KEY"] != other["SECRET_KEY"]
    assert one["ANSWERS_KEYS"] != other["ANSWERS_KEYS"]


# --- what is wrong is named ----------------------------------------------------------------------------------------

WRONG = {
    "a mode there is not": ({"PUMPGUIDE_MODE": "prod"}, "PUMPGUIDE_MODE", "local, production"),
    "a flag that is a word": ({"BEHIND_PROXY": "yes"}, "BEHIND_PROXY", "1, 0"),
    "a key that is none": ({"ANSWERS_KEYS": f"{KEY},hunter2"}, "ANSWERS_KEYS", "key number 2"),
    "a second step that is a number": ({"PUMPGUIDE_TWO_FACTOR": "2"}, "PUMPGUIDE_TWO_FACTOR", "required, off"),
    "no hosts": ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS", ""),
    "another database": ({"DATABASE_URL": "mysql://user:hunter2@host/name"}, "DATABASE_URL", "postgres://"),
    "no database address": ({"DATABASE_URL": "pumpguide"}, "DATABASE_URL", "postgres://"),
    "a port that is a word": ({"DATABASE_URL": "postgres://user:hunter2@host:port/x"}, "DATABASE_URL", "5432"),
    "a folder that cannot be": ({"PUMPGUIDE_VAR": "/dev/null"}, "PUMPGUIDE_VAR", "writable"),
    "a time zone there is not": ({"TIME_ZONE": "Mars/Olympus"}, "TIME_ZONE", ""),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_value_is_named_with_the_mend_in_one_line_and_no_secret(tmp_path, what):
    env, name, mend = WRONG[what]
    ran = start(tmp_path, **env)
    assert ran.returncode != 0
    assert name in ran.stderr
    assert mend in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "hunter2" not in ran.stderr


# --- the helpers ---------------------------------------------------------------------------------------------------


def test_choice_gives_the_default_for_nothing_and_for_empty(monkeypatch):
    monkeypatch.delenv("COLOR", raising=False)
    assert ours.choice("COLOR", ("red", "blue"), "red") == "red"
    monkeypatch.setenv("COLOR", "")
    assert ours.choice("COLOR", ("red", "blue"), "red") == "red"
    monkeypatch.setenv("COLOR", "green")
    with pytest.raises(ImproperlyConfigured, match=r"COLOR is 'green'. Set it to one of: red, blue"):
        ours.choice("COLOR", ("red", "blue"), "red")


@pytest.mark.parametrize(("value", "flag"), [("1", True), ("0", False), ("", False)])
def test_flag_is_one_or_nothing(monkeypatch, value, flag):
    monkeypatch.setenv("COLOR", value)
    assert ours.flag("COLOR") is flag


def test_words_are_split_and_trimmed(monkeypatch):
    monkeypatch.setenv("COLOR", " red , ,blue,")
    assert ours.words("COLOR", "") == ["red", "blue"]


def test_newest_answers_key_comes_first(monkeypatch):
    older = Fernet.generate_key().decode()
    monkeypatch.setenv("ANSWERS_KEYS", f"{KEY}, {older}")
    assert ours.fernet_keys("ANSWERS_KEYS") == [KEY, older]


def test_sqlite_waits_its_turn_and_keeps_what_it_was_given(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    options = ours.database()["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] >= 5
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        assert pragma in options["init_command"]


def test_postgresql_never_hangs_and_keeps_the_options_given(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://user:word@db.example:5433/pumps?sslmode=require")
    found = ours.database()
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", 5433, "pumps")
    assert found["OPTIONS"]["connect_timeout"] == 2
    assert "statement_timeout" in found["OPTIONS"]["options"]
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["CONN_HEALTH_CHECKS"] is True


def test_requests_are_not_wrapped_in_transactions_on_either_database(monkeypatch):
    for url in ("", "postgres://user:word@db.example/pumps"):
        monkeypatch.setenv("DATABASE_URL", url)
        assert not ours.database().get("ATOMIC_REQUESTS")


def test_nothing_from_elsewhere_and_no_inline_script_is_allowed():
    for sources in ours.CONTENT_SECURITY_POLICY["DIRECTIVES"].values():
        assert set(sources) <= {"'self'", "'none'", "data:", NONCE}
    assert ours.CONTENT_SECURITY_POLICY["DIRECTIVES"]["script-src"] == ["'self'", NONCE]
    assert ours.CONTENT_SECURITY_POLICY["DIRECTIVES"]["default-src"] == ["'none'"]
