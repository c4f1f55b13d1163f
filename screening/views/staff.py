"""The door to the nurses' pages."""

import logging
from functools import wraps

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from ..frozen import NotTheSameVersion
from ..published import NoSuchVersion
from .private import private

log = logging.getLogger(__name__)

LOCKED = (InvalidToken, NotTheSameVersion, NoSuchVersion)
"""A key or a version of the questions is not here, as after a restore with other settings."""


def intake_view(view):
    """For staff: others log in first. Whoever may not see what patients sent is told so (403), and whoever looks for
    what is gone (404), in the desk's own words, as is a database in trouble (503); nothing is kept by the browser.

    Which right a page asks for is the view's own matter (``access``), and so is the HTTP method.
    """

    @private
    @login_required
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            if not request.user.is_staff:
                raise PermissionDenied
            return view(request, *args, **kwargs)
        except PermissionDenied:
            return render(request, "screening/intake/not_yours.html", {"glass": way_in(request.user)}, status=403)
        except LOCKED as error:
            log.error("A screening cannot be opened: %s. Compare PATIENT_KEYS with the backup.", type(error).__name__)
            return render(request, "screening/intake/locked.html", status=503)
        except OperationalError as error:
            log.error("A page of the desk could not be made: %s", type(error.__cause__ or error).__name__)
            return render(request, "screening/intake/busy.html", status=503)
        except Http404:
            return render(request, "screening/intake/gone.html", {"days": settings.SCREENING_DAYS}, status=404)

    return wrapped


def way_in(user) -> str:
    """Where someone without the right may still open the desk in an emergency, or nothing."""
    if not (user.is_staff and user.has_perm("screening.break_glass")):
        return ""
    try:
        return reverse("intake:glass")
    except NoReverseMatch:
        return ""
