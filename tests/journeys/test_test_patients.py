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
        patient.answers(given)
    elif given.keys() <= BASE.keys():
        changes_what_differs(patient, given)
    else:
        goes_on_from_the_first_own_answer(patient, given)
    if disposition not in OTHER_STOPS:
        patient.asks_for_the_summary()
    assert patient.path == OTHER_STOPS.get(disposition, "/screening/summary/")
    assert patient.heading == heading_of(patient.words, disposition)


def changes_what_differs(patient, given):
    """Asked nothing that patient 1 is not asked: comes with those answers and changes some at check-your-answers."""
    patient.has_answered(BASE)
    patient.visits("/screening/check/")
    for link_id, codes in given.items():
        if codes != BASE[link_id]:
            patient.changes(link_id, codes)


def goes_on_from_the_first_own_answer(patient, given):
    """Asked other questions: clicks through all of them that come after the answers patient 1 gave before."""
    links = list(given)
    own = next(place for place, link_id in enumerate(links) if given[link_id] != BASE.get(link_id))
    patient.has_answered({link_id: given[link_id] for link_id in links[:own]})
    patient.visits("/screening/check/")
    patient.answers(given)


def heading_of(words, disposition):
    """A summary's heading is its disposition's; the page for anyone under 18 has one of its own."""
    if disposition == "under-18":
        return words.tables["under_18"]["title"]
    return words.of("disposition", disposition, "heading")
