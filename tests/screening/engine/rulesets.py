"""Small random rulesets, and everybody who could answer one: what the solver's findings are counted against."""

from itertools import chain, combinations, product

from hypothesis import strategies as st

from screening.engine.assess import enabled
from screening.engine.terms import KINDS, MODES, Condition, Criterion, Option, Question, Rule, Ruleset

CODES = ("a", "b", "c")
MOST_PEOPLE = 400
"""Questions are left out of a ruleset until this many people, or fewer, can answer it in different ways."""

one_in_four = st.sampled_from([False, False, False, True])


@st.composite
def questions(draw, number, earlier):
    type = draw(st.sampled_from(["single", "single", "multi"]))
    codes = CODES[: draw(st.integers(2, 3))] if draw(st.integers(0, 5)) else CODES[:1]
    alone = one_in_four if type == "multi" else st.just(False)
    options = tuple(Option(code, draw(one_in_four), draw(alone), draw(one_in_four)) for code in codes)
    when = draw(rules(earlier)) if earlier and draw(st.booleans()) else None
    return Question(f"q{number}", "only", type, options, when)


@st.composite
def conditions(draw, questions):
    question = draw(st.sampled_from(questions))
    codes = draw(st.sets(st.sampled_from(question.codes), min_size=1, max_size=2))
    return Condition(question.link_id, frozenset(codes))


@st.composite
def rules(draw, questions):
    found = tuple(draw(st.lists(conditions(questions), min_size=1, max_size=3)))
    return Rule(draw(st.sampled_from(MODES)), found, draw(st.integers(1, len(found))))


@st.composite
def criteria(draw, number, questions):
    kind = draw(st.sampled_from([*KINDS, "inclusion", "prerequisite", "exclusion"]))
    path = draw(st.sampled_from(["pain", "spasticity", "both"]))
    return Criterion(f"c{number}", kind, path, draw(rules(questions)), ("S1",))


@st.composite
def rulesets(draw, like=None, most=4, people=MOST_PEOPLE):
    """A ruleset of up to ``most`` questions; ``like`` another one, some of whose parts it keeps."""
    asked = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        kept = [q for q in like.questions if q.link_id == f"q{number}" and fits(q.enabled_when, asked)] if like else []
        question = kept[0] if kept and draw(st.booleans()) else draw(questions(number, tuple(asked)))
        asked += [question] if size([*asked, question]) <= people else []
    found = []
    for number in range(1, draw(st.integers(0, 5)) + 1):
        kept = [c for c in like.criteria if c.id == f"c{number}" and fits(c.rule, asked)] if like else []
        found.append(kept[0] if kept and draw(st.booleans()) else draw(criteria(number, tuple(asked))))
    return Ruleset("https://a.example/q", 1, "0" * 64, ("only",), tuple(asked), tuple(found))


def fits(rule, questions):
    codes = {question.link_id: set(question.codes) for question in questions}
    return rule is None or all(c.any_of <= codes.get(c.question, set()) for c in rule.conditions)


def size(questions):
    number = 1
    for question in questions:
        number *= len(valid_answers(question)) + 1
    return number


def valid_answers(question):
    """Every answer ``reading.read_answer`` lets through."""
    most = 1 if question.type == "single" else len(question.codes)
    several = chain.from_iterable(combinations(question.codes, count) for count in range(1, most + 1))
    return [codes for codes in several if len(codes) == 1 or question.exclusive_codes.isdisjoint(codes)]


def everybody(ruleset):
    """All answers to a ruleset, finished or not, asked for or not."""
    choices = [[None, *valid_answers(question)] for question in ruleset.questions]
    for codes in product(*choices):
        yield {question.link_id: chosen for question, chosen in zip(ruleset.questions, codes, strict=True) if chosen}


def finished(ruleset, answers):
    asked = enabled(ruleset, answers)
    return all(link_id in answers for link_id in asked if asked[link_id])


def count(answers):
    """What "smallest" means: fewest answers, then fewest options."""
    return len(answers), sum(len(codes) for codes in answers.values())
