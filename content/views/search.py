"""Search over the guide. What people type is shown back to them, and kept nowhere."""

from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ..search import MOST, suggest
from ..search import search as search_pages
from ..search_query import LONGEST


@require_safe
def search(request):
    """The form; with words in ``?q=``, the pages that hold them. Any text is answered with 200."""
    text = "".join(sign for sign in request.GET.get("q", "")[:LONGEST] if sign.isprintable()).strip()
    language = get_language()
    found = search_pages(text, language, MOST + 1) if text else []
    whole = bool(found) and found[0].whole
    context = {
        "page": {"path": request.path},
        "text": text,
        "longest": LONGEST,
        "found": found[:MOST],
        "more": len(found) > MOST,
        "whole": whole,
        "suggestions": [] if whole or not text else suggest(text, language),
    }
    response = render(request, "content/search.html", context)
    response.headers["Cache-Control"] = "no-store"  # the address holds what someone looks for
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
