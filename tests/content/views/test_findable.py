"""What search engines, feed readers and people who share a page are given."""

import re
import struct
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.urls import get_resolver, reverse
from django.utils.dateparse import parse_datetime

from content.models import Page
from content.publish import restore, schedule, take_down
from screening.urls import urlpatterns as screening_urls
from tests.content.going_live import NOW, approved, change, colleague, go, write
from tests.content.test_snapshot import make_page

pytestmark = pytest.mark.django_db
SITEMAP, ROBOTS, CHANGES, CORRECTIONS = "/sitemap.xml", "/robots.txt", "/changes.xml", "/corrections/"
MAP = {"m": "http://www.sitemaps.org/schemas/sitemap/0.9"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}
HOSTILE = "<script>alert(1)</script>&\"'\x0b\x00]]>"


@pytest.fixture(autouse=True)
def _public_url(settings):
    settings.PUBLIC_URL = "https://pumps.example"


@pytest.fixture
def page():
    page = make_page("hazards", "<p>Words.</p>")
    go(page, note="First of all")
    return page


def listed(client):
    """The sitemap: address -> lastmod or None."""
    tree = ElementTree.fromstring(client.get(SITEMAP).content)  # noqa: S314 (our own)
    urls = tree.findall("m:url", MAP)
    return {url.findtext("m:loc", namespaces=MAP): url.findtext("m:lastmod", namespaces=MAP) for url in urls}


def entries(client):
    return feed(client).findall("a:entry", ATOM)


def feed(client):
    return ElementTree.fromstring(client.get(CHANGES).content)  # noqa: S314 (our own)


def told(entry, name):
    return entry.findtext(f"a:{name}", namespaces=ATOM)


# --- for all of them -----------------------------------------------------------------------------------------------

KINDS = {
    SITEMAP: "application/xml; charset=utf-8",
    ROBOTS: "text/plain; charset=utf-8",
    CHANGES: "application/atom+xml; charset=utf-8",
    CORRECTIONS: "text/html; charset=utf-8",
}


@pytest.mark.parametrize(("path", "kind"), KINDS.items())
def test_it_is_there_for_everyone_and_sets_no_cookie(client, page, path, kind):
    response = client.get(path)
    assert (response.status_code, response.headers["Content-Type"]) == (200, kind)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", KINDS)
def test_it_stands_on_a_site_without_any_page(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", [SITEMAP, CHANGES])
def test_reader_who_has_it_gets_304_until_the_next_publish(client, page, path):
    etag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304
    go(write(page, "<p>Second.</p>"))
    assert client.get(path, headers={"if-none-match": etag}).status_code == 200


@pytest.mark.parametrize("path", [SITEMAP, CHANGES])
def test_what_is_due_shows_there_too(client, page, path, monkeypatch):
    Page.objects.filter(pk=approved(change(page, slug="dangers")).pk).update(publish_at=NOW + timedelta(hours=1))
    schedule(page, by=colleague(), at=NOW, note="In time")
    assert "/dangers/" not in client.get(path).content.decode()
    monkeypatch.setattr("content.pages.timezone", SimpleNamespace(now=lambda: NOW + timedelta(hours=1)))
    assert "/dangers/" in client.get(path).content.decode()


@pytest.mark.parametrize("path", [SITEMAP, CHANGES])
def test_number_of_queries_does_not_grow_with_the_pages(client, path, django_assert_max_num_queries):
    for number in range(4):
        go(make_page(f"page-{number}", "<p>a</p>"))
    with django_assert_max_num_queries(3):
        client.get(path)


# --- sitemap -------------------------------------------------------------------------------------------------------


def test_sitemap_lists_every_public_page_with_its_whole_address_and_date(client, page):
    go(make_page("morphine", "<p>a</p>", kind="drug"), at=datetime(2026, 11, 2, 8, 30, tzinfo=UTC))
    assert listed(client) == {
        "https://pumps.example/hazards/": NOW.isoformat(timespec="seconds"),
        "https://pumps.example/medicines/morphine/": "2026-11-02T08:30:00+00:00",
        "https://pumps.example/screening/": None,
        "https://pumps.example/corrections/": None,
    }


def test_sitemap_tells_of_no_draft_no_old_address_and_nothing_taken_down(client, page):
    make_page("draft", "<p>a</p>")
    gone = make_page("gone", "<p>a</p>")
    go(gone)
    take_down(gone, at=NOW)
    go(change(page, slug="dangers"))
    change(page, slug="harms")
    assert {urlsplit(address).path for address in listed(client)} == {"/dangers/", "/screening/", "/corrections/"}


@pytest.mark.usefixtures("guide", "questionnaire")
def test_every_address_of_the_sitemap_answers_and_names_itself(client):
    addresses = listed(client)
    assert len(addresses) > 40
    for address in addresses:
        response = client.get(urlsplit(address).path)
        assert response.status_code == 200, address
        if "/screening/" not in address:
            assert f'<link rel="canonical" href="{address}">' in response.content.decode()


# --- robots --------------------------------------------------------------------------------------------------------


def may_visit(text, path):
    """RFC 9309: the longest rule that fits decides, and Allow wins a tie; ``$`` is the end of the path."""
    fitting = [(0, True)]
    for kind, pattern in re.findall(r"^(Allow|Disallow): (\S+)$", text, re.MULTILINE):
        rule = re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$")
        if re.match(rule, path):
            fitting.append((len(pattern), kind == "Allow"))
    return max(fitting)[1]


@pytest.mark.parametrize(
    "path",
    ["/", "/hazards/", "/medicines/morphine/", "/screening/", "/corrections/", "/changes.xml", "/static/css/site.css"],
)
def test_robots_may_read_the_guide_and_the_start_of_the_questions(client, path):
    assert may_visit(client.get(ROBOTS).content.decode(), path)


def private_paths():
    behind_the_start = [reverse(f"screening:{url.name}", args=["1"] if "<" in str(url.pattern) else [])
                        for url in screening_urls if url.name != "start"]  # fmt: skip
    return [*behind_the_start, "/admin/", "/admin/login/", "/preview/abc/", "/feedback/hazards/", "/search/?q=pump"]


@pytest.mark.parametrize("path", private_paths())
def test_robots_are_kept_out_of_what_is_for_one_person_only(client, path):
    assert not may_visit(client.get(ROBOTS).content.decode(), path)


def test_robots_are_told_where_the_sitemap_is(client):
    assert "Sitemap: https://pumps.example/sitemap.xml" in client.get(ROBOTS).content.decode().splitlines()


# --- feed of changes -----------------------------------------------------------------------------------------------


def test_feed_tells_what_changed_where_when_and_why(client, page):
    (entry,) = entries(client)
    assert (told(entry, "title"), told(entry, "summary")) == ("Hazards", "First of all")
    assert entry.find("a:link", ATOM).get("href") == "https://pumps.example/hazards/"
    assert parse_datetime(told(entry, "updated")) == NOW


def test_feed_has_what_an_atom_feed_must_have(client, page):
    tree = feed(client)
    assert tree.tag == "{http://www.w3.org/2005/Atom}feed"
    for name in ("id", "title", "updated"):
        assert told(tree, name), name
    assert told(tree.find("a:author", ATOM), "name") == "Pump Guide"
    links = {link.get("rel"): link.get("href") for link in tree.findall("a:link", ATOM)}
    assert links == {"alternate": "https://pumps.example/", "self": "https://pumps.example/changes.xml"}


def test_feed_shows_the_newest_change_first(client, page):
    go(make_page("about", "<p>We.</p>"), at=NOW + timedelta(hours=1))
    assert [told(entry, "title") for entry in entries(client)] == ["About", "Hazards"]
    go(write(page, "<p>Second.</p>"), at=NOW + timedelta(hours=2), note="Clearer words")
    assert [told(entry, "summary") for entry in entries(client)] == ["Clearer words", "A test"]


def test_every_change_is_a_new_entry_and_none_is_told_twice(client, page):
    first = told(entries(client)[0], "id")
    go(make_page("about", "<p>We.</p>"))
    assert first in {told(entry, "id") for entry in entries(client)}
    go(write(page, "<p>Second.</p>"))
    second = {told(entry, "id") for entry in entries(client)}
    assert first not in second
    restore(page.revisions.get(number=1), by=colleague(), at=NOW)
    third = {told(entry, "id") for entry in entries(client)}
    assert len(second - third) == len(third - second) == 1


def test_feed_tells_nothing_of_what_is_not_public(client, page):
    make_page("draft", "<p>a</p>", title="Secret draft")
    change(page, title="Secret title")
    waiting = approved(make_page("later", "<p>a</p>", title="Secret plan"))
    Page.objects.filter(pk=waiting.pk).update(publish_at=NOW + timedelta(days=9))
    schedule(waiting, by=colleague(), at=NOW, note="Secret note")
    called_off = approved(make_page("never", "<p>a</p>", title="Secret idea"))
    Page.objects.filter(pk=called_off.pk).update(publish_at=NOW + timedelta(seconds=1))
    schedule(called_off, by=colleague(), at=NOW, note="Secret note")
    Page.objects.filter(pk=called_off.pk).update(scheduled=None)
    gone = make_page("gone", "<p>a</p>", title="Secret past")
    go(gone)
    take_down(gone, at=NOW)
    text = client.get(CHANGES).content.decode()
    assert "Secret" not in text
    assert len(entries(client)) == 1


def test_feed_names_no_member_of_staff(client, editor, reviewer):
    go(change(make_page("hazards", "<p>Words.</p>"), by=editor), by=reviewer)
    text = client.get(CHANGES).content.decode()
    assert editor.username not in text
    assert reviewer.username not in text


def test_hostile_words_stay_words_in_the_feed(client):
    go(make_page("hazards", "<p>Words.</p>", title=HOSTILE.replace("\x00", "")), note=HOSTILE.replace("\x00", ""))
    (entry,) = entries(client)
    assert told(entry, "title") == "<script>alert(1)</script>&\"']]>"
    assert "<" not in told(entry, "summary")  # the summary is read as HTML, where this is text


# --- the head of every page ----------------------------------------------------------------------------------------


def heads(client):
    return {path: client.get(path).content.decode().split("</head>")[0] for path in ("/hazards/", CORRECTIONS)}


def test_head_names_the_address_the_feed_and_the_card(client, page):
    for path, head in heads(client).items():
        assert f'<link rel="canonical" href="https://pumps.example{path}">' in head
        assert f'<meta property="og:url" content="https://pumps.example{path}">' in head
        assert '<link rel="alternate" type="application/atom+xml" href="/changes.xml"' in head
        assert '<meta property="og:image" content="https://pumps.example/static/img/social-card.png">' in head


def test_card_says_what_the_page_says(client, page):
    head = heads(client)["/hazards/"]
    assert '<meta property="og:title" content="Hazards">' in head
    assert '<meta property="og:description" content="About hazards.">' in head
    assert '<meta name="description" content="About hazards.">' in head


def test_card_is_a_png_of_the_stated_size_and_light():
    data = (settings.BASE_DIR / "static" / "img" / "social-card.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (1200, 630)
    assert len(data) <= 60_000


def test_footer_leads_to_the_corrections_and_the_feed(client, page):
    footer = client.get("/hazards/").content.decode().split("<footer", 1)[1]
    assert 'href="/corrections/"' in footer
    assert 'href="/changes.xml"' in footer


def test_no_guide_page_can_take_the_address_of_another_view(client):
    """The guide's catch-all stands last, so a page at such an address would never be seen."""
    taken = [pattern for pattern in get_resolver("content.urls").url_patterns if pattern.name != "page"]
    assert get_resolver("content.urls").url_patterns[-1].name == "page"
    assert len(taken) >= 8
