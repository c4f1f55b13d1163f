"""The public log of corrections: what was wrong, what it says now, and when it was mended."""

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..make import clinic_facts
from ..models import Correction
from ..models.page import page_path
from ..pages import catch_up


@require_safe
def corrections(request):
    """All that a reviewer made public, up to today, newest first."""
    catch_up()
    made_public = Correction.objects.filter(public_at__isnull=False, corrected_on__lte=timezone.localdate())
    rows = made_public.select_related("page__live")
    path = reverse("content:corrections")
    page = {
        "kind": "corrections",
        "path": path,
        "canonical": f"{settings.PUBLIC_URL}{path}",
        "title": _("Corrections"),
        "summary": _("When we find a mistake on a page, we mend it and say so here."),
    }
    shown = [said(row) for row in rows]
    response = render(
        request, "content/corrections.html", {"page": page, "corrections": shown, "clinic": clinic_facts()}
    )
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def said(row: Correction) -> dict:
    """A correction as the page shows it: the public title of its page, never that of a draft."""
    data = row.page.live.snapshot if row.page.live else None
    return {
        "on": row.corrected_on,
        "was": row.was,
        "now": row.now,
        "title": data["title"] if data else _("A page that is no longer here"),
        "path": page_path(data["kind"], data["slug"]) if data else "",
    }
