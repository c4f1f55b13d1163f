"""The summary to take along, in the forms a person may want it; made from the answers on their device, kept nowhere."""

from functools import wraps
from typing import Any
from uuid import uuid4

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..answers import Visit
from ..fhir_bundle import as_json, summary_bundle
from ..fhir_response import Who
from ..pdf import NoPdf, PdfBusy, summary_pdf
from ..qr import on_paper
from ..summary import summarize
from ..text import as_text
from .attachment import attachment
from .patient import asked_answers, where_next, with_visit

NAME = "pump-guide-summary"


def with_finished(view):
    """Hands the view a visit whose questions are all answered; any other goes on where it was."""

    @require_safe
    @with_visit
    @wraps(view)
    def wrapped(request, visit: Visit):
        going_on = where_next(visit)
        return view(request, visit) if going_on == reverse("screening:check") else redirect(going_on)

    return wrapped


def who(visit: Visit) -> Who:
    return "helper" if visit.for_someone_else else "patient"


def shown(visit: Visit) -> dict[str, Any]:
    """What the pages of the summary show, the code on paper among it."""
    made, today = summarize(visit.definition, visit.answers, get_language()), timezone.localdate()
    return {"summary": made, "today": today, "paper": on_paper(visit.ruleset, asked_answers(visit), today)}


@with_finished
def text(request, visit: Visit):
    """Plain text, for any device and any program."""
    made = summarize(visit.definition, visit.answers, get_language())
    return attachment(as_text(made), "text/plain; charset=utf-8", f"{NAME}.txt")


@with_finished
def pdf(request, visit: Visit):
    """A tagged PDF. Where none can be made, back to the summary, which says how the browser makes one; where others
    are being made, a page that says when to try again."""
    try:
        content = summary_pdf(get_language(), **shown(visit))
    except NoPdf:
        return redirect(reverse("screening:summary") + "#save-as-pdf")
    except PdfBusy:
        response = render(request, "screening/take/busy.html", status=503)
        response.headers["Retry-After"] = "60"
        return response
    return attachment(content, "application/pdf", f"{NAME}.pdf")


@with_finished
def json(request, visit: Visit):
    """A FHIR document, for other health software."""
    now = timezone.localtime()
    bundle = summary_bundle(
        visit.definition,
        visit.answers,
        id=uuid4(),
        authored=now,
        made=now,
        by=who(visit),
        language=get_language(),
    )
    return attachment(as_json(bundle), "application/fhir+json", f"{NAME}.json")


@with_finished
def large(request, visit: Visit):
    """The summary in large print, to read or to print."""
    return render(request, "screening/take/large.html", shown(visit))
