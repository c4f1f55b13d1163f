"""Small random rulesets, and everybody who could answer one: what the solver's findings are counted against."""

from itertools import chain, combinations, product

from hypothesis import strategies as st

from screening.engine.assess import assess, enabled, next_question
from screening.engine.terms import DISPOSITIONS, KINDS, MODES, Condition, Criterion, Option, Question, Rule, Ruleset

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


class Everybody:
    """The same proofs by looking at everybody. Each gives {(what fails, its names): size of the smallest patient}."""

    def __init__(self, ruleset):
        self.ruleset = ruleset
        self.people = [(answers, assess(ruleset, answers), enabled(ruleset, answers)) for answers in everybody(ruleset)]
        self.by_answers = {key(answers): (found, asked) for answers, found, asked in self.people}
        self.finished = [person for person in self.people if finished(ruleset, person[0])]

    def smallest(self, shows, people=None):
        """{what somebody shows: the least count}; ``shows`` gives what one person shows."""
        found = {}
        for answers, assessment, asked in self.people if people is None else people:
            for what in shows(answers, assessment, asked):
                found[what] = min(found.get(what, (9, 9)), count(answers))
        return found

    def asked(self):
        come_to = {next_question(self.ruleset, answers) for answers, *_rest in self.people}
        return {("question", (name,)): None for name in self.ruleset.by_link_id if name not in come_to}

    def criteria(self):
        seen = {(f.criterion.id, f.status) for _answers, found, _asked in self.finished for f in found.findings}
        wanted = [(c.id, status) for c in self.ruleset.criteria for status in ("met", "not-met")]
        for criterion in self.ruleset.criteria:
            named = [(self.ruleset.by_link_id[c.question], c.any_of) for c in criterion.rule.conditions]
            if any(option.unknown and option.code not in codes for q, codes in named for option in q.options):
                wanted.append((criterion.id, "unknown"))
        return {("criterion", names): None for names in wanted if names not in seen}

    def dispositions(self):
        seen = {found.disposition for _answers, found, _asked in self.people}
        return {("disposition", (name,)): None for name in DISPOSITIONS if name not in seen}

    def unknown_not_clear(self):
        def shows(answers, found, asked):
            open_ones = [name for name in asked if asked[name] and name not in answers]
            order = list(asked)
            skipped = any(order.index(a) > order.index(o) for a in answers if asked[a] for o in open_ones)
            fine = {"urgent", "unfinished", *(["under-18"] if skipped else [])}
            for finding in found.findings:
                flag = finding.criterion.kind in ("exclusion", "caution") and found.disposition == "talk"
                urgent = finding.criterion.kind == "urgent" and found.disposition not in fine
                if finding.status == "unknown" and (flag or urgent):
                    yield "criterion", (finding.criterion.id,)

        return self.smallest(shows)

    def inclusions_differ(self):
        def shows(_answers, found, _asked):
            met = [f.criterion for f in found.findings if f.status == "met" and f.criterion.kind == "inclusion"]
            yield from (("pair", (one.id, two.id)) for one, two in combinations(met, 2))

        def tells(_answers, found, _asked):
            status = {f.criterion.id: f.status == "met" for f in found.findings}
            yield from (("pair", pair) for pair in combinations(status, 2) if status[pair[0]] != status[pair[1]])

        told = self.smallest(tells, self.finished)
        path = {c.id: c.path for c in self.ruleset.criteria}
        both = self.smallest(shows, self.finished).items()
        apart = {what for what, _size in both if {path[name] for name in what[1]} == {"pain", "spasticity"}}
        return {what: size for what, size in both if what not in told and what not in apart}

    def options(self):
        dead = self.dead_options()
        for question in self.ruleset.questions:
            rules = [q.enabled_when for q in self.ruleset.questions if q.enabled_when]
            rules += [c.rule for c in self.ruleset.criteria]
            named = {code for r in rules for c in r.conditions if c.question == question.link_id for code in c.any_of}
            silent = [
                option.code
                for option in question.options
                if (option.exclusive or question.type == "single")
                and not (option.unknown or option.for_the_record or option.code in named)
                and (question.link_id, option.code) not in dead
            ]
            dead += [(question.link_id, code) for code in silent[1:]]

        def shows(answers, _found, asked):
            yield from (("option", (name, code)) for name in answers if asked[name] for code in answers[name])

        chosen = self.smallest(shows, self.finished)
        return {("option", names): chosen.get(("option", names)) for names in dead}

    def dead_options(self):
        alive = set()
        for answers, found, asked in self.finished:
            for question in self.ruleset.questions:
                mine = answers.get(question.link_id, ())
                for code, other in product(mine, valid_answers(question)):
                    twin = self.by_answers[key({**answers, question.link_id: other})]
                    if (
                        code not in other
                        and instead(question, mine, other, code)
                        and came_out(found, asked) != came_out(*twin)
                    ):
                        alive.add((question.link_id, code))
        everyone = [(q.link_id, o.code) for q in self.ruleset.questions for o in q.options if not o.for_the_record]
        return [names for names in everyone if names not in alive]

    def not_asked(self):
        def shows(answers, found, asked):
            for name in answers:
                without = {other: answers[other] for other in answers if other != name}
                if not asked[name] and came_out(found, asked) != came_out(*self.by_answers[key(without)]):
                    yield "question", (name,)

        return self.smallest(shows)

    def known_stays(self):
        def shows(answers, found, asked):
            for name, (then, _asked) in self.made_known(answers, asked):
                for before, after in zip(found.findings, then.findings, strict=True):
                    settled = before.status != "unknown" and before.criterion.kind != "note"
                    if settled and before.status != after.status:
                        yield "criterion", (before.criterion.id, name)

        return self.smallest(shows)

    def made_known(self, answers, asked):
        for question in self.ruleset.questions:
            unsure, mine = question.unknown_codes, answers.get(question.link_id, ())
            for known in valid_answers(question) if not mine or unsure.intersection(mine) else ():
                then = self.by_answers[key({**answers, question.link_id: known})]
                kept = unsure.isdisjoint(known) and set(mine) - unsure <= set(known)
                if kept and all(then[1][name] for name in answers if asked[name]):
                    yield question.link_id, then


def instead(question, mine, other, code):
    """Whether an answer is what one with this option is compared with."""
    alone = {o.code for o in question.options if o.exclusive or question.type == "single"}
    if code in alone or set(other) == set(mine) - {code}:
        return True
    none_of_these = [o.code for o in question.options if o.code in alone and not o.unknown]
    return len(mine) == 1 and (other[0] in none_of_these or not none_of_these)


def came_out(found, asked):
    return [finding.status for finding in found.findings], [truth is True for truth in asked.values()]


def key(answers):
    return tuple(sorted(answers.items()))
