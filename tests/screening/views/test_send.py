"""Sending to the clinic: the consent, one row whatever happens on the way, the code, the link that takes it back."""

import logging
import re
import threading

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from screening import journal, published
from screening.access import opened_row
from screening.actions import look_over
from screening.codes import read_code
from screening.models import AuditEvent, ConsentWording, Screening
from tests.conftest import BASE
from tests.screening.handing import database_in_a_file, finished, name_the_clinic, tables_gone
from tests.screening.patients import patient as answers_of

pytestmark = pytest.mark.usefixtures("questionnaire")

SEND, SENT, DELETE = "/screening/send/", "/screening/sent/", "/screening/delete/"
CODE = re.compile(r">([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})<")
LINK = re.compile(r'href="http://testserver(/screening/delete/[\w-]{22}/)"')
PERSON = {
    "name": "Mary Markerson",
    "birth_date_month": "3",
    "birth_date_day": "31",
    "birth_date_year": "1950",
    "phone": "555 010 7777",
}


@pytest.fixture(autouse=True)
def _clinic(settings, tmp_path, questionnaire):
    settings.DELETIONS_LOG = tmp_path / "deletions.log"
    name_the_clinic()


def seen(client):
    return re.search(r'name="seen" value="([0-9a-f]{32})"', client.get(SEND).text)[1]


def send(client, **data):
    return client.post(SEND, {"seen": seen(client), "consent": "on", **data})


def receipt(client):
    """(code, path of the delete link) as the page shows them."""
    html = client.get(SENT).text
    return CODE.search(html)[1], LINK.search(html)[1]


def take_back(path, **more):
    return Client().post(DELETE, {"secret": path.split("/")[-2], **more})


# --- the form ------------------------------------------------------------------------------------------------------


def test_page_says_what_goes_to_whom_for_how_long_and_how_to_take_it_back():
    html = finished().get(SEND).text
    for words in ("Lake Clinic", "90 days", "deletes it", "You do not have to"):
        assert words in html
    assert not re.search(r'type="checkbox"[^>]*checked', html)


def test_unfinished_screening_leads_on_to_its_question():
    some = {key: BASE[key] for key in ("urgent-signs", "answering-for", "age")}
    for path in (SEND, SENT):
        assert finished(some).get(path).url == "/screening/question/main-problem/"
        assert Client().get(path).url == "/screening/"


@pytest.mark.parametrize("number", [number for number in range(1, 17) if number in (13, 14)])
def test_nothing_is_sent_at_a_stop(number):
    client = finished(answers_of(number))
    assert client.post(SEND, {"consent": "on"}).status_code == 302
    assert not Screening.objects.exists()


def test_clinic_without_a_name_gets_nothing(settings):
    name_the_clinic(clinic_name="")
    client = finished()
    assert client.get(SEND).status_code == client.post(SEND, {"consent": "on"}).status_code == 404
    assert "Send to my clinic" not in client.get("/screening/summary/").text
    assert not Screening.objects.exists()
    name_the_clinic()
    assert f'href="{SEND}"' in client.get("/screening/summary/").text


def test_without_consent_nothing_is_sent_and_everything_is_kept():
    client = finished()
    response = client.post(SEND, {**PERSON, "seen": seen(client)})
    assert response.status_code == 422
    assert "Tick the box if you agree" in response.text
    for typed in PERSON.values():
        assert f'value="{typed}"' in response.text
    assert not Screening.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"birth_date_month": "2", "birth_date_day": "30", "birth_date_year": "1950"}, "That month has fewer days"),
        ({"birth_date_day": "30", "birth_date_year": "1950"}, "also needs a month"),
        ({"birth_date_month": "2"}, "also needs a day and a year"),
        ({"birth_date_month": "13", "birth_date_day": "3", "birth_date_year": "1950"}, "from 1 to 12, or its name"),
        ({"birth_date_month": "1", "birth_date_day": "32", "birth_date_year": "1950"}, "from 1 to 31"),
        ({"birth_date_month": "1", "birth_date_day": "3", "birth_date_year": "50"}, "four digits"),
        ({"birth_date_month": "1", "birth_date_day": "3", "birth_date_year": "1899"}, "1900 or later"),
        ({"birth_date_month": "1", "birth_date_day": "3", "birth_date_year": "2999"}, "in the future"),
        ({"birth_date_month": "1", "birth_date_day": "²", "birth_date_year": "1950"}, "from 1 to 31"),
        ({"birth_date_month": "x\x00", "birth_date_day": "3", "birth_date_year": "1950"}, "from 1 to 12"),
        ({"phone": "call me after five"}, "with digits"),
        ({"phone": "12345"}, "at least 7 digits"),
        ({"phone": "5" * 41}, "40 characters or fewer"),
        ({"name": "A" * 121}, "120 characters or fewer"),
    ],
)
def test_slip_is_named_with_how_to_mend_it_and_nothing_is_lost(data, said):
    response = send(finished(), name="Mary", **data) if "name" not in data else send(finished(), **data)
    assert response.status_code == 422
    assert said in response.text
    assert "There is something to mend" in response.text
    assert re.search(r'type="checkbox"[^>]*checked', response.text)
    assert not Screening.objects.exists()


@pytest.mark.parametrize("month", ["3", "03", "March", "mar.", "MARCH"])
def test_month_is_read_as_people_write_it(month):
    send(finished(), **{**PERSON, "birth_date_month": month})
    assert opened_row(Screening.objects.get()).contact["birth_date"].isoformat() == "1950-03-31"


def test_what_cannot_be_seen_is_left_out_of_a_name():
    send(finished(), name=" Mary\u202e\x00 \t Ann ")
    assert opened_row(Screening.objects.get()).contact["name"] == "Mary Ann"


# --- what is stored ------------------------------------------------------------------------------------------------


def test_sent_are_the_asked_answers_the_contact_and_the_words_agreed_to():
    client = finished({**BASE, "serious-illness": "no", "life-expectancy": "6-months-or-more"})
    wording = re.search(r'<label for="id_consent">(.*?)</label>', client.get(SEND).text)[1]
    assert send(client, **PERSON).url == SENT
    row = Screening.objects.get()
    opened = opened_row(row)
    assert set(opened.answers) == set(BASE) - {"life-expectancy"}
    assert opened.contact["name"] == "Mary Markerson"
    assert opened.contact["phone"] == "555 010 7777"
    assert ConsentWording.objects.get() == row.consent
    assert row.consent.text == wording
    assert "Lake Clinic" in wording
    assert (row.answered_by, row.entered_by) == ("patient", None)


def test_helper_agrees_in_other_words_and_their_browser_fills_in_nothing():
    client = finished({**BASE, "answering-for": "someone-else"})
    html = client.get(SEND).text
    assert "The person’s name" in html
    assert not re.search(r'autocomplete="(name|tel|bday)', html)
    send(client)
    row = Screening.objects.get()
    assert row.answered_by == "helper"
    assert "The person they are about agrees" in row.consent.text
    assert row.contact is None


def test_same_form_twice_and_after_a_lost_reply_is_one_row_with_one_code():
    client = finished()
    form = {"seen": seen(client), "consent": "on"}
    assert [client.post(SEND, form).url for _ in range(2)] == [SENT, SENT]
    first = receipt(client)
    assert receipt(client) == first == receipt(finished())
    assert client.get(SEND).url == SENT
    assert Screening.objects.count() == 1
    assert read_code(first[0].lower().replace("-", " ")) == first[0]


def test_answers_changed_in_another_tab_are_not_sent_unseen():
    client = finished()
    old = seen(client)
    client = finished({**BASE, "pain-severity": "mild"})
    response = client.post(SEND, {**PERSON, "seen": old, "consent": "on"})
    assert response.status_code == 409
    assert "were changed after this page was opened" in response.text
    for typed in PERSON.values():
        assert f'value="{typed}"' in response.text
    assert not re.search(r'type="checkbox"[^>]*checked', response.text)
    assert not Screening.objects.exists()


@pytest.mark.parametrize("changed", ["clinic", "days"])
def test_words_that_were_changed_meanwhile_are_read_before_anyone_agrees(settings, changed):
    client = finished()
    old = seen(client)
    if changed == "clinic":
        name_the_clinic(clinic_name="Hill Clinic")
    else:
        settings.SCREENING_DAYS = 365
    response = client.post(SEND, {**PERSON, "seen": old, "consent": "on"})
    assert response.status_code == 409
    assert "the words beside the box, were changed" in response.text
    assert 'value="Mary Markerson"' in response.text
    assert not re.search(r'type="checkbox"[^>]*checked', response.text)
    assert not Screening.objects.exists()
    assert send(client).url == SENT
    assert ("Hill Clinic" if changed == "clinic" else "365 days") in ConsentWording.objects.get().text


def test_changed_answer_makes_another_screening_with_another_code():
    client, other = finished(), finished({**BASE, "pain-severity": "mild"})
    send(client)
    assert other.get(SENT).url == SEND
    send(other)
    assert receipt(client)[0] != receipt(other)[0]
    assert Screening.objects.count() == 2


def test_database_down_is_told_kindly_and_everything_is_kept(caplog):
    client = finished()
    form = {**PERSON, "seen": seen(client), "consent": "on"}
    with tables_gone():
        response = client.post(SEND, form)
        assert (response.status_code, response.headers["Retry-After"]) == (503, "60")
        assert "cannot be sent right now" in response.text
        assert 'value="Mary Markerson"' in response.text
        assert client.get(SEND).status_code == client.get(SENT).status_code == 503
        assert client.get("/screening/summary/").status_code == 200
    assert "Markerson" not in caplog.text
    assert client.post(SEND, form).url == SENT
    assert Screening.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_one_row_and_show_one_code(tmp_path):
    with database_in_a_file(tmp_path):
        form, codes, gate = {"seen": seen(finished()), "consent": "on"}, [], threading.Barrier(10)

        def one():
            client = finished()
            gate.wait(timeout=20)
            try:
                codes.append((client.post(SEND, form).status_code, receipt(client)))
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(10)]
        [thread.start() for thread in threads]
        [thread.join(timeout=60) for thread in threads]
        assert len(codes) == 10
        assert len(set(codes)) == 1
        assert codes[0][0] == 302
        assert Screening.objects.count() == 1


# --- the page with the code ----------------------------------------------------------------------------------------


def test_code_is_spelled_for_screen_readers_and_stands_in_no_title_or_address():
    client = finished()
    send(client)
    html = client.get(SENT).text
    code = CODE.search(html)[1]
    assert ", ".join(" ".join(group) for group in code.split("-")) in html
    assert code not in re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1]
    assert not any(code in address for address in re.findall(r'(?:href|action|src)="([^"]*)"', html))
    assert client.get(SENT).headers["Cache-Control"] == "private, no-store"


# --- taking it back ------------------------------------------------------------------------------------------------


def test_opening_the_link_deletes_nothing_and_reads_nothing(django_assert_num_queries):
    client = finished()
    send(client)
    _code, path = receipt(client)
    Client().get(path)
    with django_assert_num_queries(0):
        for method in ("get", "head", "post", "put", "delete", "options", "patch"):
            response = getattr(Client(), method)(path)
            assert response.status_code == 200
            assert response.headers["Referrer-Policy"] == "no-referrer"
            assert response.headers["X-Robots-Tag"] == "noindex"
            assert not response.cookies
    assert Screening.objects.count() == 1


def test_button_deletes_and_then_it_is_as_if_it_was_never_there():
    client = finished()
    send(client)
    _code, path = receipt(client)
    never = take_back(DELETE + "A" * 22 + "/")
    here, again = take_back(path), take_back(path)
    assert (never.status_code, never.url) == (here.status_code, here.url) == (again.status_code, again.url)
    assert here.url == "/screening/deleted/"
    assert "Nothing is kept under this link" in client.get(here.url).text
    assert not Screening.objects.exists()
    assert len(list(journal.read())) == 1
    assert client.get(SENT).url == SEND


def test_after_a_review_the_link_asks_the_clinic(nurse):
    client = finished()
    send(client)
    _code, path = receipt(client)
    look_over(Screening.objects.get(), by=nurse, at=timezone.now())
    response = take_back(path)
    assert response.status_code == 200
    assert "Ask the clinic to delete it" in response.text
    assert Screening.objects.get().deletion_asked_at is None
    for _ in range(2):
        assert take_back(path, ask="1").url == "/screening/deletion-asked/"
    assert Screening.objects.get().deletion_asked_at
    assert AuditEvent.objects.filter(action="deletion-asked").count() == 1
    assert take_back(DELETE + "A" * 22 + "/", ask="1").url == "/screening/deleted/"


@pytest.mark.parametrize("added", ["", ".", "/", ")", "%0A", "//x.", "?fbclid=1"])
def test_what_a_mail_program_adds_to_the_link_does_no_harm(added):
    client = finished()
    send(client)
    _code, path = receipt(client)
    response = Client().get(path.rstrip("/") + added)
    assert response.status_code == 200
    assert f'name="secret" value="{path.split("/")[-2]}"' in response.text


@pytest.mark.parametrize("path", ["", "x", "A" * 21, "A" * 23, "Ä" * 22, "%00", "../../admin"])
def test_link_that_is_cut_off_says_so(path):
    response = Client().get(DELETE + path)
    assert response.status_code == 200
    assert "This link is not whole" in response.text
    assert take_back(f"{DELETE}{path}/").status_code == 422


def test_deletion_that_fails_says_so_and_can_be_tried_again():
    client = finished()
    send(client)
    _code, path = receipt(client)
    with tables_gone():
        response = take_back(path)
    assert response.status_code == 503
    assert "could not be deleted right now" in response.text
    assert f'value="{path.split("/")[-2]}"' in response.text
    assert Screening.objects.count() == 1


def test_deletion_without_its_journal_does_not_happen(settings, tmp_path):
    client = finished()
    send(client)
    _code, path = receipt(client)
    (tmp_path / "file").write_text("")
    settings.DELETIONS_LOG = tmp_path / "file" / "deletions.log"
    assert take_back(path).status_code == 503
    assert Screening.objects.count() == 1


# --- nothing of it anywhere else -----------------------------------------------------------------------------------


def test_markers_come_into_no_log_address_or_title(caplog, nurse):
    caplog.set_level(logging.DEBUG)
    client = finished()
    responses = [client.post(SEND, PERSON), client.post(SEND, {**PERSON, "seen": seen(client)}), send(client, **PERSON)]
    code, path = receipt(client)
    secret = path.split("/")[-2]
    responses += [client.get(SENT), Client().get(path), Client().put(path), Client().get(path + "x.")]
    with tables_gone():
        responses += [take_back(path), Client().get(path)]
    strict = Client(enforce_csrf_checks=True)
    responses += [strict.post(path, {"secret": secret}), strict.post(SEND, PERSON)]
    look_over(Screening.objects.get(), by=nurse, at=timezone.now())
    responses += [take_back(path), take_back(path, ask="1")]
    logged = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    titles = " ".join(found for response in responses for found in re.findall(r"<title>.*?</title>", response.text))
    places = " ".join(response.headers.get("Location", "") for response in responses)
    for marker in (code, code.replace("-", ""), secret, "Markerson", "7777", "1950"):
        assert marker not in logged
        assert marker not in titles + places


def test_summary_and_start_still_cost_no_query(django_assert_num_queries, settings):
    settings.PUBLISHED_CHECK_SECONDS = 3600
    client = finished()
    client.get("/screening/")
    with django_assert_num_queries(0):
        assert client.get("/screening/summary/").status_code == 200


def test_version_in_the_cookie_is_the_one_that_is_sent():
    client = finished()
    send(client)
    assert Screening.objects.get().questionnaire.version == published.version(1).ruleset.version
