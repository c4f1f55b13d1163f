"""What a patient sends is stored once, whatever happens on the way, and can be taken back."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from screening import journal, published
from screening.access import opened_row
from screening.actions import (
    Contact,
    ask_to_delete,
    delete_by_link,
    delete_screening,
    look_over,
    review_point,
    send_screening,
)
from screening.actions.sending import already_sent, sending_of
from screening.audit import verify
from screening.engine.assess import assess
from screening.models import AuditEvent, ConsentWording, Screening
from tests.screening.patients import patient

RUN = "00" * 16
CONTACT = Contact("Mary Example", date(1950, 2, 3), "555 0100")


@pytest.fixture(autouse=True)
def _own_journal(settings, tmp_path):
    settings.DELETIONS_LOG = tmp_path / "deletions.log"


def send(answers=None, run=RUN, contact=CONTACT):
    definition = published.current()
    answers = {
        key: tuple([value] if isinstance(value, str) else value) for key, value in (answers or patient(5)).items()
    }
    sending = sending_of(run, definition, answers)
    return send_screening(
        definition, answers, sending, at=timezone.now(), contact=contact, consent="I agree.", language="en"
    )


def test_the_same_thing_sent_twice_is_one_screening_with_one_code(questionnaire):
    first, second = send(), send()
    assert (first.code, first.secret) == (second.code, second.secret)
    assert Screening.objects.count() == ConsentWording.objects.count() == 1


def test_another_run_with_the_same_answers_is_another_screening(questionnaire):
    assert send().code != send(run="01" * 16).code


def test_neither_code_nor_name_nor_answers_lie_in_the_row(questionnaire):
    sent = send()
    stored = " ".join(
        str(bytes(value) if isinstance(value, memoryview) else value) for value in Screening.objects.values_list()[0]
    )
    for secret in (
        sent.code,
        sent.code.replace("-", ""),
        sent.secret,
        "Mary Example",
        "555 0100",
        "1950-02-03",
        "answering-for",
    ):
        assert secret not in stored


def test_what_was_judged_when_it_was_sent_is_what_is_shown(questionnaire):
    sent = send()
    opened = opened_row(sent.screening)
    assert opened.assessment == assess(opened.definition.ruleset, opened.answers)
    assert opened.contact == {"name": "Mary Example", "birth_date": date(1950, 2, 3), "phone": "555 0100"}
    assert opened.summary.disposition == sent.screening.disposition


def test_the_link_deletes_until_a_nurse_has_looked(questionnaire, nurse):
    sent = send()
    assert delete_by_link(sent.secret, at=timezone.now())
    assert not delete_by_link(sent.secret, at=timezone.now())
    assert [deleted.name for deleted in journal.read()] == [sent.screening.sending_hash]
    again = send()
    look_over(again.screening, by=nurse, at=timezone.now())
    assert not delete_by_link(again.secret, at=timezone.now())
    assert ask_to_delete(again.secret, at=timezone.now())
    delete_screening(again.screening, by=nurse, at=timezone.now())
    assert not Screening.objects.exists()
    assert already_sent(b"x") is None
    assert list(verify()) == []
    assert list(AuditEvent.objects.order_by("number").values_list("action", flat=True)) == [
        "delete",
        "review",
        "deletion-asked",
        "delete",
    ]


def test_a_review_settles_an_open_point_and_the_original_stays(questionnaire, nurse):
    opened = None
    for number in range(1, 17):
        sent = send(patient(number), run=f"{number:02x}" * 16)
        opened = opened_row(sent.screening)
        if opened.open_points:
            break
    point = next(point for point in opened.points if point.kind == "open")
    question = opened.definition.ruleset.by_link_id[point.link_id]
    found = next(code for code in question.codes if code not in question.unknown_codes)
    before = opened.summary
    review_point(
        sent.screening, point.link_id, "confirmed", by=nurse, at=timezone.now(), answer=(found,), found_in="report"
    )
    after = opened_row(Screening.objects.get(pk=sent.screening.pk))
    assert after.summary == before
    assert after.open_points == opened.open_points - 1 == after.row.open_points
    assert after.confirmed[point.link_id] == (found,)
    with pytest.raises(DatabaseError, match="never edited"), transaction.atomic():
        after.row.reviews.update(outcome="still-open")
