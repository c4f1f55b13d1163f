"""The call-back queue: the list, one request, and what a nurse does with it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from .. import actions
from ..access import callbacks as access
from ..access.listing import Place
from ..forms_queue import AttemptForm, CloseForm
from ..models import CallbackRequest
from .staff import intake_view


@intake_view
@require_safe
def callbacks(request):
    """Who is still to be called, and what was closed today."""
    at = timezone.now()
    after, before = (Place.read(request.GET.get(name, "")) for name in ("after", "before"))
    page = access.open_callbacks(request.user, at=at, after=after, before=before)
    context = {
        "page": page,
        "lines": [line(row, request.user, at) for row in page.rows],
        "closed": [] if after or before else access.closed_today(request.user, at=at),
        "first_page": not (after or before),
    }
    return render(request, "screening/intake/callbacks.html", context)


def line(row: CallbackRequest, user, at) -> dict:
    """What the list and the page of one request say about it."""
    attempts = list(row.attempts.all())
    return {
        "row": row,
        "overdue": row.closed_at is None and row.due_at < at,
        "language": dict(settings.LANGUAGES).get(row.language, row.language),
        "attempts": attempts,
        "last": attempts[-1] if attempts else None,
        "mine": row.claimed_by_id == user.pk,
        "other": access.held_by_other(row, user, at),
    }


@intake_view
@require_safe
def callback(request, number: int):
    """One request, its name and number hidden."""
    return show(request, number)


def show(request, number: int, *, status=200, contact=None, said="", attempt=None, close=None):
    """The page of one request, with whatever was asked for or is to be mended."""
    at = timezone.now()
    row = access.callback(request.user, number, at=at)
    context = {
        "line": line(row, request.user, at),
        "row": row,
        "contact": contact,
        "said": said,
        "attempt": attempt or AttemptForm(at),
        "close": close or CloseForm(),
    }
    return render(request, "screening/intake/callback.html", context, status=status)


@intake_view
@require_POST
def claim(request, number: int):
    """Take the call. Where a colleague was quicker, the page says who."""
    at = timezone.now()
    access.callback(request.user, number, at=at)
    taken = actions.claim(number, by=request.user, at=at)
    return redirect("intake:callback", number) if taken else show(request, number, status=409)


@intake_view
@require_POST
def reveal(request, number: int):
    """Name and phone number, shown once, traced before."""
    at = timezone.now()
    row = access.callback(request.user, number, at=at)
    if row.closed_at is None and row.claimed_by_id != request.user.pk:
        return show(request, number, status=409)
    return show(request, number, contact=access.reveal_callback(request.user, number, at=at))


@intake_view
@require_POST
def attempt(request, number: int):
    """A call in vain: what happened, and when to try again."""
    at = timezone.now()
    access.callback(request.user, number, at=at)
    form = AttemptForm(at, request.POST)
    if not form.is_valid():
        return show(request, number, status=422, attempt=form)
    given = form.cleaned_data
    return done(
        request, number, actions.attempt, by=request.user, at=at, reason=given["reason"], again_at=given["again_at"]
    )


@intake_view
@require_POST
def close(request, number: int):
    """The matter is done."""
    at = timezone.now()
    access.callback(request.user, number, at=at)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return show(request, number, status=422, close=form)
    return done(request, number, actions.close, by=request.user, at=at, outcome=form.cleaned_data["outcome"])


@intake_view
@require_POST
def release(request, number: int):
    """Put the call back for others."""
    at = timezone.now()
    access.callback(request.user, number, at=at)
    return done(request, number, actions.release, by=request.user, at=at)


@intake_view
@require_POST
def reopen(request, number: int):
    """Take back a closing."""
    at = timezone.now()
    access.callback(request.user, number, at=at)
    return done(request, number, actions.reopen, to="intake:callback", by=request.user, at=at)


def done(request, number: int, action, *, to="intake:callbacks", **what):
    """Back to the queue; where it could not be done, the page says why."""
    try:
        action(number, **what)
    except ValidationError as why:
        return show(request, number, status=409, said=" ".join(why.messages))
    messages.success(request, _("Call-back %s: saved.") % number)
    return redirect(to, number) if to == "intake:callback" else redirect(to)
