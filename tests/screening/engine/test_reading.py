"""Answers from outside are checked; what cannot be meant is refused in one line that says what is allowed."""

import pytest

from screening.engine.reading import AnswersError, as_given, read_answer, read_answers
from tests.conftest import BASE
from tests.screening.patients import RULES

AGE = RULES.by_link_id["age"]
TREATMENTS = RULES.by_link_id["pain-treatments-failed"]


def test_base_patient_is_read_and_given_back_unchanged():
    assert as_given(RULES, read_answers(RULES, BASE)) == BASE


def test_no_answers_are_answers_too():
    assert read_answers(RULES, {}) == {}


def test_answers_come_in_the_order_of_the_questions():
    read = read_answers(RULES, {"age": "under-18", "urgent-signs": ["none"]})
    assert list(read) == ["urgent-signs", "age"]


def test_codes_of_a_multi_question_come_in_its_own_order():
    assert read_answer(TREATMENTS, ["surgery", "medicines"]) == ("medicines", "surgery")


def test_single_answer_is_one_code():
    assert read_answer(AGE, "18-or-over") == ("18-or-over",)


@pytest.mark.parametrize("given", [None, [], "age", 3, [{"age": "under-18"}]])
def test_answers_must_be_one_object(given):
    with pytest.raises(AnswersError, match="must be one JSON object"):
        read_answers(RULES, given)


@pytest.mark.parametrize("link_id", ["agee", "AGE", "", " age", 3, None])
def test_unknown_question_is_refused_naming_all_questions(link_id):
    with pytest.raises(AnswersError) as refused:
        read_answers(RULES, {link_id: "under-18"})
    assert str(refused.value).startswith(f"Unknown question {link_id!r}; allowed: ")
    assert all(known in str(refused.value) for known in RULES.by_link_id)


@pytest.mark.parametrize("given", [["18-or-over"], None, 18, True, {"code": "18-or-over"}, ("18-or-over",)])
def test_single_question_takes_one_code_only(given):
    with pytest.raises(AnswersError, match=r"^age takes one code, not .*; allowed: under-18, 18-or-over\.$"):
        read_answer(AGE, given)


@pytest.mark.parametrize("given", ["medicines", [], None, 3, True, {"medicines": True}])
def test_multi_question_takes_a_list_of_one_or_more(given):
    with pytest.raises(
        AnswersError, match=r"^pain-treatments-failed takes a list of one or more codes; allowed: medicines, .*surgery"
    ):
        read_answer(TREATMENTS, given)


@pytest.mark.parametrize("code", ["18", "", "UNDER-18", "under-18 "])
def test_unknown_code_is_refused_naming_the_options(code):
    with pytest.raises(AnswersError, match=r"^age has no option '.*'; allowed: under-18, 18-or-over\.$"):
        read_answer(AGE, code)


@pytest.mark.parametrize("code", ["aspirin", 3, None, ["medicines"], {"a": 1}])
def test_unknown_code_in_a_list_is_refused(code):
    with pytest.raises(AnswersError, match=r"^pain-treatments-failed has no option .*; allowed: medicines, "):
        read_answer(TREATMENTS, ["medicines", code])


def test_option_named_twice_is_refused():
    with pytest.raises(AnswersError, match="pain-treatments-failed names an option twice"):
        read_answer(TREATMENTS, ["medicines", "medicines"])


@pytest.mark.parametrize(("alone", "other"), [("none", "medicines"), ("not-sure", "surgery"), ("none", "not-sure")])
def test_exclusive_option_refuses_company(alone, other):
    with pytest.raises(AnswersError, match=f"pain-treatments-failed: '{alone}' stands alone"):
        read_answer(TREATMENTS, [other, alone])


@pytest.mark.parametrize("given", ["x\ny", "x" * 10_000, {"a\n": "b\r\n"}, "\u2028\ud800"])
def test_message_stays_one_short_line_whatever_was_given(given):
    with pytest.raises(AnswersError) as refused:
        read_answers(RULES, {"age": given})
    assert len(str(refused.value).splitlines()) == 1
    assert len(str(refused.value)) < 200
