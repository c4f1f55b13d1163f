"""How this works: every question and every rule in words with its sources, for anyone to read."""

from functools import lru_cache

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from .. import published
from ..explain import explained
from ..picture import picture


@gzip_page
@require_safe
def how_this_works(request):
    """The newest version in use, as a picture and in words; made once per version and language."""
    return HttpResponse(page(published.now().newest, get_language()))


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
