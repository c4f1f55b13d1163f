"""Packed answers have one fixed length, come back whole, and bytes nobody's answers pack to are refused."""

import pytest
from hypothesis import given

from screening.engine.reading import AnswersError, read_answers
from screening.engine.terms import Option, Question, Ruleset
from screening.packing import pack, size, unpack, width
from tests.screening.patients import RULES, any_answers, patients, quick


def small(*questions):
    return Ruleset("https://a.example/q", 1, "0" * 64, ("only",), tuple(questions), ())


def question(link_id, type, *codes, alone=()):
    return Question(link_id, "only", type, tuple(Option(code, exclusive=code in alone) for code in codes))


ONE_OF_THREE = question("three", "single", "a", "b", "c")
ONE_OF_FOUR = question("four", "single", "a", "b", "c", "d")
SEVERAL = question("several", "multi", "a", "b", "none", alone=("none",))


@pytest.mark.parametrize(("asked", "bits"), [(ONE_OF_THREE, 2), (ONE_OF_FOUR, 3), (SEVERAL, 3)])
def test_question_takes_no_more_bits_than_it_needs(asked, bits):
    assert width(asked) == bits


def test_bits_are_rounded_up_to_whole_bytes():
    assert size(small(ONE_OF_THREE)) == 1
    assert size(small(ONE_OF_THREE, ONE_OF_FOUR, SEVERAL)) == 1
    assert size(small(ONE_OF_THREE, ONE_OF_FOUR, SEVERAL, question("more", "single", "a"))) == 2


@pytest.mark.parametrize(
    ("answers", "packed"),
    [
        ({}, 0b000_00),
        ({"three": ("a",)}, 0b01_000),
        ({"three": ("c",)}, 0b11_000),
        ({"several": ("a",)}, 0b00_001),
        ({"several": ("a", "b")}, 0b00_011),
        ({"three": ("b",), "several": ("none",)}, 0b10_100),
    ],
)
def test_each_question_has_its_own_bits(answers, packed):
    ruleset = small(ONE_OF_THREE, SEVERAL)
    assert pack(ruleset, answers) == bytes([packed])
    assert unpack(ruleset, bytes([packed])) == answers


@pytest.mark.parametrize(("number", "answers", "disposition"), patients())
def test_test_patient_comes_back_whole(number, answers, disposition):
    read = read_answers(RULES, answers)
    assert list(unpack(RULES, pack(RULES, read)).items()) == list(read.items())


@quick
@given(any_answers())
def test_length_tells_nothing_about_the_answers(answers):
    assert len(pack(RULES, answers)) == len(pack(RULES, {})) == size(RULES)


@pytest.mark.parametrize(
    ("packed", "why"),
    [
        (b"", "do not hold answers"),
        (b"\0\0", "do not hold answers"),
        (bytes([0b1_00_000]), "do not hold answers"),
        (bytes([0b00_101]), "'none' stands alone"),
    ],
)
def test_bytes_that_no_answers_pack_to_are_refused(packed, why):
    with pytest.raises(AnswersError, match=why):
        unpack(small(ONE_OF_THREE, SEVERAL), packed)


def test_option_number_that_is_not_there_is_refused():
    with pytest.raises(AnswersError, match="four has no option number 5"):
        unpack(small(ONE_OF_FOUR), bytes([5]))


@pytest.mark.parametrize("packed", [b"", b"\0", b"\0" * (size(RULES) - 1), b"\0" * (size(RULES) + 1)])
def test_bytes_of_another_length_are_refused(packed):
    with pytest.raises(AnswersError):
        unpack(RULES, packed)


def test_all_bits_set_are_refused():
    with pytest.raises(AnswersError):
        unpack(RULES, b"\xff" * size(RULES))
