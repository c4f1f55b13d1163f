"""What must hold for any answers whatever, to version 1."""

import json

from hypothesis import assume, given
from hypothesis import strategies as st

from screening.engine.assess import assess, enabled, next_question, stop
from screening.engine.reading import as_given, read_answers
from screening.engine.terms import DISPOSITIONS
from screening.packing import pack, size, unpack
from tests.screening.patients import RULES, answer_to, any_answers, finished_adults, near_base, quick

EXCLUSIONS = [criterion.id for criterion in RULES.of_kind("exclusion")]
UNSURE = [(question, (code,)) for question in RULES.questions for code in sorted(question.unknown_codes)]


def people():
    """Finished adults, people much like base B, and anybody else."""
    return st.one_of(finished_adults(), near_base(), any_answers())


def outcome(answers):
    return assess(RULES, answers).as_dict()


def statuses(answers):
    return {finding.criterion.id: finding.status for finding in assess(RULES, answers).findings}


def as_json(answers):
    return json.dumps(outcome(answers))


def not_asked(answers):
    return [link_id for link_id, is_asked in enabled(RULES, answers).items() if not is_asked]


@quick
@given(people(), st.data())
def test_irrelevant_answers_change_nothing_but_ignored(answers, data):
    hidden = not_asked(answers)
    without = {link_id: codes for link_id, codes in answers.items() if link_id not in hidden}
    added = data.draw(st.fixed_dictionaries({}, optional={h: answer_to(RULES.by_link_id[h]) for h in hidden}))
    assert {**outcome({**without, **added}), "ignored": []} == outcome(without)
    assert next_question(RULES, {**without, **added}) == next_question(RULES, without)
    assert stop(RULES, {**without, **added}) == stop(RULES, without)


@quick
@given(people())
def test_answer_to_a_question_not_asked_is_listed_as_ignored(answers):
    assert assess(RULES, answers).ignored == tuple(link_id for link_id in not_asked(answers) if link_id in answers)


@quick
@given(people(), st.sampled_from(UNSURE))
def test_turning_an_answer_to_unsure_never_clears_an_exclusion(answers, unsure):
    question, codes = unsure
    before, after = statuses(answers), statuses({**answers, question.link_id: codes})
    assert [c for c in EXCLUSIONS if before[c] != "not-met" and after[c] == "not-met"] == []


@quick
@given(people(), st.sampled_from(sorted(RULES.by_link_id)))
def test_taking_an_answer_away_never_clears_an_exclusion(answers, link_id):
    before, after = statuses(answers), statuses({other: answers[other] for other in answers if other != link_id})
    assert [c for c in EXCLUSIONS if before[c] != "not-met" and after[c] == "not-met"] == []


@quick
@given(near_base(), st.sampled_from(UNSURE))
def test_unknown_exclusion_never_reads_as_clear(answers, unsure):
    question, codes = unsure
    answers = {**answers, question.link_id: codes}
    now = statuses(answers)
    if any(now[criterion] != "not-met" for criterion in EXCLUSIONS):
        assert assess(RULES, answers).disposition != "talk"


@quick
@given(people())
def test_there_is_exactly_one_disposition_for_any_answers(answers):
    assert assess(RULES, answers).disposition in DISPOSITIONS


@quick
@given(any_answers())
def test_urgent_sign_comes_before_everything(answers):
    urgent = {**answers, "urgent-signs": ("self-harm",)}
    assert assess(RULES, urgent).disposition == "urgent"
    assert stop(RULES, urgent) == "urgent"
    assert next_question(RULES, urgent) is None


@quick
@given(any_answers())
def test_minor_gets_no_assessment_of_an_adult(answers):
    minor = {**answers, "urgent-signs": ("none",), "answering-for": ("myself",), "age": ("under-18",)}
    assert assess(RULES, minor).disposition == "under-18"
    assert next_question(RULES, minor) is None


@quick
@given(people())
def test_unfinished_is_said_just_while_an_asked_question_is_open(answers):
    assessment = assess(RULES, answers)
    if assessment.disposition not in ("urgent", "under-18"):
        assert (assessment.disposition == "unfinished") == bool(assessment.unanswered)


@quick
@given(people(), st.randoms(use_true_random=False))
def test_same_answers_give_the_same_bytes_whatever_their_order(answers, random):
    link_ids = list(answers)
    random.shuffle(link_ids)
    shuffled = {link_id: answers[link_id] for link_id in link_ids}
    assert as_json(shuffled).encode() == as_json(answers).encode()


@quick
@given(any_answers())
def test_assessing_leaves_the_answers_as_they_were(answers):
    before = dict(answers)
    assess(RULES, answers)
    assert answers == before


@quick
@given(people())
def test_finding_rests_on_answers_that_were_asked_for_and_given(answers):
    asked = enabled(RULES, answers)
    named = {link_id for finding in assess(RULES, answers).findings for link_id in finding.answers}
    assert all(asked[link_id] is True and link_id in answers for link_id in named)


@quick
@given(finished_adults())
def test_every_finding_of_a_finished_screening_names_an_answer(answers):
    assert all(finding.answers for finding in assess(RULES, answers).findings)


@quick
@given(people(), st.data())
def test_changing_an_answer_a_finding_does_not_name_leaves_the_finding(answers, data):
    link_id = data.draw(st.sampled_from(sorted(RULES.by_link_id)))
    changed = {**answers, link_id: data.draw(answer_to(RULES.by_link_id[link_id]))}
    assume(enabled(RULES, changed) == enabled(RULES, answers))
    after = statuses(changed)
    for finding in assess(RULES, answers).findings:
        if link_id not in finding.answers and finding.status != "unknown":
            assert after[finding.criterion.id] == finding.status


@quick
@given(any_answers(), st.data())
def test_next_question_leads_to_the_end_from_any_state(answers, data):
    answers = dict(answers)
    for _step in RULES.questions:
        link_id = next_question(RULES, answers)
        if link_id is None:
            break
        assert link_id not in answers
        assert enabled(RULES, answers)[link_id] is True
        answers[link_id] = data.draw(answer_to(RULES.by_link_id[link_id]))
    assert next_question(RULES, answers) is None
    assert assess(RULES, answers).disposition != "unfinished"


@quick
@given(any_answers())
def test_packed_answers_come_back_whole_hidden_ones_too(answers):
    packed = pack(RULES, answers)
    assert unpack(RULES, packed) == answers
    assert len(packed) == size(RULES)


@quick
@given(any_answers())
def test_answers_given_as_json_read_back_the_same(answers):
    assert read_answers(RULES, json.loads(json.dumps(as_given(RULES, answers)))) == answers
