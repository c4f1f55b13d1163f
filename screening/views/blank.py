"""The questionnaire on paper: the same version, to print and fill in by hand."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from content.models import SiteSettings

from .. import published
from ..sheet import sheet
from ..urgent import all_cards
from .staff import intake_view


def version_or_404(number: int):
    """The definition of a published version, withdrawn ones too: sheets of it may still lie around."""
    try:
        return published.version(number)
    except published.NoSuchVersion as error:
        raise Http404 from error


@intake_view
@require_safe
def blank(request, version: int | None = None):
    """The blank sheet of the newest version, or of another. It says nothing of anybody, so every staff may print it."""
    if version is None:
        try:
            version = published.now().newest
        except published.NoSuchVersion:
            return render(request, "screening/intake/enter_none.html", status=404)
    definition = version_or_404(version)
    language = get_language()
    tables = definition.wording(language).tables
    context = {
        "sections": sheet(definition, language),
        "questions": len(definition.ruleset.questions),
        "ruleset": definition.ruleset,
        "signed": definition.signed,
        "urgent": all_cards(definition, language),
        "disclaimer": tables["disclaimer"]["text"],
        "under_18": tables["under_18"]["lead"],
        "clinic": SiteSettings.current(),
        "days": settings.SCREENING_DAYS,
    }
    return render(request, "screening/intake/blank.html", context)
