"""Search among 1,000 pages, on SQLite and on PostgreSQL: the pages found, what may have been meant, the whole page.

Alone on PostgreSQL (a server of its own, gone at the end): ``python -m tests.benchmarks.search postgresql``.
"""

import random

from . import ground
from .ask import Ask, Handler
from .measure import Side, alone, kept, queries, table

PAGES = 1000
BOUND = 20_000
"""Microseconds a search."""
CALLS = 5
ROUNDS = 11
TYPED = {
    "a word on few pages": "granuloma",
    "a word on most pages": "pump",
    "two words": "morphine refill",
    "a question": "Can I have an MRI with a pain pump?",
    "a known synonym": "spinal infusion pump",
    "the beginning of a word": "zicon",
    "a word that is misspelt": "baklofen pump",
    "ten words": "how long does the trial take before surgery and who decides about the dose",
}


def main() -> None:
    ground.on_each_database("tests.benchmarks.search", measure)


def measure() -> None:
    ground.prepare()
    from django.db import connection

    from content.search import search, suggest

    with_pages()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself after a minute
    handler = Handler()
    asks = {
        "search": lambda typed: search(typed, "en"),
        "suggest": lambda typed: suggest(typed, "en"),
        "page": lambda typed: handler({**Ask("/search/").environ(), "QUERY_STRING": f"q={typed.replace(' ', '+')}"}),
    }
    rows = []
    for name, typed in TYPED.items():
        sides = {what: Side(ask, lambda typed=typed: [typed] * CALLS) for what, ask in asks.items()}
        took = {what: alone(side, ROUNDS) for what, side in sides.items()}
        holds = kept(took["search"].middle <= BOUND)
        counts = (len(search(typed, "en")), queries(sides["search"]))
        rows.append((name, *took.values(), f"≤ {BOUND}", holds, *counts))
    headings = ("", "search µs", "suggest µs", "whole page µs", "bound", "", "found", "queries")
    table(f"Search among {PAGES} pages, {connection.vendor}", headings, rows)


def with_pages() -> None:
    """As many pages as the guide has, and more made of its sentences, each about as long as one of them."""
    from django.utils import timezone

    from content.models import Page, SearchEntry, Synonym

    own = list(SearchEntry.objects.all())
    lines = [line for entry in own for line in entry.words.split("\n")]
    length, chance = len(lines) // len(own), random.Random(1)  # noqa: S311 (the same pages each time)
    pages = Page.objects.bulk_create(
        Page(key=f"more-{number}", slug=f"more-{number}", title=chance.choice(own).title, changed_at=timezone.now())
        for number in range(PAGES - len(own))
    )
    SearchEntry.objects.bulk_create(
        SearchEntry(
            page=page,
            language="en",
            path=f"/{page.slug}/",
            title=page.title,
            summary=chance.choice(own).summary,
            words="\n".join(chance.choices(lines, k=length)),
        )
        for page in pages
    )
    Synonym.objects.get_or_create(word="spinal infusion pump", means="pain pump", language="en")
    Synonym.objects.bulk_create(
        Synonym(word=f"word number {number}", means="pain pump", language="en") for number in range(200)
    )


if __name__ == "__main__":
    main()
