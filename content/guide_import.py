"""Brings a folder that ``export`` wrote into the working rows, as drafts of the one who imports. Publishes nothing.

What has no draft and would be public at once (settings, corrections, redirects) comes in only while nothing is public
here; after that it is left alone, and the outcome says so. Nothing is ever deleted.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction
from PIL import Image

from .guide_files import bring_evidence, bring_synonyms
from .guide_rows import Bringing, bring_page, check, refuse_unknown, same
from .guide_toml import GuideFileError, mistakes_in, read, tables
from .models import Correction, Page, Person, Picture, Redirect, SiteSettings
from .snapshot import PERSON_FIELDS

PICTURE_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
"""The parts of a WebP file that hold pixels; others hold places, dates and cameras."""
SETTINGS_FIELDS = ("clinic_name", "phone", "hours", "callback", "stated_wait", "callback_days")


@dataclass(frozen=True)
class Imported:
    """``changed``: kind of row -> how many were written; ``left``: files that were left alone."""

    changed: dict[str, int]
    left: list[str]


@transaction.atomic
def import_guide(folder: Path, *, by, at) -> Imported:
    """All of it or nothing. Raises GuideFileError, which names the file and the mend."""
    if not (folder / "sources.toml").exists():
        raise GuideFileError(f"{folder} holds no guide: sources.toml is missing. Name the folder that was exported.")
    run, left = Bringing(at=at, by=by), []
    count(run, "person", folder / "people.toml", partial(bring_people, run))
    count(run, "picture", folder / "pictures.toml", partial(bring_pictures, run))
    bring_evidence(run, folder)
    for path in sorted((folder / "pages").glob("*.toml")):
        with mistakes_in(path):
            bring_page(run, read(path))
    run.changed["synonym"] += bring_synonyms(folder)
    public = Page.objects.filter(live__isnull=False).exists()
    for name, bring in PUBLIC_AT_ONCE.items():
        path = folder / f"{name}.toml"
        if public and path.exists():
            left.append(path.name)
        else:
            count(run, name, path, partial(bring, run))
    return Imported(dict(+run.changed), left)


def count(run: Bringing, name: str, path: Path, bring: Callable[[Path], int]) -> None:
    """Bring in a file that may be missing."""
    if path.exists():
        with mistakes_in(path):
            run.changed[name] += bring(path)


# --- people and pictures -------------------------------------------------------------------------------------------


def bring_people(run: Bringing, path: Path) -> int:
    """Known by name and titles; by name alone where titles changed and only one has that name."""
    written = 0
    for item in tables(read(path), "person"):
        refuse_unknown(item, set(PERSON_FIELDS))
        values = {field: item.get(field, "") for field in PERSON_FIELDS}
        of_name = list(Person.objects.filter(name=item["name"]))
        row = next((one for one in of_name if one.credentials == values["credentials"]), None)
        row = row or (of_name[0] if len(of_name) == 1 and named_once(path, item["name"]) else Person())
        if row.pk and all(same(getattr(row, field), value) for field, value in values.items()):
            continue
        for field, value in values.items():
            setattr(row, field, value)
        row.stamp(run.by, run.at)
        check(row, f"person {row.name}", exclude=["user", "changed_by"])
        row.save()
        written += 1
    return written


def named_once(path: Path, name: str) -> bool:
    return sum(item.get("name") == name for item in tables(read(path), "person")) == 1


def bring_pictures(run: Bringing, path: Path) -> int:
    written = 0
    for item in tables(read(path), "picture"):
        refuse_unknown(item, {"hash", "title", "alt", "decorative"})
        row = Picture.objects.filter(hash=item["hash"]).first() or pixels(path.parent / "pictures", item["hash"])
        values = {"title": item["title"], "alt": item.get("alt", ""), "decorative": item.get("decorative", False)}
        if row.pk and all(same(getattr(row, field), value) for field, value in values.items()):
            continue
        for field, value in values.items():
            setattr(row, field, value)
        row.stamp(run.by, run.at)
        check(row, f"picture {row.hash}", exclude=["data", "changed_by"])
        row.save()
        written += 1
    return written


def pixels(folder: Path, name: str) -> Picture:
    """The picture's file as a new row. Raises ValidationError for a file that this site would not have written."""
    path = folder / f"{Path(name).name}.webp"
    if not path.is_file():
        raise ValidationError(f"pictures/{path.name} is missing. Put it there.")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != name:
        raise ValidationError(f"{path.name} is not the picture it was. Export it again, or upload it in the admin.")
    if not set(chunks(data)) <= PICTURE_CHUNKS:
        raise ValidationError(f"{path.name} is no plain WebP picture. Upload it in the admin, which makes it one.")
    with Image.open(BytesIO(data), formats=["WEBP"]) as picture:
        picture.load()
        return Picture(data=data, hash=name, width=picture.width, height=picture.height)


def chunks(data: bytes) -> list[bytes]:
    """The names of a WebP file's parts; one that is never allowed where the file is none."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or int.from_bytes(data[4:8], "little") + 8 != len(data):
        return [b"none"]
    found, place = [], 12
    while place < len(data):
        found.append(data[place : place + 4])
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        place += 8 + length + length % 2
    return found


# --- what has no draft ---------------------------------------------------------------------------------------------


def bring_settings(run: Bringing, path: Path) -> int:
    data, row = read(path), SiteSettings.current()
    refuse_unknown(data, set(SETTINGS_FIELDS))
    held = {field: getattr(row, field) for field in SETTINGS_FIELDS}
    given = {field: data.get(field, SiteSettings._meta.get_field(field).get_default()) for field in SETTINGS_FIELDS}
    if not row._state.adding and same(held, given):
        return 0
    for field, value in given.items():
        setattr(row, field, value)
    check(row, "settings", exclude=[])
    row.save()
    return 1


def bring_corrections(run: Bringing, path: Path) -> int:
    written = 0
    for item in tables(read(path), "correction"):
        refuse_unknown(item, {"page", "language", "corrected_on", "was", "now"})
        row = Correction(page=page_of(item), corrected_on=item["corrected_on"], was=item["was"], now=item["now"])
        row.stamp(run.by, run.at)
        check(row, f"correction of {item['page']}", exclude=["page", "changed_by"])
        known = Correction.objects.filter(page=row.page, corrected_on=row.corrected_on)
        if not any(same([one.was, one.now], [row.was, row.now]) for one in known):
            row.save()
            written += 1
    return written


def bring_redirects(run: Bringing, path: Path) -> int:
    written = 0
    for item in tables(read(path), "redirect"):
        refuse_unknown(item, {"path", "page", "language"})
        if not Redirect.objects.filter(path=item["path"]).exists():
            row = Redirect(path=item["path"], page=page_of(item))
            check(row, f"redirect {row.path}", exclude=["page"])
            row.save()
            written += 1
    return written


def page_of(item: dict) -> Page:
    page = Page.objects.filter(key=item["page"], language=item.get("language", "en")).first()
    if page is None:
        raise ValidationError(f"There is no page {item['page']!r}.")
    return page


PUBLIC_AT_ONCE = {"settings": bring_settings, "corrections": bring_corrections, "redirects": bring_redirects}
