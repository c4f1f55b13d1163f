"""Every change compare finds is counted against everybody: two small rulesets, every person who finishes both."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.engine import compare as module
from screening.engine.assess import assess, enabled
from screening.engine.compare import compare, still_valid
from screening.engine.formulas import Disagreement
from screening.engine.reading import read_answers
from screening.engine.terms import Condition, Option
from tests.conftest import BASE
from tests.screening.engine.rulesets import everybody, finished, rulesets, valid_answers
from tests.screening.patients import RULES, answer_to, quick


@st.composite
def versions(draw):
    """Two versions of a small ruleset: parts are kept, redrawn, added and left out."""
    old = draw(rulesets(most=3, people=100))
    return old, draw(rulesets(like=old, most=3, people=100))


def finishers(ruleset):
    """Everybody who finishes, without answers that do not count: (answers, what comes out)."""
    for answers in everybody(ruleset):
        asked = enabled(ruleset, answers)
        if finished(ruleset, answers) and all(asked[name] for name in answers):
            yield answers, came_out(ruleset, answers, asked)


def came_out(ruleset, answers, asked):
    found = assess(ruleset, answers)
    out = {("disposition",): found.disposition}
    out |= {("finding", finding.criterion.id): finding.status for finding in found.findings}
    for path, stands in found.paths.items():
        out |= {("path", path, "inclusion"): stands.inclusion, ("path", path, "prerequisites"): stands.prerequisites}
    return out | {("asked", name): "yes" if truth else "no" for name, truth in asked.items()}


def same_person(old, new, before, after):
    """Whether one person may answer so in both versions."""
    for name in before.keys() & after.keys():
        was, now = old.by_link_id[name], new.by_link_id[name]
        kept, back = still(before[name], now), still(after[name], was)
        both = set(was.codes) & set(now.codes)
        if kept and back and set(before[name]) & both != set(after[name]) & both:
            return False
    return True


def still(codes, question):
    """What is left of an answer in the other version; nothing where that would not be an answer."""
    left = tuple(code for code in question.codes if code in codes)
    return left if left in valid_answers(question) else ()


def count(old, new, before, after):
    """Fewest answers, then fewest options; what is the same in both versions counts once."""
    same = {q.link_id for q in old.questions if q.link_id in new.by_link_id and alike(q, new.by_link_id[q.link_id])}
    once = {name: codes for name, codes in (before | after).items() if name in same}
    rest = [codes for answers in (before, after) for name, codes in answers.items() if name not in same]
    return len(once) + len(rest), sum(map(len, [*once.values(), *rest]))


def alike(one, other):
    return one.type == other.type and {(o.code, o.exclusive) for o in one.options} == {
        (o.code, o.exclusive) for o in other.options
    }


def every_change(old, new):
    """{(about, names, before, after): size of the smallest person} by looking at everybody."""
    found = {}
    newcomers = list(finishers(new))
    for before, was in finishers(old):
        for after, now in newcomers:
            if not same_person(old, new, before, after):
                continue
            size = count(old, new, before, after)
            for what in was.keys() | now.keys():
                values = was.get(what, "absent"), now.get(what, "absent")
                one_only = what[0] == "asked" and "absent" in values
                if values[0] != values[1] and not one_only:
                    found[what, *values] = min(found.get((what, *values), size), size)
    return found


# --- against everybody


@quick
@given(versions())
def test_every_change_of_outcome_is_found_with_the_smallest_person(versions):
    old, new = versions
    changes = {((c.about, *c.names), c.before, c.after): c.person for c in compare(old, new).outcomes}
    expected = every_change(old, new)
    assert set(changes) == set(expected)
    for what, person in changes.items():
        assert same_person(old, new, person.old, person.new)
        assert count(old, new, person.old, person.new) == expected[what], what


@quick
@given(versions(), st.data())
def test_reference_patients_are_counted_one_by_one(versions, data):
    old, new = versions
    people = data.draw(st.lists(st.sampled_from(list(everybody(old))), max_size=5))
    counted = compare(old, new, people).reference
    pairs = [(assess(old, a).disposition, assess(new, still_valid(old, new, a)).disposition) for a in people]
    assert {(before, after): n for before, after, n in counted} == {pair: pairs.count(pair) for pair in pairs}


@quick
@given(versions())
def test_carried_answers_are_valid_and_nobody_elses(versions):
    old, new = versions
    for answers in everybody(old):
        for name, codes in still_valid(old, new, answers).items():
            assert codes in valid_answers(new.by_link_id[name])
            assert set(codes) <= set(answers[name])


@quick
@given(rulesets(most=3))
def test_same_rules_are_proven_to_come_out_the_same(ruleset):
    found = compare(ruleset, replace(ruleset, version=2, hash="1" * 64))
    assert found.same_outcomes
    assert found.edits == ()


@quick
@given(versions())
def test_same_versions_give_the_same_bytes(versions):
    assert repr(compare(*versions)).encode() == repr(compare(*versions)).encode()


# --- version 1 edited


def edited(criterion, **changes):
    criteria = [replace(c, **changes) if c.id == criterion else c for c in RULES.criteria]
    return replace(RULES, version=2, criteria=tuple(criteria))


def rule(criterion):
    return next(c.rule for c in RULES.criteria if c.id == criterion)


def with_question(link_id, **changes):
    questions = [replace(q, **changes) if q.link_id == link_id else q for q in RULES.questions]
    return replace(RULES, questions=tuple(questions))


THREE = edited("pain-care-tried", rule=replace(rule("pain-care-tried"), count=3))


def outcomes(found, about):
    return {(*change.names, change.before, change.after) for change in found.outcomes if change.about == about}


def test_three_treatments_for_two_changes_these_headings_and_no_other():
    found = compare(RULES, THREE)
    assert outcomes(found, "disposition") == {
        ("talk", "earlier-steps"),
        ("talk", "need-more-information"),
        ("talk-first", "talk-first-and-earlier-steps"),
        ("need-more-information", "earlier-steps"),
    }
    assert outcomes(found, "finding") == {("pain-care-tried", "met", "not-met")}
    assert [(edit.about, edit.names) for edit in found.edits] == [("criterion", ("pain-care-tried", "rule"))]


def test_person_a_change_is_shown_by_has_tried_just_two_treatments():
    change = next(change for change in compare(RULES, THREE).outcomes if change.about == "finding")
    assert len(change.person.old["pain-treatments-failed"]) == 2
    assert change.person.old == change.person.new
    assert change.sentence == "finding pain-care-tried: met becomes not-met."


def test_condition_that_is_already_implied_is_proven_to_change_nothing():
    relief = rule("opioid-relief-then-trouble")
    found = compare(RULES, edited("opioid-relief-then-trouble", rule=replace(relief, conditions=relief.conditions[1:])))
    assert found.same_outcomes
    assert len(found.edits) == 1


def test_added_option_is_shown_by_somebody_who_takes_it():
    old = RULES.by_link_id["blood-thinners"]
    new = with_question("blood-thinners", options=(*old.options, Option("sometimes")))
    found = compare(RULES, new)
    (edit,) = found.edits
    assert (edit.about, edit.names, edit.before, edit.after) == (
        "option",
        ("blood-thinners", "sometimes"),
        "absent",
        "present",
    )
    assert edit.person.new["blood-thinners"] == ("sometimes",)
    assert ("talk-first", "talk") in outcomes(found, "disposition")


def test_dropped_criterion_is_named_with_somebody_who_met_it():
    new = replace(RULES, criteria=tuple(c for c in RULES.criteria if c.id != "crps"))
    found = compare(RULES, new)
    (edit,) = found.edits
    assert (edit.about, edit.names, edit.after) == ("criterion", ("crps",), "absent")
    assert "crps" in edit.person.old["pain-causes"]
    assert outcomes(found, "finding") == {("crps", status, "absent") for status in ("met", "not-met", "unknown")}
    assert ("talk", "not-described") in outcomes(found, "disposition")


def test_removed_question_is_named_once_and_not_its_options():
    new = replace(
        RULES,
        questions=tuple(q for q in RULES.questions if q.link_id != "other-conditions"),
        criteria=tuple(c for c in RULES.criteria if c.id != "other-conditions"),
    )
    assert [(e.about, e.names) for e in compare(RULES, new).edits] == [
        ("question", ("other-conditions",)),
        ("criterion", ("other-conditions",)),
    ]


def test_question_asked_of_more_people_is_named():
    wide = replace(
        RULES.by_link_id["life-expectancy"].enabled_when,
        conditions=(Condition("serious-illness", frozenset({"yes", "not-sure"})),),
    )
    found = compare(RULES, with_question("life-expectancy", enabled_when=wide))
    assert outcomes(found, "asked") == {("life-expectancy", "no", "yes")}


def test_other_order_of_questions_is_an_edit_and_no_change_of_outcome():
    first, second, *rest = RULES.questions
    found = compare(RULES, replace(RULES, questions=(second, first, *rest)))
    assert [edit.about for edit in found.edits] == ["order"]
    assert found.same_outcomes


def test_reference_set_is_counted_by_heading():
    base = read_answers(RULES, BASE)
    people = [base, base, {**base, "blood-thinners": ("yes",)}]
    assert compare(RULES, THREE, people).reference == (
        ("talk-first", "talk-first-and-earlier-steps", 1),
        ("talk", "earlier-steps", 2),
    )


@quick
@given(st.data())
def test_answers_are_carried_whole_where_question_and_options_are_the_same(data):
    answers = {q.link_id: data.draw(answer_to(q)) for q in RULES.questions}
    assert still_valid(RULES, THREE, answers) == answers


def test_person_the_engine_does_not_confirm_raises(monkeypatch):
    monkeypatch.setattr(module, "came_out", lambda *_given: "otherwise")
    with pytest.raises(Disagreement):
        compare(RULES, THREE)
