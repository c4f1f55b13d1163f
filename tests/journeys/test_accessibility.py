"""No page and no state has a barrier that axe can find, in light and in dark."""

import re

import pytest

from content.models import Rendering
from tests.conftest import BASE
from tests.screening.patients import patient as answers_of

from .axe import barriers
from .guide_pages import ALL, ONE_OF_EACH, paths_by_kind

CLASSED = re.compile(r'<(\w+)(?:[^>]*? class="([^"]*)")?')


def looks_of(html):
    """Every way an element of the page may be styled: its name with its classes."""
    return set(CLASSED.findall(html))


@pytest.fixture(scope="module")
def every_look(guide_rows):
    """Pages that show, between them, every element and class that any page of the guide has."""
    left = {row.path: looks_of(bytes(row.plain).decode()) for rows in guide_rows for row in rows if is_page(row)}
    assert left.keys() == set(ALL)
    chosen = [*ONE_OF_EACH]
    while missing := set().union(*left.values()) - set().union(*(left[path] for path in chosen)):
        chosen.append(max(left, key=lambda path: len(left[path] & missing)))
    return chosen


def is_page(row):
    return isinstance(row, Rendering)


@pytest.mark.parametrize(("kind", "paths"), paths_by_kind().items())
def test_guide_pages_have_no_barrier(patient, every_look, kind, paths):
    found = {}
    for path in paths:
        assert patient.visits(path).status == 200
        found[path] = barriers(patient.page, colors=path in every_look)
    assert found == {path: [] for path in paths}


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
