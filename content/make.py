"""Makes the bytes of the published pages, plain and compressed, and notes when something changes by itself next."""

import gzip
import hashlib
from datetime import datetime, time, timedelta
from functools import cache

import brotli
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import transaction
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.dateparse import parse_date

from pumpguide.publishing import content_hash

from .models import Edition, Page, PageRevision, Rendering, SiteSettings
from .render import render
from .search import forget_gone, reindex
from .site import live_site


@transaction.atomic
def make_all(*, at) -> int:
    """Make the bytes of every live page whose own text, neighbours or templates changed; how many were made.

    One at a time: whoever waits here then sees what the others made public, so no page shows a neighbour's old title.
    """
    Edition.objects.select_for_update().get_or_create(pk=1)
    made = 0
    for language, _name in settings.LANGUAGES:
        made += make_language(language, at=at)
    stale = Rendering.objects.exclude(revision__live_for__isnull=False).delete()[0]
    forget_gone()
    due = next_due(at)
    changed = F("number") + 1 if made or stale else F("number")
    Edition.objects.filter(pk=1).update(number=changed, next_due=due)
    return made


def make_language(language: str, *, at) -> int:
    made, site, clinic = 0, live_site(language), clinic_facts()
    done = dict(Rendering.objects.values_list("revision_id", "made_from"))
    for page in Page.objects.filter(language=language, live__isnull=False).select_related("live"):
        overdue = is_overdue(page.live.snapshot, at)
        parts = [page.live.hash, page.live.published_at.isoformat(), overdue, clinic, site.hash, build()]
        made_from = content_hash(parts)
        if done.get(page.live_id) != made_from:
            make(page.live, site, made_from, overdue=overdue, clinic=clinic, at=at)
            reindex(page)
            made += 1
    return made


def make(revision: PageRevision, site, made_from: str, *, overdue: bool, clinic: dict, at) -> None:
    published_on = timezone.localdate(revision.published_at)
    html = render(revision.snapshot, site, published_on=published_on, overdue=overdue, clinic=clinic).encode()
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


def clinic_facts() -> dict:
    """What the site settings put on pages."""
    clinic = SiteSettings.current()
    return {field: getattr(clinic, field) for field in ("clinic_name", "phone", "hours", "callback", "stated_wait")}


# --- what changes by itself -------------------------------------------------------------------------------------


def is_overdue(data: dict, at) -> bool:
    """Whether the page's next check was due before the day of ``at``."""
    due = parse_date(data.get("next_review") or "")
    return due is not None and due < timezone.localdate(at)


def next_due(at):
    """The next time that something is to appear, to go, or to become overdue; None when nothing is."""
    live = Q(live__isnull=False)
    moments = Page.objects.aggregate(
        scheduled=Min("scheduled__published_at"),
        expiry=Min("expire_at", filter=live),
    )
    live_checks = PageRevision.objects.filter(live_for__isnull=False).values_list("snapshot__next_review", flat=True)
    last_good_days = [day for day in map(parse_date, filter(None, live_checks)) if day >= timezone.localdate(at)]
    if last_good_days:
        moments["overdue"] = timezone.make_aware(datetime.combine(min(last_good_days) + timedelta(days=1), time.min))
    return min((moment for moment in moments.values() if moment is not None), default=None)


@cache
def build() -> str:
    """Changes when the templates or the static files' names do: then every page's bytes are made again."""
    digest = hashlib.sha256()
    for folder in (settings.BASE_DIR / "templates", settings.BASE_DIR / "content"):
        code = [*folder.glob("render*.py"), *folder.glob("structured.py")]
        for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.svg"), *code]):
            digest.update(path.read_bytes())
    digest.update(staticfiles_storage.url("css/site.css").encode())
    digest.update(staticfiles_storage.url("js/site.js").encode())
    digest.update(staticfiles_storage.url("img/social-card.png").encode())
    digest.update(settings.PUBLIC_URL.encode())
    return digest.hexdigest()
