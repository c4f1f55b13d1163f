"""How long a member of staff stays signed in. Patients have no session, so none of this ever runs for them."""

from datetime import datetime
from typing import Literal

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as remember

from .models import SecondStep

BEGUN, USED = "begun", "used"
NOTED_EVERY = 60  # seconds; so a busy desk does not write its session with every page


def begin(request: HttpRequest, at: datetime) -> None:
    """The password was right: the clock starts, and a second step taken before counts no more."""
    request.session.pop(DEVICE_ID_SESSION_KEY, None)
    request.session[BEGUN] = request.session[USED] = int(at.timestamp())


def step_taken(request: HttpRequest, step: SecondStep) -> None:
    """Both steps are taken: the session goes on under a new key, which nobody can have planted or seen before."""
    request.session.cycle_key()
    remember(request, step)


def use(session: SessionBase, at: datetime) -> Literal["", "idle", "long"]:
    """Note that the session is used; or why it has ended: too long without use, or too long in all."""
    now = int(at.timestamp())
    begun, used = session.get(BEGUN), session.get(USED)
    if begun is None or used is None:
        session[BEGUN] = session[USED] = now
        return ""
    if now - begun >= settings.STAFF_SESSION_SECONDS:
        return "long"
    if now - used >= settings.STAFF_IDLE_SECONDS:
        return "idle"
    if now - used >= NOTED_EVERY:
        session[USED] = now
    return ""


def left(session: SessionBase, at: datetime) -> dict[str, int]:
    """Seconds until the session ends: ``idle`` without use from now on, and ``in_all`` whatever the use."""
    ends = session.get(BEGUN, int(at.timestamp())) + settings.STAFF_SESSION_SECONDS
    return {"idle": settings.STAFF_IDLE_SECONDS, "in_all": ends - int(at.timestamp())}


def second_step_done(request: HttpRequest) -> bool:
    """Whether this request may open what needs both steps."""
    if settings.TWO_FACTOR == "off":
        return True
    is_verified = getattr(request.user, "is_verified", None)
    return bool(is_verified and is_verified())
