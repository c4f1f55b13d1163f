"""The nurse's field for a code on paper: it opens, says what is wrong, leaves a trace, keeps nothing."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pumpguide.publishing import Shelf
from screening import audit, published
from screening.answers import COOKIE, Visit, seal
from screening.codes import reference_code
from screening.engine.reading import read_answers
from screening.models import Action, AuditEvent, CallbackRequest, Screening
from screening.paper import GOOD_FOR, paper_code, read_paper_code
from screening.summary import summarize
from screening.symbols import SYMBOLS
from tests.conftest import BASE
from tests.screening.intake.rows import sent
from tests.screening.patients import RULES

pytestmark = pytest.mark.django_db
FIELD = "/intake/paper/"
ANSWERS = read_answers(RULES, BASE)


@pytest.fixture
def desk(client, nurse, questionnaire):
    client.force_login(nurse)
    return client


def code(made=None):
    return paper_code(RULES, ANSWERS, made or timezone.localdate())


def mistyped():
    groups = code().split("-")
    groups[3] = "222222" if groups[3] != "222222" else "333333"
    return "-".join(groups)


def trace():
    return list(AuditEvent.objects.values_list("action", "by__username", "subject", "detail"))


def test_code_gives_the_same_summary_as_the_patient_saw(desk):
    page = desk.post(FIELD, {"code": code()})
    assert page.status_code == 200
    assert page.context["summary"] == summarize(published.version(1), ANSWERS, "en")
    assert "From paper. Nothing was stored." in page.text


def test_opening_is_traced_without_anything_of_the_patient(desk):
    desk.post(FIELD, {"code": code()})
    assert trace() == [("paper-opened", "nora", "", "version 1")]


def test_nothing_is_stored_and_nothing_is_kept_on_the_way(desk):
    page = desk.post(FIELD, {"code": code()})
    assert {"private", "no-store"} <= set(page.headers["Cache-Control"].split(", "))
    assert not Screening.objects.exists()
    assert not CallbackRequest.objects.exists()
    assert code() not in str(desk.session.items())


def test_nothing_is_shown_where_the_trace_cannot_be_written(desk, monkeypatch):
    def full(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(audit, "record", full)
    with pytest.raises(OSError, match="disk full"):
        desk.post(FIELD, {"code": code()})


def test_mistyped_group_is_named_and_what_was_typed_stays(desk):
    page = desk.post(FIELD, {"code": mistyped().lower()})
    assert page.status_code == 422
    assert "Group 4 was mistyped. It should read like on the paper." in page.text
    assert f'value="{mistyped().lower()}"' in page.text


def test_slip_of_the_hand_is_no_look_up(desk):
    for typed in (mistyped(), "ABC", "O", ""):
        assert desk.post(FIELD, {"code": typed}).status_code == 422
    assert trace() == []


def test_reference_code_opens_what_was_sent(desk):
    sending = sent()
    page = desk.post(FIELD, {"code": sending.code.replace("-", "")})
    assert (page.status_code, page.url) == (302, f"/intake/{sending.screening.pk}/")
    assert trace() == []


def test_reference_code_in_vain_counts_as_one_look_up_and_closes_the_field_in_time(desk):
    codes = [reference_code(bytes([number]) * 32) for number in range(21)]
    page = desk.post(FIELD, {"code": codes[0]})
    assert page.status_code == 422
    assert "Nothing is here under this code or number." in page.text
    assert f'value="{codes[0]}"' in page.text
    assert trace() == [("lookup-failed", "nora", "", "code")]
    assert [desk.post(FIELD, {"code": code}).status_code for code in codes[1:]] == [422] * 19 + [429]


def test_camera_takes_both_squares_and_no_other(settings):
    script = (settings.BASE_DIR / "static/js/scan.js").read_text()
    ours = re.compile(re.search(r"OURS = /(.+)/;", script)[1])
    assert ours.match("PG1:ABCDEF")
    assert ours.match(SYMBOLS[:12])
    assert ours.match(SYMBOLS[-12:])
    for other in ("https://a.example/", "7KQM2XWP9RD", "7KQM2XWP9RDTT", "7KQM2XWP9RDO", "7KQM2XWP9RD1"):
        assert not ours.match(other)


def test_expired_code_says_since_when_and_is_traced(desk):
    page = desk.post(FIELD, {"code": code(timezone.localdate() - GOOD_FOR - timedelta(days=1))})
    assert page.status_code == 422
    assert "This code could be read until" in page.text
    assert trace() == [("lookup-failed", "nora", "", "paper expired")]


def test_code_of_another_clinic_is_refused_and_traced(desk, settings):
    ours, settings.CLINIC_KEY = code(), settings.PATIENT_KEYS[0]
    page = desk.post(FIELD, {"code": ours})
    assert page.status_code == 422
    assert "another clinic’s Pump Guide" in page.text
    assert trace() == [("lookup-failed", "nora", "", "paper foreign")]


def test_after_20_vain_look_ups_even_a_good_code_waits_and_stays_in_the_field(desk, nurse):
    old = code(timezone.localdate() - GOOD_FOR - timedelta(days=1))
    for _time in range(20):
        assert desk.post(FIELD, {"code": old}).status_code == 422
    page = desk.post(FIELD, {"code": code()})
    assert (page.status_code, page.headers["Retry-After"]) == (429, "600")
    assert "Wait 10 minutes" in page.text
    assert f'value="{code()}"' in page.text
    assert not AuditEvent.objects.filter(action=Action.PAPER).exists()


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "\0", "2" * 5000, "😀" * 50, "PG1:", "-"])
def test_anything_typed_gets_a_kind_page(desk, typed):
    page = desk.post(FIELD, {"code": typed})
    assert page.status_code == 422
    assert "<script>alert" not in page.text


def test_withdrawn_version_is_still_read_and_said_to_be_withdrawn(desk, monkeypatch):
    assert "was withdrawn" not in desk.post(FIELD, {"code": code()}).text
    monkeypatch.setattr(published, "now", lambda: published.InUse(2, frozenset({1})))
    assert "was withdrawn" in desk.post(FIELD, {"code": code()}).text


def test_code_is_read_also_while_every_version_is_withdrawn(desk, monkeypatch):
    monkeypatch.setattr(published, "in_use_shelf", Shelf(lambda _key: None))
    assert "was withdrawn" in desk.post(FIELD, {"code": code()}).text


def test_patients_sheet_holds_no_answer_that_is_no_longer_asked_for(client, questionnaire):
    left_over = {"spasticity-severity": ("severe",)}
    client.cookies[COOKIE] = seal(Visit(1, {**ANSWERS, **left_over}))
    shown = client.get(reverse("screening:summary"))
    held = read_paper_code("".join(shown.context["paper"].groups), timezone.localdate())
    assert held.answers == ANSWERS
    assert all(group in shown.text for group in shown.context["paper"].groups)


def test_field_is_in_focus_and_empty(desk):
    page = desk.get(FIELD)
    assert page.status_code == 200
    assert "autofocus" in page.text
    assert "value=" not in page.text.partition('name="code"')[2].partition(">")[0]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["editor", "reviewer", "administrator"])
def test_others_of_the_staff_are_refused(client, request, questionnaire, who, method):
    client.force_login(request.getfixturevalue(who))
    page = getattr(client, method)(FIELD, {"code": code()})
    assert page.status_code == 403
    assert "summary" not in (page.context or {})
    assert trace() == []
