"""The only writer of what the public sees: publish, restore, take down, and the bytes made from it.

Each action takes who (``by``) and when (``at``), and is one transaction.
"""

import gzip
import hashlib
from functools import cache

import brotli
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from pumpguide.publishing import content_hash, refuse_own_change

from .models import Block, Claim, Edition, Page, PageRevision, Rendering, Source, Term
from .models.page import page_path
from .render import render
from .site import live_site
from .snapshot import BLOCK_FIELDS, PAGE_FIELDS, missing, snapshot


@transaction.atomic
def publish(page: Page, *, by, at, note: str) -> PageRevision:
    """Freeze the draft as the live revision and make its bytes.

    Raises ValidationError (the draft has links that lead nowhere) or PermissionDenied (one's own change).
    """
    page = Page.objects.select_for_update().get(pk=page.pk)
    data = snapshot(page)
    refuse_own_change(authors(page, data), by)
    revision = go_live(page, data, by=by, at=at, note=note, written_by=page.changed_by)
    make_all(at=at)
    return revision


def authors(page: Page, data: dict) -> set[int]:
    """The ids of those whose unpublished changes would go out: to the page, or to evidence and words it uses."""
    since = page.live.published_at if page.live else None
    used = {
        Claim: [claim["key"] for claim in data["claims"]],
        Source: [source["key"] for source in data["sources"]],
        Term: [term["key"] for term in data["terms"]],
        Page: [page.key],
    }
    changed: set[int] = set()
    for model, keys in used.items():
        rows = model.objects.filter(language=page.language, key__in=keys, changed_by__isnull=False)
        changed |= set((rows.filter(changed_at__gt=since) if since else rows).values_list("changed_by", flat=True))
    return changed


@transaction.atomic
def restore(revision: PageRevision, *, by, at) -> PageRevision:
    """Publish an old revision again. The draft follows, unless it holds changes that were never published."""
    page = Page.objects.select_for_update().get(pk=revision.page_id)
    draft_is_live = page.live is not None and content_hash(snapshot(page)) == page.live.hash
    note = _("Revision %s published again") % revision.number
    restored = go_live(page, revision.snapshot, by=by, at=at, note=note, written_by=revision.written_by)
    if draft_is_live:
        copy_to_draft(page, revision.snapshot)
    make_all(at=at)
    return restored


@transaction.atomic
def take_down(page: Page, *, at) -> None:
    """The page is no longer public. Its draft and its revisions stay."""
    page.live = None
    page.save(update_fields=["live"])
    make_all(at=at)


def go_live(page: Page, data: dict, *, by, at, note: str, written_by) -> PageRevision:
    """Freeze ``data`` as the page's live revision. Raises ValidationError where it cannot stand on the site."""
    known = set(Page.objects.filter(language=page.language).values_list("key", flat=True))
    lost = missing(data, known)
    if lost:
        raise ValidationError(_("These marks lead nowhere: %s. Mend or remove them, then publish.") % ", ".join(lost))
    path = page_path(data["kind"], data["slug"])
    if any(entry.path == path and entry.key != page.key for entry in live_site(page.language).entries):
        raise ValidationError(_("Another published page has the address %s. Give this one another.") % path)
    newest = page.revisions.order_by("-number").first()
    page.live = PageRevision.objects.create(
        page=page,
        number=newest.number + 1 if newest else 1,
        snapshot=data,
        note=note,
        written_by=written_by,
        approved_by=by,
        published_at=at,
    )
    page.save(update_fields=["live"])
    return page.live


def copy_to_draft(page: Page, data: dict) -> None:
    """Make the working rows equal to a snapshot's own fields and blocks."""
    for field in PAGE_FIELDS:
        setattr(page, field, data[field])
    page.reviewed_on = data["reviewed_on"] or None
    page.save()
    page.blocks.all().delete()
    Block.objects.bulk_create(
        Block(page=page, position=position, **{field: block[field] for field in BLOCK_FIELDS})
        for position, block in enumerate(data["blocks"], start=1)
    )


# --- the bytes ---------------------------------------------------------------------------------------------------


def make_all(*, at) -> int:
    """Make the bytes of every live page whose own text, neighbours or templates changed; how many were made."""
    made = 0
    for language, _name in settings.LANGUAGES:
        site = live_site(language)
        pages = Page.objects.filter(language=language, live__isnull=False).select_related("live")
        done = dict(Rendering.objects.values_list("revision_id", "made_from"))
        for page in pages:
            made_from = content_hash([page.live.hash, page.live.published_at.isoformat(), site.hash, build()])
            if done.get(page.live_id) != made_from:
                make(page.live, site, made_from, at=at)
                made += 1
    stale = Rendering.objects.exclude(revision__live_for__isnull=False).delete()[0]
    if made or stale:
        Edition.objects.get_or_create(pk=1)
        Edition.objects.filter(pk=1).update(number=F("number") + 1)
    return made


def make(revision: PageRevision, site, made_from: str, *, at) -> None:
    html = render(revision.snapshot, site, published_on=localdate(revision.published_at)).encode()
    path = site.by_key[revision.snapshot["key"]].path
    Rendering.objects.filter(revision__page_id=revision.page_id).exclude(path=path).delete()
    Rendering.objects.update_or_create(
        path=path,
        defaults={
            "revision": revision,
            "plain": html,
            "gzip": gzip.compress(html, 9, mtime=0),
            "brotli": brotli.compress(html, quality=11),
            "etag": hashlib.sha256(html).hexdigest()[:32],
            "made_from": made_from,
            "made_at": at,
        },
    )


@cache
def build() -> str:
    """Changes when the templates or the static files' names do: then every page's bytes are made again."""
    digest = hashlib.sha256()
    for folder in (settings.BASE_DIR / "templates", settings.BASE_DIR / "content"):
        for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.svg"), *folder.glob("render.py")]):
            digest.update(path.read_bytes())
    digest.update(staticfiles_storage.url("css/site.css").encode())
    digest.update(staticfiles_storage.url("js/site.js").encode())
    digest.update(settings.PUBLIC_URL.encode())
    return digest.hexdigest()
