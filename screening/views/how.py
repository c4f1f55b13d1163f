"""How this works: every question and every rule in words with its sources, for anyone to read."""

from functools import lru_cache

from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from .. import published
from ..explain import explained
from ..picture import picture
from .private import needs_questions


@gzip_page
@require_safe
@needs_questions
def how_this_works(request, version: int | None = None):
    """A published version, or the newest in use, as a picture and in words; made once per version and language."""
    number = published.now().newest if version is None else version
    try:
        return HttpResponse(page(number, get_language()))
    except published.NoSuchVersion as error:
        raise Http404 from error


@lru_cache(maxsize=8)
def page(version: int, language: str) -> str:
    definition = published.version(version)
    title = _("How the questions lead to the summary")
    description = _("Each question in order, the questions it opens, and the rules it feeds. The same in words below.")
    context = {
        "drawing": picture(definition, language, title, description),
        "explained": explained(definition, language),
    }
    return render_to_string("screening/how_this_works.html", context)
