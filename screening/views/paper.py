"""The nurse reads a printed summary back: by scanner, camera or keyboard. Nothing of it is stored.

The square with a reference code looks like the one of a summary, so it opens what was sent, as at the desk.
"""

from django.conf import settings
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.http import require_http_methods

from .. import access, audit, published
from ..models import Action
from ..paper_form import PaperForm
from ..summary import summarize
from .staff import intake_view

WAIT_SECONDS = int(access.WITHIN.total_seconds())
NOTHING_HERE = gettext_lazy("Nothing is here under this code or number. It may be deleted, or older than %s days.")


@intake_view
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request):
    """The field; after a POST the summary itself is the answer, so that no address and no row ever holds it. A
    reference code leads to its record.
    """
    at = timezone.now()
    access.require_desk(request.user, at)
    if request.method != "POST":
        return field(request, PaperForm())
    try:
        form = read_code(request, at)
        number = access.find_by_code(request.user, form.reference, at=at) if form.reference else None
    except access.TooManyLookups:
        return wait(request)
    if number is not None:
        return redirect("intake:screening", number)
    if form.reference:
        form.add_error("code", NOTHING_HERE % settings.SCREENING_DAYS)
    return opened(request, form.read) if form.read else field(request, form, status=422)


@transaction.atomic
def read_code(request, at) -> PaperForm:
    """The form with what the code holds, or why it stays shut. A trace, or a failure before anything is shown."""
    access.require_lookup(request.user, at)
    form = PaperForm(request.POST)
    if form.is_valid() and form.read:
        audit.record(Action.PAPER, by=request.user, at=at, detail=f"version {form.read.version}")
    elif form.slip is not None and not form.slip.slip:
        audit.record(Action.LOOKUP_FAILED, by=request.user, at=at, detail=f"paper {form.slip.kind}")
    return form


def field(request, form: PaperForm, *, status: int = 200, **context):
    return render(request, "screening/intake/paper.html", {"form": form, **context}, status=status)


def wait(request):
    """Too many failed look-ups; what was typed stays, unread."""
    form = PaperForm(initial={"code": request.POST.get("code", "")})
    response = field(request, form, status=429, minutes=WAIT_SECONDS // 60)
    response.headers["Retry-After"] = str(WAIT_SECONDS)
    return response


def opened(request, read):
    """The summary, made anew from the answers."""
    made = summarize(published.version(read.version), read.answers, get_language())
    context = {"summary": made, "expires": read.expires, "withdrawn": published.is_withdrawn(read.version)}
    return render(request, "screening/intake/paper_summary.html", context)
