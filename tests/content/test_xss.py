"""Hundreds of known attacks, through every door: save, import, preview, publish. None leaves anything that runs."""

import dataclasses
import itertools
import re
from html.parser import HTMLParser

import pytest
import tomli_w
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content.guide_files import GuideFileError, load
from content.guide_import import import_guide
from content.html import clean, marks
from content.models import Block, Page, Rendering
from content.models.page import BlockKind, PageKind, Stage
from content.publish import publish
from content.render import render
from content.site import Site, entry
from content.snapshot import snapshot
from content.views.preview import preview_path
from pumpguide.publishing import content_hash

from .hostile import VECTORS, dangers
from .rich_page import HOLD, as_kind, rich_data, rich_page
from .test_snapshot import make_claim, make_page, make_term

NOW = timezone.now()
KNOWN = {("claim", "x"), ("term", "x")}
LOST = [vector for vector in VECTORS if {*marks(vector), *marks(clean(vector))} - KNOWN]
"""Those that make a mark to something that does not exist: publishing refuses a page that holds one."""
FOUND = [vector for vector in VECTORS if vector not in LOST]
STORABLE = [vector for vector in FOUND if "\0" not in vector]
"""PostgreSQL keeps no NUL in a text."""


def seen(html: str) -> list[str]:
    """What the eye sees; markup so broken that it cannot be read counts too."""
    try:
        return dangers(html)
    except (AssertionError, ValueError) as unreadable:
        return [str(unreadable)]


def test_there_are_many_attacks_and_the_eye_sees_them():
    assert len(VECTORS) == len(set(VECTORS)) >= 300
    assert sum(bool(seen(vector)) for vector in VECTORS) >= 400  # the others are for browsers to stumble over


@pytest.mark.parametrize("around", ["{}", "<p>a {} b</p>", '<ul><li><a href="/risks/">{}</a></li></ul>'])
def test_cleaning_leaves_nothing_that_runs_or_fetches_and_is_done_in_one_go(around):
    cleaned = {vector: clean(around.replace("{}", vector)) for vector in VECTORS}
    assert {vector: html for vector, html in cleaned.items() if dangers(html, marks=True)} == {}
    assert {vector: html for vector, html in cleaned.items() if clean(html) != html} == {}


def test_remote_images_and_links_without_a_scheme_are_gone():
    for vector in VECTORS:
        cleaned = clean(vector)
        assert "<img" not in cleaned
        assert 'href="//' not in cleaned
        assert 'href="/\\' not in cleaned
        assert 'href="\\' not in cleaned


# --- every field of every kind of page -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_attack_in_any_field_of_any_kind_of_page_runs():
    data, kinds = rich_data(rich_page()), itertools.cycle(PageKind.values)
    each_way = itertools.cycle([True] * len(PageKind.values) + [False] * len(PageKind.values))
    for vector, kind, preview in zip(VECTORS, kinds, each_way, strict=False):
        hostile = held(as_kind(data, kind), vector)
        site = neighbors(hostile)
        clinic = {"clinic_name": vector, "phone": vector, "hours": vector, "callback": True, "stated_wait": vector}
        html = render(hostile, site, published_on=None if preview else NOW.date(), preview=preview, clinic=clinic)
        assert dangers(html) == [], (kind, vector)


@pytest.mark.django_db
def test_each_field_is_really_shown_somewhere():
    """So that the test above looks at something: each field's own words are on one of the pages."""
    data, shown = rich_data(rich_page()), ""
    for kind in PageKind.values:
        own = as_kind(data, kind)
        shown += render(own, neighbors(own), published_on=NOW.date(), clinic={"clinic_name": "", "phone": ""})
    fixed = [block["heading"] for block in data["blocks"] if block["kind"] in HEADED_BY_US]
    assert {text for text in re.findall(rf"{HOLD} \d+\.", " ".join(texts(data))) if text not in shown} == set(fixed)


HEADED_BY_US = {BlockKind.KEY_POINTS, BlockKind.FIGURE, BlockKind.RELATED}
"""Kinds of blocks that show no heading of the editor's."""


def held(data, vector):
    """The data with the attack in the place of every text."""
    if isinstance(data, dict):
        return {name: held(value, vector) for name, value in data.items()}
    if isinstance(data, list):
        return [held(value, vector) for value in data]
    return data.replace(HOLD, vector) if isinstance(data, str) else data


def texts(data):
    if isinstance(data, dict | list):
        for value in data.values() if isinstance(data, dict) else data:
            yield from texts(value)
    elif isinstance(data, str):
        yield data


def neighbors(data) -> Site:
    """A site of three pages like this one, so that cards and "next" show its words."""
    here = entry(data)
    return Site(tuple(dataclasses.replace(here, key=key, position=place) for place, key in enumerate((here.key, "b"))))


# --- save ----------------------------------------------------------------------------------------------------------

AT_ONCE = 40


@pytest.mark.django_db
def test_no_attack_gets_through_the_admin(editor):
    page = make_page("hostile", *["<p>x</p>"] * AT_ONCE)
    client = Client()
    client.force_login(editor)
    address = reverse("admin:content_page_change", args=[page.pk])
    form = Form(client.get(address).content.decode()).sent
    for start in range(0, len(VECTORS), AT_ONCE):
        vectors = VECTORS[start : start + AT_ONCE]
        with transaction.atomic():  # undone, so that the form as it was opened can be sent again
            assert client.post(address, {**form, **bodies(vectors)}).status_code == 302
            kept = list(page.blocks.values_list("body", flat=True))[: len(vectors)]
            transaction.set_rollback(True)
        assert [body for body in kept if dangers(body, marks=True)] == []
        assert kept == [clean(vector) for vector in vectors]


def bodies(vectors):
    return {f"blocks-{place}-body": vector for place, vector in enumerate(vectors)}


class Form(HTMLParser):
    """What a browser would send back of a change form that nobody touched."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.inside, self.sent, self.writing, self.choosing = False, {}, None, None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name")
        self.inside = self.inside or given.get("id") == "page_form"
        if not self.inside or (name is None and tag != "option"):
            return
        kind = given.get("type", "text")
        if tag == "textarea":
            self.writing, self.sent[name] = name, ""
        elif tag == "select":
            self.choosing = name
        elif tag == "option" and "selected" in given and self.choosing:
            self.sent[self.choosing] = given.get("value", "")
        elif tag == "input" and kind not in ("submit", "button", "file", "checkbox", "radio"):
            self.sent[name] = given.get("value", "")
        elif tag == "input" and kind in ("checkbox", "radio") and "checked" in given:
            self.sent[name] = given.get("value", "on")

    def handle_data(self, data):
        if self.writing:
            self.sent[self.writing] += data

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "form"
        self.writing = None if tag == "textarea" else self.writing
        self.choosing = None if tag == "select" else self.choosing


# --- import --------------------------------------------------------------------------------------------------------


def folder_with(folder, vectors):
    """A guide in files: one page, each attack a block of it and a claim, a source and a word besides."""
    (folder / "claims").mkdir(parents=True)
    (folder / "pages").mkdir()
    all_in_one = " ".join(vectors)
    source = {"key": "S0", "label": "x", "title": all_in_one[:200], "kind": "x", "says": all_in_one}
    write(folder / "sources.toml", {"source": [source]})
    write(folder / "glossary.toml", {"term": [{"key": "x", "term": "x", "definition": all_in_one}]})
    said = [{"source": "S0", "text": all_in_one}]
    claim = {"key": "x", "text": all_in_one, "certainty": "differ", "says": said}
    write(folder / "claims" / "dose.toml", {"key": "dose", "title": all_in_one[:120], "claim": [claim]})
    page = {"key": "x", "kind": "article", "slug": "x", "title": vectors[0][:120], "menu_title": vectors[0][:60]}
    blocks = [{"kind": "prose", "heading": vector[:120], "body": vector} for vector in vectors]
    write(folder / "pages" / "x.toml", {**page, "summary": all_in_one, "block": blocks})
    return folder


def write(path, data):
    path.write_text(tomli_w.dumps(data), encoding="utf-8")


@pytest.mark.django_db
def test_no_attack_gets_through_an_import(tmp_path):
    assert load(folder_with(tmp_path, STORABLE), at=NOW) == 1
    kept = list(Block.objects.values_list("body", flat=True))
    assert len(kept) == len(STORABLE)
    assert [body for body in kept if dangers(body, marks=True)] == []
    assert kept == [clean(body) for body in kept]
    assert dangers(bytes(Rendering.objects.get().plain).decode()) == []


@pytest.mark.django_db
def test_no_attack_gets_through_an_import_of_an_exported_guide(tmp_path, editor):
    import_guide(folder_with(tmp_path, STORABLE), by=editor, at=NOW)
    page = Page.objects.get(key="x")
    kept = list(page.blocks.values_list("body", flat=True))
    assert kept == [clean(vector) for vector in STORABLE]
    assert page.live is None
    assert dangers(Client().get(preview_path(page)).content.decode()) == []


@pytest.mark.django_db
def test_import_refuses_marks_that_lead_nowhere(tmp_path):
    for place, vector in enumerate(LOST):
        with pytest.raises(GuideFileError):
            load(folder_with(tmp_path / str(place), [vector]), at=NOW)
        assert not Rendering.objects.exists()


# --- preview and publish -------------------------------------------------------------------------------------------


def raw_page(vectors):
    """A page whose rows hold the attacks as they are, as if they had come past the cleaning."""
    make_claim("x")
    make_term("x")
    page = make_page("hostile", *[{"body": vector, "heading": vector[:120]} for vector in vectors])
    assert page.blocks.last().body == vectors[-1]
    return page


def go(page, reviewer):
    """Approve as it is and publish; what a reviewer would be told of it is not the point here."""
    page = Page.objects.get(pk=page.pk)
    approved = {"approved_by": reviewer, "approved_at": NOW, "approved_hash": content_hash(snapshot(page))}
    Page.objects.filter(pk=page.pk).update(stage=Stage.APPROVED, **approved)
    return publish(page, by=reviewer, at=NOW, note="A test")


@pytest.mark.django_db
def test_rows_that_were_never_cleaned_are_cleaned_when_published(reviewer):
    page = raw_page(STORABLE)
    go(page, reviewer)
    public = bytes(Rendering.objects.get(path="/hostile/").plain).decode()
    assert dangers(public) == []
    assert "alert(1)" in public  # as words that anyone can read


@pytest.mark.django_db
def test_publishing_refuses_marks_that_lead_nowhere(reviewer):
    for place, vector in enumerate(vector for vector in LOST if "\0" not in vector):
        with pytest.raises(ValidationError):
            go(make_page(f"lost-{place}", vector), reviewer)
    assert not Rendering.objects.exists()


@pytest.mark.django_db
def test_preview_of_rows_that_were_never_cleaned_holds_nothing_that_runs():
    response = Client().get(preview_path(raw_page(STORABLE)))
    assert response.status_code == 200
    assert dangers(response.content.decode()) == []


@pytest.mark.django_db
def test_searching_for_an_attack_shows_it_as_words():
    client = Client()
    for vector in VECTORS[::4]:
        response = client.get("/search/", {"q": vector})
        assert response.status_code == 200
        assert dangers(response.content.decode()) == [], vector
