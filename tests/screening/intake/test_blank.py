"""The blank sheet asks what the version asks, in its order, and leads people past what is not for them."""

import re
from itertools import pairwise

import pytest
from hypothesis import given

from screening import published
from screening.engine.assess import enabled
from screening.sheet import first_beyond, go_lines, sheet
from tests.screening.patients import RULES, VERSION_1, any_answers, quick

WORDS = VERSION_1.wording("en")
ROWS = [row for section in sheet(VERSION_1, "en") for row in section.questions]
GO = {row.link_id: row.go for row in ROWS}


def test_every_question_and_option_stands_on_the_sheet_in_order():
    assert [row.link_id for row in ROWS] == list(RULES.by_link_id)
    assert [row.number for row in ROWS] == list(range(1, len(ROWS) + 1))
    for row in ROWS:
        assert tuple(option.code for option in row.options) == RULES.by_link_id[row.link_id].codes
        assert {option.code for option in row.options if option.alone} == RULES.by_link_id[row.link_id].exclusive_codes


def test_a_line_says_who_goes_on_and_where_all_others_go():
    assert GO["pain-duration"] == (
        "Answer questions 5 to 14 only if you marked “Pain”, “Both” or “Not sure” in question 4. "
        "If not, go to question 15."
    )
    assert GO["surgery-outlook"].startswith("Answer question 8 only if you marked “Pain that stayed")
    assert GO["surgery-outlook"].endswith("in question 7. If not, go to question 9.")
    assert GO["opioid-now"].endswith("in question 9. If not, go to question 12.")
    assert GO["main-problem"].endswith("in question 3. If not, go to the end.")


def test_nobody_is_asked_again_for_what_an_earlier_line_has_settled():
    assert GO["pain-severity"] == GO["infection"] == GO["age"] == ""


def followed(answers):
    """The questions a person comes to who does what the sheet says, and ticks what ``answers`` hold."""
    lines, asked, place, met = go_lines(RULES, WORDS), enabled(RULES, answers), 0, []
    while place < len(RULES.questions):
        question = RULES.questions[place]
        if question.link_id in lines and not asked[question.link_id]:
            place = first_beyond(RULES.questions, place)
            continue
        met.append(question.link_id)
        place += 1
    return met


@quick
@given(any_answers())
def test_whoever_follows_the_lines_answers_just_what_the_engine_asks(answers):
    assert followed(answers) == [link_id for link_id, is_asked in enabled(RULES, answers).items() if is_asked]


def test_the_sheet_carries_version_hash_signature_and_help(client, nurse, questionnaire):
    client.force_login(nurse)
    html = client.get("/intake/blank/").content.decode()
    assert f"version 1 ({published.version(1).ruleset.hash[:12]})" in html
    for words in ("Call 911 now", "Call or text 988.", "Signature", "for 90 days", "not say yes or no to a pump"):
        assert words in html
    numbers = [int(number) for number in re.findall(r'class="blank-number">(\d+)<', html)]
    assert len(numbers) == len(ROWS)
    assert all(before < after for before, after in pairwise(numbers))


@pytest.mark.parametrize("path", ["/intake/blank/99/", "/intake/enter/99/", "/intake/blank/999999999999999999999/"])
def test_a_version_that_never_was_is_not_found(client, nurse, questionnaire, path):
    client.force_login(nurse)
    assert client.get(path).status_code == 404


def test_without_any_version_the_page_says_so(client, nurse):
    client.force_login(nurse)
    for path in ("/intake/blank/", "/intake/new/"):
        assert "no questions to ask yet" in client.get(path).content.decode()
