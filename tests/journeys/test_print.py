"""The printed summary: a page or two, every line of it, and nothing that only a screen needs."""

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

from screening.engine.reading import read_answers
from screening.summary import summarize
from tests.conftest import BASE
from tests.screening.patients import patients

MANY_FLAGS = {
    **BASE,
    **dict.fromkeys(("infection", "blood-thinners", "bleeding-problem", "blood-clots", "other-conditions"), "yes"),
    "intracranial-hypertension": "not-sure",
    "substance-use": "in-treatment",
    "depression": "now-in-treatment",
    "pain-treatments-failed": ["medicines"],
    "trial-willing": "no",
}
ONLY_ON_SCREEN = [
    "Skip to the main text",
    "Need help now?",
    "Back to the answers",
    "Print this summary",
    "Clear my answers and leave",
    "Words explained",
    "Answer the questions",
]


def printed(patient, answers, paper="Letter"):
    """The summary on paper: the number of pages and their text without any spaces."""
    patient.has_answered(answers)
    patient.visits("/screening/summary/")
    assert patient.path == "/screening/summary/"
    pages = PdfReader(io.BytesIO(patient.page.pdf(format=paper, prefer_css_page_size=True))).pages
    return len(pages), squeezed("".join(page.extract_text() for page in pages))


def squeezed(text):
    """The letters alone: paper breaks lines where it likes."""
    return re.sub(r"[\s\u00ad\u200b]+", "", unicodedata.normalize("NFKC", text))


def lines_of(summary):
    """Every piece of text of a summary."""
    yield from (summary.heading, summary.lead, summary.next, summary.disclaimer)
    for line in (*summary.fits, *summary.talk_first, *summary.open, *summary.earlier_steps, *summary.mention):
        yield from (line.text, *line.also, *line.sources)
        yield from (f"{said.short}: {', '.join(said.chosen)}" for said in line.because)
    yield from summary.earlier_questions
    for gate in summary.gates:
        yield from (gate["title"], gate["text"], *gate["sources"])
    yield from (*summary.questions, *summary.differ)
    for section in summary.answers:
        yield section.title
        for said in section.answers:
            yield from (said.short, *said.chosen)
    yield from (source["title"] for source in summary.sources)
    yield from (f"version {summary.version}", summary.hash[:12])


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_base_patient_s_summary_fits_on_two_pages(patient, paper):
    pages, _text = printed(patient, BASE, paper)
    assert pages <= 2


def test_summary_with_many_flags_fits_on_two_pages(patient):
    pages, _text = printed(patient, MANY_FLAGS)
    assert pages <= 2


@pytest.mark.parametrize(
    "answers", [BASE, MANY_FLAGS, *(given for number, given, _ in patients() if number in (8, 12))]
)
def test_every_line_of_the_summary_is_on_paper(patient, version_1, answers):
    _pages, text = printed(patient, answers)
    summary = summarize(version_1, read_answers(version_1.ruleset, answers), "en")
    assert [line for line in lines_of(summary) if squeezed(line) not in text] == []


def test_nothing_that_only_a_screen_needs_is_on_paper(patient):
    _pages, text = printed(patient, BASE)
    assert [words for words in ONLY_ON_SCREEN if squeezed(words) in text] == []


def test_print_button_shows_with_script_only(patient, patient_without_script):
    for person, count in ((patient, 1), (patient_without_script, 0)):
        person.has_answered(BASE)
        person.visits("/screening/summary/")
        assert person.page.get_by_role("button", name="Print this summary").count() == count
