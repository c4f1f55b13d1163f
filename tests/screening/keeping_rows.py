"""For tests of what is kept and deleted: one of everything, as long ago as one likes, with words to search for."""

from datetime import date, timedelta

from django.utils import timezone

from screening import published
from screening.access import opened_row
from screening.actions import Contact, Sent, look_over, review_point, send_screening
from screening.actions.calling import Wish, ask_for_call
from screening.actions.queue import attempt, claim, close
from screening.actions.sending import sending_of
from screening.models import CallbackRequest, Screening
from tests.screening.patients import patient

CONTACT = Contact("Marker Namesake", date(1931, 7, 9), "555 0177")
NOTE = "Marker of a note"
PLAIN = ("Marker Namesake", "1931-07-09", "555 0177", NOTE, "Marker Caller", "555 0188", "192.0.2.77")


def sent(run: int = 1, *, ago=timedelta(), number: int = 15) -> Screening:
    """A screening that a patient sent so long ago."""
    return receipt(run, ago=ago, number=number).screening


def receipt(run: int = 1, *, ago=timedelta(), number: int = 15) -> Sent:
    """The same with what the patient got for it."""
    definition = published.current()
    answers = {key: tuple([value] if isinstance(value, str) else value) for key, value in patient(number).items()}
    sending = sending_of(f"{run:032x}", definition, answers)
    at = timezone.now() - ago
    return send_screening(definition, answers, sending, at=at, contact=CONTACT, consent="I agree.", language="en")


def looked_over(screening: Screening, nurse) -> None:
    """With a review of a point and of the whole."""
    now = timezone.now()
    look_over(screening, by=nurse, at=now)
    for point in opened_row(screening).points[:1]:
        review_point(screening, point.link_id, "still-open", by=nurse, at=now, note=NOTE)


def called(number: int = 1, *, ago=timedelta(), nurse=None, closed=timedelta()) -> CallbackRequest:
    """Someone who asked to be called ``ago``; with a nurse, tried once and closed so long ago."""
    wish = Wish("Marker Caller", f"555 0188{number:04}", "any", "en")
    at = timezone.now() - ago
    row = ask_for_call(
        wish, at=at, nonce=f"nonce {number}", address=f"192.0.2.77-{number}", consent="Call me.", language="en", days=2
    )
    if nurse:
        claim(row.pk, by=nurse, at=at)
        attempt(row.pk, by=nurse, at=at, reason="busy", again_at=at + timedelta(hours=1))
        claim(row.pk, by=nurse, at=at)
        close(row.pk, by=nurse, at=timezone.now() - closed, outcome="reached")
    return row
