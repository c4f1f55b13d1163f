"""What search engines and feed readers ask for: which pages there are, what may be visited, what has changed."""

import re
from io import StringIO

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import condition, require_safe

from ..make import build
from ..models import Edition, PageRevision
from ..models.page import page_path
from ..pages import catch_up

NOT_TO_VISIT = ("/admin/", "/preview/", "/feedback/", "/search/", "/screening/")
"""What robots are asked to leave alone. The first page of the questions is the one exception, see ``robots``."""
START_OF_QUESTIONS = "/screening/"
NEWEST = 50
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold."""


def edition(request) -> str:
    """An ETag for what is made from all live pages: new with every publish and with every new version of this site."""
    catch_up()
    number = Edition.objects.filter(pk=1).values_list("number", flat=True).first()
    return f'"{number or 0}-{build()[:12]}"'


def live_revisions():
    """What is public now. Other revisions are not told of: one that waited for its time may never have been public."""
    return PageRevision.objects.filter(live_for__isnull=False).select_related("page").order_by("-published_at", "pk")


def whole_address(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def answer(text: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@require_safe
@condition(etag_func=edition)
def sitemap(request):
    """Every public page and when it was last published."""
    pages = {page_path(row.snapshot["kind"], row.snapshot["slug"]): row.published_at for row in live_revisions()}
    file = StringIO()
    xml = SimplerXMLGenerator(file, "utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("urlset", {"xmlns": SITEMAP})
    for path in sorted({*pages, START_OF_QUESTIONS, reverse("content:corrections")}):
        xml.startElement("url", {})
        xml.addQuickElement("loc", whole_address(path))
        if path in pages:
            xml.addQuickElement("lastmod", pages[path].isoformat(timespec="seconds"))
        xml.endElement("url")
    xml.endElement("urlset")
    return answer(file.getvalue(), "application/xml")


@require_safe
def robots(request):
    """Guide pages and the start of the questions are for everyone; everything behind that is for one person only."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_TO_VISIT), f"Allow: {START_OF_QUESTIONS}$"]
    return answer("\n".join([*lines, "", f"Sitemap: {whole_address(reverse('content:sitemap'))}", ""]), "text/plain")


@require_safe
@condition(etag_func=edition)
def changes(request):
    """An Atom feed: each page's newest change, why it was made, newest first."""
    feed = Atom1Feed(
        title=_("Changes to Pump Guide"),
        link=whole_address("/"),
        description=_("Pages that are new or have changed, and why."),
        language=settings.LANGUAGE_CODE,
        author_name=_("Pump Guide"),
        feed_url=whole_address(reverse("content:changes")),
        feed_guid=whole_address(reverse("content:changes")),
    )
    for row in live_revisions()[:NEWEST]:
        add(feed, row)
    return answer(feed.writeString("utf-8"), Atom1Feed.content_type.partition(";")[0])


def add(feed: Atom1Feed, row: PageRevision) -> None:
    """One entry; its id stays the same when the page moves."""
    data = row.snapshot
    same_for_ever = f"/{data['language']}/{data['key']}/{row.number}"
    feed.add_item(
        title=CONTROLS.sub("", data["title"]),
        link=whole_address(page_path(data["kind"], data["slug"])),
        description=CONTROLS.sub("", escape(row.note)),
        unique_id=get_tag_uri(whole_address(same_for_ever), row.published_at),
        pubdate=row.published_at,
        updateddate=row.published_at,
    )
