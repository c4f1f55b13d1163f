"""No page and no state has a barrier that axe can find, in light and in dark."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from content.models import Rendering
from tests.conftest import BASE
from tests.screening.patients import patient as answers_of

from .axe import barriers
from .guide_pages import ALL, ONE_OF_EACH


class Outline(HTMLParser):
    """What a page is made of: its kinds of elements, the levels of its headings, the words of its links and buttons."""

    def __init__(self, html):
        super().__init__()
        self.kinds, self.levels, self.names, self.named = set(), [], [], None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        roles = frozenset(name for name in given if name.startswith("aria-") or name in ("role", "type", "popover"))
        self.kinds.add((tag, given.get("class", ""), given.get("role", ""), roles))
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag in ("a", "button"):
            self.named = given.get("aria-label", "")
        elif self.named is not None and tag == "img":
            self.named += given.get("alt", "")

    def handle_data(self, data):
        if self.named is not None:
            self.named += data

    def handle_endtag(self, tag):
        if tag in ("a", "button"):
            self.names.append(self.named.strip())
            self.named = None


@pytest.fixture(scope="module")
def outlines(guide_rows):
    """path -> what the page is made of, for every page of the guide."""
    rows = [row for rows in guide_rows for row in rows if isinstance(row, Rendering)]
    return {row.path: Outline(bytes(row.plain).decode()) for row in rows}


def test_headings_of_every_guide_page_are_in_order_and_every_link_has_words(outlines):
    assert outlines.keys() == set(ALL)
    for path, page in outlines.items():
        assert page.levels.count(1) == 1, path
        assert page.levels[0] == 1, path
        assert [pair for pair in pairwise(page.levels) if pair[1] > pair[0] + 1] == [], path
        assert page.names, path
        assert all(page.names), path


@pytest.mark.long
def test_every_kind_of_element_of_the_guide_has_no_barrier(patient, outlines):
    """On pages that show, between them, every element with every class and role that any page of the guide has.

    That every page's HTML is valid, with its ids and its descriptions of pictures, is asked in test_valid_html.
    """
    chosen = [*ONE_OF_EACH]
    every = set().union(*(page.kinds for page in outlines.values()))
    while missing := every - set().union(*(outlines[path].kinds for path in chosen)):
        chosen.append(max(outlines, key=lambda path: len(outlines[path].kinds & missing)))
    found = {}
    for path in chosen:
        assert patient.visits(path).status == 200
        found[path] = barriers(patient.page)
    assert found == {path: [] for path in chosen}


def has(answers, path):
    """A state that is reached with these answers at this address."""

    def come(patient):
        patient.has_answered(answers)
        patient.visits(path)
        assert patient.path == path

    return come


def start(patient):
    patient.visits("/screening/")


def start_again(patient):
    patient.has_answered({"urgent-signs": ["none"]})
    patient.visits("/screening/")


def error(patient):
    patient.starts()
    patient.presses("Continue")
    assert patient.page.title().startswith("Error:")


def expired(patient):
    patient.has_answered(BASE)
    patient.waits(minutes=31)
    patient.visits("/screening/check/")
    assert patient.heading == "Your answers were cleared"


def unreadable(patient):
    patient.keeps("damaged")
    patient.visits("/screening/check/")
    assert patient.heading == "We could not read your answers"


def left(patient):
    patient.has_answered(BASE)
    patient.visits("/screening/check/")
    patient.clears_and_leaves()
    assert patient.path == "/screening/left/"


def other_tab(patient):
    patient.starts()
    older = patient.opens_another_tab("/screening/")
    patient.presses("Start the questions")
    patient.page = older
    patient.answers_this(["none"])
    assert patient.heading == "This page is from an earlier start"


def form_expired(patient):
    patient.starts()
    patient.context.clear_cookies(name="csrftoken")
    patient.answers_this(["none"])
    assert patient.heading == "Please try once more"


def not_found(patient):
    assert patient.visits("/no-such-page/").status == 404


HELP = "/screening/help-now/"
SUMMARY = "/screening/summary/"
STATES = {
    "start": start,
    "start again": start_again,
    "question with one answer": has({"urgent-signs": ["none"]}, "/screening/question/answering-for/"),
    "question with several answers": has(BASE, "/screening/question/pain-causes/"),
    "question about someone else": has({**BASE, "answering-for": "someone-else"}, "/screening/question/depression/"),
    "error": error,
    "help now: emergency": has({"urgent-signs": ["breathing", "bladder-bowel"]}, HELP),
    "help now: crisis": has({"urgent-signs": ["self-harm"]}, HELP),
    "help now: pump": has({"urgent-signs": ["pump-problem"]}, HELP),
    "help now: all": has({"urgent-signs": ["breathing", "self-harm", "pump-problem"]}, HELP),
    "under 18": has(answers_of(14), "/screening/under-18/"),
    "check": has(BASE, "/screening/check/"),
    "summary of 1": has(answers_of(1), SUMMARY),
    "summary of 8": has(answers_of(8), SUMMARY),
    "summary of 12": has(answers_of(12), SUMMARY),
    "expired": expired,
    "unreadable": unreadable,
    "left": left,
    "other tab": other_tab,
    "form expired": form_expired,
    "not found": not_found,
}


@pytest.mark.parametrize("state", STATES)
def test_screening_has_no_barrier(patient, state):
    STATES[state](patient)
    assert barriers(patient.page) == []
