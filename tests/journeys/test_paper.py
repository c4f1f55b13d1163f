"""A patient only prints; the nurse reads the sheet back by scanner, keyboard or camera. The database stays empty."""

import io
import re
from types import SimpleNamespace

import pypdfium2
import pytest
import zxingcpp
from django.conf import settings
from django.test import Client
from pypdf import PdfReader

from screening.models import CallbackRequest, Screening
from tests.conftest import person

from .axe import barriers
from .test_print import MANY_FLAGS
from .watcher import Watcher

DOTS = 200  # an inch, as an office scanner has them
ROW = re.compile(r"\s*([2-9A-Z]{6}\s*){1,3}")
"""A line of groups under the printed square."""
CAMERA = """([squares]) => {
    window.BarcodeDetector = class {
        static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
        detect() { return Promise.resolve(["https://a.example/", ...squares].map(text => ({rawValue: text}))); }
    };
    const stream = document.createElement("canvas").captureStream();
    window.tracks = stream.getTracks();
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(stream);
}"""
"""A browser that reads QR codes, and a camera in front of which some are held."""


@pytest.fixture
def nurse(browser, site):
    """A nurse at the field for codes on paper, in a browser of her own."""
    client = Client()
    client.force_login(person("nora", "Intake nurse"))
    watcher, context = Watcher(site), browser.new_context(base_url=site, locale="en-US")
    context.set_default_timeout(5000)
    watcher.watch(context)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
    page = context.new_page()
    page.goto("/intake/paper/")
    yield page
    context.close()
    assert watcher.seen == []


@pytest.fixture
def sheet(patient):
    """What a patient with much to talk about has printed: their summary's words, the square and the groups on it."""
    patient.has_answered(MANY_FLAGS)
    patient.visits("/screening/summary/")
    printed = patient.page.pdf(format="Letter", prefer_css_page_size=True)
    drawn = pypdfium2.PdfDocument(printed)[0].render(scale=DOTS / 72).to_pil()
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(printed)).pages)
    return SimpleNamespace(
        heading=patient.heading,
        lines=lines(patient.page),
        squares=[found.text for found in zxingcpp.read_barcodes(drawn)],
        groups=[group for line in text.splitlines() if ROW.fullmatch(line) for group in line.split()],
    )


def lines(page):
    """Every line of a summary, in no order."""
    return sorted(
        page.locator(".summary-line, .summary-asks li, .answers > div, .summary-sources li").all_inner_texts()
    )


def reads(nurse, sheet):
    nurse.get_by_text("From paper. Nothing was stored.").wait_for()
    assert nurse.get_by_role("heading", level=1).inner_text() == sheet.heading
    assert lines(nurse) == sheet.lines
    assert nurse.url.endswith("/intake/paper/")
    assert not Screening.objects.exists()
    assert not CallbackRequest.objects.exists()


def test_nurse_scans_the_printed_square_and_nothing_is_stored(nurse, sheet):
    assert len(sheet.squares) == 1
    assert barriers(nurse) == []
    nurse.keyboard.type(sheet.squares[0])  # a hand scanner is a keyboard; the field is in focus
    nurse.keyboard.press("Enter")
    reads(nurse, sheet)
    assert barriers(nurse) == []


def test_nurse_types_the_groups_and_mends_the_one_that_is_named(nurse, sheet):
    assert len(sheet.groups) == 9
    slip = "222222" if sheet.groups[3] != "222222" else "333333"
    nurse.keyboard.type(" ".join([*sheet.groups[:3], slip, *sheet.groups[4:]]).lower())
    nurse.keyboard.press("Enter")
    nurse.get_by_role("alert").get_by_text("Group 4 was mistyped. It should read like on the paper.").wait_for()
    assert barriers(nurse) == []
    field = nurse.get_by_label("Code on the printed summary")
    field.fill(field.input_value().replace(slip, sheet.groups[3]))
    field.press("Enter")
    reads(nurse, sheet)


def test_nurse_holds_the_sheet_before_the_camera_which_then_goes_off(nurse, sheet):
    assert nurse.get_by_role("button", name="Use the camera").count() == 0
    nurse.add_init_script(f"({CAMERA})([[]])")
    nurse.reload()
    nurse.get_by_role("button", name="Use the camera").click()
    nurse.get_by_text("Hold the square in front of the camera.").wait_for()
    nurse.get_by_role("button", name="Stop the camera").click()
    assert nurse.evaluate("tracks.map(track => track.readyState)") == ["ended"]
    nurse.add_init_script(f"({CAMERA})([{sheet.squares}])")
    nurse.reload()
    nurse.get_by_role("button", name="Use the camera").click()
    reads(nurse, sheet)


def test_field_and_summary_fit_a_narrow_window(nurse, sheet):
    nurse.set_viewport_size({"width": 320, "height": 800})
    wider = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
    assert nurse.evaluate(wider) <= 0
    nurse.get_by_label("Code on the printed summary").fill(sheet.squares[0])
    nurse.keyboard.press("Enter")
    reads(nurse, sheet)
    assert nurse.evaluate(wider) <= 0
