"""The gate: version 1 passes it; each kind of fault closes it and is told in words."""

import copy
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from content.models import Source
from screening import gate
from screening.actions import NotReady, publish_draft, send_to_review, start_draft
from screening.definition import read_folder
from screening.models import Questionnaire
from tests.screening.admin.signing import sign

NOW = timezone.now()


@pytest.fixture
def snapshot():
    return copy.deepcopy(read_folder())


@pytest.fixture
def draft(questionnaire, reviewer):
    return start_draft(Questionnaire.objects.get(), by=reviewer, at=NOW)


def found(snapshot):
    return {check.id: [one.text for one in check.found] for check in gate.examine(snapshot) if check.found}


def rule(snapshot, key):
    return next(row for row in snapshot["rules"]["criterion"] if row["id"] == key)


def test_version_1_passes_every_check(snapshot):
    assert found(snapshot) == {}


def test_rules_that_cannot_be_read_stop_there(snapshot):
    rule(snapshot, "crps")["conditions"] = ["nobody: yes"]
    assert list(found(snapshot)) == ["readable"]


def test_dead_option_is_found_with_a_patient_who_shows_it(snapshot):
    question = next(row for row in snapshot["rules"]["question"] if row["link_id"] == "refills")
    question["for_the_record"] = []
    (check,) = [check for check in gate.examine(snapshot) if check.found]
    assert check.id == "proof-options"
    assert check.found[0].answers["refills"] in ("yes", "with-help")


def test_urgent_rule_on_a_later_question_closes_the_gate(snapshot):
    rule(snapshot, "urgent-pump")["conditions"] = ["infection: yes"]
    snapshot["wording"]["en"]["urgent"]["pump"]["signs"]["yes"] = "An infection"
    assert found(snapshot)["urgent-first"] == [
        "The urgent rule urgent-pump rests on infection. Let it rest on the first question, urgent-signs, alone."
    ]


def test_first_question_that_is_not_of_urgent_signs_closes_the_gate(snapshot):
    questions = snapshot["rules"]["question"]
    questions.insert(0, questions.pop(1))
    said = found(snapshot)["urgent-first"]
    assert said[-1].startswith("No urgent rule rests on the first question (answering-for).")
    assert len(said) == 4


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        ({"mode": "none of", "conditions": ["age: under-18"]}, False),
        ({"mode": "at least", "count": 1, "conditions": ["age: 18-or-over"]}, False),
        ({"mode": "all of", "conditions": ["main-problem: pain, both"]}, False),
        ({"mode": "all of", "conditions": ["age: 18-or-over", "main-problem: pain"]}, True),
    ],
)
def test_question_asked_in_a_way_fhir_cannot_say_closes_the_gate(snapshot, asked, allowed, monkeypatch):
    next(row for row in snapshot["rules"]["question"] if row["link_id"] == "refills")["enabled_when"] = asked
    monkeypatch.setattr("screening.engine.prove.prove", lambda ruleset: [])  # what it says of them is not asked here
    said = found(snapshot).get("fhir", [])
    assert said == [] if allowed else "refills: enabled_when with" in said[0] and "write it as any of" in said[0]


def test_test_patient_who_comes_out_otherwise_closes_the_gate(snapshot):
    rule(snapshot, "pain-care-tried")["count"] = 3
    assert "Test patient 1 " in found(snapshot)["patients"][0]


def test_patient_signed_with_no_finding_is_held_to_that(snapshot):
    patient = snapshot["patients"]["patient"][12]
    assert patient["disposition"] == "urgent"
    patient["findings"] = {}
    assert "urgent-emergency: signed not-met, now met" in found(snapshot)["patients"][0]
    del patient["findings"]  # nobody has signed for them yet
    assert found(snapshot) == {}


def test_summary_that_cannot_be_made_closes_the_gate(snapshot):
    snapshot["wording"]["en"]["earlier_step"] = ["Could physical therapy help?"]
    (said,) = [said for said in found(snapshot)["summaries"] if "test patient 4 " in said]
    assert said.startswith("The summary of test patient 4 cannot be made (en)")


def test_stop_page_that_says_nothing_closes_the_gate(draft):
    draft.texts.filter(place__startswith="urgent.emergency.steps").update(text="")
    assert not gate.check(draft)
    assert "urgent emergency has no steps; add it" in draft.outcome["checks"][0]["found"][0]["text"]


@pytest.mark.parametrize(
    "words",
    [
        *("You are eligible.", "Your score is high.", "This is approved for you.", "The risk is nullified."),
        *("It is much safer.", "A life-changing step.", "This rejects a pump.", "This can rule out a pump."),
        *("Go on. Stop taking your opioids.", "It gives powerful relief."),
    ],
)
def test_word_that_is_never_used_closes_the_gate(snapshot, words):
    snapshot["wording"]["en"]["disposition"]["talk"]["lead"] = words
    assert list(found(snapshot)) == ["never-words"]


def test_fda_approved_is_a_fact_about_a_medicine(snapshot):
    snapshot["wording"]["en"]["disposition"]["talk"]["lead"] = "The medicine is FDA-approved for this use."
    assert found(snapshot) == {}


def test_hard_words_close_the_gate(snapshot):
    snapshot["wording"]["en"]["disposition"]["talk"]["lead"] = " ".join(["Interdisciplinary rehabilitation"] * 15) + "."
    assert list(found(snapshot)) == ["reading"]


def test_hard_line_closes_the_gate_however_easy_its_row_is(snapshot):
    hard = "An interdisciplinary team considers rehabilitation. " * 4
    snapshot["wording"]["en"]["question"]["pain-causes"]["why"] = hard
    (said,) = found(snapshot)["reading"]
    assert said.startswith("question.pain-causes.why: grade")


def test_sentence_of_more_than_20_words_closes_the_gate(snapshot):
    snapshot["wording"]["en"]["disposition"]["talk"]["lead"] = " ".join(["so"] * 21) + "."
    assert found(snapshot)["reading"] == ["disposition.talk.lead: a sentence of 21 words. Split it."]


def test_rule_without_a_source_closes_the_gate(snapshot):
    rule(snapshot, "crps")["sources"] = []
    assert found(snapshot)["sources"] == ["crps names no source."]


def test_language_that_is_on_but_has_no_words_closes_the_gate(snapshot, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    assert found(snapshot)["languages"] == ["There are no words in Spanish yet."]


def test_source_past_its_date_closes_the_gate(draft, guide):
    assert gate.check(draft)
    Source.objects.filter(key="S4").update(recheck_on=timezone.localdate() - timedelta(days=1))
    assert not gate.check(draft)
    (late,) = [part for part in draft.outcome["checks"] if part["found"]]
    assert late["id"] == "source-dates"


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_the_proofs_are_made(draft, monkeypatch):
    waiting = []
    prove = "screening.engine.prove.prove"
    monkeypatch.setattr(prove, lambda ruleset: waiting.append(connection.in_atomic_block) or ())
    gate.check(draft)
    assert waiting == [False]


def test_check_of_rows_that_changed_meanwhile_counts_for_nothing(draft, reviewer, monkeypatch):
    def prove_while_a_colleague_saves(ruleset):
        draft.criteria.filter(key="crps").update(position=99)
        return ()

    monkeypatch.setattr("screening.engine.prove.prove", prove_while_a_colleague_saves)
    gate.check(draft)
    with pytest.raises(NotReady, match="Check it again"):
        send_to_review(draft, by=reviewer, at=NOW, note="Why")


# --- the way to publishing


@pytest.fixture
def in_review(draft, reviewer):
    gate.check(draft)
    send_to_review(draft, by=reviewer, at=NOW, note="Why")
    return draft


def test_source_that_falls_due_after_the_check_closes_the_gate_again(in_review, guide, administrator):
    Source.objects.filter(key="S4").update(recheck_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(NotReady, match="is past its date"):
        publish_draft(in_review, by=administrator, at=NOW, seen=in_review.checked_hash)


def test_language_turned_on_after_the_check_closes_the_gate_again(in_review, settings, administrator):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    with pytest.raises(NotReady, match="no words in Spanish"):
        publish_draft(in_review, by=administrator, at=NOW, seen=in_review.checked_hash)


def test_check_by_an_engine_that_was_replaced_counts_no_more(in_review, administrator, monkeypatch):
    monkeypatch.setattr(gate, "ENGINE", "another")
    with pytest.raises(NotReady, match="what checks it, was changed"):
        publish_draft(in_review, by=administrator, at=NOW, seen=in_review.checked_hash)


def test_unchecked_draft_cannot_be_sent_to_review(draft, reviewer):
    with pytest.raises(NotReady, match="Check it again"):
        send_to_review(draft, by=reviewer, at=NOW, note="Why")


def test_change_after_the_check_closes_the_gate_again(draft, reviewer):
    assert gate.check(draft)
    draft.criteria.filter(key="crps").update(position=99)
    with pytest.raises(NotReady, match="changed since"):
        send_to_review(draft, by=reviewer, at=NOW, note="Why")


def test_reason_is_asked_for(draft, reviewer):
    gate.check(draft)
    with pytest.raises(ValidationError, match="one line on why"):
        send_to_review(draft, by=reviewer, at=NOW, note="  ")


def test_difference_blocks_until_a_clinician_signs_it_again(draft, reviewer):
    draft.criteria.filter(key="pain-care-tried").update(count=3)
    assert not gate.check(draft)
    for patient in draft.patients.all():
        sign(patient, reviewer)
    assert gate.check(draft)


def test_author_cannot_publish_and_a_second_clinician_can(draft, reviewer, administrator):
    for patient in draft.patients.all():
        sign(patient, reviewer)
    gate.check(draft)
    send_to_review(draft, by=reviewer, at=NOW, note="Signed the patients")
    with pytest.raises(PermissionDenied):
        publish_draft(draft, by=reviewer, at=NOW, seen=draft.checked_hash)
    version = publish_draft(draft, by=administrator, at=NOW, seen=draft.checked_hash)
    assert (version.version, version.written_by, version.approved_by) == (2, reviewer, administrator)
    with pytest.raises(NotReady):
        publish_draft(draft, by=administrator, at=NOW, seen=draft.checked_hash)
