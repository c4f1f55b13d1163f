"""The nurses' desk: find one screening, or go through the list of those that were sent."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from .. import access
from ..access.listing import WAITING_DAYS
from ..forms_intake import FindForm
from ..list_page import rows_shown
from ..models import Disposition
from . import paper
from .paper import WAIT_SECONDS
from .staff import intake_view


@intake_view
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest) -> HttpResponse:
    """The list. A POST shows it with names, which leaves a trace."""
    return show_desk(request, FindForm(), names=request.method == "POST")


def show_desk(
    request: HttpRequest, form: FindForm, *, status: int = 200, names: bool = False, **context
) -> HttpResponse:
    """The desk with the page of the list that the address asks for; an address that means nothing is the first page."""
    at = timezone.now()
    filters = access.Filters.read(request.GET)
    after, before = (access.Place.read(request.GET.get(way, "")) for way in ("after", "before"))
    page = access.list_screenings(request.user, filters, at=at, after=after, before=before)
    wishes, more_wishes = access.wishes(request.user, at=at)
    named = access.names_of(request.user, page.rows, at=at) if names and page.rows else {}
    query = {name: value for name, value in vars(filters).items() if name == "reviewed" or value}
    return render(
        request,
        "screening/intake/desk.html",
        {
            "form": form,
            "rows": rows_shown(page.rows, at, named),
            "wishes": wishes,
            "more_wishes": more_wishes,
            "filters": filters,
            "headings": Disposition.choices,
            "waiting_days": WAITING_DAYS,
            "names": names,
            "keyed": after or before,
            "here": urlencode({**query, **place(after=after, before=before)}),
            "first": urlencode(query),
            "earlier": page.before and urlencode({**query, **place(before=page.before)}),
            "later": page.after and urlencode({**query, **place(after=page.after)}),
            **context,
        },
        status=status,
    )


def place(**places: access.Place | None) -> dict[str, str]:
    return {way: str(found) for way, found in places.items() if found}


@intake_view
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """By reference code, number or date of birth; a code from paper goes on to its own page."""
    access.require_desk(request.user)
    form = FindForm(request.POST)
    if not form.is_valid():
        return show_desk(request, form, status=422)
    if form.paper:
        return paper.paper(request)
    at = timezone.now()
    try:
        if form.born:
            return show_matches(request, form, access.find_by_birth_date(request.user, form.born, at=at), at)
        if form.number is not None:
            number = access.find_by_number(request.user, form.number, at=at)
        else:
            number = access.find_by_code(request.user, form.cleaned_data["code"], at=at)
    except access.TooManyLookups:
        response = show_desk(request, form, status=429, minutes=WAIT_SECONDS // 60)
        response.headers["Retry-After"] = str(WAIT_SECONDS)
        return response
    if number is None:
        return show_vain(request, form, paper.NOTHING_HERE)
    return redirect("intake:screening", number)


def show_matches(request: HttpRequest, form: FindForm, found: list, at: datetime) -> HttpResponse:
    """Several people may share a birthday, so even one match is shown and not opened."""
    if not found:
        return show_vain(request, form, _("Nothing was sent with this date of birth, or it is older than %s days."))
    names = "names" in request.POST
    rows = rows_shown(found, at, access.names_of(request.user, found, at=at) if names else {})
    return render(request, "screening/intake/matches.html", {"rows": rows, "form": form, "names": names})


def show_vain(request: HttpRequest, form: FindForm, said: str) -> HttpResponse:
    """The desk again, with what was typed. ``said`` has a place for the days that screenings are kept."""
    form.add_error("code", said % settings.SCREENING_DAYS)
    return show_desk(request, form, status=422)
