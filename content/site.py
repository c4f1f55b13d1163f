"""What a page needs to know of the other published pages: their addresses, titles and order."""

from dataclasses import dataclass
from functools import cached_property

from pumpguide.publishing import content_hash

from .models import Page
from .models.page import page_path


@dataclass(frozen=True)
class Entry:
    """One published page as others see it."""

    key: str
    kind: str
    path: str
    title: str
    menu_title: str
    summary: str
    position: int


@dataclass(frozen=True)
class Site:
    """All published pages of one language."""

    entries: tuple[Entry, ...]

    @cached_property
    def by_key(self) -> dict[str, Entry]:
        return {entry.key: entry for entry in self.entries}

    @cached_property
    def hash(self) -> str:
        return content_hash([list(vars(entry).values()) for entry in self.entries])

    def of_kind(self, kind: str) -> list[Entry]:
        """The pages of a kind in their own order."""
        return sorted(
            (entry for entry in self.entries if entry.kind == kind), key=lambda entry: (entry.position, entry.title)
        )


def entry(data: dict) -> Entry:
    """A snapshot as others see it."""
    return Entry(
        data["key"],
        data["kind"],
        page_path(data["kind"], data["slug"]),
        data["title"],
        data["menu_title"],
        data["summary"],
        data["position"],
    )


def live_site(language: str) -> Site:
    """The published pages now; one query."""
    live = Page.objects.filter(language=language, live__isnull=False).select_related("live").order_by("key")
    return Site(tuple(entry(page.live.snapshot) for page in live))
