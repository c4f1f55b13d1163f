"""The people the screening tests are about: the 16 signed test patients, and generated ones."""

import json
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st

from screening.definition import definition, read_folder
from screening.engine.assess import next_question
from screening.engine.reading import read_answers
from tests.conftest import BASE

VERSION_1 = definition(read_folder())
RULES = VERSION_1.ruleset
TEST_PATIENTS = json.loads((Path(__file__).parent / "test_patients.json").read_text())

quick = settings(deadline=None, max_examples=100, derandomize=True)
"""The same generated people on every run, and nothing written to disk."""


def by_length(value):
    """JSON as PostgreSQL keeps it: each object's keys by their length."""
    if isinstance(value, list):
        return [by_length(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: by_length(value[key]) for key in sorted(value, key=lambda key: (len(key), key))}


def patients():
    """(number, answers, disposition) of each test patient; answers as in a file for ``manage.py assess``."""
    return [
        (patient["number"], changed(patient["change"]["set"], patient["change"]["remove"]), patient["disposition"])
        for patient in TEST_PATIENTS
    ]


def patient(number):
    """The answers of one test patient."""
    return next(answers for this, answers, _disposition in patients() if this == number)


def changed(answers, remove=()):
    """Base B with some answers set and some removed, in the questionnaire's order."""
    mixed = {**BASE, **answers}
    return {link_id: mixed[link_id] for link_id in RULES.by_link_id if link_id in mixed and link_id not in remove}


def answer_to(question):
    """Any valid answer to a question."""
    alone = [(code,) for code in question.codes if code in question.exclusive_codes]
    if question.type == "single":
        return st.sampled_from([(code,) for code in question.codes])
    others = [code for code in question.codes if code not in question.exclusive_codes]
    several = st.integers(1, 2 ** len(others) - 1).map(
        lambda bits: tuple(code for place, code in enumerate(others) if bits >> place & 1)
    )
    return st.one_of(several, st.sampled_from(alone)) if alone else several


def any_answers():
    """Valid answers to any questions, whether they are asked or not."""
    return st.fixed_dictionaries({}, optional={question.link_id: answer_to(question) for question in RULES.questions})


def near_base():
    """Base B with the answers to up to four questions changed; some may then be open or not asked."""
    some = st.lists(st.sampled_from(RULES.questions), max_size=4, unique_by=lambda question: question.link_id)
    changes = some.flatmap(lambda found: st.fixed_dictionaries({q.link_id: answer_to(q) for q in found}))
    return changes.map(lambda answers: {**read_answers(RULES, BASE), **answers})


@st.composite
def finished_adults(draw):
    """Adults without an urgent sign who have answered every question they were asked, and no other."""
    answers = {"urgent-signs": ("none",), "age": ("18-or-over",)}
    while (link_id := next_question(RULES, answers)) is not None:
        answers[link_id] = draw(answer_to(RULES.by_link_id[link_id]))
    return answers
