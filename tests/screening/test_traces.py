"""What people type is found in no log, address, title or error page."""

import logging
import re

import pytest
from django.test import Client
from django.utils import timezone

from screening.actions import claim
from screening.models import CallbackRequest, Review, Screening
from tests.screening.every_field import Forms
from tests.screening.handing import finished, name_the_clinic, tables_gone
from tests.screening.keeping_rows import called, sent

NAME, PHONE, NOTE = "Zebulon Quackenbush", "(555) 010-7391", "Gooseberry under the stairs"
TYPED = {
    "name": NAME,
    "phone": PHONE,
    "birth_date_month": "7",
    "birth_date_day": "9",
    "birth_date_year": "1931",
    "birth_date": "07/09/1931",
    "note": NOTE,
    "code": "07/09/1931",
    "username": NAME,
    "password": NOTE,
    "comment": "",
}
MARKERS = [*re.findall(r"\w{5,}", f"{NAME} {NOTE}"), "010-7391", "5550107391", "07/09/1931", "1931-07-09", "1931"]
KEPT_FROM_DEBUG = ("django.template",)
ELSEWHERE = ("/search/", "/admin/logout", "/screening/leave/")
"""Forms that stand on every page, and have tests of their own."""

pytestmark = pytest.mark.usefixtures("questionnaire")


class Ears(logging.Handler):
    """Hears every logger at every level, tracebacks too; but what the settings keep from DEBUG by name."""

    def __init__(self):
        super().__init__(logging.NOTSET)
        self.heard = []

    def emit(self, record):
        self.heard.append(logging.Formatter("%(name)s %(levelname)s %(message)s").format(record))


@pytest.fixture
def ears():
    handler, before = Ears(), {}
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in logging.root.manager.loggerDict)]
    for logger in loggers:
        before[logger] = logger.level
        if logger.name not in KEPT_FROM_DEBUG:
            logger.setLevel(logging.DEBUG)
        if logger is logging.root or not logger.propagate:
            logger.addHandler(handler)
    yield handler
    for logger, level in before.items():
        logger.setLevel(level)
        logger.removeHandler(handler)


@pytest.fixture(autouse=True)
def _clinic(settings, tmp_path, questionnaire):
    settings.DELETIONS_LOG = tmp_path / "deletions.log"
    name_the_clinic()


def marks_in(text, markers=MARKERS):
    return [marker for marker in markers if marker in text]


class Walk:
    """A browser that fills in all it meets, and looks at every reply."""

    def __init__(self, client):
        self.client, self.statuses, self.typed = client, [], set()
        client.raise_request_exception = False

    def page(self, address):
        """Every form of this page: sent as a person would, then spoiled, then while the database is down."""
        page = Forms(self.looked(self.client.get(address)).text)
        forms = [form for form in page.found if not form.action.startswith(ELSEWHERE)]
        assert forms, f"{address} has no form"
        for form in forms:
            assert form.method == "post" or not form.typed, f"{address}: a form that puts words into an address"
            if form.method == "post":
                self.typed |= set(form.typed)
                self.post(form.action or address, form)

    def post(self, address, form):
        spoiled = form.spoiled(f"{NAME} {PHONE} {NOTE} 07/09/1931")
        self.looked(self.client.post(address, spoiled))
        with tables_gone():
            self.looked(self.client.post(address, form.filled(TYPED, NOTE)))
        for method in (self.client.put, self.client.delete):
            self.looked(method(address, f"{NAME}={NOTE}", content_type="text/plain"))
        self.looked(self.client.post(address, form.filled(TYPED, NOTE)))

    def looked(self, response):
        self.statuses.append(response.status_code)
        assert not marks_in(response.get("Location", ""))
        assert not marks_in(Forms(response.text).title)
        form_again = any(form.typed for form in Forms(response.text).found if not form.action.startswith(ELSEWHERE))
        if response.status_code not in (200, 422) and not form_again:
            assert not marks_in(response.text), f"{response.status_code} {response.request['PATH_INFO']}"
        return response


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("/screening/question/main-problem/", set()),
        ("/screening/send/", {"name", "phone", "birth_date_month", "birth_date_day", "birth_date_year"}),
        ("/screening/call/", {"name", "phone", "comment"}),
    ],
)
def test_a_patients_words_leave_no_trace(ears, address, typed):
    walk = Walk(finished())
    walk.page(address)
    assert walk.typed == typed
    if "question" not in address:
        assert Screening.objects.exclude(contact=None).count() + CallbackRequest.objects.count() == 1
    assert {405, 302} <= set(walk.statuses)
    assert [line for line in ears.heard if marks_in(line)] == []


def test_the_link_that_deletes_leaves_no_trace_of_its_secret(ears):
    client = finished()
    client.post("/screening/send/", Forms(client.get("/screening/send/").text).found[-1].filled(TYPED, ""))
    page = client.get("/screening/sent/").text
    secret = re.search(r"/screening/delete/([\w-]{22})/", page)[1]
    code = re.search(r">([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})<", page)[1]
    other = Client(raise_request_exception=False)
    for ending in ("/", "", "x", "/more", "%0A", "?name=x"):
        with tables_gone():
            other.get(f"/screening/delete/{secret}{ending}")
        for ask in (other.get, other.post, other.put, other.delete):
            response = ask(f"/screening/delete/{secret}{ending}")
            assert secret not in response.get("Location", "") + Forms(response.text).title
    other.post("/screening/delete/", {"secret": secret})
    assert not Screening.objects.exists()
    assert [line for line in ears.heard if marks_in(line, [secret, code, code.replace("-", "")])] == []


@pytest.mark.parametrize(
    ("where", "typed"),
    [
        ("", {"code"}),
        ("{number}/", {"note"}),
        ("paper/", {"code"}),
        ("enter/1/", {"name", "birth_date", "phone"}),
    ],
)
def test_a_nurses_words_leave_no_trace(nurse, ears, where, typed):
    screening = sent()
    walk = Walk(signed_in(nurse))
    walk.page(f"/intake/{where.format(number=screening.pk)}")
    assert walk.typed == typed
    if "note" in typed:
        assert Review.objects.exists()
    assert [line for line in ears.heard if marks_in(line)] == []


def test_a_call_on_the_phone_leaves_no_trace(nurse, ears):
    walk = Walk(signed_in(nurse))
    walk.page("/intake/phone/")
    walk.page("/intake/phone/check/")
    assert {"name", "birth_date", "phone"} <= walk.typed
    walk.looked(walk.client.post("/intake/print/", {"number": NAME, "note": NOTE}))
    assert [line for line in ears.heard if marks_in(line)] == []


def signed_in(nurse):
    client = Client()
    client.force_login(nurse)
    return client


def test_a_call_backs_name_and_number_leave_no_trace(nurse, ears):
    row = called()
    claim(row.pk, by=nurse, at=timezone.now())
    walk = Walk(signed_in(nurse))
    walk.page(f"/intake/callbacks/{row.pk}/")
    shown = walk.client.post(f"/intake/callbacks/{row.pk}/contact/")
    there = ["Marker Caller", "0188"]
    assert not marks_in(Forms(shown.text).title, there)
    assert [line for line in ears.heard if marks_in(line, [*MARKERS, *there])] == []


def test_names_on_the_desk_stand_in_no_title_and_no_log(nurse, ears):
    screening = sent()
    client = signed_in(nurse)
    there = ["Marker Namesake", "555 0177", "1931-07-09"]
    for address in (f"/intake/{screening.pk}/contact/", "/intake/"):
        shown = client.post(address)
        assert "Marker Namesake" in shown.text
        assert not marks_in(Forms(shown.text).title, there)
    assert [line for line in ears.heard if marks_in(line, there)] == []


def test_what_is_typed_at_the_door_leaves_no_trace(ears):
    walk = Walk(Client())
    walk.page("/admin/login/")
    assert walk.typed == {"username", "password"}
    assert [line for line in ears.heard if marks_in(line)] == []
