"""The draft's own page: check, compare, imaginary patients, review, publish, drop; and published versions."""

import io
import json
import re
import zipfile

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from screening import gate, published
from screening.actions import publish_draft, send_to_review, start_draft, withdraw
from screening.arranging import remove
from screening.definition import definition
from screening.drafting import snapshot_of
from screening.models import Questionnaire, QuestionnaireDraft
from screening.models.draft import Stage
from screening.replay import replay

from .page import Fields
from .signing import sign

DRAFTS = reverse("admin:screening_questionnairedraft_changelist")


def version_page(desk, number=1):
    return desk(Questionnaire.objects.get(version=number))


def stage(draft):
    draft.refresh_from_db()
    return draft.stage


def three_treatments(desk, rows):
    """The change of the story: two treatments become three, and every patient is signed as they are now."""
    desk(rows.rule("pain-care-tried")).send({"count": "3"})


def signed(desk, draft):
    page = desk(draft)
    while found := re.search(r"Sign patient (\d+) as it is now", page.text):
        page = page.press(f"/testpatient/{draft.patients.get(number=found[1]).pk}/sign")
    return page


def in_review(draft, author):
    """The same change, made and sent to review without the desk."""
    draft.criteria.filter(key="pain-care-tried").update(count=3)
    snapshot = snapshot_of(draft)
    found = replay(definition(snapshot).ruleset, snapshot["patients"]["patient"])
    for patient in draft.patients.filter(number__in=[one.number for one in found if not one.as_signed]):
        sign(patient, author)
    assert gate.check(draft), draft.outcome
    send_to_review(draft, by=author, at=draft.created_at, note="Two is too few")


# --- beginning


def test_draft_begins_in_one_click_from_the_list_or_from_the_version(desk, questionnaire):
    page = desk(DRAFTS).press("/draft")
    assert "The draft was made" in page.messages[0]
    assert "Go on with: Draft of version 2" in desk(DRAFTS).text
    page.press("/drop")
    assert "Draft of version 2" in version_page(desk).press("/draft").text


def test_second_draft_is_refused_with_the_reason(desk, draft, client):
    page = desk(DRAFTS)
    address = reverse("admin:screening_questionnaire_draft", args=[draft.based_on_id])
    page.take(client.post(address, follow=True))
    assert page.messages == ["A draft is open already. Publish or drop it first."]


def test_version_is_shown_in_words(desk, questionnaire):
    text = version_page(desk).text
    assert "Met when “Pain care that did not help enough” names at least 2 of:" in text
    assert "Asked when “Main problem” is Pain or Both or Not sure." in text


# --- check, and what it found


def test_check_shows_what_was_found_first_and_opens_the_patient(desk, draft, rows):
    desk(rows.question("refills")).send({"options-0-for_the_record": None, "options-1-for_the_record": None})
    page = desk(draft).press("/check")
    assert "Publishing stays closed" in page.messages[0]
    assert page.text.index("Every option changes something") < page.text.index("It can be read")
    page.press("/preview")
    assert "All answers, as given" in page.text
    assert page.status == 200


def test_both_halves_of_a_proof_open(desk, draft, rows):
    desk(rows.rule("infection")).send({"conditions-0-options": ["yes", "not-sure"]})
    page = desk(draft).press("/check")
    assert "The same patient, with one other answer:" in page.text
    opened = [dict(fields)["answers"] for action, fields in Fields(page.html).forms if action.endswith("/preview/")][:2]
    unsure, known = map(json.loads, opened)
    assert {link_id for link_id in unsure if unsure[link_id] != known[link_id]} == {"infection"}


def test_check_of_version_1_holds_and_opens_the_way_to_review(desk, draft):
    page = desk(draft)
    assert "Send to review" not in page.html
    page.press("/check")
    assert "Everything holds" in page.messages[0]
    assert 'value="Send to review"' in page.html


def test_proofs_that_cannot_be_finished_keep_the_gate_closed(desk, draft, monkeypatch):
    def gives_up(ruleset):
        raise RuntimeError("The solver gave up: timeout. Nothing is proven.")

    monkeypatch.setattr("screening.engine.prove.prove", gives_up)
    page = desk(draft).press("/check")
    assert "The proofs could not be finished: The solver gave up" in page.text
    assert 'value="Send to review"' not in page.html


def test_comparison_that_cannot_be_finished_claims_nothing(desk, draft, monkeypatch):
    def gives_up(*args):
        raise RuntimeError("The solver gave up.")

    monkeypatch.setattr("screening.admin.looks.changes", gives_up)
    page = desk(reverse("admin:screening_questionnairedraft_compare", args=[draft.pk]))
    assert "nothing is claimed" in page.messages[0]


def test_patient_that_was_made_for_an_older_draft_is_told_so(desk, draft, client):
    address = reverse("admin:screening_questionnairedraft_preview", args=[draft.pk])
    for answers in ('{"gone": "yes"}', "[]", "{", "[" * 5000, ""):
        page = desk(draft).take(client.post(address, {"answers": answers}, follow=True))
        assert "does not fit the draft any more" in page.messages[0]


def test_each_test_patient_opens(desk, draft, rows, client):
    page = desk(draft)
    address = reverse("admin:screening_questionnairedraft_preview", args=[draft.pk])
    for patient in draft.patients.all():
        page.take(client.post(address, {"answers": json.dumps(patient.answers)}))
        heading = draft.texts.get(place=f"disposition.{patient.disposition}.heading").text
        assert page.text.count(heading) >= 2, patient
    assert draft.patients.count() == 16


# --- what it changes


def test_change_is_told_in_words_with_a_patient_for_each_outcome(desk, draft, rows):
    three_treatments(desk, rows)
    page = desk(reverse("admin:screening_questionnairedraft_compare", args=[draft.pk]))
    assert "Before: Met when “Pain care that did not help enough” names at least 2 of" in page.text
    assert "Now: Met when “Pain care that did not help enough” names at least 3 of" in page.text
    assert "from “Worth talking about with a specialist” to “Other care usually comes first”" in page.text
    assert "“Other pain care tried” can change from met to not met." in page.text
    page.press("/preview")
    assert "This draft" in page.text
    assert "Version 1" in page.text


def test_change_of_words_is_told_from_a_change_of_rules(desk, draft, rows):
    desk(rows.rule("crps")).send({"words:en:criterion.crps.title": "CRPS"})
    page = desk(reverse("admin:screening_questionnairedraft_compare", args=[draft.pk]))
    assert "the outcome stays the same" in page.text
    assert "“Complex regional pain syndrome” becomes “CRPS”" in page.text


def test_every_kind_of_edit_is_told_in_words(desk, draft, rows):
    rows.rule("past-addiction").delete()
    rows.rule("crps").delete()
    desk(rows.question("opioid-switched")).send({"enabled_when-0-options": ["wearing-off"]})
    desk(draft).press(f"/question/{rows.question('depression').pk}/move", way="up")
    page = desk(reverse("admin:screening_questionnairedraft_compare", args=[draft.pk]))
    for said in (
        "“Complex regional pain syndrome” (criterion) is gone.",
        "“Switched to another opioid” can be left out where it was asked.",
        "“Switched to another opioid”. Before: Asked when",
        "The order of the questions is another.",
    ):
        assert said in page.text


def test_heading_before_counts_what_was_answered_to_a_question_that_is_gone(desk, draft, rows, reviewer):
    for row in (rows.rule("refills-not-possible"), rows.question("refills")):
        remove(row, by=reviewer, at=draft.created_at)
    page = desk(reverse("admin:screening_questionnairedraft_compare", args=[draft.pk])).press("/preview")
    before = page.text.split("Version 1")[1].split("All answers")[0]
    assert "Some questions are still waiting" not in before


# --- patients who come out otherwise


def test_difference_is_told_in_words_and_blocks_until_signed_again(desk, draft, rows):
    three_treatments(desk, rows)
    page = desk(draft).press("/check")
    assert "Heading: signed “Worth talking about with a specialist”, now “Other care usually comes first”" in page.text
    page = signed(desk, draft).press("/check")
    assert "Everything holds" in page.messages[0]
    assert "Sent to review" in page.press("/review", note="Two is too few").messages[0]
    assert rows.patient(1).signed_by.username == "ravi"


def test_changed_patient_counts_only_with_a_signature(desk, draft, rows):
    desk(rows.patient(1)).send({"why": "Somebody else"})
    page = desk(draft).press("/check")
    assert "Test patient 1 is new or was changed, and no clinician has signed for it." in page.text
    page.press(f"/testpatient/{rows.patient(1).pk}/sign").press("/check")
    assert "Everything holds" in page.messages[0]


def test_signature_is_for_the_outcome_that_was_shown(desk, draft, rows):
    three_treatments(desk, rows)
    page, patient = desk(draft), rows.patient(1)
    desk(rows.rule("pain-care-tried")).send({"count": "2"})
    page.press(f"/testpatient/{patient.pk}/sign")
    assert "Test patient 1 comes out otherwise than when you opened the page." in page.messages[0]
    assert rows.patient(1).signed_by is None


def test_editor_cannot_sign(client, draft, editor, rows):
    client.force_login(editor)
    address = reverse("admin:screening_testpatient_sign", args=[rows.patient(1).pk])
    assert client.post(address).status_code == 403


def test_patient_of_a_draft_that_cannot_be_read_is_not_signed(desk, draft, rows, client):
    rows.rule("crps").conditions.all().delete()
    address = reverse("admin:screening_testpatient_sign", args=[rows.patient(1).pk])
    page = desk(draft).take(client.post(address, follow=True))
    assert "The draft cannot be read yet" in page.messages[0]


# --- review and publishing


def test_author_sees_no_button_and_is_refused_all_the_same(desk, draft, client, reviewer):
    in_review(draft, reviewer)
    page = desk(draft)
    assert "a colleague has to look at it" in page.text
    address = reverse("admin:screening_questionnairedraft_publish", args=[draft.pk])
    page.take(client.post(address, follow=True))
    assert "Ask a colleague to check and publish it" in page.messages[0]
    assert Questionnaire.objects.count() == 1


def test_second_clinician_publishes(desk, draft, client, second_reviewer, reviewer):
    in_review(draft, reviewer)
    client.force_login(second_reviewer)
    page = desk(draft).press("/publish")
    assert "Published" in page.messages[0]
    version = Questionnaire.objects.get(version=2)
    assert (version.written_by, version.approved_by, version.note) == (reviewer, second_reviewer, "Two is too few")
    assert "See the published version" in page.text
    assert "as in version 2" in version_page(desk, 2).press("/draft").text


def test_edit_during_review_sends_the_draft_back(desk, draft, rows, reviewer):
    in_review(draft, reviewer)
    desk(rows.rule("crps")).send({"words:en:criterion.crps.title": "CRPS"})
    assert stage(draft) == Stage.DRAFT


@pytest.mark.parametrize(("note", "said"), [(" ", "one line on why"), ("x" * 301, "300 characters or fewer")])
def test_reason_is_asked_for_in_words(desk, draft, note, said):
    page = desk(draft).press("/check").press("/review", note=note)
    assert said in page.messages[0]
    assert stage(draft) == Stage.DRAFT


def test_nothing_is_done_to_a_closed_draft(desk, draft, client, reviewer, second_reviewer):
    in_review(draft, reviewer)
    publish_draft(draft, by=second_reviewer, at=draft.created_at, seen=draft.checked_hash)
    QuestionnaireDraft.objects.filter(pk=draft.pk).update(checked_hash="")  # a check of it would show
    before = QuestionnaireDraft.objects.filter(pk=draft.pk).values().get()
    page = desk(draft)
    for act in ("check", "review", "publish", "drop"):
        address = reverse(f"admin:screening_questionnairedraft_{act}", args=[draft.pk])
        page.take(client.post(address, {"note": "x"}, follow=True))
        assert len(page.messages) == 1, act
        assert QuestionnaireDraft.objects.filter(pk=draft.pk).values().get() == before, act


def test_version_keeps_who_signed_its_test_patients_and_the_next_one_too(desk, draft, reviewer, second_reviewer):
    in_review(draft, reviewer)
    publish_draft(draft, by=second_reviewer, at=draft.created_at, seen=draft.checked_hash)
    page, day = version_page(desk, 2), date_format(timezone.localtime(draft.created_at))
    assert f"Other care usually comes first ravi, {day}" in page.text
    assert "Other care usually comes first nobody here" in page.text
    again = start_draft(Questionnaire.objects.get(version=2), by=reviewer, at=draft.created_at)
    gate.check(again)
    send_to_review(again, by=reviewer, at=draft.created_at, note="Again")
    publish_draft(again, by=second_reviewer, at=draft.created_at, seen=again.checked_hash)
    first, second = (Questionnaire.objects.get(version=number).snapshot["patients"]["signed"] for number in (2, 3))
    assert first == second != []


def test_approval_is_for_the_draft_that_was_read(desk, draft, rows, client, reviewer, second_reviewer):
    in_review(draft, reviewer)
    client.force_login(second_reviewer)
    read = desk(draft)
    client.force_login(reviewer)
    desk(rows.rule("crps")).send({"words:en:criterion.crps.title": "CRPS"})
    desk(draft).press("/check").press("/review", note="Shorter")
    client.force_login(second_reviewer)
    page = read.press("/publish")
    assert "changed after you opened the page. Nothing was published." in page.messages[0]
    assert "Published" in page.press("/publish").messages[0]


def test_dropped_draft_can_be_read(desk, draft):
    page = desk(draft).press("/drop")
    assert "Stage: Dropped" in page.text
    assert "Add a rule" not in page.text


# --- withdrawal


@pytest.fixture
def version_2(draft, second_reviewer, reviewer):
    gate.check(draft)
    send_to_review(draft, by=reviewer, at=draft.created_at, note="Again")
    return publish_draft(draft, by=second_reviewer, at=draft.created_at, seen=draft.checked_hash)


def test_version_is_withdrawn_with_a_reason(desk, version_2):
    page = version_page(desk, 2).press("/withdraw", reason="  ")
    assert "Write one line on why" in page.messages[0]
    page.press("/withdraw", reason="A slip")
    assert "Version 2 is no longer used" in page.messages[0]
    assert "Stop using this version" not in page.text
    assert published.in_use("")[0].newest == 1


def test_version_is_withdrawn_only_once(desk, version_2, reviewer, client):
    withdraw(version_2, by=reviewer, at=version_2.published_at, reason="A slip")
    page = version_page(desk, 2)
    address = reverse("admin:screening_questionnaire_withdraw", args=[version_2.pk])
    page.take(client.post(address, {"reason": "Again"}, follow=True))
    assert page.messages == ["This version was withdrawn already."]


# --- back to an older version


@pytest.fixture
def back_to_version_1(draft, reviewer, second_reviewer):
    """Version 2 asks for three treatments and is in use; the reviewer begins a draft of version 3 from version 1."""
    in_review(draft, reviewer)
    publish_draft(draft, by=second_reviewer, at=draft.created_at, seen=draft.checked_hash)
    return start_draft(Questionnaire.objects.get(version=1), by=reviewer, at=draft.created_at)


def test_who_brings_an_older_version_back_cannot_publish_it(desk, back_to_version_1, reviewer):
    draft = back_to_version_1
    QuestionnaireDraft.objects.filter(pk=draft.pk).update(stage=Stage.IN_REVIEW)
    with pytest.raises(PermissionDenied):
        publish_draft(draft, by=reviewer, at=draft.created_at, seen=draft.checked_hash)
    assert "a colleague has to look at it" in desk(draft).text


def test_signatures_of_an_older_version_do_not_count_against_the_one_in_use(desk, back_to_version_1):
    page = desk(back_to_version_1).press("/check")
    assert "Test patient 1 is new or was changed, and no clinician has signed for it." in page.text
    assert "It would replace version 2, which is in use." in page.text


def test_draft_of_an_older_version_is_held_against_the_one_in_use_too(desk, back_to_version_1):
    page = desk(reverse("admin:screening_questionnairedraft_compare", args=[back_to_version_1.pk]))
    in_use, made_from = page.text.split("Against Version 1, which the draft was made from")
    assert "Against Version 2, which is in use" in in_use
    assert "“Other pain care tried” can change from not met to met." in in_use
    assert "Nothing: for every possible patient the outcome stays the same." in made_from
    page.press("/preview")
    assert "Version 2" in page.text
    assert "Version 1" in page.text


# --- out and in


def upload(desk, name, content):
    from django.core.files.uploadedfile import SimpleUploadedFile

    page = desk(reverse("admin:screening_questionnairedraft_import"))
    return page.take(page.client.post(page.address, {"file": SimpleUploadedFile(name, content)}, follow=True))


def test_exported_files_come_back_as_the_same_draft(desk, draft, rows, client):
    three_treatments(desk, rows)
    before = snapshot_of(draft)
    files = client.get(reverse("admin:screening_questionnairedraft_files", args=[draft.pk])).content
    assert sorted(zipfile.ZipFile(io.BytesIO(files)).namelist()) == ["en.toml", "patients.toml", "rules.toml"]
    desk(draft).press("/drop")
    page = upload(desk, "questionnaire.zip", files)
    assert page.messages == ["The draft was made. It becomes version 2."]
    assert snapshot_of(QuestionnaireDraft.objects.exclude(pk=draft.pk).get()) == before


def test_exported_json_comes_back_as_the_same_draft(desk, draft, client):
    before = snapshot_of(draft)
    content = client.get(reverse("admin:screening_questionnairedraft_snapshot", args=[draft.pk])).content
    desk(draft).press("/drop")
    upload(desk, "draft.json", content)
    assert snapshot_of(QuestionnaireDraft.objects.exclude(pk=draft.pk).get()) == before


def test_fhir_of_a_version_comes_back_as_its_questions(desk, questionnaire, client):
    version = Questionnaire.objects.get()
    content = client.get(reverse("admin:screening_questionnaire_fhir", args=[version.pk])).content
    upload(desk, "questionnaire.json", content)
    snapshot = snapshot_of(QuestionnaireDraft.objects.get())
    assert snapshot["rules"]["question"] == version.snapshot["rules"]["question"]
    assert snapshot["wording"] == version.snapshot["wording"]


def test_fhir_with_a_new_question_makes_a_draft_that_says_what_it_lacks(desk, questionnaire, client):
    resource = client_fhir(desk, client)
    resource["item"][1]["item"].append(
        {
            "linkId": "sleep",
            "text": "How do you sleep?",
            "type": "choice",
            "answerOption": [{"valueCoding": {"code": "well", "display": "Well"}}],
        }
    )
    page = upload(desk, "questionnaire.json", json.dumps(resource).encode())
    assert "It cannot be read yet: wording en: question sleep has no why" in page.messages[1]


def client_fhir(desk, client):
    desk(DRAFTS)
    return client.get(reverse("admin:screening_questionnaire_fhir", args=[Questionnaire.objects.get().pk])).json()


def zipped(**files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty"),
        (b"hello", "Give a zip with rules.toml"),
        (b"\xff\xfe{", "Give a zip with rules.toml"),
        (b"[]", "Give a FHIR Questionnaire"),
        (b"{}", "does not have the shape"),
        (b'{"rules": [], "wording": 3}', "does not have the shape"),
        (b'{"resourceType": "Patient"}', "resourceType is not Questionnaire"),
        (b'{"resourceType": "Questionnaire", "status": "draft", "item": 3}', "does not have the shape"),
        (b"[" * 100_000, "does not have the shape"),
        (b"PK not really", "cannot be opened"),
        (zipped(en_toml="x = 1"), "no rules.toml"),
        (zipped(rules_toml="x = "), "rules.toml:"),
        (b" " * 1_100_000, "larger than any questionnaire"),
    ],
)
def test_file_that_is_no_questionnaire_is_refused_in_words(desk, questionnaire, content, said):
    page = upload(desk, "file", content)
    assert said in page.errors
    assert page.status == 422
    assert not QuestionnaireDraft.objects.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s["rules"]["criterion"][5]["conditions"].append("nobody: yes"), "no question 'nobody'"),
        (lambda s: s["rules"]["question"][0].update(link_id="a b"), "no question 'urgent-signs'"),
        (lambda s: s["rules"]["criterion"][0].update(id="a b"), "valid “slug”"),
        (lambda s: s["rules"]["criterion"][0].update(id="a" * 90), "at most 60 characters"),
        (lambda s: s["wording"]["en"].update({"a.b": "dotted"}), "cannot be kept as it is"),
        (lambda s: s["wording"]["en"].update(number=3), "does not have the shape"),
        (lambda s: s["patients"]["patient"][0].update(surprise=1), "does not have the shape"),
        (lambda s: s["patients"]["patient"][0].update(number=2), "there twice"),
    ],
)
def test_snapshot_that_cannot_be_kept_leaves_nothing_behind(desk, questionnaire, change, said):
    snapshot = json.loads(json.dumps(Questionnaire.objects.get().snapshot))
    change(snapshot)
    page = upload(desk, "draft.json", json.dumps(snapshot).encode())
    assert said in page.errors
    assert not QuestionnaireDraft.objects.exists()


def test_import_waits_while_a_draft_is_open(desk, draft):
    page = upload(desk, "draft.json", json.dumps(snapshot_of(draft)).encode())
    assert "A draft is open already" in page.errors


def test_who_brings_a_draft_in_cannot_approve_it(desk, questionnaire, reviewer):
    upload(desk, "draft.json", json.dumps(Questionnaire.objects.get().snapshot).encode())
    assert QuestionnaireDraft.objects.get().authors == [reviewer.pk]


def test_rule_without_a_fhir_form_is_told(desk, draft, rows):
    question = rows.question("surgery-outlook")
    question.enabled_mode = "none of"
    question.save()
    page = desk(reverse("admin:screening_questionnairedraft_fhir", args=[draft.pk]))
    assert "has no FHIR form" in page.messages[0]
