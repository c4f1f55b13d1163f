"""The summary to take along: each form of it, for finished answers only, and left nowhere on the way."""

import json
import re

import pytest
from django.urls import reverse
from fhir.resources.R4B.bundle import Bundle as R4Bundle

from screening import pdf
from screening.answers import COOKIE
from screening.fhir_response import read_response
from screening.views import take
from tests.conftest import BASE
from tests.screening.test_fhir_bundle import resources

from .test_patient import HELP, START, SUMMARY, UNDER_18, database_down, hold, text, upto, without

pytestmark = pytest.mark.usefixtures("questionnaire")

TEXT, PDF, JSON, LARGE = (reverse(f"screening:take-{form}") for form in ("text", "pdf", "json", "large"))
FILES = {
    TEXT: ("text/plain; charset=utf-8", "pump-guide-summary.txt"),
    PDF: ("application/pdf", "pump-guide-summary.pdf"),
    JSON: ("application/fhir+json", "pump-guide-summary.json"),
}
EVERY = (*FILES, LARGE)
every_form = pytest.mark.parametrize("path", EVERY)


@pytest.fixture
def finished(client):
    hold(client, BASE)
    return client


@pytest.mark.parametrize("path", FILES)
def test_file_is_handed_over_under_a_name_that_tells_nothing(finished, path):
    response = finished.get(path)
    content_type, name = FILES[path]
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'


@every_form
def test_nothing_of_it_is_kept_on_the_way(finished, path):
    assert finished.get(path)["Cache-Control"] == "private, no-store"


@every_form
def test_without_answers_it_leads_to_the_start(client, path):
    response = client.get(path)
    assert (response.status_code, response.url) == (302, START)


@every_form
def test_unfinished_answers_go_on_where_they_were(client, path):
    hold(client, upto("blood-thinners"))
    assert client.get(path).url == "/screening/question/blood-thinners/"


@every_form
@pytest.mark.parametrize(
    ("change", "place"), [({"urgent_signs": ["bladder-bowel"]}, HELP), ({"age": "under-18"}, UNDER_18)]
)
def test_answers_that_stop_lead_to_their_own_page(client, path, change, place):
    hold(
        client,
        without(**change) if "age" not in change else {"urgent-signs": ["none"], "answering-for": "myself", **change},
    )
    assert client.get(path).url == place


@every_form
def test_unreadable_answers_are_refused_kindly(client, path):
    client.cookies[COOKIE] = "nothing of ours"
    assert client.get(path).status_code == 400


@every_form
def test_only_looking_is_possible(finished, path):
    assert finished.post(path).status_code == 405


@every_form
def test_no_database_is_needed_once_the_version_is_in_memory(finished, path):
    finished.get(SUMMARY)
    with database_down():
        assert finished.get(path).status_code == 200


def test_text_says_what_the_summary_says(finished):
    told = finished.get(TEXT).content.decode()
    assert "WORTH TALKING ABOUT WITH A SPECIALIST" in told
    assert "Pain control now: No, not well enough" in told


def test_pdf_is_a_pdf(finished):
    assert finished.get(PDF).content.startswith(b"%PDF-")


def test_where_no_pdf_can_be_made_the_summary_says_how_the_browser_makes_one(finished, monkeypatch):
    def lacking(*args, **kwargs):
        raise pdf.NoPdf

    monkeypatch.setattr(take, "summary_pdf", lacking)
    response = finished.get(PDF)
    assert (response.status_code, response.url) == (302, f"{SUMMARY}#save-as-pdf")
    assert re.search(r'id="save-as-pdf"[^>]*>[^<]*Save as PDF', text(finished.get(SUMMARY)))


def test_while_others_save_theirs_a_page_says_when_to_try_again(finished, monkeypatch):
    monkeypatch.setattr(pdf, "WAIT_SECONDS", 0)
    with pdf.turn:
        response = finished.get(PDF)
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "try again in a minute" in text(response)
    assert finished.get(PDF).status_code == 200


def test_fhir_document_is_valid_and_its_answers_read_back(finished):
    document = json.loads(finished.get(JSON).content)
    R4Bundle.model_validate(document)
    version, answers = read_response(resources(document)["QuestionnaireResponse"])
    assert version == 1
    assert {link_id: list(codes) for link_id, codes in answers.items()} == {
        link_id: [codes] if isinstance(codes, str) else codes for link_id, codes in BASE.items()
    }


def test_two_fhir_documents_of_the_same_answers_have_names_of_their_own(finished):
    first, second = (json.loads(finished.get(JSON).content)["identifier"] for _ in range(2))
    assert first != second


def test_helper_is_the_one_who_answered(client):
    hold(client, without(answering_for="someone-else"))
    document = json.loads(client.get(JSON).content)
    assert resources(document)["QuestionnaireResponse"]["source"]["type"] == "RelatedPerson"


def test_large_print_holds_the_whole_summary_and_the_code_on_paper(finished):
    told = text(finished.get(LARGE))
    for heading in re.findall(r"<h[12][^>]*>([^<]+)</h[12]>", text(finished.get(SUMMARY))):
        assert heading in told or heading == "What to do with this page", heading
    assert 'class="qr"' in told
    assert "css/large.css" in told


def test_summary_leads_to_every_form(finished):
    told = text(finished.get(SUMMARY))
    assert all(f'href="{path}"' in told for path in EVERY)


def test_no_title_tells_anything(finished):
    assert re.search(r"<title>(.*)</title>", text(finished.get(LARGE)))[1].startswith(
        "Summary in large print – Screening"
    )
