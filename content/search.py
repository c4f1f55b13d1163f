"""Search over the published pages: one interface, and the index of each database behind it. No query is ever logged.

The databases keep the index themselves (migration 0003); here its rows are written, asked, and put into words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.db import connection

from . import search_query as query
from .html import plain_text
from .models import Edition, Page, SearchEntry, Synonym
from .models.page import BlockKind, page_path
from .search_query import Group, How
from .search_snippet import Finder, Piece, snippet
from .search_spelling import Vocabulary, corrected

MOST = 20
"""Pages that are shown of all that were found."""
UNSAID = {"claim", "as_of", "status", "named_by"}
"""Fields of facts that are no text of the page."""
EVIDENCE = {BlockKind.DIFFER, BlockKind.DIFFERENCES}

SQLITE = """
    SELECT entry.id, entry.path, entry.title, entry.summary, entry.words
    FROM (
        SELECT content_search.rowid AS id, named.path, bm25(content_search, 10.0, 4.0, 1.0) AS place,
            %(title)s = %(wanted)s OR content_search.rowid IN (
                SELECT rowid FROM content_search WHERE content_search MATCH %(title)s) AS in_title,
            %(meant)s = %(wanted)s OR content_search.rowid IN (
                SELECT rowid FROM content_search WHERE content_search MATCH %(meant)s) AS as_meant
        FROM content_search JOIN content_searchentry AS named ON named.id = content_search.rowid
        WHERE content_search MATCH %(wanted)s AND named.language = %(language)s
        ORDER BY in_title DESC, as_meant DESC, place, path LIMIT %(limit)s
    ) AS best JOIN content_searchentry AS entry ON entry.id = best.id
    ORDER BY in_title DESC, as_meant DESC, place, best.path
"""
POSTGRESQL = """
    SELECT id, path, title, summary, words
    FROM content_searchentry
    WHERE search @@ to_tsquery(%(config)s::regconfig, %(wanted)s) AND language = %(language)s
    ORDER BY
        (%(title)s = %(wanted)s OR search @@ to_tsquery(%(config)s::regconfig, %(title)s)) DESC,
        (%(meant)s = %(wanted)s OR search @@ to_tsquery(%(config)s::regconfig, %(meant)s)) DESC,
        ts_rank('{0.1, 0.2, 0.4, 1.0}', search, to_tsquery(%(config)s::regconfig, %(wanted)s), 1) DESC,
        path
    LIMIT %(limit)s
"""
"""First the pages with it in their title, then those that say it in our words, then those that say it as typed."""
POSTGRESQL_CONFIG = {"en": "english"}
"""As in the index; any other language is searched word for word."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page. ``whole`` is False when it holds only some of the words."""

    path: str
    title: str
    summary: str
    snippet: tuple[Piece, ...]
    whole: bool


# --- asking -----------------------------------------------------------------------------------------------------------


def search(text: str, language: str, limit: int = MOST) -> list[Found]:
    """The pages that hold what was typed, best first; none for text without a word that tells something. Any text."""
    wanted = query.groups(text, language, synonyms(language))
    for how in How if wanted else ():
        entries = ask(wanted, how, language, limit)
        if entries:
            finder = Finder(wanted, how)
            return [found(entry, finder, whole=how != How.ANY) for entry in entries]
    return []


def suggest(text: str, language: str) -> list[str]:
    """What may have been meant, best first: the same words with those that no page holds spelt like ones that do."""
    number = Edition.objects.values_list("number", flat=True).first()
    return corrected(text, language, vocabulary(language, number, synonyms(language)))


def synonyms(language: str) -> tuple[tuple[str, str], ...]:
    """What people type, and what the pages say."""
    return tuple(Synonym.objects.filter(language=language).values_list("word", "means").order_by("word", "means"))


def ask(wanted: list[Group], how: How, language: str, limit: int) -> list[SearchEntry]:
    """The rows of the pages, best first; one query."""
    sqlite = connection.vendor == "sqlite"
    make = query.for_sqlite if sqlite else query.for_postgresql
    meant = [group.meant for group in wanted]
    asked = {
        "title": make(meant, how, title_only=how != How.ANY),
        "meant": make(meant, how),
        "wanted": make(wanted, how),
        "config": POSTGRESQL_CONFIG.get(language, "simple"),
        "language": language,
        "limit": limit,
    }
    return list(SearchEntry.objects.raw(SQLITE if sqlite else POSTGRESQL, asked))


def found(entry: SearchEntry, finder: Finder, *, whole: bool) -> Found:
    return Found(entry.path, entry.title, entry.summary, snippet(entry.words, finder), whole)


@lru_cache(maxsize=4)
def vocabulary(language: str, edition: int | None, known: tuple[tuple[str, str], ...]) -> Vocabulary:
    """Every word of the published pages and of the synonyms; made once for each edition."""
    texts = SearchEntry.objects.filter(language=language).values_list("title", "summary", "words").iterator()
    return Vocabulary(" ".join(parts) for parts in [*texts, *known])


# --- keeping ----------------------------------------------------------------------------------------------------------


def reindex(page: Page) -> None:
    """Bring the words of a live page up to date."""
    data = page.live.snapshot
    SearchEntry.objects.update_or_create(
        page=page,
        defaults={
            "language": data["language"],
            "path": page_path(data["kind"], data["slug"]),
            "title": data["title"],
            "summary": data["summary"],
            "words": "\n".join(filter(None, (line.strip() for line in shown(data)))),
        },
    )


def forget_gone() -> None:
    """Pages that are no longer public are no longer found."""
    SearchEntry.objects.filter(page__live=None).delete()


def shown(data: dict) -> Iterator[str]:
    """The words that a published page shows, besides its title and summary."""
    for name, row in data["facts"].items():
        for fields in row if name == "drug_uses" else [row]:
            yield from (value for field, value in fields.items() if field not in UNSAID)
    kinds = {block["kind"] for block in data["blocks"]}
    for block in data["blocks"]:
        if block["kind"] != BlockKind.STORY or (block["consent_on"] and block["typical"]):
            yield f"{block['heading']}." if block["heading"] else ""
            yield plain_text(block["body"])
            yield block["typical"]
    if kinds & EVIDENCE:
        yield from (claim["text"] for claim in data["claims"])
    if BlockKind.GLOSSARY in kinds:
        yield from (f"{', '.join([term['term'], *term['also']])}: {term['definition']}" for term in data["terms"])
    if BlockKind.SOURCES in kinds:
        fields = ("title", "says", "publisher", "kind", "interests", "reference")
        yield from (source[field] for source in data["sources"] for field in fields)
    yield data["menu_title"]
