"""What stands in a draft's way before it may be public. The checks themselves are in checks/, by subject."""

from datetime import datetime

from .checks.build import build
from .checks.draft import Around, Draft, Item
from .checks.evidence import evidence
from .checks.wording import wording
from .models import Page, Source, Term

__all__ = ["Around", "Item", "around", "checklist"]


def checklist(data: dict, *, at: datetime, site: Around | None = None) -> list[Item]:
    """Everything found in a snapshot, errors first, each thing once, in the order of the page.

    ``at``: now, with a time zone. ``site``: what the page has around it; read from the database when not given,
    and nothing else is. The texts are in the active language.
    """
    draft = Draft(data, at, around(data["language"]) if site is None else site)
    found = dict.fromkeys([*build(draft), *evidence(draft), *wording(draft)])
    return sorted(found, key=lambda item: item.level != "error")


def around(language: str) -> Around:
    """What the pages of a language have around them now; three queries."""
    pages = list(Page.objects.filter(language=language).only("key", "kind", "slug", "live_id"))
    sources = Source.objects.filter(language=language, recheck_on__isnull=False)
    return Around(
        pages={page.key: page.path for page in pages},
        public=frozenset(page.key for page in pages if page.live_id),
        recheck=dict(sources.values_list("key", "recheck_on")),
        terms={term.key: (term.term, *term.also) for term in Term.objects.filter(language=language)},
    )
