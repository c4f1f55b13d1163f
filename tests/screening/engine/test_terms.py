"""A ruleset is frozen, and one that could be read two ways is refused with the name and the mend."""

from dataclasses import FrozenInstanceError, replace

import pytest

from screening.engine.terms import Condition, Criterion, Option, Question, Rule, Ruleset, RulesetError

YES = Condition("first", frozenset({"yes"}))


def question(link_id, enabled_when=None, options=("yes", "no", "unsure"), **more):
    choices = tuple(Option(code, unknown=code == "unsure", exclusive=code == "none") for code in options)
    return Question(
        link_id, **{"section": "only", "type": "single", **more}, options=choices, enabled_when=enabled_when
    )


def rule(*conditions, mode="any of", count=1):
    return Rule(mode, conditions, count)


def criterion(id="one", rule=Rule("any of", (YES,)), **more):  # noqa: B008 (frozen)
    return Criterion(id, **{"kind": "note", "path": "both", **more}, rule=rule, sources=("S1",))


def ruleset(questions=(), criteria=()):
    return Ruleset("https://a.example/q", 3, "0" * 64, ("only",), (question("first"), *questions), tuple(criteria))


def test_canonical_is_url_and_version():
    assert ruleset().canonical == "https://a.example/q|3"


def test_question_knows_its_codes_and_which_are_unknown_or_alone():
    several = question("q", options=("yes", "none", "unsure"))
    assert several.codes == ("yes", "none", "unsure")
    assert several.unknown_codes == {"unsure"}
    assert several.exclusive_codes == {"none"}


@pytest.mark.parametrize(
    ("mode", "count", "needed"), [("all of", 1, 3), ("any of", 1, 1), ("at least", 2, 2), ("none of", 1, 1)]
)
def test_mode_says_how_many_conditions_are_needed(mode, count, needed):
    assert rule(YES, YES, YES, mode=mode, count=count).needed == needed


def test_count_is_read_only_with_at_least():
    assert rule(YES, YES, mode="any of", count=2).needed == 1


def test_rule_names_each_question_once_in_order():
    other = Condition("second", frozenset({"no"}))
    assert rule(other, YES, other).questions == ("second", "first")


def test_stops_are_urgent_ones_first():
    made = ruleset(
        criteria=[criterion("a", kind="setting"), criterion("b", kind="note"), criterion("c", kind="urgent")]
    )
    assert [stop.id for stop in made.stops] == ["c", "a"]


@pytest.mark.parametrize("frozen", [Option("yes"), YES, rule(YES), question("q"), criterion(), ruleset()])
def test_nothing_in_a_ruleset_can_be_changed(frozen):
    name = next(iter(frozen.__dataclass_fields__))
    with pytest.raises(FrozenInstanceError):
        setattr(frozen, name, "other")


def test_equal_rules_are_equal_rulesets():
    assert ruleset() == ruleset()
    assert ruleset() != replace(ruleset(), version=4)


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ([question("first")], r"question first: this link_id is used twice"),
        ([question("q", section="gone")], r"question q: no section 'gone'; use one of only"),
        ([question("q", type="text")], r"question q: type 'text'; use single or multi"),
        ([question("q", options=("yes", "yes"))], r"question q: give it options, each code once"),
        ([question("q", options=())], r"question q: give it options, each code once"),
        ([question("q", rule(Condition("q", frozenset({"yes"}))))], r"question q: no question 'q' before it"),
        (
            [question("q", rule(Condition("later", frozenset({"yes"})))), question("later")],
            r"question q: no question 'later' before it; name one that is asked earlier",
        ),
        (
            [question("q", rule(Condition("first", frozenset({"maybe"}))))],
            r"question q: first has no option 'maybe'; use one of yes, no, unsure",
        ),
    ],
)
def test_question_that_cannot_be_asked_one_way_only_is_refused(questions, message):
    with pytest.raises(RulesetError, match=message):
        ruleset(questions)


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        ([criterion("a"), criterion("a")], r"criterion a: this id is used twice"),
        ([criterion("a", kind="wish")], r"criterion a: kind 'wish'; use one of urgent, setting, inclusion"),
        ([criterion("a", path="back")], r"criterion a: path 'back'; use pain, spasticity or both"),
        ([criterion("a", rule(YES, mode="most of"))], r"criterion a: mode 'most of'; use one of all of, any of"),
        ([criterion("a", rule())], r"criterion a: it has no conditions; give it at least one"),
        ([criterion("a", rule(YES, mode="at least", count=0))], r"criterion a: at least 0 of 1; use 1 to 1"),
        ([criterion("a", rule(YES, mode="at least", count=2))], r"criterion a: at least 2 of 1; use 1 to 1"),
        (
            [criterion("a", rule(Condition("gone", frozenset({"yes"}))))],
            r"criterion a: no question 'gone' before it",
        ),
        ([criterion("a", rule(Condition("first", frozenset())))], r"criterion a: .* first names no option"),
        (
            [criterion("a", rule(Condition("first", frozenset({"nope"}))))],
            r"criterion a: first has no option 'nope'; use one of yes, no, unsure",
        ),
    ],
)
def test_criterion_that_cannot_be_read_one_way_only_is_refused(criteria, message):
    with pytest.raises(RulesetError, match=message):
        ruleset(criteria=criteria)
