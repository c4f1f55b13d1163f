"""Reads the starting content (content/guide/*.toml) into the working rows, and publishes what is new.

Rows that staff have changed are never touched: ``changed_by`` empty means "still as the files brought it".
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from pumpguide.publishing import content_hash

from .make import make_all
from .models import Block, Claim, ClaimSource, Page, Source, Term, Topic
from .publish import authors, freeze, go_live
from .snapshot import BLOCK_FIELDS, SOURCE_FIELDS, TERM_FIELDS, snapshot

GUIDE = Path(__file__).parent / "guide"


class GuideFileError(ValueError):
    """A file of the guide that cannot be read; the message names the file and the mend."""


@contextmanager
def mistakes_in(path: Path) -> Iterator[None]:
    """Whatever is wrong with a file becomes a GuideFileError that names it."""
    try:
        yield
    except OSError as error:
        raise GuideFileError(f"{path.name}: cannot be read ({error.strerror}). Put it there and load again.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError) as error:
        raise GuideFileError(f"{path.name}: {error}. Mend that line and load again.") from error
    except KeyError as error:
        raise GuideFileError(f"{path.name}: {error} is missing. Add it and load again.") from error
    except ValidationError as error:
        raise GuideFileError(f"{path.name}: {'; '.join(error.messages)}") from error


def read(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@transaction.atomic
def load(folder: Path = GUIDE, *, at) -> int:
    """Bring in what is missing or was never touched by staff; publish it. Returns how many pages went live."""
    with mistakes_in(folder / "sources.toml"):
        for position, data in enumerate(read(folder / "sources.toml")["source"], start=1):
            keep(Source, data, SOURCE_FIELDS, at=at, position=position)
    with mistakes_in(folder / "glossary.toml"):
        for data in read(folder / "glossary.toml")["term"]:
            keep(Term, data, TERM_FIELDS, at=at)
    for path in sorted((folder / "claims").glob("*.toml")):
        with mistakes_in(path):
            load_topic(path, at=at)
    pages = {}
    for path in sorted((folder / "pages").glob("*.toml")):
        with mistakes_in(path):
            pages[path] = load_page(path, at=at)
    live = 0
    for path, page in pages.items():
        with mistakes_in(path):
            live += page is not None and publish_if_new(page, at=at)
    make_all(at=at)
    return live


def keep(model, data: dict, fields: tuple[str, ...], *, at, **more):
    """The row with this key, made or brought up to date; None when staff have changed it, so that it is left alone."""
    language = data.get("language", "en")
    row = model.objects.filter(key=data["key"], language=language).first() or model(key=data["key"], language=language)
    if row.changed_by_id is not None:
        return None
    values = {**{field: data[field] for field in fields if field in data}, **more}
    if row.pk and all(getattr(row, field) == value for field, value in values.items()):
        return row
    for field, value in values.items():
        setattr(row, field, value)
    row.changed_at = at
    row.full_clean(exclude=["changed_by", "live"])
    row.save()
    return row


def load_topic(path: Path, *, at) -> None:
    data = read(path)
    keep(Topic, data, ("title", "position"), at=at)
    topic = Topic.objects.get(key=data["key"], language=data.get("language", "en"))
    for position, item in enumerate(data.get("claim", []), start=1):
        claim = keep(Claim, item, ("text", "certainty"), at=at, topic=topic, position=position)
        if claim is None:
            continue
        given = [(says["source"], says["text"].strip()) for says in item.get("says", [])]
        if given != [(says.source.key, says.text) for says in claim.says.select_related("source")]:
            claim.says.all().delete()
            for place, (key, text) in enumerate(given, start=1):
                source = Source.objects.filter(key=key, language=claim.language).first()
                if source is None:
                    raise GuideFileError(f"{path.name}: claim {claim.key} names source {key!r}, which is not known.")
                ClaimSource.objects.create(claim=claim, source=source, text=text, position=place)


def load_page(path: Path, *, at) -> Page | None:
    data = read(path)
    fields = ("kind", "slug", "title", "menu_title", "summary", "position", "reviewed_by", "reviewed_on")
    page = keep(Page, data, fields, at=at)
    if page is None:
        return None
    blocks = [Block(page=page, position=position, **item) for position, item in enumerate(data.get("block", []), 1)]
    for block in blocks:
        block.full_clean(exclude=["page"])
    if [told(block) for block in blocks] != [told(block) for block in page.blocks.all()]:
        page.blocks.all().delete()
        Block.objects.bulk_create(blocks)
    return page


def told(block: Block) -> tuple:
    return tuple(getattr(block, field) for field in BLOCK_FIELDS)


def publish_if_new(page: Page, *, at) -> bool:
    """Publish a page the files brought, unless staff have had a hand in what is, or would be, public."""
    data = snapshot(page)
    if page.live is None and page.revisions.exists():
        return False  # taken down
    if page.live is not None and (page.live.approved_by_id or page.live.hash == content_hash(data)):
        return False  # published by staff, or nothing new
    if authors(page, data):
        return False  # a claim, a source or a word that staff have changed waits for a reviewer
    go_live(page, freeze(page, data, by=None, at=at, note="Starting content", written_by=None))
    return True
