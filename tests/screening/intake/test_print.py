"""Sheets and files of several screenings: each leaves its trace first, each stands for itself."""

import csv
import io
import json
from html import unescape

import pytest
from django.utils import timezone

from content.models.people import SiteSettings
from screening import published
from screening.actions import delete_screening, enter_screening, review_point
from screening.actions.sending import sending_of
from screening.engine.reading import read_answers
from screening.pdf import NoPdf, PdfBusy, engine
from tests.conftest import BASE
from tests.screening.patients import changed

from .rows import NOBODY, finding, opened, read, sent, traces

ALL = ("/intake/print/", "/intake/print/pdf/", "/intake/export/csv/", "/intake/export/fhir/")


@pytest.fixture
def three(at_desk):
    return [sent() for _number in range(3)]


def numbers(sendings):
    return {"number": [sending.screening.pk for sending in sendings]}


def test_a_batch_prints_a_sheet_each_in_the_order_chosen(at_desk, three):
    SiteSettings.objects.create(clinic_name="Riverside Clinic", phone="555 0111")
    page = read(at_desk.post("/intake/print/", numbers(three[::-1])))
    places = [page.index(f">No. {sending.screening.pk}<") for sending in three]
    assert places == sorted(places, reverse=True)
    assert page.count('class="sheet"') == page.count("Riverside Clinic") == 3
    assert page.count("version 1 of the questions") == 3
    assert "Mary" not in page
    listed = ", ".join(str(sending.screening.pk) for sending in three[::-1])
    assert traces() == [("print", f"screening {listed}", "")]


def test_a_sheet_carries_notes_and_what_was_confirmed(at_desk, nurse, three):
    point = next(point for point in opened(three[0]).points if point.kind == "open")
    answer = (finding(point, opened(three[0]).definition),)
    review_point(
        three[0].screening, point.link_id, "confirmed",
        by=nurse, at=timezone.now(), answer=answer, found_in="report", note="Letter of May 3.",
    )  # fmt: skip
    page = read(at_desk.post("/intake/print/", numbers(three[:1])))
    assert "Letter of May 3." in page
    assert "confirmed: " in page


def test_a_sheet_and_a_record_hold_every_line_a_point_leaves_open(at_desk):
    """All that hangs on one open answer is a line and the titles that follow it."""
    sending = sent(changed({"pain-severity": "not-sure", "pain-causes": ["not-sure"]}, remove=("surgery-outlook",)))
    lines = [line for point in opened(sending).points for line in point.lines]
    also = [title for line in lines for title in line.also]
    assert also
    sheet = read(at_desk.post("/intake/print/", numbers([sending])))
    record = read(at_desk.get(f"/intake/{sending.screening.pk}/")).split('class="record-summary"')[0]
    for page in (unescape(sheet), unescape(record)):
        assert all(line.text in page for line in lines)
        assert all(title in page for title in also)
    shared = [line.text for line in lines if lines.count(line) > 1]
    assert {unescape(sheet).count(text) for text in shared} == {1}


def test_what_settled_points_hung_on_stands_once_on_a_sheet_in_the_comparison_or_below(at_desk, nurse):
    sending = sent()
    before = opened(sending)
    for point in before.points:
        answer = (finding(point, before.definition),)
        review_point(
            sending.screening, point.link_id, "confirmed",
            by=nurse, at=timezone.now(), answer=answer, found_in="report",
        )  # fmt: skip
    page = unescape(read(at_desk.post("/intake/print/", numbers([sending]))))
    assert {page.count(line.text) for point in before.points for line in point.lines} == {1}


def test_a_sheet_names_who_entered_it(at_desk, nurse):
    definition = published.current()
    answers = read_answers(definition.ruleset, BASE)
    entered = enter_screening(
        definition, answers, sending_of("cd" * 16, definition, answers),
        by=nurse, at=timezone.now(), contact=NOBODY, consent="Signed.", answered_by="nurse-paper", language="en",
    )  # fmt: skip
    page = read(at_desk.post("/intake/print/", numbers([entered, sent()])))
    assert "A nurse, from a filled paper sheet · Entered by nora for the patient" in page
    assert page.count("Entered by") == 1


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("chosen", [[], ["x", "", "-1", "٣", "9" * 40, "1e3"], [str(10**17)]])
def test_nothing_chosen_is_told_and_leaves_no_trace(at_desk, three, path, chosen):
    response = at_desk.post(path, {"number": chosen})
    assert response.status_code == 422
    assert "Tick at least one screening in the list." in read(response)
    assert traces() == []


@pytest.mark.parametrize("path", ALL)
def test_what_was_deleted_meanwhile_is_left_out(at_desk, nurse, three, path):
    chosen = numbers(three)
    delete_screening(three[0].screening, by=nurse, at=timezone.now())
    assert at_desk.post(path, chosen).status_code == 200
    kept = ", ".join(str(sending.screening.pk) for sending in three[1:])
    assert traces()[-1][1] == f"screening {kept}"


@pytest.mark.parametrize("path", ALL)
def test_only_nurses_take_anything(client, editor, three, path):
    client.force_login(editor)
    assert client.post(path, numbers(three)).status_code == 403
    assert traces() == []


def test_csv_holds_a_row_each_and_no_name(at_desk, three):
    response = at_desk.post("/intake/export/csv/", numbers(three))
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["reference"] for row in rows] == [str(sending.screening.pk) for sending in three]
    assert b"Mary" not in response.content
    assert response["Content-Disposition"] == 'attachment; filename="screenings.csv"'
    assert traces()[-1][::2] == ("export", "csv")


@pytest.mark.parametrize(("count", "kind"), [(1, "document"), (3, "collection")])
def test_fhir_is_a_document_or_a_collection_of_documents(at_desk, three, count, kind):
    response = at_desk.post("/intake/export/fhir/", numbers(three[:count]))
    bundle = json.loads(response.content)
    assert bundle["type"] == kind
    documents = [bundle] if count == 1 else [entry["resource"] for entry in bundle["entry"]]
    assert [document["entry"][0]["resource"]["resourceType"] for document in documents] == ["Composition"] * count
    assert traces()[-1][::2] == ("export", "fhir")


def test_a_pdf_counts_each_screenings_pages_by_themselves(at_desk, nurse, three):
    pypdf = pytest.importorskip("pypdf")
    try:
        engine()
    except NoPdf:
        pytest.skip("no WeasyPrint here")
    point = next(point for point in opened(three[1]).points if point.kind == "open")
    for number in range(25):  # so much that it needs a second page
        review_point(
            three[1].screening, point.link_id, "still-open", by=nurse, at=timezone.now(), note=f"{number} " * 100
        )
    response = at_desk.post("/intake/print/pdf/", numbers(three[:2]))
    assert response["Content-Type"] == "application/pdf"
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    feet = [page.extract_text().split()[-3:] for page in reader.pages]
    assert feet[0] == ["1", "/", "1"]
    assert feet[1:] == [[str(page), "/", str(len(feet) - 1)] for page in range(1, len(feet))]
    assert len(feet) > 2
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert traces()[-1][0] == "pdf"


@pytest.mark.parametrize(
    ("reason", "said", "offered"),
    [(NoPdf, "This installation cannot make PDF files.", 0), (PdfBusy, "Try again in a minute", 1)],
)
def test_without_a_pdf_the_page_to_print_serves_and_says_why(at_desk, three, monkeypatch, reason, said, offered):
    def lacking(pages):
        raise reason

    monkeypatch.setattr("screening.views.intake_take.sheets_pdf", lacking)
    response = at_desk.post("/intake/print/pdf/", numbers(three))
    assert response.status_code == 200
    assert said in read(response)
    assert read(response).count(">PDF</button>") == offered
    assert read(response).count('class="sheet"') == 3
