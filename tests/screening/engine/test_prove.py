"""Every proof is checked against everybody: small rulesets, all their answers, judged one by one by the engine."""

from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given

from screening.definition import read_question
from screening.engine import formulas
from screening.engine.assess import assess, enabled, next_question
from screening.engine.prove import prove, unreadable
from screening.engine.terms import DISPOSITIONS, Condition, Criterion, Option, Question, Rule, Ruleset, RulesetError
from tests.screening.engine.rulesets import count, everybody, finished, rulesets, valid_answers
from tests.screening.patients import RULES, quick

NEAREST = ("asked", "criteria")
"""Proofs whose patient only comes nearest: nobody shows what they deny."""


def failures(ruleset):
    """{proof: {(what fails, its names): failure}} of the prover."""
    return {proof.id: {(f.about, f.names): f for f in proof.failures} for proof in prove(ruleset)}


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


def test_circle_among_questions_is_named_and_nothing_else_claimed():
    one = single("one", "yes", "no", when=yes("two"))
    circle = ruleset()
    object.__setattr__(circle, "questions", (one, single("two", "yes", "no", when=yes("one"))))
    assert [proof.id for proof in prove(circle)] == ["readable", "no-cycle"]
    assert failed(circle) == {"no-cycle": [("one",), ("two",)]}


def test_rules_that_cannot_be_read_are_one_failed_proof():
    (proof,) = unreadable(RulesetError("question q: no options."))
    assert (proof.id, proof.holds, proof.failures[0].sentence) == ("readable", False, "question q: no options.")


def test_patient_the_engine_does_not_confirm_raises(monkeypatch):
    monkeypatch.setattr(formulas, "condition_holds", lambda _view, _condition: formulas.ALWAYS)
    with pytest.raises(formulas.Disagreement):
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
