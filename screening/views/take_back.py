"""The delete link: what a patient sent is deleted, or, once a nurse has worked on it, asked to be deleted.

The secret in a link's address is all one needs, so it must not come into a log. Django logs the path of every answer
from 400 on; therefore the page at that address answers 200 whatever comes, reads nothing, and sends the secret on in
the body. Where a request fails before it gets here, or by a slip of ours, the log cuts the address off
(``pumpguide.logs``).
"""

import logging
import re
from functools import wraps

from django.conf import settings
from django.db import Error as DatabaseError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from .. import clinic
from ..actions import ask_to_delete, delete_by_link
from ..actions.sending import by_secret
from .private import private

logger = logging.getLogger(__name__)
SECRET = re.compile(r"(?<![\w-])[\w-]{22}(?![\w-])", re.ASCII)


def unseen(view):
    """Kept by nobody, listed nowhere, and not told to the next page that is opened from here."""

    @private
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return wrapped


# No CSRF token on these two: the secret alone gives the right to delete, no cookie does, so there is nothing for
# another site to ride on. A token would do harm: a refusal logs the path, and under "no-referrer" browsers hide where
# a form comes from.
@csrf_exempt
@unseen
def delete_link(request, link: str):
    """Where the link leads: one button. Opening it deletes nothing, as programs that check mail open links, too.

    Whatever the method: a refusal would log the address.
    """
    found = SECRET.search(link)
    return ask(request, found.group() if found else "")


@csrf_exempt
@unseen
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request):
    """Delete by the secret in the body. Gone by now, gone before, or never there: all the same page."""
    secret = request.POST.get("secret", "")
    if request.method != "POST" or not SECRET.fullmatch(secret):
        return ask(request, "", status=422 if request.method == "POST" else 200)
    try:
        return ask_the_clinic(secret) if "ask" in request.POST else delete_now(request, secret)
    except (DatabaseError, OSError) as error:  # OSError: the journal of deletions cannot be written
        logger.error("a screening could not be deleted by its link: %s", type(error).__name__)
        return ask(request, secret, status=503, down=True)


def ask(request, secret: str, *, status: int = 200, **said):
    context = {"secret": secret, "clinic": clinic.now(), **said}
    return render(request, "screening/patient/delete.html", context, status=status)


def delete_now(request, secret: str):
    if not delete_by_link(secret, at=timezone.now()) and by_secret(secret):
        context = {"secret": secret, "clinic": clinic.now()}
        return render(request, "screening/patient/delete_reviewed.html", context)
    return redirect("screening:deleted")


def ask_the_clinic(secret: str):
    found = ask_to_delete(secret, at=timezone.now())
    return redirect("screening:deletion-asked" if found else "screening:deleted")


@unseen
@require_safe
def deleted(request):
    return render(request, "screening/patient/deleted.html", {"clinic": clinic.now()})


@unseen
@require_safe
def deletion_asked(request):
    context = {"clinic": clinic.now(), "days": settings.SCREENING_DAYS}
    return render(request, "screening/patient/delete_asked.html", context)
