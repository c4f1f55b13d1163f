"""Pages of the second step. Everyone here has given their password; the middleware has seen to that."""

import math
from datetime import datetime

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from pumpguide.client import address

from . import actions, codes, sessions
from .forms import CodeForm, SetUpForm
from .models import SecondStep
from .onward import landing, to_second_step, wanted

SETTING_UP_SECONDS = 30 * 60
FEW_CODES = 3
page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To one's own work."""
    return redirect(landing(request.user))


@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """How long one stays signed in. The middleware takes the question itself for use: ``session.js`` asks it when
    somebody has written.
    """
    return JsonResponse(sessions.left(request.session, timezone.now()))


@page
@sensitive_post_parameters("code")
def verify(request: HttpRequest) -> HttpResponse:
    """The second step of signing in."""
    onward = wanted(request)
    if sessions.second_step_done(request):
        return redirect(onward)
    if not step_of(request):
        return redirect("staff:set-up")
    form = CodeForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "next": onward}
    if request.method == "POST" and form.is_valid():
        code, at = form.cleaned_data["code"], timezone.now()
        try:
            step = actions.verify(code, by=request.user, at=at, address=address(request))
        except (actions.WrongCode, actions.TooManyTries) as refusal:
            return refused(request, "staff/verify.html", context, refusal, at)
        sessions.step_taken(request, step)
        if len(code) == codes.RECOVERY_DIGITS:
            tell_codes_left(request, step)
        return redirect(onward)
    return render(request, "staff/verify.html", context, status=422 if request.method == "POST" else 200)


@page
@sensitive_post_parameters("code", "present", "sealed")
def set_up(request: HttpRequest) -> HttpResponse:
    """An app for the first time, or another in its place. Nothing is stored before its first code is right."""
    replacing = step_of(request) is not None
    if replacing and not sessions.second_step_done(request):
        return to_second_step(request)
    sent = request.method == "POST"
    secret, late = pending_secret(request)
    sealed = codes.seal(secret, request.user.pk).decode() if late or not sent else request.POST["sealed"]
    form = SetUpForm({**request.POST.dict(), "sealed": sealed} if sent else None, replacing=replacing)
    form.initial["sealed"] = sealed
    uri = codes.address(secret, request.user.get_username())
    context = {"form": form, "letters": codes.in_letters(secret), "uri": uri, "picture": codes.picture(uri)}
    if late:
        form.add_error("code", _("This took long, so there is a new picture. Scan it, then type the code"))
    if sent and form.is_valid():
        given, at = form.cleaned_data, timezone.now()
        try:
            who = {"by": request.user, "at": at, "address": address(request)}
            step, shown = actions.enrol(secret, given["code"], present=given.get("present", ""), **who)
        except (actions.WrongCode, actions.TooManyTries) as refusal:
            return refused(request, "staff/set_up.html", context, refusal, at)
        sessions.step_taken(request, step)
        return render(request, "staff/recovery_codes.html", {"codes": shown, "new_app": True})
    return render(request, "staff/set_up.html", context, status=422 if sent else 200)


@page
@sensitive_post_parameters("code")
def second_step(request: HttpRequest) -> HttpResponse:
    """What one's own second step is, and new recovery codes."""
    step = step_of(request)
    if step is None:
        return redirect("staff:set-up")
    form = CodeForm(request.POST if request.method == "POST" else None)
    form.fields["code"].widget.attrs.pop("autofocus", None)
    context = {"form": form, "step": step, "left": step.recovery_codes.count()}
    if request.method == "POST" and form.is_valid():
        at = timezone.now()
        try:
            shown = actions.renew_codes(form.cleaned_data["code"], by=request.user, at=at, address=address(request))
        except (actions.WrongCode, actions.TooManyTries) as refusal:
            return refused(request, "staff/second_step.html", context, refusal, at)
        return render(request, "staff/recovery_codes.html", {"codes": shown})
    return render(request, "staff/second_step.html", context, status=422 if request.method == "POST" else 200)


def step_of(request: HttpRequest) -> SecondStep | None:
    return SecondStep.objects.filter(user=request.user).first()


def pending_secret(request: HttpRequest) -> tuple[bytes, bool]:
    """The secret that the form carries, sealed; a new one on the first view. And whether the form came too late."""
    if request.method != "POST":
        return codes.new_secret(), False
    try:
        return codes.opened(request.POST["sealed"].encode(), request.user.pk, seconds=SETTING_UP_SECONDS), False
    except (KeyError, InvalidToken):
        return codes.new_secret(), True


def refused(request: HttpRequest, template: str, context: dict, refusal: Exception, at: datetime) -> HttpResponse:
    """The page again with what to do: 422 after a wrong code, 429 while none is looked at."""
    form: Form = context["form"]
    if isinstance(refusal, actions.TooManyTries):
        seconds = max(1, math.ceil((refusal.until - at).total_seconds()))
        form.add_error(None, wait_words(seconds))
        response = render(request, template, context, status=429)
        response["Retry-After"] = str(seconds)
        return response
    form.add_error(refusal.field, _("Wait for the next code in your app, then type it. Each code works once"))
    return render(request, template, context, status=422)


def wait_words(seconds: int) -> str:
    if seconds < 60:
        told = ngettext("There were wrong codes. Wait %d second, then try again", "There were wrong codes. "
                        "Wait %d seconds, then try again", seconds)  # fmt: skip
        return told % seconds
    minutes, hours = math.ceil(seconds / 60), math.ceil(seconds / 3600)
    if hours > 1:
        return _("There were very many wrong codes. Wait %d hours, or sign in from where you usually do") % hours
    told = ngettext("There were many wrong codes. Wait %d minute, then try again", "There were many wrong codes. "
                    "Wait %d minutes, then try again", minutes)  # fmt: skip
    return told % minutes


def tell_codes_left(request: HttpRequest, step: SecondStep) -> None:
    left = step.recovery_codes.count()
    told = ngettext("You used a recovery code. %d is left.", "You used a recovery code. %d are left.", left) % left
    more = " " + _("Make new ones under “Second step”.") if left <= FEW_CODES else ""
    messages.warning(request, told + more)


def is_off() -> bool:
    """Whether this installation asks for a password alone."""
    return settings.TWO_FACTOR == "off"
