"""Did you find this helpful? Yes or no, and after no a fixed choice of what was missing. No free text, no cookie."""

from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ..feedback import Limit, count
from ..models import Page
from ..models.page import page_path
from ..models.public import Missing

limit = Limit(most=60, seconds=60)


# No CSRF token: the guide's pages are bytes made once and set no cookie, so there is no token to compare and no session
# to ride on. What is left to prevent, another site making its visitors answer, ``sent_from_here`` refuses.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request, key):
    """Count an answer and lead on, or show the question, what may have been missing, or thanks."""
    page = get_object_or_404(Page.objects.select_related("live"), key=key, language=get_language(), live__isnull=False)
    if request.method != "POST":
        return shown(request, page, next((state for state in ("no", "thanks") if state in request.GET), "ask"))
    if not sent_from_here(request):
        raise PermissionDenied
    helpful, missing = request.POST.get("helpful"), request.POST.get("missing")
    if helpful not in ("yes", "no") or missing not in (None, *Missing.values) or (helpful == "yes" and missing):
        return shown(request, page, "ask", status=422)
    if not limit.allows():
        return shown(request, page, "busy", status=429)
    if missing != Missing.NOTHING:  # who said "something else" was counted with their "no"
        count(page, helpful=helpful == "yes", missing=missing or "", at=timezone.now())
    state = "no" if helpful == "no" and missing is None else "thanks"
    return HttpResponseRedirect(f"{request.path}?{state}", status=303)


def sent_from_here(request) -> bool:
    """Whether a page of this very site sent the form. Browsers set these headers; no page can forge them."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        return urlsplit(sender).netloc == request.get_host()
    except ValueError:  # no address at all
        return False


def shown(request, page: Page, state: str, *, status: int = 200):
    live = page.live.snapshot
    context = {
        "key": page.key,
        "title": live["title"],
        "back": page_path(live["kind"], live["slug"]),
        "choices": [choice for choice in Missing.choices if choice[0]],
    }
    response = render(request, f"content/feedback/{state}.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex"
    if status == 429:
        response.headers["Retry-After"] = str(limit.seconds)
    return response
