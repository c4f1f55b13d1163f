"""What nurses note on a screening. Every note is a new row; nothing that was said or noted is changed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ..access.opened import opened_row
from ..audit import record
from ..engine.terms import Question
from ..keys import seal
from ..models import Action, Review, Screening
from ..worklist import still_open
from .sending import remove

MOST_NOTE = 300  # characters
Outcome = Review.Outcome


@transaction.atomic
def review_point(
    screening: Screening, link_id: str, outcome: str, *, by, at, answer: tuple[str, ...] = (), found_in="", note=""
) -> Review:
    """Note on one point what was found. ``answer``: the codes found, valid for the question (``reading.read_answer``).

    Raises ValidationError with an instruction where the note does not hold together.
    """
    row = Screening.objects.select_for_update().get(pk=screening.pk)
    before = opened_row(row)
    point = next((point for point in before.points if point.link_id == link_id), None)
    if point is None:
        raise ValidationError(_("This question is not on the worklist of this screening."))
    question = before.definition.ruleset.by_link_id[link_id]
    answer = checked_answer(question, outcome, answer, point.said, found_in)
    review = Review.objects.create(
        screening=row,
        link_id=link_id,
        outcome=outcome,
        found_in=found_in,
        sealed=seal({"answer": answer, "note": note.strip()[:MOST_NOTE]}),
        by=by,
        at=at,
    )
    mark_reviewed(row, by=by, at=at)
    row.open_points = still_open(opened_row(row).points)
    row.save(update_fields=["open_points"])
    record(Action.REVIEW, by=by, at=at, subject=f"screening {row.pk}", detail=f"{link_id} {outcome}")
    return review


def checked_answer(
    question: Question, outcome: str, answer: tuple[str, ...], said: tuple[str, ...], found_in: str
) -> tuple[str, ...]:
    """The codes to keep with an outcome. Raises ValidationError."""
    if outcome == Outcome.STILL_OPEN:
        return ()
    if not found_in:
        raise ValidationError({"found_in": _("Select where you found it")})
    unsure = question.unknown_codes
    if outcome == Outcome.CONFIRMED and not answer and said and unsure.isdisjoint(said):
        return said
    if not answer:
        raise ValidationError({"answer": _("Select the answer you found")})
    if not unsure.isdisjoint(answer):
        raise ValidationError({"answer": _("Select what you found, or “Still open”")})
    if outcome == Outcome.NOT_SO and set(answer) == set(said):
        raise ValidationError({"answer": _("This is what the patient said. Select what you found, or “Confirmed”")})
    if outcome == Outcome.CONFIRMED and unsure.isdisjoint(said) and said and set(answer) != set(said):
        raise ValidationError({"answer": _("This is not what the patient said. Select “Not so” for it")})
    return answer


@transaction.atomic
def look_over(screening: Screening, *, by, at) -> Review:
    """A nurse has looked at the screening as a whole."""
    row = Screening.objects.select_for_update().get(pk=screening.pk)
    review = Review.objects.create(screening=row, outcome=Outcome.LOOKED_AT, by=by, at=at)
    mark_reviewed(row, by=by, at=at)
    record(Action.REVIEW, by=by, at=at, subject=f"screening {row.pk}", detail=Outcome.LOOKED_AT)
    return review


def mark_reviewed(row: Screening, *, by, at) -> None:
    """From the first note on, the patient's link no longer deletes by itself."""
    if row.reviewed_at is None:
        row.reviewed_by, row.reviewed_at = by, at
        row.save(update_fields=["reviewed_by", "reviewed_at"])


@transaction.atomic
def delete_screening(screening: Screening, *, by, at) -> None:
    """A nurse deletes a screening, as the patient asked or as it was sent by mistake."""
    row = Screening.objects.select_for_update().filter(pk=screening.pk).first()
    if row is not None:
        remove(row, by=by, at=at, detail="asked by the patient" if row.deletion_asked_at else "by the nurse")
