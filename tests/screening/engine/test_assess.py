"""How conditions, rules and dispositions are read, on a ruleset small enough to try out whole."""

import json
from itertools import product

import pytest

from screening.engine.assess import assess, condition_holds, enabled, holds, next_question, stop
from screening.engine.terms import Condition, Criterion, Option, Question, Rule, Ruleset

WORDS = {"y": "yes", "n": "no", "?": "not-sure"}
DEFAULT = "urgent=n child=n pain=y spasm=n pain-tried=y spasm-tried=n flag=n caution=n"
ORDER = tuple(said.split("=")[0] for said in DEFAULT.split())


def yes(link_id):
    return Rule("any of", (Condition(link_id, frozenset({"yes"})),))


def question(link_id, enabled_when=None, codes=("yes", "no", "not-sure"), type="single"):
    return Question(link_id, "only", type, tuple(Option(code, code == "not-sure") for code in codes), enabled_when)


def ruleset(questions, criteria=()):
    return Ruleset("https://a.example/q", 1, "0" * 64, ("only",), tuple(questions), tuple(criteria))


SMALL = ruleset(
    map(question, ORDER),
    (
        Criterion(link_id, kind, path, yes(link_id), ("S1",))
        for link_id, kind, path in (
            ("urgent", "urgent", "both"),
            ("child", "setting", "both"),
            ("pain", "inclusion", "pain"),
            ("spasm", "inclusion", "spasticity"),
            ("pain-tried", "prerequisite", "pain"),
            ("spasm-tried", "prerequisite", "spasticity"),
            ("flag", "exclusion", "both"),
            ("caution", "caution", "both"),
        )
    ),
)


def said(text):
    """``"pain=y flag=?"`` as answers; a question with ``-`` has none."""
    pairs = dict(part.split("=") for part in text.split())
    return {link_id: (WORDS[mark],) for link_id, mark in pairs.items() if mark != "-"}


def person(change=""):
    pairs = dict(part.split("=") for part in f"{DEFAULT} {change}".split())
    return said(" ".join(f"{link_id}={mark}" for link_id, mark in pairs.items()))


# --- one condition


@pytest.mark.parametrize(("answer", "truth"), [(("yes",), True), (("no",), False), (("not-sure",), None), (None, None)])
def test_unsure_or_missing_answer_leaves_condition_unknown(answer, truth):
    answers = {} if answer is None else {"q": answer}
    only = question("q")
    assert condition_holds(Condition("q", frozenset({"yes"})), {"q": only}, {"q": True}, answers) is truth


@pytest.mark.parametrize("is_asked", [False, None])
def test_condition_on_a_question_that_is_not_asked_is_as_its_asking(is_asked):
    only = question("q")
    assert (
        condition_holds(Condition("q", frozenset({"yes"})), {"q": only}, {"q": is_asked}, {"q": ("yes",)}) is is_asked
    )


@pytest.mark.parametrize(
    ("chosen", "truth"), [(("a", "not-sure"), True), (("b", "not-sure"), None), (("b",), False), (("a", "b"), True)]
)
def test_listed_option_decides_even_beside_an_unknown_one(chosen, truth):
    several = question("q", codes=("a", "b", "not-sure"), type="multi")
    assert condition_holds(Condition("q", frozenset({"a"})), {"q": several}, {"q": True}, {"q": chosen}) is truth


def test_condition_that_lists_the_unknown_option_is_true_for_it():
    only = question("q")
    condition = Condition("q", frozenset({"yes", "not-sure"}))
    assert condition_holds(condition, {"q": only}, {"q": True}, {"q": ("not-sure",)}) is True


# --- how conditions count together

MODES = {
    "all of": lambda true, unknown: True if true == 3 else None if true + unknown == 3 else False,
    "any of": lambda true, unknown: True if true else None if unknown else False,
    "at least": lambda true, unknown: True if true >= 2 else None if true + unknown >= 2 else False,
    "none of": lambda true, unknown: False if true else None if unknown else True,
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("marks", ["".join(marks) for marks in product("yn?", repeat=3)])
def test_mode_counts_true_and_unknown_conditions(mode, marks):
    questions = {link_id: question(link_id) for link_id in "abc"}
    rule = Rule(mode, tuple(Condition(link_id, frozenset({"yes"})) for link_id in "abc"), count=2)
    answers = {link_id: (WORDS[mark],) for link_id, mark in zip("abc", marks, strict=True)}
    expected = MODES[mode](marks.count("y"), marks.count("?"))
    assert holds(rule, questions, dict.fromkeys("abc", True), answers) is expected


# --- which questions are asked

CHAIN = ruleset([question("a"), question("b", yes("a")), question("c", yes("b"))])


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ("", (True, None, None)),
        ("a=y", (True, True, None)),
        ("a=n", (True, False, False)),
        ("a=?", (True, None, None)),
        ("a=y b=y", (True, True, True)),
        ("a=y b=n", (True, True, False)),
        ("a=n b=y", (True, False, False)),
        ("a=? b=y", (True, None, None)),
    ],
)
def test_hidden_answer_opens_no_question(answers, asked):
    assert tuple(enabled(CHAIN, said(answers)).values()) == asked


@pytest.mark.parametrize(
    ("answers", "link_id"),
    [("", "a"), ("a=y", "b"), ("a=n", None), ("a=?", None), ("a=y b=y", "c"), ("b=y c=y", "a"), ("a=y b=y c=n", None)],
)
def test_next_question_is_the_first_asked_one_without_an_answer(answers, link_id):
    assert next_question(CHAIN, said(answers)) == link_id


def test_urgent_sign_stops_the_questions():
    assert next_question(SMALL, said("urgent=y")) is None


def test_setting_leaves_questions_that_are_still_asked_open():
    assert next_question(SMALL, said("urgent=n child=y")) == "pain"


@pytest.mark.parametrize(
    ("answers", "stopped"),
    [
        ("", None),
        ("urgent=n child=n", None),
        ("urgent=?", None),
        ("urgent=y", "urgent"),
        ("urgent=n child=y", "under-18"),
        ("urgent=y child=y", "urgent"),
    ],
)
def test_stop_tells_where_the_questions_end(answers, stopped):
    assert stop(SMALL, said(answers)) == stopped


# --- the disposition


@pytest.mark.parametrize(
    ("change", "disposition"),
    [
        ("urgent=y", "urgent"),
        ("urgent=y child=y flag=y pain=-", "urgent"),
        ("child=y", "under-18"),
        ("child=y flag=y pain=-", "under-18"),
        ("pain=-", "unfinished"),
        ("caution=- flag=y", "unfinished"),
        ("pain=?", "need-more-information"),
        ("pain=? flag=y", "need-more-information"),
        ("pain=? pain-tried=n", "need-more-information"),
        ("pain=n spasm=?", "need-more-information"),
        ("pain=n", "not-described"),
        ("pain=n flag=y", "not-described"),
        ("pain=n flag=?", "not-described"),
        ("flag=y pain-tried=n", "talk-first-and-earlier-steps"),
        ("caution=y pain-tried=n", "talk-first-and-earlier-steps"),
        ("flag=y caution=? pain-tried=n", "talk-first-and-earlier-steps"),
        ("flag=y", "talk-first"),
        ("caution=y", "talk-first"),
        ("flag=y pain-tried=?", "talk-first"),
        ("flag=y caution=?", "talk-first"),
        ("pain-tried=n", "earlier-steps"),
        ("pain-tried=n flag=?", "earlier-steps"),
        ("pain-tried=?", "need-more-information"),
        ("flag=?", "need-more-information"),
        ("caution=?", "need-more-information"),
        ("", "talk"),
        ("spasm=?", "talk"),
        ("pain-tried=n spasm=y spasm-tried=y", "talk"),
        ("pain-tried=n spasm=y spasm-tried=?", "need-more-information"),
        ("pain-tried=n spasm=y spasm-tried=n", "earlier-steps"),
        ("pain-tried=n spasm=? spasm-tried=y", "earlier-steps"),
        ("pain=? pain-tried=n spasm=y spasm-tried=y", "talk"),
        ("pain=n spasm=y spasm-tried=y", "talk"),
    ],
)
def test_first_disposition_that_holds_is_the_one(change, disposition):
    assert assess(SMALL, person(change)).disposition == disposition


def specified(urgent, child, pain, spasm, pain_tried, spasm_tried, flag, caution):
    """The ten lines of the specification, on marks ``y n ? -``."""
    included = [tried for path, tried in ((pain, pain_tried), (spasm, spasm_tried)) if path == "y"]
    best = min(included, key="y?n".index, default=None)
    flagged = "y" in (flag, caution)
    lines = [
        ("urgent", urgent == "y"),
        ("under-18", child == "y"),
        ("unfinished", "-" in (urgent, child, pain, spasm, pain_tried, spasm_tried, flag, caution)),
        ("need-more-information", not included and "?" in (pain, spasm)),
        ("not-described", not included),
        ("talk-first-and-earlier-steps", flagged and best == "n"),
        ("talk-first", flagged),
        ("earlier-steps", best == "n"),
        ("need-more-information", best == "?" or "?" in (flag, caution)),
        ("talk", True),
    ]
    return next(disposition for disposition, applies in lines if applies)


def test_every_combination_of_answers_comes_out_as_specified():
    wrong = [
        marks
        for marks in product("yn?", repeat=len(ORDER))
        if assess(SMALL, {link_id: (WORDS[m],) for link_id, m in zip(ORDER, marks, strict=True)}).disposition
        != specified(*marks)
    ]
    assert wrong == []


# --- findings


def test_finding_names_the_answers_that_decided_it():
    both = Rule("all of", (Condition("c", frozenset({"yes"})), Condition("a", frozenset({"yes"}))))
    chain = ruleset(CHAIN.questions, [Criterion("x", "note", "both", both, ("S1",))])
    (finding,) = assess(chain, said("a=y b=y c=y")).findings
    assert (finding.status, finding.answers) == ("met", ("c", "a"))


def test_finding_on_a_hidden_question_names_the_answer_that_hides_it():
    chain = ruleset(CHAIN.questions, [Criterion("x", "note", "both", yes("c"), ("S1",))])
    (finding,) = assess(chain, said("a=y b=n c=y")).findings
    assert (finding.status, finding.answers) == ("not-met", ("b",))


def test_finding_on_an_unanswered_question_names_no_answer():
    (finding,) = assess(ruleset([question("a")], [Criterion("x", "note", "both", yes("a"), ())]), {}).findings
    assert (finding.status, finding.answers) == ("unknown", ())


def test_hidden_answers_are_listed_as_ignored_and_open_questions_as_unanswered():
    outcome = assess(CHAIN, said("a=y c=y"))
    assert (outcome.ignored, outcome.unanswered) == (("c",), ("b",))


@pytest.mark.parametrize(
    ("change", "path", "standing"),
    [
        ("", "pain", ("met", "met")),
        ("", "spasticity", ("not-met", "not-met")),
        ("pain=? pain-tried=?", "pain", ("unknown", "unknown")),
        ("spasm=y spasm-tried=-", "spasticity", ("met", "unknown")),
    ],
)
def test_each_path_stands_for_itself(change, path, standing):
    stands = assess(SMALL, person(change)).paths[path]
    assert (stands.inclusion, stands.prerequisites) == standing


def test_path_without_prerequisites_has_them_met():
    bare = ruleset([question("pain")], [Criterion("pain", "inclusion", "pain", yes("pain"), ("S1",))])
    assert assess(bare, said("pain=y")).disposition == "talk"


def test_prerequisites_are_all_of_a_path():
    two = ruleset(
        map(question, ("pain", "one", "two")),
        [
            Criterion("pain", "inclusion", "pain", yes("pain"), ("S1",)),
            Criterion("one", "prerequisite", "pain", yes("one"), ("S1",)),
            Criterion("two", "prerequisite", "both", yes("two"), ("S1",)),
        ],
    )
    assert assess(two, said("pain=y one=y two=n")).disposition == "earlier-steps"
    assert assess(two, said("pain=y one=? two=n")).disposition == "earlier-steps"
    assert assess(two, said("pain=y one=? two=y")).disposition == "need-more-information"
    assert assess(two, said("pain=y one=y two=y")).disposition == "talk"


def test_assessment_as_json_has_every_part_in_a_fixed_order():
    given = json.loads(json.dumps(assess(SMALL, person("flag=?")).as_dict()))
    assert list(given) == ["questionnaire", "hash", "disposition", "paths", "findings", "unanswered", "ignored"]
    assert given["questionnaire"] == "https://a.example/q|1"
    assert given["paths"]["pain"] == {"inclusion": "met", "prerequisites": "met"}
    assert given["findings"][6] == {
        "criterion": "flag",
        "kind": "exclusion",
        "path": "both",
        "status": "unknown",
        "answers": ["flag"],
        "sources": ["S1"],
    }
