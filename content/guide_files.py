"""Reads the starting content (content/guide/*.toml) into the working rows, and publishes what is new.

Rows that staff have changed are never touched: ``changed_by`` empty means "still as the files brought it".
"""

import tomllib
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from pumpguide.publishing import content_hash

from .make import make_all
from .models import Block, Claim, ClaimSource, Page, Source, Term, Topic
from .publish import freeze, go_live
from .snapshot import BLOCK_FIELDS, SOURCE_FIELDS, TERM_FIELDS, snapshot

GUIDE = Path(__file__).parent / "guide"


class GuideFileError(ValueError):
    """A file of the guide that cannot be read; the message names the file and the mend."""


def read(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise GuideFileError(f"{path.name}: {error}. Mend that line and load again.") from error


@transaction.atomic
def load(folder: Path = GUIDE, *, at) -> int:
    """Bring in what is missing or was never touched by staff; publish it. Returns how many pages went live."""
    for position, data in enumerate(read(folder / "sources.toml")["source"], start=1):
        keep(Source, data, SOURCE_FIELDS, at=at, position=position)
    for data in read(folder / "glossary.toml")["term"]:
        keep(Term, data, TERM_FIELDS, at=at)
    for path in sorted((folder / "claims").glob("*.toml")):
        load_topic(path, at=at)
    pages = [load_page(path, at=at) for path in sorted((folder / "pages").glob("*.toml"))]
    live = [page for page in pages if page is not None and publish_if_new(page, at=at)]
    make_all(at=at)
    return len(live)


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
    try:
        page = keep(Page, data, fields, at=at)
        if page is None:
            return None
        blocks = []
        for position, item in enumerate(data.get("block", []), start=1):
            block = Block(
                page=page, position=position, **{field: item[field] for field in BLOCK_FIELDS if field in item}
            )
            block.full_clean(exclude=["page"])
            blocks.append(block)
    except ValidationError as error:
        raise GuideFileError(f"{path.name}: {'; '.join(error.messages)}") from error
    except TypeError as error:
        raise GuideFileError(f"{path.name}: {error}.") from error
    if [told(block) for block in blocks] != [told(block) for block in page.blocks.all()]:
        page.blocks.all().delete()
        Block.objects.bulk_create(blocks)
    return page


def told(block: Block) -> tuple:
    return tuple(getattr(block, field) for field in BLOCK_FIELDS)


def publish_if_new(page: Page, *, at) -> bool:
    """Publish a page the files brought, unless just this is live already or staff took it down."""
    data = snapshot(page)
    if page.live is None and page.revisions.exists():
        return False
    if page.live is not None and page.live.hash == content_hash(data):
        return False
    try:
        go_live(page, freeze(page, data, by=None, at=at, note="Starting content"))
    except ValidationError as error:
        raise GuideFileError(f"{page.key}.toml: {'; '.join(error.messages)}") from error
    return True
