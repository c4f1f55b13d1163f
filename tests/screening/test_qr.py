"""The printed square is read by a real decoder, also creased; it brings its own white, and no style."""

import io
import re
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from PIL import ImageDraw
from weasyprint import HTML

from screening.engine.reading import read_answers
from screening.paper import paper_code
from screening.qr import on_paper, paper_qr, qr_svg
from tests.conftest import BASE
from tests.screening.patients import RULES

TODAY = date(2026, 11, 20)
PRINTED = "<style>@page {{ size: 40mm; margin: 0 }} svg {{ width: 29mm; height: 29mm }} body {{ margin: 0 }}</style>{}"


@pytest.fixture(scope="module")
def code():
    return paper_code(RULES, read_answers(RULES, BASE), TODAY)


@pytest.fixture(scope="module")
def square(code):
    return paper_qr(code, "Answers & <more>")


@pytest.fixture
def picture(square):
    """The square as an office scanner sees it: 29 mm wide, 150 dots an inch."""
    page = pypdfium2.PdfDocument(io.BytesIO(HTML(string=PRINTED.format(square)).write_pdf()))[0]
    return page.render(scale=150 / 72).to_pil()


def read(picture):
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_square_holds_the_code_with_its_prefix(picture, code):
    assert read(picture) == ["PG1:" + code.replace("-", "")]


def test_stained_square_is_still_read(picture, code):
    wide = picture.width * 29 // 40
    ImageDraw.Draw(picture).rectangle([wide * 0.45, wide * 0.45, wide * 0.62, wide * 0.62], fill="black")
    assert read(picture) == ["PG1:" + code.replace("-", "")]


def test_modules_are_large_enough_for_a_hand_scanner(square):
    modules = int(re.search(r'viewBox="0 0 (\d+) \1"', square)[1])
    assert 29 / modules > 0.5  # mm


def test_square_brings_its_own_white_with_the_quiet_zone(square):
    assert '<path fill="#fff" d="M0 0h41v41h-41z"/><path stroke="#000" d="M4 4.5' in square


def test_square_has_a_name_and_no_style(square):
    assert square.startswith('<svg role="img" ')
    assert "<title>Answers &amp; &lt;more&gt;</title>" in square
    assert not re.search(r"style|<script|\son\w+=|href", square)


def test_lower_case_and_links_can_be_drawn_too():
    assert qr_svg("otpauth://totp/Pump%20Guide:nora?secret=ABC", "x").startswith("<svg")


def test_block_on_the_summary_shows_the_same_code(code):
    shown = on_paper(RULES, read_answers(RULES, BASE), TODAY)
    assert "-".join(shown.groups) == code
    assert shown.expires == date(2027, 2, 18)
