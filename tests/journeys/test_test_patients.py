"""Each of the 16 test patients clicks their way, without JavaScript, to the page the clinic signed."""

import pytest

from tests.conftest import BASE
from tests.screening.patients import patients

OTHER_STOPS = {"urgent": "/screening/help-now/", "under-18": "/screening/under-18/"}


@pytest.mark.parametrize(("number", "given", "disposition"), patients())
def test_patient_reaches_the_signed_disposition(patient_without_script, number, given, disposition):
    patient = patient_without_script
    if given == BASE:
        patient.starts()
    else:
        comes_as_the_base_patient(patient, given)
    patient.answers(given)
    if disposition not in OTHER_STOPS:
        patient.asks_for_the_summary()
    assert patient.path == OTHER_STOPS.get(disposition, "/screening/summary/")
    assert patient.heading == heading_of(patient.words, disposition)


def comes_as_the_base_patient(patient, given):
    """With all that patient 1 has clicked and would answer alike; the questions left are this patient's own."""
    alike = {link_id: codes for link_id, codes in given.items() if codes == BASE.get(link_id)}
    assert len(alike) < len(given)
    patient.has_answered(alike)
    patient.visits("/screening/check/")


def heading_of(words, disposition):
    """A summary's heading is its disposition's; the page for anyone under 18 has one of its own."""
    if disposition == "under-18":
        return words.tables["under_18"]["title"]
    return words.of("disposition", disposition, "heading")
