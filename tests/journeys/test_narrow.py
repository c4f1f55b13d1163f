"""On a window 320 pixels wide, and at 400 % zoom, nothing has to be scrolled sideways."""

import pytest

from tests.conftest import BASE

NARROW_PHONE = {"width": 320, "height": 640}
ZOOMED_TO_400_PERCENT = {"width": 320, "height": 256}
PLACES = [
    "/",
    "/medicines/morphine/",
    "/medicines/",
    "/five-steps/trial/",
    "/where-the-sources-differ/",
    "/compare-options/",
    "/safety/get-help-now/",
    "/screening/",
    "/screening/question/urgent-signs/",
    "/screening/question/pain-causes/",
    "/screening/check/",
    "/screening/summary/",
    "/no-such-page/",
]


@pytest.mark.parametrize("path", PLACES)
def test_nothing_scrolls_sideways(patient, path):
    patient.has_answered(BASE)
    for size in (NARROW_PHONE, ZOOMED_TO_400_PERCENT):
        patient.page.set_viewport_size(size)
        patient.visits(path)
        assert patient.path == path
        assert patient.sideways_scroll() == 0, size


@pytest.mark.parametrize("signs", [["breathing", "self-harm", "pump-problem"]])
def test_help_now_does_not_scroll_sideways(patient, signs):
    patient.has_answered({"urgent-signs": signs})
    patient.page.set_viewport_size(ZOOMED_TO_400_PERCENT)
    patient.visits("/screening/help-now/")
    assert patient.path == "/screening/help-now/"
    assert patient.sideways_scroll() == 0
