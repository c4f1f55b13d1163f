"""A draft's rows and a snapshot say the same, both ways."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from screening.actions import changed, drop_draft, start_draft
from screening.definition import read_folder
from screening.drafting import flat, nested, snapshot_of
from screening.models import Questionnaire
from tests.screening.patients import by_length

NOW = timezone.now()


@pytest.fixture
def draft(questionnaire, reviewer):
    return start_draft(Questionnaire.objects.get(), by=reviewer, at=NOW)


def test_draft_nobody_changed_is_the_version_it_was_made_from_but_for_its_number(draft):
    snapshot = snapshot_of(draft)
    assert snapshot["rules"].pop("version") == 2
    original = draft.based_on.snapshot
    assert original["rules"].pop("version") == 1
    assert snapshot == original


def places(draft):
    return list(draft.texts.values_list("place", flat=True))


def test_words_stand_in_one_order_however_a_database_keeps_their_tables(draft, reviewer):
    snapshot, before = draft.based_on.snapshot, places(draft)
    drop_draft(draft, by=reviewer, at=NOW)
    again = start_draft(Questionnaire.objects.get(), by=reviewer, at=NOW, snapshot=by_length(snapshot))
    assert places(again) == before


def test_second_draft_is_refused_while_one_is_open(draft, reviewer):
    with pytest.raises(ValidationError, match="open already"):
        start_draft(draft.based_on, by=reviewer, at=NOW)


def test_changed_row_shows_in_the_snapshot(draft):
    criterion = draft.criteria.get(key="pain-care-tried")
    criterion.count = 3
    criterion.save()
    rule = next(row for row in snapshot_of(draft)["rules"]["criterion"] if row["id"] == "pain-care-tried")
    assert rule["count"] == 3


def test_every_author_is_noted_once(draft, reviewer, editor):
    for person in (reviewer, editor, reviewer):
        changed(draft, by=person, at=NOW)
    assert draft.authors == [editor.pk, reviewer.pk]


def test_places_of_words_lead_back_to_the_same_words():
    words = read_folder()["wording"]["en"]
    assert nested(list(flat(words))) == words


def test_emptied_text_is_left_out():
    assert nested([("question.age.hint", " "), ("question.age.text", "How old?")]) == {
        "question": {"age": {"text": "How old?"}}
    }
