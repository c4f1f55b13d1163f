"""The summary as a PDF: tagged for screen readers, short, with its own fonts, and made without asking anybody."""

import io
import socket
import sys
from collections import Counter
from datetime import date
from itertools import pairwise

import pypdf
import pypdfium2
import pytest
import zxingcpp

from screening import pdf
from screening.engine.reading import read_answers
from screening.paper import read_paper_code
from screening.pdf import NoPdf, PdfBusy, as_pdf, summary_pdf
from screening.qr import on_paper
from screening.summary import summarize
from tests.screening.patients import RULES, VERSION_1, patient

TODAY = date(2026, 11, 20)
PAGE = '<!doctype html><html lang="en"><title>x</title>{}<h1>x</h1>'


def made(answers):
    answers = read_answers(RULES, answers)
    summary = summarize(VERSION_1, answers, "en")
    return summary_pdf("en", summary=summary, today=TODAY, paper=on_paper(RULES, answers, TODAY))


@pytest.fixture(scope="module")
def content():
    return made(patient(8))


@pytest.fixture(scope="module")
def reader(content):
    return pypdf.PdfReader(io.BytesIO(content))


@pytest.fixture(scope="module")
def elements(reader):
    return list(structure(reader.root_object["/StructTreeRoot"]["/K"]))


def structure(node):
    """Every element of the structure tree, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for kid in node:
            yield from structure(kid)
    elif isinstance(node, dict) and "/S" in node:
        yield node
        if "/K" in node:
            yield from structure(node["/K"])


def test_language_title_and_kind_are_stated(reader):
    root = reader.root_object
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Summary to discuss with your doctor – Pump Guide"
    assert 'pdfuaid:part="1"' in root["/Metadata"].get_data().decode()


def test_nothing_about_the_person_stands_in_the_title(reader):
    summary = summarize(VERSION_1, read_answers(RULES, patient(8)), "en")
    assert summary.heading not in str(reader.metadata)


def test_headings_lists_links_and_the_square_are_tagged(elements):
    count = Counter(element["/S"] for element in elements)
    assert count["/H1"] == 1
    assert count["/H2"] >= 6
    assert count["/L"] >= 6
    assert count["/LI"] == count["/LBody"] >= 30
    assert count["/Link"] == 3
    assert [e["/Alt"] for e in elements if e["/S"] == "/Figure"] == ["Your answers as a QR code"]


def test_headings_go_down_one_level_at_a_time(elements):
    levels = [int(element["/S"][2]) for element in elements if element["/S"] in ("/H1", "/H2", "/H3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_pages_are_us_letter_and_every_font_is_embedded(reader):
    for page in reader.pages:
        assert (page.mediabox.width, page.mediabox.height) == (612, 792)
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert any(name.startswith("/FontFile") for name in descriptor)


@pytest.mark.parametrize("number", [1, 8, 12])
def test_summary_takes_at_most_three_pages(number):
    assert len(pypdf.PdfReader(io.BytesIO(made(patient(number)))).pages) <= 3


def test_every_line_can_be_read_out(reader):
    told = bare("".join(page.extract_text() for page in reader.pages))
    summary = summarize(VERSION_1, read_answers(RULES, patient(8)), "en")
    assert bare(summary.heading) in told
    for line in (*summary.fits, *summary.talk_first, *summary.open, *summary.earlier_steps):
        assert bare(line.text) in told


def bare(text):
    """Without any blanks: a line may break at a hyphen too."""
    return "".join(text.split())


@pytest.mark.usefixtures("questionnaire")
def test_square_is_read_by_a_scanner_and_holds_the_answers(content):
    document = pypdfium2.PdfDocument(content)
    pages = (page.render(scale=2).to_pil() for page in document)
    (code,) = (found.text for page in pages for found in zxingcpp.read_barcodes(page))
    assert read_paper_code(code, TODAY).answers == read_answers(RULES, patient(8))


@pytest.mark.parametrize(
    "wanted",
    [
        '<link rel="stylesheet" href="https://elsewhere.example/x.css">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="own:css/none.css">',
        '<style>@import "http://127.0.0.1:9/x.css";</style>',
        "<style>h1 { background: url(http://127.0.0.1:9/x.png) }</style>",
        '<img alt="x" src="file:///etc/passwd">',
        '<img alt="x" src="data:image/png;base64,AAAA">',
    ],
)
def test_document_that_asks_for_anything_but_our_static_files_is_not_made(wanted, monkeypatch):
    monkeypatch.setattr(socket.socket, "connect", lambda *args: pytest.fail("a connection was tried"))
    with pytest.raises(pdf.engine().urls.FatalURLFetchingError):
        as_pdf(PAGE.format(wanted))


def test_making_one_writes_nothing_to_the_log(caplog):
    caplog.set_level(0)
    as_pdf(PAGE.format("<p>a private word<p hidden><style>p { nonsense: 1 }</style>"))
    assert "private" not in caplog.text
    assert not [record for record in caplog.records if record.name.startswith(("weasyprint", "fontTools"))]


@pytest.mark.parametrize("lacking", [ImportError, OSError])
def test_without_weasyprint_or_pango_there_is_no_pdf(lacking, monkeypatch):
    class Lacking:
        def find_spec(self, name, *_):
            if name == "weasyprint":
                raise lacking("not here")

    pdf.engine.cache_clear()
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Lacking(), *sys.meta_path])
    with pytest.raises(NoPdf):
        made(patient(1))
    pdf.engine.cache_clear()


def test_who_finds_others_waiting_too_long_gets_none(monkeypatch):
    monkeypatch.setattr(pdf, "WAIT_SECONDS", 0)
    with pdf.turn, pytest.raises(PdfBusy):
        as_pdf(PAGE.format(""))
    assert as_pdf(PAGE.format("")).startswith(b"%PDF")


def test_pages_wear_our_style_sheet(reader):
    fonts = {font.get_object()["/BaseFont"] for page in reader.pages for font in page["/Resources"]["/Font"].values()}
    assert len(fonts) >= 3  # headings, text and strong text
    numbers = [page.extract_text().split()[-3:] for page in reader.pages]
    assert numbers == [[str(number), "/", str(len(numbers))] for number in range(1, len(numbers) + 1)]
