"""The page where the audit is read."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ..access import auditing
from ..forms_queue import AuditFilter
from .staff import intake_view


@intake_view
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request):
    """The newest events, narrowed down as wanted; a POST checks the newest rows of the chain first."""
    at = timezone.now()
    auditing.require_reader(request.user)
    broken = auditing.check_newest(request.user, at=at) if request.method == "POST" else None
    form = AuditFilter(request.GET)
    form.is_valid()
    page = auditing.read_audit(request.user, form.wanted, at=at)
    context = {
        "form": form,
        "page": page,
        "older": page.older and narrowed_address(request, before=page.older),
        "newest": form.wanted.before and narrowed_address(request),
        "checked": broken is not None,
        "broken": broken,
    }
    return render(request, "screening/intake/audit.html", context, status=422 if form.errors else 200)


def narrowed_address(request, **place: int) -> str:
    """This page's query with the same filters, at another place."""
    kept = {name: request.GET[name] for name in ("by", "action", "subject", "day") if request.GET.get(name)}
    return "?" + urlencode({**kept, **place})
