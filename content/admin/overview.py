"""The desk's first page: what is overdue, in review, said by readers, broken, or unchecked."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from ..make import is_overdue
from ..models import Claim, Correction, Feedback, Page, Redirect, Source
from ..models.page import Stage, page_path
from ..snapshot import missing, older_in_public

MOST = 8  # rows on a card; the rest is counted
DAYS = 30  # of feedback
OWN_LINK = re.compile(r'href="(/[a-z0-9/-]*)')
OTHER_APPS = ("/screening/", "/search/", "/corrections/")


@dataclass(frozen=True)
class Row:
    address: str
    text: str
    note: str = ""


@dataclass(frozen=True)
class Card:
    """One list on the first page; ``rows`` holds the first MOST of ``count``."""

    name: str
    title: str
    empty: str
    count: int
    rows: list[Row] = field(default_factory=list)
    more: str = ""
    more_label: str = ""


def overview(user) -> list[Card]:
    """The cards for someone who may see pages; nobody else sees any."""
    if not user.has_perm("content.view_page"):
        return []
    live = list(Page.objects.filter(live__isnull=False).select_related("live").order_by("title"))
    cards = [overdue(live), in_review(), differing(), broken(live)]
    if user.has_perm("content.view_feedback"):
        cards.insert(3, feedback())
    if user.has_perm("content.view_claim"):
        cards.append(unchecked())
    if user.has_perm("content.view_correction"):
        cards.append(corrections())
    if user.has_perm("content.view_source"):
        cards.append(sources_due())
    return cards


def card(name: str, title: str, empty: str, rows: list[Row], **more) -> Card:
    return Card(name, title, empty, more.pop("count", len(rows)), rows[:MOST], **more)


def change(page: Page) -> str:
    return reverse("admin:content_page_change", args=[page.pk])


def overdue(live: list[Page]) -> Card:
    now = timezone.now()
    rows = [
        Row(change(page), page.title, _("due %s") % page.live.snapshot["next_review"])
        for page in live
        if is_overdue(page.live.snapshot, now)
    ]
    return card("overdue", _("Past their check date"), _("No page is overdue."), rows)


def in_review() -> Card:
    pages = Page.objects.filter(Q(stage__in=(Stage.IN_REVIEW, Stage.APPROVED)) | Q(scheduled__isnull=False))
    rows = [Row(change(page), page.title, page.get_stage_display()) for page in pages.order_by("changed_at")]
    return card("in-review", _("In review"), _("Nothing waits for a reviewer."), rows)


def differing() -> Card:
    """Pages of which the public still sees another text: an edit, or a mended claim, word or source they use."""
    resting = Page.objects.filter(scheduled__isnull=True).exclude(stage__in=(Stage.IN_REVIEW, Stage.APPROVED))
    rows = [Row(change(page), page.title) for page in older_in_public(resting.order_by("title"))]
    return card("differing", _("Public text older than the draft"), _("The public sees what the drafts say."), rows)


def feedback() -> Card:
    """The pages that most readers of the last DAYS did not find helpful."""
    recent = Feedback.objects.filter(day__gte=timezone.localdate() - timedelta(days=DAYS))
    counts = recent.values("page").annotate(
        no=Sum("count", filter=Q(helpful=False), default=0), yes=Sum("count", filter=Q(helpful=True), default=0)
    )
    by_page = {row["page"]: row for row in counts}
    pages = sorted(Page.objects.filter(pk__in=by_page), key=lambda page: -by_page[page.pk]["no"])
    listed = reverse("admin:content_feedback_changelist")
    rows = [
        Row(f"{listed}?page__id__exact={page.pk}", page.title, _("%(no)s no, %(yes)s yes") % by_page[page.pk])
        for page in pages
    ]
    title = _("What readers say, %s days") % DAYS
    return card("feedback", title, _("No reader has answered."), rows, more=listed, more_label=_("All feedback"))


def broken(live: list[Page]) -> Card:
    """Public pages with a mark or a link of our own that leads nowhere."""
    keys = {page.key for page in live}
    paths = {page_path(page.live.snapshot["kind"], page.live.snapshot["slug"]) for page in live}
    paths |= set(Redirect.objects.filter(page__live__isnull=False).values_list("path", flat=True))
    rows = []
    for page in live:
        data = page.live.snapshot
        links = {link for block in data["blocks"] for link in OWN_LINK.findall(block["body"])}
        lost = missing(data, keys) + sorted(link for link in links - paths if not link.startswith(OTHER_APPS))
        if lost:
            rows.append(Row(change(page), page.title, ", ".join(lost)))
    return card("broken-links", _("Broken links"), _("Every link leads somewhere."), rows)


def unchecked() -> Card:
    claims = Claim.objects.filter(reviewed_by="").order_by("topic__position", "position")
    rows = [Row(reverse("admin:content_claim_change", args=[claim.pk]), claim.text) for claim in claims[:MOST]]
    return card(
        "unreviewed-claims",
        _("Claims no clinician has checked"),
        _("Every claim is checked."),
        rows,
        count=claims.count(),
        more=reverse("admin:content_claim_changelist") + "?checked=no",
        more_label=_("All unchecked claims"),
    )


def corrections() -> Card:
    waiting = Correction.objects.filter(public_at=None).select_related("page")
    rows = [Row(reverse("admin:content_correction_change", args=[row.pk]), str(row)) for row in waiting]
    return card("corrections", _("Corrections to make public"), _("No correction waits for a reviewer."), rows)


def sources_due() -> Card:
    due = Source.objects.filter(recheck_on__lte=timezone.localdate())
    rows = [Row(reverse("admin:content_source_change", args=[source.pk]), str(source)) for source in due]
    return card("sources-due", _("Sources to check again"), _("No source is due."), rows)
