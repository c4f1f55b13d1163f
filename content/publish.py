"""The only writer of what the public sees: publish, restore, schedule, take down.

Each action takes who (``by``) and when (``at``), and is one transaction. The bytes are made in ``make.py``.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pumpguide.publishing import content_hash, refuse_own_change

from .checklist import checklist
from .drafts import copy_to_draft
from .make import make_all
from .models import Appearance, Claim, Correction, Page, PageRevision, Person, Picture, Redirect, Source, Term, Topic
from .models.page import Stage, page_path
from .site import live_site
from .snapshot import missing, snapshot


class Conflict(Exception):
    """Someone else published or changed the page meanwhile; nothing was done. The mend: look at what is there now."""


class NotApproved(ValidationError):
    """The draft was not approved as it is now."""


@transaction.atomic
def publish(page: Page, *, by, at, note: str, seen: str | None = None) -> PageRevision:
    """Make the approved draft live now.

    ``seen``: the content hash of the draft the publisher looked at; another draft by now raises Conflict.
    Raises NotApproved, ValidationError (marks that lead nowhere) or PermissionDenied (one's own change).
    """
    page, data = ready(page, by=by, seen=seen)
    refuse_gone(page, at=at)
    warnings = standing_warnings(data, at=at)
    revision = freeze(page, data, by=by, at=at, note=note, written_by=page.changed_by, warnings=warnings)
    go_live(page, revision)
    make_all(at=at)
    return revision


@transaction.atomic
def schedule(page: Page, *, by, at, note: str, seen: str | None = None) -> PageRevision:
    """Freeze the approved draft now, to go live at ``page.publish_at`` without anyone's doing."""
    page, data = ready(page, by=by, seen=seen)
    if page.publish_at is None or page.publish_at <= at:
        raise ValidationError(_("Set “publish at” to a time to come, or publish now."))
    refuse_gone(page, at=page.publish_at)
    warnings = standing_warnings(data, at=at)
    page.scheduled = freeze(
        page, data, by=by, at=at, live_at=page.publish_at, note=note, written_by=page.changed_by, warnings=warnings
    )
    page.save(update_fields=["scheduled"])
    make_all(at=at)
    return page.scheduled


@transaction.atomic
def unschedule(page: Page, *, at) -> None:
    """What waited for its time does not go out. The draft and its approval stay."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    page.scheduled, page.publish_at = None, None
    page.save(update_fields=["scheduled", "publish_at"])
    make_all(at=at)


@transaction.atomic
def expire(page: Page, *, when, at) -> None:
    """The page comes down by itself at ``when``, or, with None, stays. Raises ValidationError for a time gone by."""
    if when is not None and when <= at:
        raise ValidationError(_("Set “take down at” to a time to come, or take the page down now."))
    page = Page.objects.select_for_update().get(pk=page.pk)
    if when is not None:
        refuse_linked(page)
    page.expire_at = when
    page.save(update_fields=["expire_at"])
    make_all(at=at)


def ready(page: Page, *, by, seen: str | None) -> tuple[Page, dict]:
    """The locked page and its draft, when ``by`` may publish it as it is."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    data = snapshot(page)
    draft = content_hash(data)
    if seen is not None and seen != draft:
        raise Conflict
    if page.live is not None and page.live.hash == draft:
        raise Conflict
    if only_checked(page, data):
        return page, data
    refuse_own_change(authors(page, data), by)
    if page.stage != Stage.APPROVED or page.approved_hash != draft:
        raise NotApproved(_("The draft is not approved as it is now. A clinical reviewer approves it first."))
    return page, data


def refuse_gone(page: Page, *, at) -> None:
    """Raise ValidationError when the page is set to have come down by ``at``, when it would appear."""
    if page.expire_at is not None and page.expire_at <= at:
        raise ValidationError(
            _("The page is set to come down before that. Set “take down at” to a later time, or empty it.")
        )


def refuse_linked(page: Page) -> None:
    """Raise ValidationError for a page that the site itself leads readers to: its links would lead nowhere."""
    if page.is_linked:
        raise ValidationError(
            _("The site itself leads readers to this page, so it stays public here. Change what it says instead.")
        )


def only_checked(page: Page, data: dict) -> bool:
    """Whether the draft is the live page but for who checked it, its claims too: that needs no second approval.

    To take a name off the page does need one.
    """
    if page.live is None or authors(page, data):
        return False
    live = page.live.snapshot
    return unchecked(live) == unchecked(data) and bool(data["reviewed_by"] or not live["reviewed_by"])


def unchecked(data: dict) -> dict:
    """A snapshot without what it says of checks."""
    kept = {name: data[name] for name in data if name not in ("reviewed_by", "reviewed_on", "next_review")}
    claims = [{name: claim[name] for name in claim if name != "checked"} for claim in data["claims"]]
    return {**kept, "claims": claims}


def standing_warnings(data: dict, *, at) -> list[dict]:
    """The warnings that a publish lets stand, to be kept with its revision."""
    return [{**vars(item)} for item in checklist(data, at=at) if item.level == "warning"]


def authors(page: Page, data: dict) -> set[int]:
    """The ids of those whose unpublished changes would go out: to the page, or to what it uses."""
    since = page.live.frozen_at.isoformat() if page.live else ""
    used: dict = {
        Claim: [claim["key"] for claim in data["claims"]],
        Source: [source["key"] for source in data["sources"]],
        Term: [term["key"] for term in data["terms"]],
        Topic: [topic["key"] for topic in data["topics"]],
        Page: [page.key],
    }
    changed: set[int] = set()
    keyed = [model.objects.filter(language=page.language, key__in=keys) for model, keys in used.items()]
    for rows in [*keyed, Person.objects.filter(block__page=page), Picture.objects.filter(block__page=page)]:
        stamped = rows.filter(changed_by__isnull=False)
        for stamps, last_by, last_at in stamped.values_list("authors", "changed_by", "changed_at"):
            changed |= {user for user, when in stamps or [(last_by, last_at.isoformat())] if when > since}
    return changed


@transaction.atomic
def restore(revision: PageRevision, *, by, at) -> PageRevision:
    """Publish an old revision again. The draft follows, unless it holds changes that were never published."""
    page = Page.objects.select_for_update().get(pk=revision.page_id)
    refuse_gone(page, at=at)
    draft_is_live = page.live is not None and content_hash(snapshot(page)) == page.live.hash
    note = _("Revision %s published again") % revision.number
    restored = freeze(
        page, revision.snapshot, by=by, at=revision.frozen_at, live_at=at, note=note, written_by=revision.written_by
    )
    go_live(page, restored, keep_stage=not draft_is_live)
    if draft_is_live:
        copy_to_draft(page, revision.snapshot)
    make_all(at=at)
    return restored


@transaction.atomic
def take_down(page: Page, *, at) -> None:
    """The page is no longer public, and nothing waits for a time. Its draft and its revisions stay."""
    page = Page.objects.select_for_update().get(pk=page.pk)
    refuse_linked(page)
    page.live, page.scheduled, page.stage = None, None, Stage.ARCHIVED
    page.publish_at, page.expire_at = None, None
    page.save(update_fields=["live", "scheduled", "stage", "publish_at", "expire_at"])
    make_all(at=at)


@transaction.atomic
def publish_correction(correction: Correction, *, by, at) -> None:
    """Put it into the public log, for good. Raises PermissionDenied for one that ``by`` wrote or changed."""
    correction = Correction.objects.select_for_update().get(pk=correction.pk)
    refuse_own_change({user for user, _when in correction.authors}, by)
    if correction.public_at is None:
        correction.public_by, correction.public_at = by, at
        correction.save(update_fields=["public_by", "public_at"])


@transaction.atomic
def run_due(*, at) -> int:
    """Bring in what was scheduled and take down what has expired by ``at``; how many pages changed."""
    changed = 0
    for page in Page.objects.select_for_update().filter(scheduled__isnull=False, scheduled__published_at__lte=at):
        go_live(page, page.scheduled)
        changed += 1
    for page in Page.objects.select_for_update().filter(live__isnull=False, expire_at__lte=at):
        page.live, page.stage, page.expire_at = None, Stage.ARCHIVED, None
        page.save(update_fields=["live", "stage", "expire_at"])
        changed += 1
    make_all(at=at)
    return changed


def freeze(page: Page, data: dict, *, by, at, note: str, written_by, live_at=None, warnings=()) -> PageRevision:
    """A new immutable revision of the draft as it is ``at``, public from ``live_at`` (default: then, too).

    Raises ValidationError where it cannot stand on the site.
    """
    lost = missing(data, set(Page.objects.filter(language=page.language).values_list("key", flat=True)))
    if lost:
        raise ValidationError(_("These marks lead nowhere: %s. Mend or remove them, then publish.") % ", ".join(lost))
    path = page_path(data["kind"], data["slug"])
    if any(entry.path == path and entry.key != page.key for entry in live_site(page.language).entries):
        raise ValidationError(_("Another published page has the address %s. Give this one another.") % path)
    if path != page.live_path:
        refuse_linked(page)
    newest = page.revisions.order_by("-number").first()
    return PageRevision.objects.create(
        page=page,
        number=newest.number + 1 if newest else 1,
        snapshot=data,
        note=note,
        warnings=list(warnings),
        warnings_reason=page.warnings_reason,
        written_by=written_by,
        approved_by=by,
        frozen_at=at,
        published_at=live_at or at,
    )


def go_live(page: Page, revision: PageRevision, *, keep_stage: bool = False) -> None:
    """Point the page at its new live revision; an address that changed leaves a redirect behind."""
    if page.live is not None:
        old, new = page.live_path, page_path(revision.snapshot["kind"], revision.snapshot["slug"])
        Redirect.objects.filter(path=new).delete()
        if old != new:
            Redirect.objects.update_or_create(path=old, defaults={"page": page})
    Appearance.objects.get_or_create(revision=revision)
    page.live, page.scheduled = revision, None
    if not keep_stage:
        page.stage = Stage.PUBLISHED
    page.save(update_fields=["live", "scheduled", "stage"])
