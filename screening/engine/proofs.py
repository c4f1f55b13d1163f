"""The proofs, one function each; ``prove`` runs them. Each gives the failures, none where the proof holds.

The docstring of a proof is its definition, in words for the clinician who signs. "Finished": every question that is
asked has an answer. Where nothing is said, any valid answers are meant, finished or not, asked for or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from .assess import assess
from .formulas import People, Twin, condition_holds, lines
from .solver import STATUSES, Term, conj, differ, disj, neg
from .terms import DISPOSITIONS, Answers, Disposition, Question, Rule, Ruleset, Status

OPPOSITE: dict[Status, Status] = {"met": "not-met", "not-met": "met", "unknown": "unknown"}
STOPS: tuple[Disposition, ...] = ("urgent", "under-18")
NOT_FLAGGED: tuple[Disposition, ...] = ("talk", "earlier-steps", "need-more-information", "not-described")

MAY_NOT_FOLLOW: dict[Disposition, tuple[Disposition, ...]] = {
    "urgent": tuple(d for d in DISPOSITIONS if d != "urgent"),
    "under-18": tuple(d for d in DISPOSITIONS if d not in STOPS),
    "not-described": tuple(d for d in DISPOSITIONS if d not in (*STOPS, "unfinished", "not-described")),
    "talk-first-and-earlier-steps": NOT_FLAGGED,
    "talk-first": NOT_FLAGGED,
    "earlier-steps": ("not-described",),
    "talk": tuple(d for d in DISPOSITIONS if d not in (*STOPS, "unfinished", "talk")),
}
"""What a heading rules out for the time when more is known; the other headings claim nothing for certain."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What does not hold, and who shows it.

    ``about``: "question", "option", "criterion", "disposition" or "pair"; ``names``: the ids, an option as
    its question and its code. ``patient``: the smallest one (fewest answers, then fewest options) who shows it or, for
    what nobody shows, comes nearest; None where nobody can. ``instead``: the same person with one other answer.
    """

    about: str
    names: tuple[str, ...]
    sentence: str
    patient: Answers | None = None
    instead: Answers | None = None

    @property
    def people(self) -> list[Answers]:
        """The patient and, where there is one, the same one with the other answer."""
        return [person for person in (self.patient, self.instead) if person is not None]


def no_question_decides_about_itself(ruleset: Ruleset) -> list[Failure]:
    """Following the questions that decide whether a question is asked never leads back to that question."""
    behind = {q.link_id: set(q.enabled_when.questions if q.enabled_when else ()) for q in ruleset.questions}
    for _step in behind:
        behind = {name: found.union(*(behind[other] for other in found)) for name, found in behind.items()}
    return [
        Failure("question", (name,), f"Whether {name} is asked rests in the end on {name} itself.")
        for name, found in behind.items()
        if name in found
    ]


def every_question_can_be_asked(people: People) -> list[Failure]:
    """To every question somebody comes by answering in order.

    It is asked, every question asked before it has an answer, and no urgent sign has ended the questions.
    """
    view, urgent = people.view, people.view.dispositions["urgent"]
    # whoever finishes without an urgent sign came to every question asked: most are settled by a few such people
    rare = people.nobody({name: asked.yes for name, asked in view.asked.items()}, view.finished, neg(urgent))
    gaps = dict(zip(view.asked, people.gaps(), strict=True))
    goals = {name: conj(view.asked[name].yes, neg(view.answered[name]), neg(gaps[name]), neg(urgent)) for name in rare}
    failures = []
    for name in people.nobody(goals):
        nearest = against(people, view.ruleset.by_link_id[name].enabled_when)
        sentence = f"Nobody comes to {name} by answering in order. This patient comes nearest."
        failures.append(Failure("question", (name,), sentence, people.smallest(view.finished, nearest=nearest)))
    return failures


def every_criterion_can_come_out_each_way(people: People) -> list[Failure]:
    """Every criterion is met for some finished patient and not met for another.

    It is unknown for some finished patient too, if one of its conditions is on a question with an unknown option and
    does not list that option itself.
    """
    view = people.view
    goals = {
        (criterion, status): view.findings[criterion.id].status(status)
        for criterion in view.ruleset.criteria
        for status in STATUSES
        if status != "unknown" or may_be_unknown(view.ruleset, criterion.rule)
    }
    failures = []
    for criterion, status in people.nobody(goals, view.finished):
        nearest = against(people, criterion.rule, status)
        sentence = f"No finished patient finds {criterion.id} {status}. This one comes nearest."
        found = people.smallest(view.finished, nearest=nearest)
        failures.append(Failure("criterion", (criterion.id, status), sentence, found))
    return failures


def may_be_unknown(ruleset: Ruleset, rule: Rule) -> bool:
    return any(ruleset.by_link_id[c.question].unknown_codes - c.any_of for c in rule.conditions)


def against(people: People, rule: Rule | None, status: Status = "met") -> list[Term]:
    """What a patient who comes near to this status of a rule has few of: conditions that read otherwise."""
    read = [condition_holds(people.view, condition) for condition in (rule.conditions if rule else ())]
    sought = OPPOSITE[status] if rule is not None and rule.mode == "none of" else status
    return [neg(people.solver.name(tri.status(sought))) for tri in read]


def every_disposition_can_occur(people: People) -> list[Failure]:
    """For every disposition there is somebody whose answers lead to it."""
    never = people.nobody(people.view.dispositions)
    return [Failure("disposition", (name,), f"Nobody's answers lead to {name}.") for name in never]


def no_answers_without_one_disposition(people: People) -> list[Failure]:
    """For any answers at least one of the ten lines of the specification holds.

    The first line that holds gives the disposition, so there is exactly one.
    """
    view = people.view
    some_line = disj(*(line for _name, line in lines(view.ruleset, view.findings, view.finished)))
    found = people.smallest(neg(some_line))
    return [] if found is None else [Failure("disposition", (), "These answers lead to no disposition.", found)]


def unknown_never_reads_as_clear(people: People) -> list[Failure]:
    """While an exclusion or a caution is unknown, nobody comes out as "talk".

    While an urgent criterion is unknown and none is met, everybody comes out as "unfinished". One exception: a minor
    may be told so, but nobody who answered in order, without an open question before an answered one.
    """
    view, says = people.view, people.view.dispositions
    gaps = zip(view.asked, people.gaps(), strict=True)
    skipped = disj(*(conj(view.asked[name].yes, view.answered[name], gap) for name, gap in gaps))
    calm = conj(neg(says["urgent"]), neg(says["unfinished"]), disj(neg(says["under-18"]), neg(skipped)))
    clear = {"urgent": calm, "exclusion": says["talk"], "caution": says["talk"]}
    criteria = view.ruleset.of_kind("urgent", "exclusion", "caution")
    goals = {c: conj(view.findings[c.id].unknown, clear[c.kind]) for c in criteria}
    failures = []
    for criterion in people.solver.possible_of(goals):
        found = people.smallest(goals[criterion])
        assert found is not None
        sentence = f"{criterion.id} is unknown, and the heading is {heading(people, found)} all the same."
        failures.append(Failure("criterion", (criterion.id,), sentence, found))
    return failures


def no_two_inclusions_are_the_same(people: People) -> list[Failure]:
    """Of any two inclusion criteria of one path, some finished patient meets one and not the other.

    A criterion of both paths counts with either. Two that nobody meets are not compared.
    """
    view = people.view
    met = {criterion: view.findings[criterion.id].yes for criterion in view.ruleset.of_kind("inclusion")}
    goals = {
        (one, two): differ(met[one], met[two])
        for one, two in combinations(met, 2)
        if one.path == two.path or "both" in (one.path, two.path)
    }
    failures = []
    for one, two in people.nobody(goals, view.finished):
        found = people.smallest(view.finished, met[one], met[two])
        if found is not None:
            sentence = f"{one.id} and {two.id} are met by just the same patients; one of them is enough."
            failures.append(Failure("pair", (one.id, two.id), sentence, found))
    return failures


def no_heading_is_contradicted(people: People) -> list[Failure]:
    """When more is known, and what was met or not met stays so, the heading does not contradict the one before.

    "urgent" stays; "under-18" becomes at most "urgent". Urgent signs, age and open questions aside: "talk" stays,
    "not-described" stays, "talk-first" (with earlier steps or without) never becomes one that says nothing of what to
    talk about first, and "earlier-steps" never becomes "not-described". Shown for any findings whatever.
    """
    with people.solver.scope():
        (before, was), (after, then) = people.any_findings(), people.any_findings()
        stays = [conj(disj(neg(before[c].yes), after[c].yes), disj(before[c].may, neg(after[c].may))) for c in before]
        pairs = [(first, second) for first, ruled_out in MAY_NOT_FOLLOW.items() for second in ruled_out]
        found = people.solver.possible_of({pair: conj(was[pair[0]], then[pair[1]]) for pair in pairs}, *stays)
    return [Failure("disposition", pair, f"{pair[0]} becomes {pair[1]} when more is known.") for pair in found]


def every_option_changes_something(people: People, twin: Twin) -> list[Failure]:
    """Every option makes a difference for some finished patient, or is marked "for the record".

    A difference: a criterion comes out otherwise, or another question is asked. An option that stands alone is
    compared with any other answer; one that can be ticked beside others with the same ticks without it or, as the only
    tick, with the answer "none of these" (any other answer, where there is no such option).
    Of the options that stand alone, at most one may be named by no rule and not be marked unknown. It reads as "no"
    in every rule; a second one would read as the same "no" without anybody having said so.
    """
    question, view = twin.question, people.view
    failures, dead = [], []
    for code in (option.code for option in question.options if not option.for_the_record):
        if not people.solver.possible(view.finished, twin.moved, *instead_of(people, twin, code)):
            dead.append(code)
            failures.append(useless(people, question, code, f"choosing {code} or not changes nothing for anybody."))
    silent = [code for code in read_as_no(view.ruleset, question) if code not in dead]
    for code in silent[1:]:
        sentence = f"no rule names {code} or {silent[0]}, and both read as no; only one of them can be meant so."
        failures.append(useless(people, question, code, sentence))
    return failures


def instead_of(people: People, twin: Twin, code: str) -> Iterator[Term]:
    """Ours has this option; the twin's answer is what it is compared with."""
    question, ours = twin.question, people.view.bits[twin.question.link_id]
    theirs = twin.view.bits[question.link_id]
    yield ours[code]
    yield neg(theirs[code])
    yield twin.view.answered[question.link_id]
    if code not in standing_alone(question):
        rest = [other for other in question.codes if other != code]
        none = [theirs[other] for other in standing_alone(question) if other not in question.unknown_codes]
        without = conj(*(neg(differ(ours[other], theirs[other])) for other in rest))
        yield disj(without, conj(*(neg(ours[other]) for other in rest), disj(*none) if none else "true"))


def useless(people: People, question: Question, code: str, sentence: str) -> Failure:
    chosen = people.view.bits[question.link_id][code]
    found = people.smallest(people.view.finished, people.view.asked[question.link_id].yes, chosen)
    return Failure("option", (question.link_id, code), f"{question.link_id}: {sentence}", found)


def standing_alone(question: Question) -> list[str]:
    """The options that have no other beside them: all of a single question, the exclusive ones of a multi."""
    return [code for code in question.codes if question.type == "single" or code in question.exclusive_codes]


def read_as_no(ruleset: Ruleset, question: Question) -> list[str]:
    """The options that stand alone, are not for the record or unknown, and are named by no rule."""
    rules = [criterion.rule for criterion in ruleset.criteria]
    rules += [other.enabled_when for other in ruleset.questions if other.enabled_when is not None]
    named = {code for rule in rules for c in rule.conditions if c.question == question.link_id for code in c.any_of}
    meant = named.union(option.code for option in question.options if option.for_the_record or option.unknown)
    return [code for code in standing_alone(question) if code not in meant]


def nothing_rests_on_a_question_not_asked(people: People, twin: Twin) -> list[Failure]:
    """While a question is not asked, whatever answer is stored for it changes nothing.

    No criterion comes out otherwise and no other question is asked: its conditions read as false where it is known
    that the question is not asked, and as unknown where that is unknown.
    """
    name = twin.question.link_id
    terms = neg(people.view.asked[name].yes), twin.moved
    if not people.solver.possible(*terms):
        return []
    patient, instead = people.pair(twin, *terms)
    sentence = f"{name} is not asked, and its stored answer makes a difference."
    return [Failure("question", (name,), sentence, patient, instead)]


def no_settled_criterion_is_unsettled(people: People, twin: Twin) -> list[Failure]:
    """When one answer turns from unknown to known, every criterion that was met or not met stays so; notes aside.

    Unknown: no answer, or one with an unknown option. Known: the unknown option is gone, the other ticks of that
    question stay, more may come. Left out is a known answer after which a question that has been answered is no longer
    asked: its answer then counts nowhere, which is another story and not more of the same one.
    """
    view, other, name = people.view, twin.view, twin.question.link_id
    goals = {
        c: disj(
            conj(view.findings[c.id].yes, neg(other.findings[c.id].yes)),
            conj(neg(view.findings[c.id].may), other.findings[c.id].may),
        )
        for c in view.ruleset.criteria
        if c.kind != "note" and view.findings[c.id] != other.findings[c.id]
    }
    given = list(made_known(people, twin))
    failures = []
    for criterion in people.solver.possible_of(goals, *given):
        patient, instead = people.pair(twin, *given, goals[criterion])
        headings = f"{heading(people, patient)}, then {heading(people, instead)}"
        sentence = f"{name} becomes known, and {criterion.id} does not stay as it was. Heading: {headings}."
        failures.append(Failure("criterion", (criterion.id, name), sentence, patient, instead))
    return failures


def made_known(people: People, twin: Twin) -> Iterator[Term]:
    """The twin's answer is the known form of ours, and every question we answered is still asked."""
    view, other, question = people.view, twin.view, twin.question
    bits, known = view.bits[question.link_id], other.bits[question.link_id]
    unsure = [bits[code] for code in question.codes if code in question.unknown_codes]
    yield disj(neg(view.answered[question.link_id]), *unsure)
    yield other.answered[question.link_id]
    for code in question.codes:
        yield neg(known[code]) if code in question.unknown_codes else disj(neg(bits[code]), known[code])
    for name, asked in view.asked.items():
        if asked != other.asked[name]:
            yield disj(neg(asked.yes), neg(view.answered[name]), other.asked[name].yes)


def heading(people: People, patient: Answers) -> Disposition:
    return assess(people.view.ruleset, patient).disposition
