"""The draft of a page by a signed link that expires: no login, for colleagues who have no account."""

from csp.constants import SELF
from csp.decorators import csp_replace
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from ..make import clinic_facts, is_overdue
from ..models import Page
from ..render import render as render_page
from ..site import Site, entry, live_site
from ..snapshot import snapshot

SALT = "content.preview"
DAYS = 7


def preview_path(page: Page) -> str:
    """The address of a link that shows the page's draft, whatever it says by then, for ``DAYS`` days from now."""
    return reverse("content:preview", args=[signing.dumps(page.pk, salt=SALT)])


def draft_html(page: Page) -> str:
    """The draft as it would look if it were published now, with a bar that says it is a draft."""
    data = snapshot(page)
    others = [other for other in live_site(page.language).entries if other.key != page.key]
    site = Site(tuple(sorted([*others, entry(data)], key=lambda one: one.key)))
    overdue = is_overdue(data, timezone.now())
    return render_page(data, site, preview=True, overdue=overdue, clinic=clinic_facts())


@require_safe
@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # the desk shows the preview at the width of a phone
def preview(request, token):
    """The draft; 404 for a link that was never ours, 410 for one that has expired. Not for search engines."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 3600)
    except signing.SignatureExpired:
        response = render(request, "admin/content/page/link_expired.html", {"days": DAYS}, status=410)
    except signing.BadSignature as error:
        raise Http404 from error
    else:
        response = HttpResponse(draft_html(get_object_or_404(Page, pk=pk)))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
