"""Screenings that patients have sent, for the tests of the desk."""

import itertools
from datetime import date

from django.utils import timezone

from screening import published
from screening.access import opened_row
from screening.actions import Contact, send_screening
from screening.actions.sending import sending_of
from screening.engine.reading import read_answers
from screening.models import AuditEvent, Screening
from tests.screening.patients import patients

MARY = Contact("Mary Example", date(1950, 2, 3), "555 0100")
NOBODY = Contact()
runs = itertools.count(1)


def sent(answers=None, *, at=None, contact=MARY):
    """What a patient sends: a test patient with two open points, unless told otherwise."""
    definition = published.current()
    answers = read_answers(definition.ruleset, answers or with_open_points())
    sending = sending_of(f"{next(runs):032x}", definition, answers)
    return send_screening(
        definition, answers, sending, at=at or timezone.now(), contact=contact, consent="I agree.", language="en"
    )


def with_open_points(fewest=2):
    """The answers of the first test patient who leaves so much open."""
    for _number, answers, disposition in patients():
        if disposition == "need-more-information":
            given = read_answers(published.current().ruleset, answers)
            if open_count(given) >= fewest:
                return answers
    raise LookupError("No test patient leaves so much open.")


def open_count(answers):
    from screening.actions.sending import facts

    return facts(published.current(), answers, NOBODY, "en", None)["open_points"]


def opened(sending):
    """The row as it is now, read without a trace."""
    return opened_row(Screening.objects.select_related("questionnaire").get(pk=sending.screening.pk))


def finding(point, definition):
    """An answer that settles a point."""
    question = definition.ruleset.by_link_id[point.link_id]
    return next(code for code in question.codes if code not in question.unknown_codes and (code,) != point.said)


def read(response):
    """A page as one line of text, without the blanks between."""
    return " ".join(response.content.decode().split())


def traces():
    """All events of the audit, oldest first."""
    return list(AuditEvent.objects.order_by("number").values_list("action", "subject", "detail"))
