"""Signing in with both steps, for tests: an app that shows codes, an account that has one, a browser that is in."""

from datetime import timedelta

from django.utils import timezone
from django_otp.oath import TOTP

from pumpguide.staff import actions

PASSWORD = "a long enough password"
SECRET = b"a secret of 20 bytes"
LOGIN, VERIFY, SET_UP, STEP = "/admin/login/", "/staff/code/", "/staff/set-up/", "/staff/second-step/"
NOW = timezone.now()


def code(at=None, periods=0, secret=SECRET):
    """What the app shows: now, at another time, or so many periods off."""
    app = TOTP(secret)
    app.time = (at or timezone.now()).timestamp() + 30 * periods
    return f"{app.token():06}"


def enrolled(user, at=NOW - timedelta(hours=1)):
    """The recovery codes of a user who has set up the app with SECRET."""
    _step, shown = actions.enrol(SECRET, code(at), by=user, at=at)
    return shown


def with_password(client, user, to="/admin/"):
    return client.post(LOGIN, {"username": user.username, "password": PASSWORD, "next": to})


def signed_in(client, user):
    enrolled(user)
    client.force_login(user)
    client.post(VERIFY, {"code": code()})
