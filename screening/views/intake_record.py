"""One screening at the desk: read it, note on its points, look it over, delete it."""

import logging

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import access, actions, record_page
from ..forms_intake import ReviewForm
from ..models import Action, Screening
from .staff import intake_view

log = logging.getLogger(__name__)


@intake_view
@require_safe
def screening(request: HttpRequest, number: int) -> HttpResponse:
    """All of it but name and number."""
    return show(request, access.open_screening(request.user, number, at=timezone.now()))


@intake_view
@require_POST
def contact(request: HttpRequest, number: int) -> HttpResponse:
    """The same page with name and number, which leaves a trace of its own."""
    opened = access.open_screening(request.user, number, at=timezone.now(), action=Action.REVEAL)
    return show(request, opened, contact=opened.contact, revealed=True)


def show(
    request: HttpRequest, opened: access.Opened, *, bound: ReviewForm | None = None, status: int = 200, **context
) -> HttpResponse:
    points = record_page.with_forms(opened, record_page.points_shown(opened), bound)
    context = {"points": points, "bound": bound, **record_page.facts(opened), **context}
    return render(request, "screening/intake/screening.html", context, status=status)


@intake_view
@require_POST
def review(request: HttpRequest, number: int) -> HttpResponse:
    """Note on one point, then back to it. What does not hold together comes back with all that was typed."""
    at = timezone.now()
    opened = access.open_for_work(request.user, number, at=at)
    point = next((one for one in opened.points if one.link_id == request.POST.get("point")), None)
    if point is None:
        raise Http404
    form = record_page.form(opened, point, record_page.words_of(opened), len(opened.noted), data=request.POST)
    if form.is_valid() and noted(request, opened, form, at):
        tell_of_others(request, opened, form)
        return redirect(f"{reverse('intake:screening', args=[number])}#point-{opened.points.index(point) + 1}")
    return show(request, access.open_screening(request.user, number, at=at), bound=form, status=422)


def noted(request: HttpRequest, opened: access.Opened, form: ReviewForm, at) -> bool:
    """Whether the note was kept; else the form has the instruction. Raises Http404 when it was deleted meanwhile."""
    given = form.cleaned_data
    try:
        actions.review_point(
            opened.row,
            form.point.link_id,
            given["outcome"],
            by=request.user,
            at=at,
            answer=given["answer"],
            found_in=given["found_in"],
            note=given["note"],
        )
    except Screening.DoesNotExist:
        raise Http404 from None
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


def tell_of_others(request: HttpRequest, opened: access.Opened, form: ReviewForm) -> None:
    """Say it when notes came in since the page was made; all of them stay."""
    seen = form.cleaned_data.get("seen")
    more = 0 if seen is None else len(opened.noted) - seen
    if more > 0:
        said = ngettext(
            "Saved. While this page was open, %d other note was added. Both stay: look at them.",
            "Saved. While this page was open, %d other notes were added. All stay: look at them.",
            more,
        )
        messages.warning(request, said % more)
    else:
        messages.success(request, _("Saved."))


@intake_view
@require_POST
def look(request: HttpRequest, number: int) -> HttpResponse:
    """ "I looked this over"."""
    at = timezone.now()
    opened = access.open_for_work(request.user, number, at=at)
    try:
        actions.look_over(opened.row, by=request.user, at=at)
    except Screening.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Noted: you looked this over."))
    return redirect("intake:screening", number)


@intake_view
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, number: int) -> HttpResponse:
    """Asks once more, and shows nothing of it; then it is gone."""
    at = timezone.now()
    row = access.listed(request.user, number, at=at)
    if request.method != "POST":
        return render(request, "screening/intake/delete.html", {"row": row})
    try:
        actions.delete_screening(row, by=request.user, at=at)
    except OSError as error:
        log.error("a screening could not be deleted: the list of deletions cannot be written (%s)", error.strerror)
        return render(request, "screening/intake/delete.html", {"row": row, "down": True}, status=503)
    messages.success(request, _("No. %s was deleted.") % number)
    return redirect("intake:desk")
