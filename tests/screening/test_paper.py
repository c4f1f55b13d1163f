"""A code on paper opens with the clinic's key and no other, names the group that was mistyped, and runs out."""

from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening import published
from screening.engine.reading import read_answers
from screening.engine.terms import Option, Question, Ruleset
from screening.packing import pack
from screening.paper import (
    DATA,
    PaperError,
    Read,
    paper_code,
    read_paper_code,
    room,
    seal,
    start,
)
from screening.paper_form import say
from screening.symbols import SYMBOLS, check_symbol, to_symbols
from tests.conftest import BASE
from tests.screening.patients import RULES, VERSION_1, any_answers, quick

TODAY = date(2026, 11, 20)
LAST_DAY = date(2027, 2, 18)
ANSWERS = read_answers(RULES, BASE)
GROUPS = 9


def version_of(number, *questions):
    return Ruleset("https://a.example/q", number, "0" * 64, ("only",), questions, ())


def question(number, options, type="single"):
    return Question(f"q{number}", "only", type, tuple(Option(f"o{place}") for place in range(options)))


OTHERS = {
    2: version_of(2, question(1, 2)),
    3: version_of(3, *(question(number, 9) for number in range(50))),
    4: version_of(4, *(question(number, 30, "multi") for number in range(40))),
}
"""Versions whose answers take 1 byte, 25 bytes, and so many that there are more groups than symbols."""


@pytest.fixture(autouse=True, scope="module")
def _versions():
    """Versions 1 to 4 are here, without a database; the key is the same on every run."""

    @cache
    def version(number):
        if number == 1:
            return VERSION_1
        if number in OTHERS:
            return replace(VERSION_1, ruleset=OTHERS[number])
        raise published.NoSuchVersion(number)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published, "version", version)
        yield


@pytest.fixture(autouse=True, scope="module")
def _key():
    from django.test import override_settings

    with override_settings(CLINIC_KEY=urlsafe_b64encode(bytes(range(32))).decode()):
        yield


@pytest.fixture
def code():
    return paper_code(RULES, ANSWERS, TODAY)


def refused(text, today=TODAY):
    """Why a text does not open."""
    with pytest.raises(PaperError) as caught:
        read_paper_code(text, today)
    assert say(caught.value)
    return caught.value


def written(sealed):
    """Any sealed bytes as well-typed groups."""
    count = next(count for count in range(1, 99) if room(count) >= len(sealed))
    symbols = to_symbols(int.from_bytes(sealed, "big"), count * DATA)
    groups = [symbols[place : place + DATA] for place in range(0, len(symbols), DATA)]
    return "-".join(group + check_symbol(group, start(number, count)) for number, group in enumerate(groups, start=1))


# --- there and back


@quick
@given(any_answers())
def test_any_answers_come_back_whole(answers):
    assert read_paper_code(paper_code(RULES, answers, TODAY), TODAY) == Read(1, answers, LAST_DAY)


@quick
@given(any_answers())
def test_everybodys_code_has_nine_groups_of_six(answers):
    assert [len(group) for group in paper_code(RULES, answers, TODAY).split("-")] == [6] * GROUPS


def test_same_answers_give_the_same_code_all_day_and_another_the_next():
    assert paper_code(RULES, ANSWERS, TODAY) == paper_code(RULES, ANSWERS, TODAY)
    assert paper_code(RULES, ANSWERS, TODAY) != paper_code(RULES, ANSWERS, TODAY + timedelta(days=1))


def test_one_other_answer_changes_every_group(code):
    other = paper_code(RULES, {**ANSWERS, "infection": ("yes",)}, TODAY)
    assert not set(code.split("-")) & set(other.split("-"))


@pytest.mark.parametrize(
    "typed",
    [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", ""), lambda code: f"  {code}\r\n"],
)
def test_case_and_spacing_do_not_matter(code, typed):
    assert read_paper_code(typed(code), TODAY).answers == ANSWERS


@pytest.mark.parametrize("prefix", ["PG1:", "pg1:", "PG1", "PG1;", "PG1 ", "PG1Ö"])
def test_prefix_of_the_qr_code_is_taken_off_however_the_scanner_writes_it(code, prefix):
    assert read_paper_code(prefix + code.replace("-", ""), TODAY).answers == ANSWERS


@pytest.mark.parametrize("number", OTHERS)
def test_version_of_another_size_is_read(number):
    ruleset = OTHERS[number]
    answers = {q.link_id: q.codes[-2:] if q.type == "multi" else q.codes[-1:] for q in ruleset.questions}
    assert read_paper_code(paper_code(ruleset, answers, TODAY), TODAY) == Read(number, answers, LAST_DAY)


# --- slips of the hand


@quick
@given(st.integers(0, GROUPS * 6 - 1), st.integers(1, 30))
def test_single_wrong_symbol_names_its_group(place, shift):
    symbols = list(paper_code(RULES, ANSWERS, TODAY).replace("-", ""))
    symbols[place] = SYMBOLS[(SYMBOLS.index(symbols[place]) + shift) % 31]
    error = refused("".join(symbols))
    assert (error.kind, error.groups) == ("typed", (place // 6 + 1,))
    assert f"Group {place // 6 + 1} was mistyped" in say(error)


@pytest.mark.parametrize(("one", "other"), [(one, other) for one in range(GROUPS) for other in range(one + 1, GROUPS)])
def test_any_two_groups_that_changed_places_are_named(code, one, other):
    groups = code.split("-")
    groups[one], groups[other] = groups[other], groups[one]
    error = refused(" ".join(groups))
    assert (error.kind, error.groups) == ("typed", (one + 1, other + 1))


def test_neighbours_that_changed_places_name_their_group(code):
    symbols = code.replace("-", "")
    for place in range(len(symbols) - 1):
        if place % 6 == 5 or symbols[place] == symbols[place + 1]:
            continue
        swapped = symbols[:place] + symbols[place + 1] + symbols[place] + symbols[place + 2 :]
        assert refused(swapped).groups == (place // 6 + 1,)


def test_several_wrong_groups_are_all_named(code):
    groups = code.split("-")
    for number in (2, 5, 7):
        groups[number - 1] = "222222" if groups[number - 1] != "222222" else "333333"
    error = refused("-".join(groups))
    assert error.groups == (2, 5, 7)
    assert say(error).startswith("Groups 2, 5 and 7 were mistyped")


@pytest.mark.parametrize("lost", range(GROUPS))
def test_group_left_out_is_looked_for_where_the_code_ceases_to_fit(code, lost):
    groups = code.split("-")
    del groups[lost]
    error = refused("-".join(groups))
    assert (error.kind, error.groups[0]) == ("typed", min(lost + 1, GROUPS - 1))


def test_missing_end_is_said_as_such(code):
    assert "or what follows it is missing" in say(refused(code.rpartition("-")[0]))


def test_group_left_out_in_the_middle_is_said_as_such(code):
    groups = code.split("-")
    del groups[3]
    assert "From group 4 on, the code does not fit" in say(refused("-".join(groups)))


@pytest.mark.parametrize(
    ("change", "shows_in"),
    [
        (lambda group: group[:-1], 4),
        (lambda group: group[1:], 4),
        (lambda group: "2" + group, 4),
        (lambda group: group + "2", 5),
    ],
)
def test_symbol_too_few_or_too_many_names_the_group_where_it_shows(code, change, shows_in):
    groups = code.split("-")
    groups[3] = change(groups[3])
    error = refused("-".join(groups))
    assert (error.kind, error.groups) == ("length", (shows_in,))
    assert f"Look at group {shows_in}" in say(error)


def test_single_symbol_is_too_short():
    assert "Look at group 1." in say(refused("2"))


@pytest.mark.parametrize("found", ["0", "O", "1", "I", "L", "Ä", "!", "٣", "\0", "😀"])
def test_symbol_of_no_code_of_ours_is_named_with_its_group(code, found):
    groups = code.split("-")
    groups[2] = groups[2][:3] + found + groups[2][4:]
    error = refused("-".join(groups))
    assert (error.kind, error.found, error.groups) == ("symbol", found, (3,))


def test_far_too_long_text_is_refused_before_it_is_read():
    assert refused("2" * 1001).groups == ()


# --- what is not ours, or not any more


@quick
@given(st.one_of(st.text(), st.text(SYMBOLS + "-: "), st.text(SYMBOLS, min_size=54, max_size=54)))
def test_random_text_is_refused_with_a_sentence(text):
    refused(text)


@quick
@given(st.binary(min_size=1, max_size=60))
def test_well_typed_bytes_that_were_never_sealed_are_foreign(made_up):
    assert refused(written(made_up)).kind == "foreign"


def test_no_flipped_bit_opens():
    sealed = seal(RULES, bytes([0, 1, 10, 0]) + pack(RULES, ANSWERS))
    for bit in range(8 * len(sealed)):
        flipped = int.from_bytes(sealed, "big") ^ 1 << bit
        assert refused(written(flipped.to_bytes(len(sealed), "big"))).kind == "foreign"


def test_number_too_large_for_its_bytes_is_foreign():
    top = "Z" * DATA
    assert refused("".join(top + check_symbol(top, start(number, 9)) for number in range(1, 10))).kind == "foreign"


def test_code_of_another_clinic_is_foreign(code, settings):
    settings.CLINIC_KEY = urlsafe_b64encode(bytes(32)).decode()
    error = refused(code)
    assert (error.kind, error.slip) == ("foreign", False)
    assert "another clinic’s Pump Guide" in say(error)


def test_code_is_read_on_its_last_day_and_not_after(code):
    assert read_paper_code(code, LAST_DAY).expires == LAST_DAY
    error = refused(code, LAST_DAY + timedelta(days=1))
    assert (error.kind, error.expires) == ("expired", LAST_DAY)
    assert "Feb. 18, 2027" in say(error)


def test_version_that_is_not_here_is_named():
    error = refused(paper_code(replace(OTHERS[2], version=77), {}, TODAY))
    assert (error.kind, error.version) == ("version", 77)
    assert "version 77" in say(error)


def test_version_that_holds_other_questions_is_not_read_wrongly():
    other = version_of(2, question(1, 200))
    error = refused(paper_code(other, {"q1": ("o150",)}, TODAY))
    assert error.kind == "version"


def test_sheet_of_an_earlier_version_with_the_same_number_is_not_read_as_the_new_one():
    earlier = replace(OTHERS[2], hash="1" * 64)
    error = refused(paper_code(earlier, {"q1": ("o1",)}, TODAY))
    assert (error.kind, error.version) == ("version", 2)
    assert "version 2" in say(error)
