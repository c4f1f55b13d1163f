"""What the first view of a page weighs on the wire, measured from the bytes that are sent (1 KB = 1,000 bytes).

A page's drawings count apart: the page is weighed with the SVG of its figures taken out.
"""

import functools
import gzip
import re
from html.parser import HTMLParser
from types import SimpleNamespace

import brotli
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from content.models import Rendering
from screening import published
from screening.answers import COOKIE, Visit, seal
from screening.engine.reading import read_answers
from tests.conftest import BASE

STATIC = settings.BASE_DIR / "static"
DRAWING = re.compile(rb'(<figure class="drawing-figure">\s*)<svg.*?</svg>', re.DOTALL)
FETCHED_BY_LINK = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest", "apple-touch-icon"}
KB = 1000

EVERY_QUESTION = {
    **BASE,
    "main-problem": "both",
    "opioid-history": "helped",
    "opioid-now": "wearing-off",
    "opioid-switched": "yes",
    "serious-illness": "yes",
    "life-expectancy": "not-sure",
    "spasticity-causes": ["stroke"],
    "spasticity-severity": "severe",
    "spasticity-treatments-failed": ["spasm-medicines"],
    "spasticity-control": "not-controlled",
}
"""Answers with which every question is asked."""


class Fetches(HTMLParser):
    """The addresses that a browser asks for to show a page for the first time, the page itself aside."""

    def __init__(self, html):
        super().__init__()
        self.addresses = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        wanted = given.get("src") if tag in ("script", "img", "iframe", "source", "video", "audio", "embed") else None
        if tag == "link" and FETCHED_BY_LINK & set(given.get("rel", "").split()):
            wanted = given.get("href")
        if wanted and not wanted.startswith("data:"):
            self.addresses.append(wanted)


@functools.cache
def small(data: bytes) -> int:
    """How many bytes Brotli makes of it, as WhiteNoise and publishing do."""
    return len(brotli.compress(data, quality=11))


def weight_of(address: str) -> int:
    """What a file of ours weighs on the wire."""
    assert address.startswith("/static/"), f"{address} is not ours"
    return small((STATIC / address.removeprefix("/static/")).read_bytes())


@pytest.fixture(scope="module")
def pages(guide_rows):
    """Every page of the guide as it is sent: path -> plain and Brotli bytes."""
    return {
        row.path: SimpleNamespace(plain=bytes(row.plain), brotli=bytes(row.brotli))
        for rows in guide_rows
        for row in rows
        if isinstance(row, Rendering)
    }


@pytest.fixture
def questions(questionnaire):
    """The HTML of every question page as it is sent with gzip: (link_id, for whom) -> response."""
    ruleset, sent = published.version(1).ruleset, {}
    for whom in ("myself", "someone-else"):
        client = Client(headers={"accept-encoding": "gzip, deflate, br"})
        client.cookies[COOKIE] = seal(Visit(1, read_answers(ruleset, {**EVERY_QUESTION, "answering-for": whom})))
        for link_id in ruleset.by_link_id:
            sent[link_id, whom] = client.get(reverse("screening:question", args=[link_id]))
    return sent


def test_every_page_of_the_guide_is_weighed(pages):
    assert len(pages) >= 40


def test_html_of_every_content_page_is_at_most_9_kb(pages):
    weights = {path: small(DRAWING.sub(rb"\1", page.plain)) for path, page in pages.items()}
    assert {path: weight for path, weight in weights.items() if weight > 9 * KB} == {}


def test_drawings_are_found_and_weigh_little(pages):
    with_drawings = {path: page for path, page in pages.items() if DRAWING.search(page.plain)}
    assert len(with_drawings) >= 9
    for path, page in with_drawings.items():
        assert len(page.brotli) - small(DRAWING.sub(rb"\1", page.plain)) <= 5 * KB, path


def test_stylesheet_is_at_most_8_kb_and_script_at_most_3():
    assert weight_of("/static/css/site.css") <= 8 * KB
    assert weight_of("/static/js/site.js") <= 3 * KB


def test_content_page_needs_at_most_3_requests(pages):
    for path, page in pages.items():
        assert len(Fetches(page.plain.decode()).addresses) + 1 <= 3, (path, Fetches(page.plain.decode()).addresses)


def test_content_page_with_all_it_fetches_is_at_most_20_kb(pages):
    for path, page in pages.items():
        fetched = sum(weight_of(address) for address in Fetches(page.plain.decode()).addresses)
        assert small(DRAWING.sub(rb"\1", page.plain)) + fetched <= 20 * KB, path


def test_every_question_is_weighed(questions):
    assert len(questions) == 2 * len(published.version(1).ruleset.questions)
    for what, response in questions.items():
        assert (response.status_code, response.headers.get("Content-Encoding")) == (200, "gzip"), what


def test_question_page_with_all_it_fetches_is_at_most_15_kb(questions):
    for what, response in questions.items():
        html = gzip.decompress(response.content).decode()
        fetched = sum(weight_of(address) for address in Fetches(html).addresses)
        assert len(response.content) + fetched <= 15 * KB, what


def test_question_page_needs_at_most_3_requests(questions):
    for what, response in questions.items():
        addresses = Fetches(gzip.decompress(response.content).decode()).addresses
        assert len(addresses) + 1 <= 3, (what, addresses)


def test_stylesheet_and_fetched_files_fetch_nothing_more():
    for path in (STATIC / "css").glob("*.css"):
        assert re.findall(r"@import|url\((?!['\"]?(?:#|data:))[^)]*\)", path.read_text()) == []
