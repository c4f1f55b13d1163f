"""Writes the whole guide's working rows as readable files, which ``guide_import`` brings back exactly.

One file a page and a topic, so that a change reads well in a review. Workflow, revisions and staff stay where they are.
"""

import re
from pathlib import Path

from django.db import transaction
from django.db.models import Model

from .guide_import import SETTINGS_FIELDS
from .guide_rows import ROW_FIELDS
from .guide_toml import GuideFileError, dump, pretty
from .models import Block, Correction, Page, Person, Picture, Redirect, SiteSettings, Source, Synonym, Term, Topic
from .snapshot import BLOCK_FIELDS, FACT_FIELDS, PERSON_FIELDS, USE_FIELDS

LISTS = "sources|glossary|people|pictures|synonyms|corrections|redirects|settings"
OURS = re.compile(rf"(?:pages|claims)/[\w.-]+\.toml|pictures/[0-9a-f]{{64}}\.webp|(?:{LISTS})\.toml")
"""The files an export writes; only these does it ever replace or remove."""


def export_guide(folder: Path) -> int:
    """Write the guide into an empty folder, or over an earlier export; how many files.

    Files of an earlier export that the guide no longer has are removed. Raises GuideFileError for a folder that holds
    anything else (names that begin with a dot, and a README, may stay), OSError where it cannot be written.
    """
    files = guide_as_files()
    folder.mkdir(parents=True, exist_ok=True)
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    earlier = {name for name in names if not name.startswith((".", "README"))}
    if strangers := sorted(name for name in earlier if not OURS.fullmatch(name)):
        raise GuideFileError(f"{folder} holds other files, such as {strangers[0]}. Choose an empty folder.")
    for name in earlier - set(files):
        (folder / name).unlink()
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return len(files)


@transaction.atomic
def guide_as_files() -> dict[str, bytes]:
    """Every file of the guide: path within the folder -> content. The same guide always gives the same bytes."""
    tables: dict[str, dict] = {
        "sources.toml": {"source": [row_data(row) for row in Source.objects.order_by("language", "position", "key")]},
        "glossary.toml": {"term": [row_data(row) for row in in_order(Term, "language", "term", "key")]},
        **{f"claims/{file_name(topic)}": topic_data(topic) for topic in Topic.objects.all()},
        **{f"pages/{file_name(page)}": page_data(page) for page in Page.objects.all()},
        **{name: data for name, data in lists().items() if any(data.values())},
    }
    for settings in SiteSettings.objects.all():
        tables["settings.toml"] = {field: getattr(settings, field) for field in SETTINGS_FIELDS}
    pictures = {f"pictures/{row.hash}.webp": bytes(row.data) for row in Picture.objects.all()}
    return {**{name: dump(tidy(data) or data).encode() for name, data in sorted(tables.items())}, **pictures}


def lists() -> dict[str, dict]:
    """The files that hold one list and are left out while it is empty."""
    people = in_order(Person, *PERSON_FIELDS)
    if twice := sorted({str(one) for one in people if [str(other) for other in people].count(str(one)) > 1}):
        raise GuideFileError(f"Two people are called {twice[0]}. Tell them apart by their titles, then export again.")
    return {
        "people.toml": {"person": [fields_of(row, PERSON_FIELDS) for row in people]},
        "pictures.toml": {
            "picture": [fields_of(row, ("hash", "title", "alt", "decorative")) for row in in_order(Picture, "hash")]
        },
        "synonyms.toml": {
            "synonym": [
                fields_of(row, ("word", "means", "language")) for row in in_order(Synonym, "language", "word", "means")
            ]
        },
        "corrections.toml": {
            "correction": [
                {**page_named(row), **fields_of(row, ("corrected_on", "was", "now"))}
                for row in Correction.objects.select_related("page").order_by("corrected_on", "pk")
            ]
        },
        "redirects.toml": {
            "redirect": [
                {"path": row.path, **page_named(row)}
                for row in in_order(Redirect.objects.select_related("page"), "path")
            ]
        },
    }


def in_order(rows, *fields: str) -> list[Model]:
    """All rows of a model or query by these fields, in an order that no database has a say in."""
    found = rows.all() if hasattr(rows, "all") else rows.objects.all()
    return sorted(found, key=lambda row: tuple(getattr(row, field) for field in fields))


def file_name(row: Page | Topic) -> str:
    return f"{row.key}.toml" if row.language == "en" else f"{row.key}.{row.language}.toml"


def fields_of(row: Model, fields: tuple[str, ...]) -> dict:
    return {field: getattr(row, field) for field in fields}


def page_named(row) -> dict:
    return {"page": row.page.key, "language": row.page.language}


def row_data(row) -> dict:
    return {"key": row.key, "language": row.language, **fields_of(row, ROW_FIELDS[type(row)])}


def topic_data(topic: Topic) -> dict:
    claims = topic.claims.order_by("position", "key").prefetch_related("says__source")
    return {
        **row_data(topic),
        "claim": [
            {
                **row_data(claim),
                "says": [{"source": says.source.key, "text": says.text.strip()} for says in claim.says.all()],
            }
            for claim in claims
        ],
    }


def page_data(page: Page) -> dict:
    facts = {
        name: fields_of(getattr(page, name), fields) for name, fields in FACT_FIELDS.items() if hasattr(page, name)
    }
    return {
        **row_data(page),
        **facts,
        "drug_use": [fields_of(use, USE_FIELDS) for use in page.drug_uses.all()],
        "block": [block_table(block) for block in page.blocks.select_related("person", "picture")],
    }


def block_table(block: Block) -> dict:
    return {
        **fields_of(block, BLOCK_FIELDS),
        "body": pretty(block.body),
        "person": str(block.person or ""),
        "picture": block.picture.hash if block.picture else "",
        "consent_on": block.consent_on,
    }


def tidy(value):
    """Without what is empty, and with every line ending the same."""
    if isinstance(value, dict):
        kept = {key: tidy(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item not in (None, "", [])}
    if isinstance(value, list):
        return [tidy(item) for item in value]
    return value.replace("\r\n", "\n") if isinstance(value, str) else value
