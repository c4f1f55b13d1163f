"""Reads the starting content (content/guide/*.toml) into the working rows, and publishes what is new.

Rows that staff have changed are never touched: ``changed_by`` empty means "still as the files brought it".
"""

from pathlib import Path

from django.db import transaction

from pumpguide.publishing import content_hash

from .guide_rows import Bringing, bring_page, bring_topic, check, refuse_unknown
from .guide_toml import GuideFileError, mistakes_in, read, tables
from .make import make_all
from .models import Page, Source, Synonym, Term
from .publish import authors, freeze, go_live
from .snapshot import snapshot

GUIDE = Path(__file__).parent / "guide"

__all__ = ["GUIDE", "GuideFileError", "load"]


@transaction.atomic
def load(folder: Path = GUIDE, *, at) -> int:
    """Bring in what is missing or was never touched by staff; publish it. Returns how many pages went live."""
    run = Bringing(at=at)
    bring_evidence(run, folder)
    pages = {}
    for path in sorted((folder / "pages").glob("*.toml")):
        with mistakes_in(path):
            pages[path] = bring_page(run, read(path))
    live = 0
    for path, page in pages.items():
        with mistakes_in(path):
            live += page is not None and publish_if_new(page, at=at)
    if not Synonym.objects.exists():  # staff keep this list from then on
        bring_synonyms(folder)
    make_all(at=at)
    return live


def bring_evidence(run: Bringing, folder: Path) -> None:
    """Sources, words, and topics with their claims: what pages rest on."""
    with mistakes_in(folder / "sources.toml"):
        for position, data in enumerate(tables(read(folder / "sources.toml"), "source"), start=1):
            source = run.find(Source, data)
            if source is not None:
                run.write(source, run.values(source, data, position=position))
    with mistakes_in(folder / "glossary.toml"):
        for data in tables(read(folder / "glossary.toml"), "term"):
            term = run.find(Term, data)
            if term is not None:
                run.write(term, run.values(term, data))
    for path in sorted((folder / "claims").glob("*.toml")):
        with mistakes_in(path):
            bring_topic(run, read(path))


def bring_synonyms(folder: Path) -> int:
    """Add the words for search that are not here yet; how many."""
    path, added = folder / "synonyms.toml", 0
    if not path.exists():
        return 0
    with mistakes_in(path):
        known = set(Synonym.objects.values_list("word", "means", "language"))
        for item in tables(read(path), "synonym"):
            refuse_unknown(item, {"word", "means", "language"})
            row = Synonym(**item)
            if (row.word, row.means, row.language) not in known:
                check(row, f"synonym {row.word}", exclude=[])
                row.save()
                added += 1
    return added


def publish_if_new(page: Page, *, at) -> bool:
    """Publish a page the files brought, unless staff have had a hand in what is, or would be, public."""
    data = snapshot(page)
    if page.live is None and page.revisions.exists():
        return False  # taken down
    if page.live is not None and (page.live.approved_by_id or page.live.hash == content_hash(data)):
        return False  # published by staff, or nothing new
    if page.live is not None and checks(page.live.snapshot) != checks(data):
        return False  # what a clinician has checked meanwhile goes out when a reviewer publishes it
    if authors(page, data):
        return False  # a claim, a source or a word that staff have changed waits for a reviewer
    go_live(page, freeze(page, data, by=None, at=at, note="Starting content", written_by=None))
    return True


def checks(data: dict) -> tuple:
    """What a snapshot says of checks: who read the whole page, and which claims were checked."""
    return data["reviewed_by"], {claim["key"] for claim in data["claims"] if claim["checked"]}
