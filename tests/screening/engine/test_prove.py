"""Every proof is checked against everybody: small rulesets, all their answers, judged one by one by the engine."""

from dataclasses import replace
from itertools import count as count_seconds

import pytest
from hypothesis import given

from screening.definition import read_question
from screening.engine import formulas, solver
from screening.engine.prove import prove
from screening.engine.terms import Condition, Criterion, Option, Question, Rule, Ruleset, RulesetError
from tests.screening.engine.rulesets import Everybody, count, finished, rulesets
from tests.screening.patients import RULES, quick

NEAREST = ("asked", "criteria")
"""Proofs whose patient only comes nearest: nobody shows what they deny."""


def failures(ruleset):
    """{proof: {(what fails, its names): failure}} of the prover."""
    return {proof.id: {(f.about, f.names): f for f in proof.failures} for proof in prove(ruleset)}


# --- against everybody


@quick
@given(rulesets())
def test_every_proof_agrees_with_looking_at_everybody(ruleset):
    proven, everyone = failures(ruleset), Everybody(ruleset)
    for id in (
        "asked",
        "criteria",
        "dispositions",
        "unknown-not-clear",
        "inclusions-differ",
        "options",
        "not-asked",
        "known-stays",
    ):
        expected = getattr(everyone, id.replace("-", "_"))()
        assert set(proven[id]) == set(expected), id
        for what, size in expected.items():
            patient = proven[id][what].patient
            assert (size is None and (patient is None or id in NEAREST)) or count(patient) == size, (id, what)
    assert not any(proven[id] for id in ("one-disposition", "heading-stays", "no-cycle"))


@quick
@given(rulesets())
def test_heading_never_contradicts_one_before_while_findings_stay(ruleset):
    everyone = Everybody(ruleset)
    for answers, found, asked in everyone.people:
        for _name, (then, _asked) in everyone.made_known(answers, asked):
            pairs = zip(found.findings, then.findings, strict=True)
            if all(one.status in ("unknown", two.status) for one, two in pairs):
                assert not contradicts(found.disposition, then.disposition)


def contradicts(before, after):
    first = {"urgent"} if before == "urgent" else {"urgent", "under-18"}
    if before in ("urgent", "under-18"):
        return after not in first
    if after in ("urgent", "under-18", "unfinished"):
        return False
    if before in ("talk", "not-described"):
        return after != before
    if before.startswith("talk-first"):
        return not after.startswith("talk-first")
    return before == "earlier-steps" and after == "not-described"


@quick
@given(rulesets())
def test_same_ruleset_gives_the_same_bytes(ruleset):
    assert repr(prove(ruleset)).encode() == repr(prove(replace(ruleset))).encode()


# --- one ruleset for each thing that can be wrong


def single(link_id, *codes, when=None, unknown=(), record=()):
    options = tuple(Option(code, code in unknown, False, code in record) for code in codes)
    return Question(link_id, "only", "single", options, when)


def yes(link_id, *codes, mode="any of"):
    return Rule(mode, (Condition(link_id, frozenset(codes or ["yes"])),))


def unsure(link_id, when=None):
    return single(link_id, "yes", "no", "not-sure", when=when, unknown=["not-sure"])


URGENT, AGE = single("sign", "yes", "no"), single("age", "young", "old")
PAIN, CARE, THINNER, CLOTS = unsure("pain"), unsure("care"), unsure("thinner"), unsure("clots")


def criteria(*more):
    """Enough for every disposition; more are added."""
    given = (
        ("sign", "urgent", yes("sign")),
        ("age", "setting", yes("age", "young")),
        ("pain", "inclusion", yes("pain")),
        ("care", "prerequisite", yes("care")),
        ("thinner", "exclusion", yes("thinner")),
        *more,
    )
    return tuple(Criterion(id, kind, "pain", rule, ("S1",)) for id, kind, rule in given)


def ruleset(*questions, more=()):
    questions = questions or (URGENT, AGE, PAIN, CARE, THINNER)
    return Ruleset("https://a.example/q", 1, "0" * 64, ("only",), questions, criteria(*more))


def failed(ruleset):
    return {id: sorted(names for _about, names in found) for id, found in failures(ruleset).items() if found}


def failure(ruleset, id):
    (found,) = failures(ruleset)[id].values()
    return found


def test_sound_ruleset_passes_every_proof():
    assert failed(ruleset()) == {}


def test_version_1_passes_every_proof():
    assert failed(RULES) == {}


def test_every_proof_says_what_it_shows():
    proofs = prove(ruleset())
    assert len({proof.id for proof in proofs}) == len(proofs) == 12
    assert all(proof.holds and proof.title and proof.definition.endswith((".", ")")) for proof in proofs)


def test_question_nobody_comes_to_is_named_with_the_patient_who_comes_nearest():
    never = single("more", "yes", "no", when=yes("sign"))
    found = failure(ruleset(URGENT, AGE, PAIN, CARE, THINNER, never, more=[("more", "note", yes("more"))]), "asked")
    assert found.names == ("more",)
    assert found.patient["sign"] == ("yes",)


def test_option_no_rule_reads_is_named():
    extra = replace(THINNER, options=(*THINNER.options, Option("sometimes")))
    assert failed(ruleset(URGENT, AGE, PAIN, CARE, extra)) == {"options": [("thinner", "sometimes")]}


def test_option_for_the_record_may_change_nothing():
    extra = replace(THINNER, options=(*THINNER.options, Option("sometimes", for_the_record=True)))
    assert failed(ruleset(URGENT, AGE, PAIN, CARE, extra)) == {}


def test_unsure_option_that_reads_as_no_is_named():
    clear = single("thinner", "yes", "no", "not-sure")
    found = failure(ruleset(URGENT, AGE, PAIN, CARE, clear), "options")
    assert found.names == ("thinner", "not-sure")
    assert found.patient["thinner"] == ("not-sure",)
    assert "read as no" in found.sentence


def test_tick_that_changes_nothing_beside_others_is_named():
    options = (Option("yes"), Option("idle"), Option("none", exclusive=True))
    several = Question("pain", "only", "multi", options)
    assert failed(ruleset(URGENT, AGE, several, CARE, THINNER))["options"] == [("pain", "idle")]


def test_criterion_that_cannot_be_met_is_named_with_the_patient_who_comes_nearest():
    both = Rule("all of", (Condition("care", frozenset({"yes"})), Condition("care", frozenset({"no"}))))
    found = failures(ruleset(more=[("never", "note", both)]))["criteria"]
    assert {names for _about, names in found} == {("never", "met")}
    assert found["criterion", ("never", "met")].patient["care"] in (("yes",), ("no",))


def test_criterion_that_takes_unsure_as_yes_is_said_to_unsettle():
    found = failure(ruleset(more=[("sure", "exclusion", yes("care", "yes", "not-sure"))]), "known-stays")
    assert found.names == ("sure", "care")
    assert (found.patient, found.instead) == ({"care": ("not-sure",)}, {"care": ("no",)})


def test_disposition_that_cannot_occur_is_named():
    assert failed(replace(ruleset(), criteria=criteria()[1:]))["dispositions"] == [("urgent",)]


def test_urgent_sign_left_unknown_is_never_passed_over():
    found = failure(ruleset(unsure("sign"), AGE, PAIN, CARE, THINNER), "unknown-not-clear")
    assert found.names == ("sign",)
    assert found.patient["sign"] == ("not-sure",)


def test_urgent_sign_asked_after_the_age_is_named():
    found = failure(ruleset(AGE, URGENT, PAIN, CARE, THINNER), "unknown-not-clear")
    assert (found.names, found.patient) == (("sign",), {"age": ("young",)})


def test_inclusions_that_say_the_same_in_other_words_are_named():
    other = Rule("none of", (Condition("pain", frozenset({"no"})),))
    found = failure(ruleset(more=[("again", "inclusion", other)]), "inclusions-differ")
    assert found.names == ("pain", "again")
    assert finished(ruleset(), found.patient)


def test_inclusions_of_different_paths_may_say_the_same():
    both = ruleset(more=[("again", "inclusion", yes("pain"))])
    apart = [replace(c, path="spasticity") if c.id == "again" else c for c in both.criteria]
    assert "inclusions-differ" in failed(both)
    assert "inclusions-differ" not in failed(replace(both, criteria=tuple(apart)))


def test_circle_among_questions_is_named_and_nothing_else_claimed():
    one = single("one", "yes", "no", when=yes("two"))
    circle = ruleset()
    object.__setattr__(circle, "questions", (one, single("two", "yes", "no", when=yes("one"))))
    assert [proof.id for proof in prove(circle)] == ["readable", "no-cycle"]
    assert failed(circle) == {"no-cycle": [("one",), ("two",)]}


def test_patient_the_engine_does_not_confirm_raises(monkeypatch):
    monkeypatch.setattr(formulas, "condition_holds", lambda _view, _condition: formulas.ALWAYS)
    with pytest.raises(formulas.Disagreement):
        prove(ruleset())


def test_solver_that_cannot_decide_raises_and_proves_nothing(monkeypatch):
    clock = count_seconds(0, 2)  # enough time for each question by itself, not for all of them
    monkeypatch.setattr(solver, "monotonic", lambda: next(clock))
    with pytest.raises(solver.GaveUp, match="nothing is shown"):
        prove(ruleset())


# --- for the record, in files


@pytest.mark.parametrize(("mark", "marked"), [(True, ["a", "b"]), (["b"], ["b"]), ([], [])])
def test_options_are_marked_for_the_record_one_by_one_or_all(mark, marked):
    row = {"link_id": "q", "section": "s", "type": "single", "options": ["a", "b"], "for_the_record": mark}
    assert [option.code for option in read_question(row).options if option.for_the_record] == marked


def test_mark_for_the_record_on_no_option_is_refused():
    row = {"link_id": "q", "section": "s", "type": "single", "options": ["a"], "for_the_record": ["b"]}
    with pytest.raises(RulesetError, match="question q: 'b' is not one of its options"):
        read_question(row)
