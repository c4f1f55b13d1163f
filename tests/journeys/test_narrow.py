"""On a window 320 pixels wide, and at 400 % zoom, nothing has to be scrolled sideways."""

from tests.conftest import BASE

NARROW_PHONE = {"width": 320, "height": 640}
ZOOMED_TO_400_PERCENT = {"width": 320, "height": 256}
GUIDE = [
    "/",
    "/medicines/",
    "/medicines/morphine/",
    "/five-steps/trial/",
    "/where-the-sources-differ/",
    "/compare-options/",
    "/safety/get-help-now/",
    "/no-such-page/",
]
SCREENING = [
    "/screening/",
    "/screening/question/urgent-signs/",
    "/screening/question/pain-causes/",
    "/screening/check/",
    "/screening/summary/",
]


def too_wide(patient, paths):
    """The pixels to scroll sideways on each page that does not fit, on a phone and zoomed."""
    found = {}
    for path in paths:
        for size in (NARROW_PHONE, ZOOMED_TO_400_PERCENT):
            patient.page.set_viewport_size(size)
            patient.visits(path)
            assert patient.path == path
            if patient.sideways_scroll() > 0:
                found[path] = patient.sideways_scroll()
    return found


def test_guide_never_scrolls_sideways(patient):
    assert too_wide(patient, GUIDE) == {}


def test_screening_never_scrolls_sideways(patient):
    patient.has_answered(BASE)
    assert too_wide(patient, SCREENING) == {}


def test_error_never_scrolls_sideways(patient):
    patient.page.set_viewport_size(ZOOMED_TO_400_PERCENT)
    patient.starts()
    patient.presses("Continue")
    assert patient.page.get_by_role("alert").is_visible()
    assert patient.sideways_scroll() == 0


def test_help_now_never_scrolls_sideways(patient):
    patient.has_answered({"urgent-signs": ["breathing", "self-harm", "pump-problem"]})
    assert too_wide(patient, ["/screening/help-now/"]) == {}
