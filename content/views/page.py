"""A published page: one view, which looks up bytes that were made at publish."""

from functools import lru_cache

from django.http import Http404, HttpResponse, HttpResponseNotModified, HttpResponsePermanentRedirect
from django.utils.http import parse_etags, parse_http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

from ..models import Redirect
from ..models.page import page_path
from ..pages import shelf


@require_safe
def page(request, path=""):
    """A published page as plain, gzip or Brotli bytes; 304 when the reader already has it; 404 when there is none."""
    ready = shelf.get(f"/{path}")
    if ready is None:
        return moved(f"/{path}")
    encoding = best_encoding(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    etag = ready.etag if encoding == "plain" else f'{ready.etag[:-1]}-{encoding}"'
    if is_known(request.META, etag, ready.last_modified):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(getattr(ready, encoding), content_type="text/html; charset=utf-8")
        if encoding != "plain":
            response.headers["Content-Encoding"] = {"brotli": "br"}.get(encoding, encoding)
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = ready.last_modified
    response.headers["Cache-Control"] = "public, no-cache"  # keep it, but ask each time: a publish shows at once
    response.headers["Vary"] = "Accept-Encoding"
    return response


def moved(path: str):
    """To the new address of a page that once lived here; 404 when none did."""
    redirect_row = Redirect.objects.filter(path=path, page__live__isnull=False).select_related("page__live").first()
    if redirect_row is None:
        raise Http404
    data = redirect_row.page.live.snapshot
    response = HttpResponsePermanentRedirect(page_path(data["kind"], data["slug"]))
    response.headers["Cache-Control"] = "public, no-cache"  # a browser that kept it would loop when the page moves back
    return response


def is_known(headers: dict[str, str], etag: str, last_modified: str) -> bool:
    """Whether the reader has these very bytes already. The tag decides; the date only for those who send no tag."""
    if asked := headers.get("HTTP_IF_NONE_MATCH"):
        return matches(asked, etag)
    since = headers.get("HTTP_IF_MODIFIED_SINCE")
    kept = parse_http_date_safe(since) if since else None
    return kept is not None and parse_http_date(last_modified) <= kept


def matches(asked: str, etag: str) -> bool:
    """Whether an If-None-Match header names this page; a proxy may have made the tag a weak one."""
    tags = [tag.removeprefix("W/") for tag in parse_etags(asked)]
    return etag in tags or "*" in tags


@lru_cache(maxsize=64)
def best_encoding(accepted: str) -> str:
    """ "brotli", "gzip" or "plain", from an Accept-Encoding header."""
    allowed = set()
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if weight.strip().replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            allowed.add(name.strip())
    if "br" in allowed:
        return "brotli"
    return "gzip" if "gzip" in allowed else "plain"
