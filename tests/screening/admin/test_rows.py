"""Rows of a draft edited on their own pages: nothing is lost, nothing breaks, and a refusal says what to do."""

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.actions import drop_draft, publish_questionnaire, start_draft
from screening.actions.versions import still_open
from screening.arranging import remove
from screening.definition import read_folder
from screening.drafting import snapshot_of
from screening.models import Condition, Text

from .signing import sign


def test_saving_pages_without_a_change_leaves_the_draft_as_it_was(desk, draft, rows):
    before = snapshot_of(draft)
    some = [rows.question("pain-causes"), rows.question("age"), rows.rule("crps"), rows.rule("pain-care-tried")]
    some += [rows.section("pain"), rows.patient(9), rows.patient(11), draft.texts.get(place="disclaimer.text")]
    for row in some:
        page = desk(row).send()
        assert "changed successfully" in page.messages[0], (row, page.errors)
    assert snapshot_of(draft) == before


def test_rows_all_over_the_draft_have_a_page_that_saves(desk, draft):
    for row in (*draft.questions.all()[::7], *draft.criteria.all()[::8], *draft.patients.all()[4::5]):
        assert desk(row).send().address.endswith(f"/questionnairedraft/{draft.pk}/change/"), row


# --- rules


def test_rule_shows_its_sentence_and_the_new_one_after_saving(desk, rows):
    page = desk(rows.rule("pain-care-tried"))
    assert "names at least 2 of: Pain medicines;" in page.text
    assert "names at least 3 of: Pain medicines;" in page.send({"count": "3"}, button="_continue").text


def test_count_belongs_to_at_least_only(desk, rows):
    page = desk(rows.rule("pain-care-tried")).send({"count": ""})
    assert "Write how many it has to be" in page.errors
    page.send({"mode": "any of", "count": "2"})
    assert (rows.rule("pain-care-tried").mode, rows.rule("pain-care-tried").count) == ("any of", None)


def test_sources_are_ticked_and_keep_their_order(desk, rows):
    before = rows.rule("crps").sources
    desk(rows.rule("crps")).send({"sources": ["S1", *before.split(", ")]})
    assert rows.rule("crps").sources == f"{before}, S1"
    assert "required" in desk(rows.rule("crps")).send({"sources": []}).errors


def test_words_of_a_rule_are_saved(desk, rows):
    place = "criterion.crps.met"
    desk(rows.rule("crps")).send({f"words:en:{place}": "  One line.\r\nAnother.  "})
    assert rows.text(place) == "One line.\nAnother."


def test_needed_words_are_asked_for_and_the_others_stay_in_the_form(desk, rows):
    page = desk(rows.rule("crps")).send({"words:en:criterion.crps.met": "", "words:en:criterion.crps.title": "New"})
    assert "This field is required" in page.errors
    assert page.fields["words:en:criterion.crps.title"] == ["New"]
    assert rows.text("criterion.crps.met") != ""


def test_condition_is_added_by_question_and_then_options(desk, rows):
    page = desk(rows.rule("crps"))
    count = rows.rule("crps").conditions.count()
    page.send({f"conditions-{count}-question": str(rows.question("age").pk)})
    assert "Choose among the options of this question" in page.errors
    assert "18 or older" in page.text
    page.send({f"conditions-{count}-options": ["18-or-over"]})
    assert [str(c) for c in rows.rule("crps").conditions.all()][-1] == "age: 18-or-over"


def test_condition_moved_to_another_question_asks_for_its_options(desk, rows):
    moved = rows.rule("crps").conditions.first()
    page = desk(rows.rule("crps")).send({"conditions-0-question": str(rows.question("refills").pk)})
    assert "Choose among the options of this question" in page.errors
    page.send({"conditions-0-options": ["with-help", "yes"]})
    assert str(Condition.objects.get(pk=moved.pk)) == "refills: yes, with-help"


def test_condition_can_be_taken_away(desk, rows):
    count = rows.rule("crps").conditions.count()
    desk(rows.rule("crps")).send({"conditions-0-DELETE": "on"})
    assert rows.rule("crps").conditions.count() == count - 1


def test_new_rule_gets_its_words_and_conditions_on_its_page(desk, draft, rows):
    page = desk(reverse("admin:screening_criterion_add") + f"?draft={draft.pk}")
    page.send({"key": "sleeps-badly", "kind": "note", "path": "both", "mode": "all of", "sources": ["S1"]})
    assert "Now give it its conditions and words" in page.messages[0]
    assert "It has no conditions yet" in page.text
    words = dict.fromkeys(("title", "met", "not_met", "unknown"), "Sleep.")
    page.send(
        {f"words:en:criterion.sleeps-badly.{word}": text for word, text in words.items()}
        | {"conditions-0-question": str(rows.question("age").pk), "conditions-0-options": ["under-18"]}
    )
    rule = snapshot_of(draft)["rules"]["criterion"][-1]
    assert (rule["id"], rule["conditions"]) == ("sleeps-badly", ["age: under-18"])


def test_rule_is_deleted_with_its_words_after_a_question(desk, draft, rows):
    page = desk(reverse("admin:screening_criterion_delete", args=[rows.rule("past-addiction").pk]))
    assert "Delete “past-addiction” from this draft" in page.text
    page.send(button="post")
    assert not draft.criteria.filter(key="past-addiction").exists()
    assert not draft.texts.filter(place__startswith="criterion.past-addiction.").exists()
    assert page.messages == ["“past-addiction” was deleted."]


# --- questions


def test_option_gets_its_code_and_words_in_one_row(desk, draft, rows):
    question = rows.question("refills")
    count = question.options.count()
    new = {f"options-{count}-code": "by-mail", f"options-{count}-options:en": "Yes, by mail"}
    desk(question).send(new)
    assert question.options.last().code == "by-mail"
    assert rows.text("question.refills.options.by-mail") == "Yes, by mail"


def test_option_without_a_label_is_not_taken(desk, rows):
    count = rows.question("refills").options.count()
    page = desk(rows.question("refills")).send({f"options-{count}-code": "by-mail"})
    assert "This field is required" in page.errors
    assert page.fields[f"options-{count}-code"] == ["by-mail"]


def test_same_code_twice_is_refused_in_words(desk, rows):
    count = rows.question("refills").options.count()
    page = desk(rows.question("refills")).send({f"options-{count}-code": "yes", f"options-{count}-options:en": "Yes"})
    assert "duplicate" in page.text


def test_label_hint_and_marks_of_an_option_are_saved(desk, rows):
    page = desk(rows.question("refills"))
    page.send({"options-0-option_hints:en": "Every few months.", "options-0-for_the_record": None})
    assert rows.text("question.refills.option_hints.yes") == "Every few months."
    assert rows.question("refills").options.first().for_the_record is False


def test_option_that_a_rule_names_is_not_deleted_and_the_rules_are_named(desk, rows):
    place = list(rows.question("refills").options.values_list("code", flat=True)).index("not-willing")
    page = desk(rows.question("refills")).send(
        {f"options-{place}-DELETE": "on", "words:en:question.refills.hint": "New"}
    )
    assert "“not-willing” is named by: rule refills-not-possible." in page.errors
    assert page.fields["words:en:question.refills.hint"] == ["New"]
    assert rows.question("refills").options.filter(code="not-willing").exists()


def test_option_that_nothing_names_is_deleted_with_its_words(desk, rows, draft):
    codes = list(rows.question("pain-duration").options.values_list("code", flat=True))
    desk(rows.question("pain-duration")).send({f"options-{codes.index('under-3-months')}-DELETE": "on"})
    assert not rows.question("pain-duration").options.filter(code="under-3-months").exists()
    assert not draft.texts.filter(place="question.pain-duration.options.under-3-months").exists()


def test_question_can_be_asked_of_fewer_people(desk, rows):
    question = rows.question("pain-severity")
    kept = ["pain", "both"]
    desk(question).send({"enabled_when-0-options": kept})
    assert [str(c) for c in question.enabled_when.all()] == ["main-problem: pain, both"]


def test_question_is_asked_by_earlier_answers_only(desk, rows):
    page = desk(rows.question("main-problem"))
    assert f'<option value="{rows.question("age").pk}"' in page.html
    assert f'<option value="{rows.question("refills").pk}"' not in page.html


def test_new_question_stands_last_in_its_section(desk, draft, rows):
    page = desk(reverse("admin:screening_question_add") + f"?draft={draft.pk}")
    page.send({"link_id": "sleep", "section": str(rows.section("about").pk), "type": "single"})
    assert "Now give it its words and options" in page.messages[0]
    order = [row["link_id"] for row in snapshot_of(draft)["rules"]["question"]]
    assert order[order.index("sleep") - 1] == "main-problem"
    assert "The draft cannot be read yet" in desk(draft).text


@pytest.mark.parametrize(
    ("link_id", "said"),
    [("age", "is used in this draft already"), ("not an id", "valid “slug”"), ("", "This field is required")],
)
def test_id_that_cannot_be_is_refused_in_words(desk, draft, link_id, said):
    page = desk(reverse("admin:screening_question_add") + f"?draft={draft.pk}").send({"link_id": link_id})
    assert said in page.errors


@pytest.fixture
def later(questionnaire, reviewer):
    """A draft from version 2, which has lost a question, its rule and an option of another question."""
    snapshot, now = read_folder(), timezone.now()
    rules = snapshot["rules"]
    rules["version"] = 2
    rules["criterion"] = [row for row in rules["criterion"] if row["id"] != "other-conditions"]
    rules["question"] = [row for row in rules["question"] if row["link_id"] != "other-conditions"]
    refills = next(row for row in rules["question"] if row["link_id"] == "refills")
    refills["options"].remove("with-help")
    refills["for_the_record"].remove("with-help")
    return start_draft(publish_questionnaire(snapshot, by=reviewer, at=now, note="Less"), by=reviewer, at=now)


def test_id_of_an_older_version_never_gets_a_second_meaning(desk, later):
    new = {"link_id": "other-conditions"}
    page = desk(reverse("admin:screening_question_add") + f"?draft={later.pk}").send(new)
    assert "“other-conditions” is a question of version 1" in page.errors
    page = desk(reverse("admin:screening_criterion_add") + f"?draft={later.pk}").send({"key": "other-conditions"})
    assert "“other-conditions” is a rule of version 1" in page.errors
    question = later.questions.get(link_id="refills")
    count = question.options.count()
    page = desk(question).send({f"options-{count}-code": "with-help", f"options-{count}-options:en": "By mail"})
    assert "“with-help” is an option of this question in version 1" in page.errors


def test_what_was_deleted_by_mistake_may_come_back(desk, draft, rows, reviewer):
    for row in (rows.rule("other-conditions"), rows.question("other-conditions")):
        remove(row, by=reviewer, at=draft.created_at)
    new = {"link_id": "other-conditions", "section": str(rows.section("about").pk), "type": "single"}
    assert desk(reverse("admin:screening_question_add") + f"?draft={draft.pk}").send(new).errors == ""


def test_question_that_others_rest_on_is_not_deleted_and_they_are_named(desk, rows, draft):
    page = desk(reverse("admin:screening_question_delete", args=[rows.question("opioid-now").pk])).send(button="post")
    assert "“opioid-now” is named by: question opioid-switched, rule opioid-relief-then-trouble." in page.messages[0]
    assert draft.questions.filter(link_id="opioid-now").exists()


def test_question_that_nothing_names_is_deleted_with_options_and_words(desk, rows, draft):
    page = desk(reverse("admin:screening_question_delete", args=[rows.question("answering-for").pk]))
    page.send(button="post")
    assert not draft.questions.filter(link_id="answering-for").exists()
    assert not draft.texts.filter(place__startswith="question.answering-for.").exists()


# --- order


def order(draft, table="question", name="link_id"):
    return [row[name] for row in snapshot_of(draft)["rules"][table]]


def test_question_moves_inside_its_section(desk, draft, rows):
    page = desk(draft)
    page.press(f"/question/{rows.question('depression').pk}/move", way="up")
    links = order(draft)
    assert links.index("depression") == links.index("substance-use") - 1


def test_question_does_not_move_before_one_it_rests_on(desk, draft, rows):
    before = order(draft)
    page = desk(draft).press(f"/question/{rows.question('opioid-now').pk}/move", way="up")
    assert "so it has to come after it" in page.messages[0]
    assert order(draft) == before


def test_first_row_moved_up_stays(desk, draft, rows):
    before = snapshot_of(draft)
    desk(draft).press(f"/question/{rows.question('pain-duration').pk}/move", way="up")
    assert snapshot_of(draft) == before


def test_rule_moves_among_its_kind(desk, draft, rows):
    desk(draft).press(f"/criterion/{rows.rule('blood-clots').pk}/move", way="up")
    keys = order(draft, "criterion", "id")
    assert keys.index("blood-clots") == keys.index("bleeding-problem") - 1


def test_section_moves_with_its_questions(desk, draft, rows):
    desk(draft).press(f"/section/{rows.section('plans').pk}/move", way="up")
    assert snapshot_of(draft)["rules"]["sections"][-2:] == ["plans", "health"]
    links = order(draft)
    assert links.index("refills") < links.index("infection")


def test_question_given_another_section_stands_last_there(desk, draft, rows):
    desk(rows.question("trial-willing")).send({"section": str(rows.section("health").pk)})
    links = order(draft)
    assert links.index("trial-willing") < links.index("refills")
    assert links.index("trial-willing") > links.index("life-expectancy")


# --- sections and words


def test_section_is_added_titled_and_deleted(desk, draft, rows):
    page = desk(reverse("admin:screening_section_add") + f"?draft={draft.pk}").send({"key": "sleep"})
    page.send({"words:en:section.sleep.title": "Your sleep"})
    assert "Your sleep" in desk(draft).text
    desk(reverse("admin:screening_section_delete", args=[rows.section("sleep").pk])).send(button="post")
    assert not draft.sections.filter(key="sleep").exists()


def test_section_with_questions_is_not_deleted(desk, rows, draft):
    page = desk(reverse("admin:screening_section_delete", args=[rows.section("plans").pk])).send(button="post")
    assert "“plans” is named by: question refills," in page.messages[0]


def words_page(desk, draft, name):
    return desk(reverse("admin:screening_questionnairedraft_words", args=[draft.pk, name]))


@pytest.mark.parametrize("name", ["summary", "stop-pages", "sources"])
def test_page_of_words_saved_without_a_change_leaves_the_draft_as_it_was(desk, draft, name):
    before = snapshot_of(draft)
    assert words_page(desk, draft, name).send().messages == ["0 texts were changed."]
    assert snapshot_of(draft) == before


def test_list_takes_one_more_line_and_loses_an_emptied_one(desk, draft):
    words_page(desk, draft, "stop-pages").send(
        {"words:en:urgent.pump.steps.#1": "", "words:en:urgent.pump.steps.#6": "Say your name."}
    )
    steps = snapshot_of(draft)["wording"]["en"]["urgent"]["pump"]["steps"]
    assert (len(steps), steps[-1]) == (5, "Say your name.")


def test_question_to_ask_is_added_and_an_emptied_one_goes_with_its_sources(desk, draft):
    words_page(desk, draft, "summary").send(
        {"words:en:general_question.#2.text": "", "words:en:general_question.#8.text": "Who is on call?"}
    )
    questions = snapshot_of(draft)["wording"]["en"]["general_question"]
    assert len(questions) == 7
    assert all(question["text"] for question in questions)
    assert questions[-1] == {"text": "Who is on call?"}


def test_new_source_can_be_named_by_a_rule(desk, draft, rows):
    page = words_page(desk, draft, "sources").send({"new:key": "S5", "new:title": "A review"})
    assert (page.status, page.fields["new:title"]) == (422, ["A review"])
    page.send({"new:label": "Review (S5)"})
    assert "Review (S5)" in desk(rows.rule("crps")).text


def test_new_urgent_sign_gets_its_words_on_a_stop_page(desk, draft, rows):
    signs = rows.question("urgent-signs")
    count = signs.options.count()
    desk(signs).send({f"options-{count}-code": "fall", f"options-{count}-options:en": "A bad fall"})
    rule = rows.rule("urgent-emergency")
    desk(rule).send({"conditions-0-options": [*rule.conditions.get().options, "fall"]})
    assert "no stop page has words for the sign fall" in desk(draft).text
    words_page(desk, draft, "stop-pages").send({"words:en:urgent.emergency.signs.fall": "A bad fall"})
    assert "cannot be read" not in desk(draft).text


def test_words_sent_as_the_draft_closes_are_answered_in_words(desk, draft, monkeypatch):
    def closed_meanwhile(now):
        drop_draft(draft, by=draft.created_by, at=draft.created_at)
        return still_open(now)

    monkeypatch.setattr("screening.arranging.still_open", closed_meanwhile)
    page = words_page(desk, draft, "summary").send({"words:en:disposition.talk.next": "Mine."})
    assert page.messages == ["This draft is closed. Begin a new one."]


def test_sign_moves_from_one_stop_page_to_another(desk, draft):
    words_page(desk, draft, "stop-pages").send({"words:en:urgent.emergency.signs.breathing": ""})
    page = words_page(desk, draft, "stop-pages")
    assert page.fields["words:en:urgent.emergency.signs.breathing"] == [""]  # once
    page.send({"words:en:urgent.crisis.signs.breathing": "Trouble breathing"})
    cards = snapshot_of(draft)["wording"]["en"]["urgent"]
    assert [name for name, card in cards.items() if "breathing" in card["signs"]] == ["crisis"]


def test_new_urgent_rule_gets_its_own_stop_page(desk, draft, rows):
    signs = rows.question("urgent-signs")
    urgent = draft.criteria.create(
        position=99, key="urgent-fall", kind="urgent", path="both", mode="any of", sources="S1"
    )
    urgent.conditions.create(question=signs, options=["fall"])
    base = "words:en:urgent.fall"
    card = {"title": "Call now", "lead": "A fall can harm.", "steps.#1": "Call 911.", "signs.fall": "A bad fall"}
    words_page(desk, draft, "stop-pages").send({f"{base}.{part}": text for part, text in card.items()})
    saved = snapshot_of(draft)["wording"]["en"]["urgent"]["fall"]
    assert saved == {
        "title": "Call now",
        "lead": "A fall can harm.",
        "steps": ["Call 911."],
        "signs": {"fall": "A bad fall"},
    }


def test_new_kind_of_care_gets_a_line_on_what_to_ask(desk, draft, rows):
    care = rows.question("pain-treatments-failed")
    care.options.create(position=99, code="massage")
    page = words_page(desk, draft, "summary")
    free = [name for name, (value, *_rest) in page.fields.items() if ":earlier_step." in name and not value]
    assert free == ["words:en:earlier_step.pain.massage"]
    page.send({free[0]: "Could massage help?"})
    assert snapshot_of(draft)["wording"]["en"]["earlier_step"]["pain"]["massage"] == "Could massage help?"


def test_two_people_on_one_page_of_words_never_overwrite_each_other_unseen(desk, draft, rows):
    mine, theirs = words_page(desk, draft, "summary"), words_page(desk, draft, "summary")
    theirs.send({"words:en:disposition.talk.lead": "Theirs."})
    mine.send({"words:en:disposition.talk.next": "Mine."})
    assert "Someone saved these words after you opened the page" in mine.errors
    assert (mine.fields["words:en:disposition.talk.next"], rows.text("disposition.talk.lead")) == (["Mine."], "Theirs.")
    mine.send({"words:en:disposition.talk.lead": "Theirs."})
    assert (rows.text("disposition.talk.lead"), rows.text("disposition.talk.next")) == ("Theirs.", "Mine.")


# --- test patients


def test_patient_keeps_the_answers_that_were_given(desk, rows):
    patient = rows.patient(9)
    page = desk(patient)
    assert page.fields["answer:pain-causes"] == ["cancer"]
    page.send({"answer:pain-causes": ["cancer", "crps"], "answer:age": ""})
    patient.refresh_from_db()
    assert patient.answers["pain-causes"] == ["cancer", "crps"]
    assert "age" not in patient.answers


def test_option_that_stands_alone_is_refused_beside_its_question(desk, rows):
    page = desk(rows.patient(1)).send({"answer:urgent-signs": ["none", "breathing"]})
    assert "'none' stands alone" in page.errors


def test_changed_answers_lose_their_signature_and_a_changed_number_does_not(desk, rows, reviewer, draft):
    patient = rows.patient(1)
    sign(patient, reviewer)
    desk(patient).send({"why": "Another reason"})
    assert rows.patient(1).signed_by == reviewer
    desk(patient).send({"answer:infection": "yes"})
    assert rows.patient(1).signed_by is None


def test_new_patient_gets_the_next_number(desk, draft, rows):
    page = desk(reverse("admin:screening_testpatient_add") + f"?draft={draft.pk}")
    assert page.fields["number"] == ["17"]
    page.send({"number": "3", "why": "Emergency"})
    assert "There is a test patient 3 already" in page.errors
    page.send({"number": "17", "disposition": "urgent", "answer:urgent-signs": ["breathing"]})
    assert rows.patient(17).answers == {"urgent-signs": ["breathing"]}


def test_patient_without_answers_is_refused(desk, draft):
    page = desk(reverse("admin:screening_testpatient_add") + f"?draft={draft.pk}").send({"why": "Nobody"})
    assert "Give at least one answer" in page.errors


def test_only_who_may_sign_deletes_a_patient(client, editor, rows, draft, desk):
    client.force_login(editor)
    address = reverse("admin:screening_testpatient_delete", args=[rows.patient(4).pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert draft.patients.count() == 16


# --- who, when and together


def test_two_people_editing_one_row_never_overwrite_each_other_unseen(desk, client, rows, second_reviewer):
    mine, place = desk(rows.rule("crps")), "words:en:criterion.crps.title"
    client.force_login(second_reviewer)
    desk(rows.rule("crps")).send({place: "Theirs"})
    mine.send({place: "Mine"})
    assert "rosa saved this page after you opened it" in mine.errors
    assert (mine.fields[place], rows.text("criterion.crps.title")) == (["Mine"], "Theirs")
    mine.send()
    assert rows.text("criterion.crps.title") == "Mine"


def test_option_a_colleague_deleted_meanwhile_is_told_in_words(desk, client, rows, second_reviewer):
    mine = desk(rows.question("pain-duration"))
    rows.question("pain-duration").options.get(code="under-3-months").delete()
    assert "saved this page after you opened it" in mine.send().errors


def test_every_save_names_an_author_and_closes_the_gate(desk, draft, rows, reviewer):
    draft.checked_hash = "x"
    draft.save()
    desk(rows.question("age")).send()
    draft.refresh_from_db()
    assert (draft.authors, draft.checked_hash) == ([reviewer.pk], "")


def test_draft_that_cannot_be_read_can_still_be_edited(desk, draft, rows):
    rows.rule("crps").conditions.all().delete()
    Text.objects.filter(draft=draft, place="question.age.text").delete()
    assert "Every row can still be edited" in desk(draft).text
    for row in (rows.rule("crps"), rows.patient(1), rows.question("pain-causes")):
        assert "changed successfully" in desk(row).send().messages[0]
    for look in ("compare", "picture", "fhir"):
        page = desk(reverse(f"admin:screening_questionnairedraft_{look}", args=[draft.pk]))
        assert "The draft cannot be read yet" in page.messages[0]


def test_rows_of_a_closed_draft_can_be_read_and_not_changed(desk, draft, rows, reviewer):
    drop_draft(draft, by=reviewer, at=draft.created_at)
    page = desk(rows.rule("crps"))
    assert page.address.endswith(f"/questionnairedraft/{draft.pk}/change/")
    assert "This draft is closed" in page.messages[0]
    address = reverse("admin:screening_criterion_change", args=[rows.rule("crps").pk])
    desk("/admin/").client.post(address, {"mode": "any of"})
    assert rows.rule("crps").mode == "all of"


@pytest.mark.parametrize("named", ["", "?draft=", "?draft=x", "?draft=99999"])
def test_row_without_an_open_draft_cannot_be_added(desk, draft, named):
    assert desk(reverse("admin:screening_criterion_add") + named).status == 403


def test_address_of_a_row_that_is_not_there_is_not_found(desk, draft):
    assert desk("/admin/screening/criterion/99999/change/").status == 404
    assert desk("/admin/screening/criterion/x/change/").status == 404


def test_words_stand_in_a_column_for_each_language(desk, draft, rows, settings):
    settings.LANGUAGES = [("en", "English"), ("es", "Spanish")]
    page = desk(rows.rule("crps"))
    assert "Title (Spanish)" in page.text
    words = {name: ["Palabras"] for name in page.fields if name.startswith("words:es:")}
    page.send(words)
    assert draft.texts.get(language="es", place="criterion.crps.title").text == "Palabras"
    count = rows.question("age").options.count()
    assert f"options-{count}-options:es" in desk(rows.question("age")).fields
