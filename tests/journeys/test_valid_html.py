"""Every page that the site sends to the public is valid HTML, as the Nu checker sees it."""

import os
import re

import pytest
from django.test import Client
from django.utils import timezone

from content.models import Correction, Page, Rendering
from content.models.page import PageKind
from content.render import render
from content.site import live_site
from screening import published
from screening.answers import COOKIE, RUN_BYTES, Visit, seal
from screening.engine.reading import read_answers
from tests.conftest import BASE
from tests.content.rich_page import as_kind, rich_data, rich_page
from tests.screening.handing import mark, name_the_clinic
from tests.screening.patients import patients
from tests.test_weights import EVERY_QUESTION

from .nu import NoChecker, jar, mistakes

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("nu")]  # one worker fetches it, one Java runs
HOST = "localhost"


@pytest.fixture(autouse=True, scope="module")
def _checker():
    """Skipped where the checker cannot be had, or fails there with PUMPGUIDE_REQUIRE_NU=1."""
    try:
        jar()
    except NoChecker as lacking:
        if os.environ.get("PUMPGUIDE_REQUIRE_NU") == "1":
            pytest.fail(f"{lacking}, and PUMPGUIDE_REQUIRE_NU is 1. Install a Java runtime and npm.")
        pytest.skip(str(lacking))


WRONG = b"<!doctype html><html lang=en><title>x</title><p>a<table><p>b</table><img src=x>"
GOOD = b"<!doctype html><html lang=en><meta charset=utf-8><title>x</title><p>a</p></html>"


@pytest.mark.usefixtures("guide", "questionnaire")
def test_every_page_is_valid_html_and_the_checker_sees_mistakes():
    """All in one run of the checker: Java takes longer to start than to read 200 pages."""
    pages = {"wrong": WRONG, "good": GOOD, **guide_pages(), **other_guide_pages(), **rich_pages()}
    pages |= {**question_pages(), **other_screening_pages(), **pages_for_the_clinic()}
    assert [name for name, html in pages.items() if not html] == []
    found = mistakes(pages)
    assert sum(line.startswith("wrong:") for line in found) >= 2
    others = [line for line in found if not line.startswith("wrong:")]
    assert not others, "\n".join(others)


def guide_pages():
    """Every page of the guide."""
    pages = {row.path: bytes(row.plain) for row in Rendering.objects.all()}
    assert len(pages) >= 40
    return pages


def rich_pages():
    """Every kind of page with every block and fact."""
    page = rich_page()
    data, clinic = rich_data(page), {"clinic_name": "Clinic", "phone": "555 0100", "hours": "9 to 5"}
    clinic |= {"callback": True, "stated_wait": "Two days"}
    pages = {}
    for kind in PageKind.values:
        own = as_kind(data, kind)
        for name, more in {"live": {"published_on": timezone.localdate()}, "draft": {"preview": True}}.items():
            html = render(own, live_site("en"), clinic=clinic, overdue=name == "live", **more)
            pages[f"{kind}, {name}"] = html.encode()
    return pages


def other_guide_pages():
    """What a reader meets besides: corrections, search, feedback, a page that is not there."""
    page = Page.objects.get(key="risks")
    Correction.objects.create(
        page=page, corrected_on=timezone.localdate(), was="Three.", now="Four.", public_at=timezone.now()
    )
    paths = [
        "/corrections/",
        "/search/",
        "/search/?q=refill",
        "/search/?q=mophine",
        "/search/?q=zzzz",
        "/no-such-page/",
    ]
    client = Client()
    pages = {path: client.get(path, headers={"host": HOST}) for path in paths}
    own = {"host": HOST, "origin": f"http://{HOST}", "sec-fetch-site": "same-origin"}
    for answer in ("yes", "no"):
        pages[f"feedback {answer}"] = client.post("/feedback/risks/", {"helpful": answer}, headers=own, follow=True)
    pages["feedback wrong"] = client.post("/feedback/risks/", {"helpful": "perhaps"}, headers=own, follow=True)
    assert {name for name, response in pages.items() if response.status_code >= 500} == set()
    return {name: response.content for name, response in pages.items() if response.content}


RUN = "0" * 2 * RUN_BYTES

# --- the screening -------------------------------------------------------------------------------------------------


def answering(given) -> Client:
    """A browser that has given these answers."""
    client = Client()
    client.cookies[COOKIE] = seal(Visit(1, read_answers(published.version(1).ruleset, given), run=RUN))
    return client


def question_pages():
    """Every question, asked and answered wrongly."""
    pages = {}
    for whom in ("myself", "someone-else"):
        for link_id in published.version(1).ruleset.by_link_id:
            client, address = answering({**EVERY_QUESTION, "answering-for": whom}), f"/screening/question/{link_id}/"
            pages[f"{link_id}, {whom}"] = client.get(address)
            pages[f"{link_id}, {whom}, wrong"] = client.post(address, {"answer": ["no-such-answer"], "run": RUN})
    assert {response.status_code for response in pages.values()} == {200, 422}
    return {name: response.content for name, response in pages.items()}


HELP = [["breathing", "bladder-bowel"], ["self-harm"], ["pump-problem"], ["breathing", "self-harm", "pump-problem"]]


def other_screening_pages():
    """Start, stops, check, every test patient's summary, and what comes when something went wrong."""
    client, pages = Client(), {}
    pages["start"] = client.get("/screening/").content
    pages["start again"] = answering({"urgent-signs": ["none"]}).get("/screening/").content
    pages["left"] = client.get("/screening/left/").content
    pages["check"] = answering(BASE).get("/screening/check/").content
    for signs in HELP:
        pages[f"help now {signs}"] = answering({"urgent-signs": signs}).get("/screening/help-now/").content
    for number, given, _disposition in patients():
        pages[f"patient {number}"] = answering(given).get("/screening/summary/", follow=True).content
    unreadable = Client()
    unreadable.cookies[COOKIE] = "damaged"
    pages["unreadable"] = unreadable.get("/screening/check/", follow=True).content
    strict = Client(enforce_csrf_checks=True)
    pages["form expired"] = strict.post("/screening/question/age/", {"answer": "18-or-over"}).content
    return pages


def pages_for_the_clinic():
    """What a patient sends, takes back, takes along, and asks for."""
    name_the_clinic(hours="9 to 5")
    client, secret = answering(BASE), {"secret": "A" * 22}
    seen = re.search(r'name="seen" value="(\w+)"', client.get("/screening/send/").text)[1]
    pages = {
        "send": client.get("/screening/send/"),
        "send, wrong": client.post("/screening/send/", {"seen": seen, "birth_date_day": "3", "phone": "x"}),
        "send, changed": client.post("/screening/send/", {"seen": "x", "name": "<b>"}),
        "sent": client.post("/screening/send/", {"seen": seen, "consent": "on"}, follow=True),
        "summary, sent": client.get("/screening/summary/"),
        "in large print": client.get("/screening/take/large/"),
        "delete link": client.get(f"/screening/delete/{secret['secret']}/"),
        "delete link, cut off": client.get("/screening/delete/x"),
        "deleted": client.post("/screening/delete/", secret, follow=True),
        "deletion asked": client.get("/screening/deletion-asked/"),
        "call": client.get("/screening/call/"),
        "call, wrong": client.post("/screening/call/", {"token": mark()}),
        "called": client.get("/screening/called/"),
    }
    return {name: response.content for name, response in pages.items()}
