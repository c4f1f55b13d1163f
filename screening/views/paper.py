"""The nurse reads a printed summary back: by scanner, camera or keyboard. Nothing of it is stored."""

from django.db import transaction
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from .. import access, audit, published
from ..models import Action
from ..paper_form import PaperForm
from ..summary import summarize
from .staff import intake_view

WAIT_SECONDS = 600  # as long as a failed look-up counts


@intake_view
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request):
    """The field; after a POST the summary itself is the answer, so that no address and no row ever holds it."""
    at = timezone.now()
    access.require_desk(request.user, at)
    if request.method != "POST":
        return field(request, PaperForm())
    if access.lookups_left(request.user, at) <= 0:
        return wait(request)
    form = PaperForm(request.POST)
    if not form.is_valid():
        if form.slip is not None and not form.slip.slip:
            note(Action.LOOKUP_FAILED, request.user, at, f"paper {form.slip.kind}")
        return field(request, form, status=422)
    note(Action.PAPER, request.user, at, f"version {form.read.version}")
    return opened(request, form.read)


def field(request, form: PaperForm, *, status: int = 200, **context):
    return render(request, "screening/intake/paper.html", {"form": form, **context}, status=status)


def wait(request):
    """Too many failed look-ups; what was typed stays, unread."""
    form = PaperForm(initial={"code": request.POST.get("code", "")})
    response = field(request, form, status=429, minutes=WAIT_SECONDS // 60)
    response.headers["Retry-After"] = str(WAIT_SECONDS)
    return response


def note(action: str, by, at, detail: str) -> None:
    """Leave a trace, or fail before anything is shown."""
    with transaction.atomic():
        audit.record(action, by=by, at=at, detail=detail)


def opened(request, read):
    """The summary, made anew from the answers."""
    made = summarize(published.version(read.version), read.answers, get_language())
    context = {"summary": made, "expires": read.expires, "withdrawn": withdrawn(read.version)}
    return render(request, "screening/intake/paper_summary.html", context)


def withdrawn(version: int) -> bool:
    try:
        return version in published.now().withdrawn
    except published.NoSuchVersion:  # every version was
        return True
