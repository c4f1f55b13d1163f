"""Draft -> in review -> approved: who may move a draft on, and what stands in its way. Publishing is in publish.py."""

from calendar import monthrange
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pumpguide.publishing import content_hash, refuse_own_change

from .checklist import checklist
from .models import Page
from .models.page import PageKind, Stage
from .publish import Conflict, authors
from .snapshot import snapshot

MONTHS_TO_NEXT_CHECK = {PageKind.DRUG: 6, PageKind.SAFETY: 6}
OTHER_MONTHS = 12
NOT_READ = {"reviewed_by", "reviewed_on", "next_review", "position", "slug"}
"""A change of these leaves the words as a clinician checked them."""


def locked(page: Page) -> Page:
    return Page.objects.select_for_update().get(pk=page.pk)


def touched(page: Page, *, words: bool = False) -> None:
    """A draft that was edited begins anew: not in review, not approved, not scheduled. Called on every save.

    ``words``: what people read has changed, so nobody has checked the whole page as it is; the next check stays due.
    """
    page.stage, page.approved_by, page.approved_at, page.approved_hash = Stage.DRAFT, None, None, ""
    page.warnings_reason, page.scheduled = "", None
    if words:
        page.reviewed_by, page.reviewed_on = "", None


@transaction.atomic
def send_to_review(page: Page, *, by, at, reason: str = "", seen: str | None = None) -> None:
    """The editor is done. Errors of the checklist refuse; warnings need ``reason``."""
    page = locked(page)
    data = snapshot(page)
    if seen is not None and seen != content_hash(data):
        raise Conflict
    found = checklist(data, at=at)
    if any(item.level == "error" for item in found):
        raise ValidationError(_("The checklist shows errors. Mend them, then send the page to review."))
    if found and not reason.strip():
        raise ValidationError(_("The checklist shows warnings. Mend them, or write why they may stand."))
    page.stage, page.warnings_reason = Stage.IN_REVIEW, reason.strip()
    page.save(update_fields=["stage", "warnings_reason"])


@transaction.atomic
def approve(page: Page, *, by, at, seen: str | None = None) -> None:
    """A clinical reviewer, who wrote none of it, approves the draft exactly as it is."""
    page = locked(page)
    data = snapshot(page)
    if seen is not None and seen != content_hash(data):
        raise Conflict
    stale = page.stage == Stage.APPROVED and page.approved_hash != content_hash(data)  # a claim or word it uses changed
    if page.stage != Stage.IN_REVIEW and not stale:
        raise ValidationError(_("Only a page that was sent to review can be approved."))
    refuse_own_change(authors(page, data), by)
    if any(item.level == "error" for item in checklist(data, at=at)):
        raise ValidationError(_("The checklist shows errors. Send the page back, so that they are mended."))
    page.stage, page.approved_by, page.approved_at = Stage.APPROVED, by, at
    page.approved_hash = content_hash(data)
    page.save(update_fields=["stage", "approved_by", "approved_at", "approved_hash"])


@transaction.atomic
def send_back(page: Page, *, by, at) -> None:
    """From review or approval back to the editor."""
    page = locked(page)
    touched(page)
    page.save()


def next_check(kind: str, day: date) -> date:
    """When a page checked on ``day`` is due again: after 6 months for medicines and safety, else 12; never later."""
    months = day.month - 1 + MONTHS_TO_NEXT_CHECK.get(kind, OTHER_MONTHS)
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@transaction.atomic
def whole_page_checked(page: Page, *, by, at, name: str, seen: str | None = None) -> None:
    """A reviewer has read the whole page: note who and when, and when it is due again. Publishing shows it."""
    page = locked(page)
    draft = content_hash(snapshot(page))
    if seen is not None and seen != draft:
        raise Conflict
    approved = page.stage == Stage.APPROVED and page.approved_hash == draft
    page.reviewed_by, page.reviewed_on = name, localdate(at)
    page.next_review = next_check(page.kind, page.reviewed_on)
    if approved:  # the check is no edit: what was approved stays approved
        page.approved_hash = content_hash(snapshot(page))
    page.save(update_fields=["reviewed_by", "reviewed_on", "next_review", "approved_hash"])
