"""Our Questionnaire in another's form widget (LHC-Forms): filled in by hand there, its answers mean the same here."""

import os
import re

import pytest
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse as R4QuestionnaireResponse

from screening.engine.assess import assess
from screening.engine.reading import read_answers
from screening.fhir import questionnaire
from screening.fhir_response import read_response
from tests.screening.patients import RULES, patient
from tests.screening.test_fhir_response import find

from .lforms import NoWidget, folder, served

pytestmark = pytest.mark.xdist_group("lforms")  # one worker fetches it
OPTIONS = "#completionOptions li"


@pytest.fixture(autouse=True, scope="module")
def _widget():
    """Skipped where the widget cannot be had, or fails there with PUMPGUIDE_REQUIRE_LFORMS=1."""
    try:
        folder()
    except NoWidget as lacking:
        if os.environ.get("PUMPGUIDE_REQUIRE_LFORMS") == "1":
            pytest.fail(f"{lacking}, and PUMPGUIDE_REQUIRE_LFORMS is 1. Install npm.")
        pytest.skip(str(lacking))


@pytest.fixture
def form(browser, version_1):
    """A page on which the widget shows our Questionnaire."""
    with served() as address:
        page = browser.new_page()
        page.set_default_timeout(8000)
        page.goto(address)
        page.wait_for_function("window.LForms && LForms.Util")
        page.add_script_tag(url="/fhir/R4/lformsFHIR.min.js")  # it looks for LForms when it loads
        page.wait_for_function("LForms.FHIR && LForms.FHIR.R4")
        shown = "resource => LForms.Util.addFormToPage(resource, 'form', {fhirVersion: 'R4'})"
        page.evaluate(shown, questionnaire(version_1))
        yield page
        page.close()


def field(form, link_id):
    return form.locator(f"[id='{link_id}/1/1']")


def choose(form, words, link_id, codes):
    """Open the field's list, click each option, and go on."""
    field(form, link_id).focus()
    for code in codes:
        label = re.escape(words.option(link_id, code))
        form.locator(OPTIONS).filter(has_text=re.compile(rf":\s+{label}$")).click()
    form.keyboard.press("Tab")


def response(form, chosen):
    """What the widget gives, once it has taken in as many options as were chosen."""
    filled = "LForms.Util.getFormFHIRData('QuestionnaireResponse', 'R4')"
    form.wait_for_function(f"chosen => JSON.stringify({filled}).split('valueCoding').length - 1 === chosen", arg=chosen)
    return form.evaluate(filled)


def test_answers_clicked_in_the_widget_read_back_to_the_same_assessment(form, version_1):
    answers, words = read_answers(RULES, patient(12)), version_1.wording("en")
    for link_id, codes in answers.items():
        choose(form, words, link_id, codes)
    filled = response(form, sum(map(len, answers.values())))
    R4QuestionnaireResponse.model_validate(filled)
    assert filled["questionnaire"] == RULES.canonical
    version, back = read_response(filled, find)
    assert (version, back) == (1, answers)
    assert assess(RULES, back) == assess(RULES, answers)


def test_widget_asks_what_the_engine_asks_and_gives_no_answer_that_is_not_asked(form, version_1):
    words = version_1.wording("en")
    choose(form, words, "urgent-signs", ["none"])
    choose(form, words, "age", ["18-or-over"])
    assert not field(form, "pain-severity").is_visible()
    choose(form, words, "main-problem", ["pain"])
    choose(form, words, "pain-severity", ["severe"])
    choose(form, words, "main-problem", ["spasticity"])
    field(form, "spasticity-severity").wait_for()
    assert not field(form, "pain-severity").is_visible()
    _version, back = read_response(response(form, 3), find)
    assert back == {"urgent-signs": ("none",), "age": ("18-or-over",), "main-problem": ("spasticity",)}
