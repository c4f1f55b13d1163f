"""Ask to be called back. No captcha and no cookie; what looks like a machine's work is kept with a flag."""

import logging
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error as DatabaseError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from pumpguide.client import address

from .. import clinic, form_age
from ..actions.calling import TooOften, ask_for_call
from ..forms_send import CallForm, call_wording
from ..limits import ADDRESS_TIME
from ..models import CallbackRequest
from .private import private

logger = logging.getLogger(__name__)
HASTE_SECONDS = 3
WAIT_SECONDS = 60  # before one tries again, where the database did not answer


# No CSRF token: the form reads no cookie, so there is nothing for another site to ride on, and people whose browsers
# keep no cookies can ask, too. A form that another site sends, or one that is too old, is shown again, filled in.
@csrf_exempt
@private
@require_http_methods(["GET", "HEAD", "POST"])
def call(request):
    """The form; where the clinic calls nobody back, its phone number."""
    to = clinic.now()
    if not to.calls_back:
        return render(request, "screening/patient/call_off.html", {"clinic": to}, status=404)
    if request.method != "POST":
        return page(request, CallForm(to, token=form_age.mark(call_wording(to))))
    shown = form_age.read(request.POST.get("token", "")) if sent_from_here(request) else None
    if shown is None:
        said = _("This page had been open for long, so it was not sent yet. Please send it once more")
        return page(request, once_more(request, to, said), status=422)
    form = CallForm(to, data=request.POST)
    if not shown.had(form.wording):
        said = _("The words beside the box were changed after this page was opened. Read them, then tick the box again")
        return page(request, once_more(request, to, said, agreed=False), status=409)
    if not form.is_valid():
        return page(request, form, status=422)
    return take_in(request, to, form, shown)


def take_in(request, to: clinic.Clinic, form: CallForm, shown: form_age.Showing):
    """Into the queue, or the form again with what is in the way and how to reach the clinic otherwise."""
    try:
        ask_for_call(
            form.wish,
            at=timezone.now(),
            nonce=shown.nonce,
            address=address(request),
            consent=form.wording,
            language=get_language(),
            days=to.callback_days,
            suspicion=suspicion(form, shown),
        )
    except TooOften:
        return wait(page(request, form, status=429, often=True), int(ADDRESS_TIME.total_seconds()))
    except DatabaseError as error:
        logger.error("a call-back could not be stored: %s", type(error).__name__)
        return wait(page(request, form, status=503, down=True), WAIT_SECONDS)
    return redirect("screening:called")


def suspicion(form: CallForm, shown: form_age.Showing) -> str:
    if form.cleaned_data["comment"]:
        return CallbackRequest.Suspicion.TRAP
    if shown.seconds < HASTE_SECONDS and not shown.again:
        return CallbackRequest.Suspicion.HASTE
    return ""


def once_more(request, to: clinic.Clinic, said: str, *, agreed: bool = True) -> CallForm:
    """The form as it was filled in, with a new mark: one more press sends it, once it is ``agreed``."""
    data = request.POST.copy()
    data["token"] = form_age.mark(call_wording(to), again=True)
    if not agreed:
        data.pop("consent", None)
    form = CallForm(to, data=data)
    form.add_error(None, said)
    return form


def sent_from_here(request) -> bool:
    """False only where the browser itself says that another site sent the form."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    sender = request.headers.get("Origin")
    try:
        return sender is None or urlsplit(sender).netloc == request.get_host()
    except ValueError:  # no address at all
        return False


def page(request, form: CallForm, *, status: int = 200, **said):
    context = {"form": form, "clinic": clinic.now(), "days": settings.CALLBACK_DAYS, **said}
    return render(request, "screening/patient/call.html", context, status=status)


def wait(response, seconds: int):
    response.headers["Retry-After"] = str(seconds)
    return response


@private
@require_safe
def called(request):
    """What happens next. It says nothing about who asked."""
    return render(request, "screening/patient/called.html", {"clinic": clinic.now()})
