"""The summary: every part in its place, every line with the answer, the criterion and the source behind it."""

import re
from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from hypothesis import given

from screening.engine.assess import assess
from screening.engine.reading import read_answers
from screening.engine.terms import DISPOSITIONS
from screening.summary import MOST_QUESTIONS, summarize
from screening.text import as_text
from tests.conftest import BASE
from tests.screening.patients import RULES, VERSION_1, any_answers, changed, finished_adults, patient, patients, quick

WORDS = VERSION_1.wording("en")
TABLES = WORDS.tables
CRITERIA = {criterion.id: criterion for criterion in RULES.criteria}
SOURCES = {key: source["label"] for key, source in TABLES["source"].items()}
STATUS = {"fits": "met", "talk_first": "met", "open": "unknown", "earlier_steps": "not-met", "mention": "met"}
KINDS = {
    "fits": {"inclusion", "prerequisite"},
    "talk_first": {"exclusion", "caution"},
    "open": {"exclusion", "caution", "prerequisite", "inclusion", "note"},
    "earlier_steps": {"prerequisite"},
    "mention": {"note"},
}
NEVER = re.compile(
    r"\b(in)?eligib\w*|\b(dis)?qualif\w*|(?<!FDA-)\bapprov\w*|\breject\w*|\bresults?\b|\bscor(e|es|ed|ing)\b"
    r"|\brisk levels?\b|\bnullified\b|\bmuch safer\b|\blife-changing\b|\bpowerful relief\b|\borigin of pain\b|!",
    re.IGNORECASE,
)


def summary_of(answers):
    """The summary of answers as in a file, or of base B with a change."""
    return summarize(VERSION_1, read_answers(RULES, answers), "en")


def base_with(**change):
    return summary_of(changed({name.replace("_", "-"): said for name, said in change.items()}))


def ids(lines):
    return [criterion for line in lines for criterion in line.criteria]


def lines_of(summary):
    return [(part, line) for part in STATUS for line in getattr(summary, part)]


def strings(value):
    """Every string in nested data, the keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for inner in value.values() for text in strings(inner))
    elif isinstance(value, list | tuple):
        yield from (text for inner in value for text in strings(inner))


# --- heading


@pytest.mark.parametrize(("number", "answers", "disposition"), patients())
def test_heading_is_that_of_the_disposition(number, answers, disposition):
    summary = summary_of(answers)
    assert summary.disposition == disposition
    assert summary.heading == TABLES["disposition"][disposition]["heading"]
    assert (summary.lead, summary.next) == tuple(TABLES["disposition"][disposition][part] for part in ("lead", "next"))


def test_each_disposition_has_a_heading_of_its_own():
    assert set(TABLES["disposition"]) == set(DISPOSITIONS)
    assert len({words["heading"] for words in TABLES["disposition"].values()}) == len(DISPOSITIONS)


def test_every_summary_says_it_is_no_medical_advice():
    assert summary_of(patient(1)).disclaimer.startswith("This is not medical advice. Only your care team can decide")


# --- which finding stands where


@pytest.mark.parametrize(
    ("number", "part", "criteria"),
    [
        (1, "fits", ["severe-lasting-pain", "failed-back-surgery", "pain-care-tried", "pain-not-controlled"]),
        (1, "talk_first", []),
        (1, "open", []),
        (1, "earlier_steps", []),
        (1, "mention", []),
        (3, "mention", ["tissue-pain-type"]),
        (4, "earlier_steps", ["pain-care-tried"]),
        (5, "earlier_steps", ["pain-not-controlled"]),
        (6, "talk_first", ["blood-thinners"]),
        (7, "open", ["blood-thinners"]),
        (8, "talk_first", ["active-addiction"]),
        (8, "earlier_steps", ["pain-care-tried"]),
        (9, "fits", ["cancer-pain", "pain-care-tried", "pain-not-controlled"]),
        (9, "talk_first", ["short-life-expectancy"]),
        (10, "open", ["short-life-expectancy"]),
        (11, "fits", ["spasticity-from-named-cause", "spasticity-care-tried", "spasticity-not-controlled"]),
        (11, "earlier_steps", []),
        (12, "earlier_steps", ["pain-care-tried"]),
        (16, "fits", ["opioid-relief-then-trouble", "pain-care-tried", "pain-not-controlled"]),
    ],
)
def test_finding_stands_in_its_part(number, part, criteria):
    assert ids(getattr(summary_of(patient(number)), part)) == criteria


@quick
@given(finished_adults())
def test_every_finding_that_matters_stands_in_exactly_one_line(answers):
    summary = summarize(VERSION_1, answers, "en")
    shown = [criterion for _part, line in lines_of(summary) for criterion in line.criteria]
    assert len(set(shown)) == len(shown)
    findings = assess(RULES, answers).findings
    must = {f.criterion.id for f in findings if f.status == "met"}
    must |= {f.criterion.id for f in findings if f.status == "unknown" and f.criterion.kind != "inclusion"}
    assert must <= set(shown)


def test_open_inclusion_is_left_out_where_its_path_fits_already():
    assert "severe-lasting-pain" not in ids(summary_of(patient(16)).open)


def test_open_inclusion_is_shown_while_its_path_is_open():
    assert {"severe-lasting-pain", "cancer-pain"} <= set(ids(summary_of(patient(15)).open))


def test_exclusions_come_first_among_what_is_open():
    summary = base_with(trial_willing="not-sure", pain_control="not-sure", infection="not-sure")
    assert ids(summary.open) == ["infection", "pain-not-controlled", "trial-not-wanted"]


def test_findings_open_for_the_same_answer_share_one_line():
    summary = base_with(substance_use="prefer-not-to-say")
    (line,) = summary.open
    assert line.criteria == ("active-addiction", "addiction-in-treatment", "past-addiction")
    assert line.also == ("Addiction, in treatment now", "Addiction in the past")


# --- traceable


@quick
@given(finished_adults())
def test_each_line_leads_to_answer_criterion_and_source(answers):
    summary = summarize(VERSION_1, answers, "en")
    other = answers["answering-for"] == ("someone-else",)
    found = {finding.criterion.id: finding for finding in assess(RULES, answers).findings}
    for part, line in lines_of(summary):
        assert {found[criterion].status for criterion in line.criteria} == {STATUS[part]}
        assert line.kind in KINDS[part]
        assert line.text == TABLES["criterion"][line.criteria[0]][STATUS[part].replace("-", "_")]
        assert [said.link_id for said in line.because] == list(found[line.criteria[0]].answers) != []
        for said in line.because:
            given = {WORDS.option(said.link_id, code, other=other) for code in answers[said.link_id]}
            assert set() < set(said.chosen) <= given
        assert set(line.sources) >= {SOURCES[source] for source in CRITERIA[line.criteria[0]].sources} != set()


@quick
@given(finished_adults())
def test_line_for_several_criteria_names_the_sources_of_all(answers):
    for _part, line in lines_of(summarize(VERSION_1, answers, "en")):
        assert {SOURCES[source] for criterion in line.criteria for source in CRITERIA[criterion].sources} == set(
            line.sources
        )


@quick
@given(finished_adults())
def test_sources_list_holds_just_what_lines_and_gates_rest_on(answers):
    summary = summarize(VERSION_1, answers, "en")
    used = {label for _part, line in lines_of(summary) for label in line.sources}
    used |= {label for gate in summary.gates for label in gate["sources"]}
    used |= {label for label in SOURCES.values() for note in summary.differ if label in note}
    assert [source["label"] for source in summary.sources] == [label for label in SOURCES.values() if label in used]


def test_summary_names_its_version_and_content():
    summary = summary_of(patient(1))
    assert (summary.canonical, summary.version, summary.hash) == (RULES.canonical, 1, RULES.hash)


# --- earlier steps, notes, gates, questions


def test_treatments_not_ticked_are_asked_about():
    asks = TABLES["earlier_step"]["pain"]
    assert summary_of(patient(4)).earlier_questions == tuple(ask for code, ask in asks.items() if code != "medicines")


def test_no_earlier_steps_are_asked_about_where_enough_was_tried():
    assert summary_of(patient(1)).earlier_questions == ()


def test_who_tried_enough_and_has_the_pain_under_control_is_not_asked_to_try_more():
    summary = summary_of(patient(5))
    assert (len(summary.earlier_steps), summary.earlier_questions) == (1, ())


def test_source_that_only_a_note_names_is_listed():
    labels = [{source["label"] for source in summary_of(patient(number)).sources} for number in (1, 9)]
    assert [SOURCES["medicare-280-14"] in found for found in labels] == [False, True]


def test_no_earlier_steps_are_asked_about_where_no_path_is_described():
    assert summary_of(patient(3)).earlier_questions == ()


def test_patient_12_sees_the_earlier_steps_of_the_pain_path_only():
    assert summary_of(patient(12)).earlier_questions == tuple(TABLES["earlier_step"]["pain"].values())


@pytest.mark.parametrize("number", [1, 3, 6, 11, 15])
def test_both_gates_stand_in_every_summary_with_their_source(number):
    trial, evaluation = summary_of(patient(number)).gates
    assert "50%" in trial["text"]
    assert trial["sources"] == (SOURCES["S2"],)
    assert "psychological evaluation" in evaluation["text"]
    assert evaluation["sources"] == (SOURCES["S4"],)


def test_questions_come_from_the_answers_first():
    questions = summary_of(patient(6)).questions
    assert questions[0] == TABLES["criterion"]["blood-thinners"]["ask"]
    assert questions[-1] == TABLES["general_question"][-1]["text"]


@quick
@given(finished_adults())
def test_questions_fit_the_sheet_and_are_each_asked_once(answers):
    questions = summarize(VERSION_1, answers, "en").questions
    assert 1 <= len(questions) <= MOST_QUESTIONS
    assert len(set(questions)) == len(questions)


def test_disagreement_of_sources_is_said_where_a_line_relies_on_it():
    note = "Time ahead: " + TABLES["criterion"]["short-life-expectancy"]["source_note"]
    assert note in summary_of(patient(9)).differ
    assert note in summary_of(patient(10)).differ
    assert note not in summary_of(patient(1)).differ


def test_disagreement_several_lines_share_is_said_once():
    differ = base_with(pain_causes=["crps", "arachnoiditis"]).differ
    note = TABLES["criterion"]["crps"]["source_note"]
    assert [said for said in differ if note in said] == [f"Complex regional pain syndrome; Arachnoiditis: {note}"]


def test_line_names_of_several_options_those_its_criterion_names():
    summary = base_with(pain_causes=["crps", "cancer", "other"])
    (line,) = (line for line in summary.fits if line.criteria == ("cancer-pain",))
    assert line.because[0].chosen == ("Cancer",)


# --- the answers


def test_all_answers_stand_as_given_in_order_by_section():
    said = [answer.link_id for section in summary_of(patient(1)).answers for answer in section.answers]
    assert said == list(patient(1))
    assert [section.id for section in summary_of(patient(1)).answers] == ["safety", "about", "pain", "health", "plans"]


def test_answer_that_is_not_asked_any_more_is_absent():
    summary = summary_of(changed({"main-problem": "spasticity"}))
    assert all(section.id != "pain" for section in summary.answers)
    assert "pain" not in {line.path for _part, line in lines_of(summary)}


@quick
@given(any_answers())
def test_ignored_answers_are_in_no_part_of_the_summary(answers):
    ignored = set(assess(RULES, answers).ignored)
    summary = summarize(VERSION_1, answers, "en")
    shown = {said.link_id for section in summary.answers for said in section.answers}
    shown |= {said.link_id for _part, line in lines_of(summary) for said in line.because}
    assert shown == set(answers) - ignored


def test_someone_else_is_spoken_of_as_they():
    summary = base_with(answering_for="someone-else")
    assert summary.for_someone_else
    assert [section.title for section in summary.answers][1:3] == ["About them", "Their pain"]
    (surgery,) = (a for section in summary.answers for a in section.answers if a.link_id == "surgery-outlook")
    assert surgery.chosen == ("They had surgery, and it still hurts",)


def test_unfinished_answers_give_a_summary_that_says_so():
    summary = summarize(VERSION_1, {}, "en")
    assert (summary.disposition, summary.answers, summary.fits) == ("unfinished", (), ())


# --- the order on the page and in plain text

RICH = {
    "pain-treatments-failed": ["medicines"],
    "blood-thinners": "yes",
    "infection": "not-sure",
    "other-conditions": "yes",
}
ORDER = [
    "What fits what the sources describe",
    "alk about first",
    "till open",
    "Earlier steps to ask about",
    "Good to mention",
    "Questions to ask",
    "ll answers",
]


def places(text, parts):
    """Where each part begins, looked for one after the other; fails on a part that is missing or out of order."""
    found = [0]
    for part in parts:
        assert part in text[found[-1] :], f"{part!r} is missing, or before {parts[len(found) - 2]!r}"
        found.append(text.index(part, found[-1]))
    return found[1:]


def test_plain_text_holds_the_parts_in_order():
    summary = summary_of(changed(RICH))
    text = as_text(summary)
    assert text.startswith(summary.heading.upper())
    places(text, [summary.lead, summary.next, summary.disclaimer, *ORDER, summary.canonical, summary.hash])


def test_page_holds_the_parts_in_order():
    summary = summary_of(changed(RICH))
    page = render_to_string("screening/patient/summary.html", {"summary": summary, "today": None})
    page = page[page.index("<h1") :]
    places(page, [summary.heading, *ORDER, "Sources</h2>", f"version {summary.version}", summary.hash[:12]])
    assert page.index("not medical advice") < page.index(ORDER[0])
    assert page.index("Questions to ask") < page.index("own-lines") < page.index("ll answers")


def test_plain_text_asks_about_earlier_steps_under_their_own_title():
    summary = summary_of(changed(RICH))
    start, end = places(as_text(summary), ["Earlier steps to ask about", "Good to mention"])
    assert all(ask in as_text(summary)[start:end] for ask in summary.earlier_questions)


def test_plain_text_names_everything_an_open_answer_leaves_open():
    text = as_text(base_with(substance_use="prefer-not-to-say"))
    assert "Addiction in the past" in text


@pytest.mark.parametrize("number", [1, 6, 12])
def test_plain_text_lists_its_sources(number):
    summary = summary_of(patient(number))
    text = as_text(summary)
    assert [source["title"] for source in summary.sources if source["title"] not in text] == []


def test_plain_text_gives_the_sources_of_the_gates():
    text = as_text(summary_of(patient(1)))
    start, end = places(text, ["A visit with a psychologist may be asked for", "Questions to ask"])
    assert SOURCES["S4"] in text[start:end]


@quick
@given(any_answers())
def test_plain_text_never_gives_an_empty_reason(answers):
    text = as_text(summarize(VERSION_1, answers, "en"))
    assert "(;" not in text
    assert "; )" not in text


# --- words that are never used


@pytest.mark.parametrize(
    "text",
    [
        "You are eligible",
        "Not a Qualified person",
        "approved for a pump",
        "the results",
        "Your score",
        "Risk level: low",
    ],
)
def test_never_words_are_found_when_they_are_there(text):
    assert NEVER.search(text)


def test_fda_approved_may_be_said_of_a_label():
    assert not NEVER.search("is it FDA-approved for that use?")


def test_never_words_are_in_no_string_of_the_wording():
    texts = list(strings(TABLES))
    assert len(texts) > 600
    assert [text for text in texts if NEVER.search(text)] == []


@quick
@given(finished_adults())
def test_never_words_are_in_no_summary(answers):
    assert NEVER.search(as_text(summarize(VERSION_1, answers, "en"))) is None


@pytest.mark.parametrize(("number", "answers", "disposition"), patients())
def test_never_words_are_on_no_page_of_a_test_patient(number, answers, disposition):
    page = render_to_string("screening/patient/summary.html", {"summary": summary_of(answers), "today": None})
    words = re.sub(r"<[^>]*>", " ", page)
    assert NEVER.search(words.replace("!DOCTYPE", "")) is None


@pytest.mark.parametrize(("number", "answers", "disposition"), patients())
def test_no_summary_gives_a_chance_or_a_dose(number, answers, disposition):
    text = as_text(summary_of(answers)).replace("at least half (50%)", "")
    assert re.search(r"\d+ ?(%|percent|mg|mcg|milligram|microgram)", text) is None


def test_what_is_open_in_an_unfinished_screening_has_a_line_for_each_open_question():
    made = summarize(VERSION_1, {"urgent-signs": ("none",), "age": ("18-or-over",)}, "en")
    by_criterion = {criterion: line for line in made.open for criterion in line.criteria}
    assert by_criterion["infection"] is not by_criterion["blood-clots"]
    assert by_criterion["infection"].also == ()


def test_a_version_that_a_clinician_published_no_longer_says_that_none_has_looked():
    unsigned = summarize(VERSION_1, read_answers(RULES, BASE), "en")
    signed = summarize(replace(VERSION_1, signed=True), read_answers(RULES, BASE), "en")
    said = "These rules have not yet been reviewed by a clinician."
    assert (said in as_text(unsigned), said in as_text(signed)) == (True, False)
