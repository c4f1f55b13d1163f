"""Several screenings at once, on paper or as a file. Each leaves its trace before anything of it is shown."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from content.models.people import SiteSettings

from .. import access, record_page
from ..csv_export import Row, csv_export
from ..fhir_bundle import as_json, summary_bundle
from ..forms_intake import FindForm
from ..models import Action
from ..pdf import NoPdf, PdfBusy
from ..sheets_pdf import sheets_pdf
from .attachment import attachment
from .intake import show_desk
from .staff import intake_view

NAME = "screenings"
MOST = 100  # screenings at once
MOST_DIGITS = 18


def chosen(request: HttpRequest) -> list[int]:
    """The numbers that were ticked, each once, at most MOST; what is no number is left out."""
    typed = [text for text in request.POST.getlist("number") if text.isascii() and text.isdigit()]
    return list(dict.fromkeys(int(text) for text in typed if len(text) <= MOST_DIGITS))[:MOST]


def opened_for(request: HttpRequest, action: str, detail: str = "") -> list[access.Opened]:
    return access.open_several(request.user, chosen(request), at=timezone.now(), action=action, detail=detail)


def nothing_chosen(request: HttpRequest) -> HttpResponse:
    said = _("Tick at least one screening in the list. Those that were deleted cannot be ticked any more.")
    return show_desk(request, FindForm(), status=422, choose=said)


def sheet(opened: access.Opened) -> dict:
    """What one sheet shows."""
    return {**record_page.facts(opened), "points": record_page.points_on_paper(opened)}


def frame() -> dict:
    """What all sheets share."""
    return {"clinic": SiteSettings.current(), "now": timezone.now(), "language": get_language()}


@intake_view
@require_POST
def print_sheets(request: HttpRequest) -> HttpResponse:
    """One sheet each, to print from the browser."""
    found = opened_for(request, Action.PRINT)
    if not found:
        return nothing_chosen(request)
    return render(request, "screening/intake/print.html", {**frame(), "sheets": [sheet(one) for one in found]})


@intake_view
@require_POST
def pdf(request: HttpRequest) -> HttpResponse:
    """The same as a PDF whose pages are numbered sheet by sheet. Where none can be made, the page to print."""
    found = opened_for(request, Action.PDF)
    if not found:
        return nothing_chosen(request)
    shared, sheets = frame(), [sheet(one) for one in found]
    try:
        pages = (render_to_string("screening/intake/sheet_pdf.html", {**shared, **one}) for one in sheets)
        return attachment(sheets_pdf(pages), "application/pdf", f"{NAME}.pdf", inline=True)
    except (NoPdf, PdfBusy) as reason:
        why = {"no_pdf": isinstance(reason, NoPdf), "pdf_busy": isinstance(reason, PdfBusy)}
        return render(request, "screening/intake/print.html", {**shared, "sheets": sheets, **why})


@intake_view
@require_POST
def export_csv(request: HttpRequest) -> HttpResponse:
    """A table for a spreadsheet: ids and codes, without names."""
    found = opened_for(request, Action.EXPORT, "csv")
    return (
        attachment(csv_export(map(csv_row, found)), "text/csv; charset=utf-8", f"{NAME}.csv")
        if found
        else nothing_chosen(request)
    )


def csv_row(opened: access.Opened) -> Row:
    row = opened.row
    return Row(
        reference=str(row.pk),
        sent=timezone.localtime(row.sent_at),
        reviewed=row.reviewed_at and timezone.localtime(row.reviewed_at),
        answered_by=row.answered_by,
        ruleset=opened.definition.ruleset,
        assessment=opened.assessment,
        answers=opened.answers,
    )


@intake_view
@require_POST
def export_fhir(request: HttpRequest) -> HttpResponse:
    """A FHIR document of one; a collection of documents of several."""
    found = opened_for(request, Action.EXPORT, "fhir")
    if not found:
        return nothing_chosen(request)
    documents = [document(one) for one in found]
    whole = documents[0] if len(documents) == 1 else collection(documents)
    return attachment(as_json(whole), "application/fhir+json", f"{NAME}.json")


def document(opened: access.Opened) -> dict:
    row = opened.row
    return summary_bundle(
        opened.definition,
        opened.answers,
        id=uuid4(),
        authored=timezone.localtime(row.sent_at),
        made=timezone.localtime(),
        by=row.answered_by,
        language=opened.language,
        assessment=opened.assessment,
    )


def collection(documents: list[dict]) -> dict:
    """Source: hl7.org/fhir/R4/bundle.html (type collection)."""
    entries = [{"fullUrl": one["identifier"]["value"], "resource": one} for one in documents]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": documents[0]["timestamp"],
        "entry": entries,
    }
