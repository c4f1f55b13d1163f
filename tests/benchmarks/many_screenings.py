"""Very many sent screenings, as a large clinic would have them, for the benchmarks of the desk."""

import random
from datetime import timedelta

SHARE_REVIEWED, SECONDS_APART = 0.9, 7
HEADINGS = {"talk": 20, "talk-first": 25, "need-more-information": 30, "earlier-steps": 15, "not-described": 10}


def sending(number: int) -> bytes:
    return number.to_bytes(32, "big")


def code(number: int) -> str:
    from screening.codes import reference_code

    return reference_code(sending(number))


def grow_to(count: int) -> None:
    """Add rows until there are ``count``; each looks like one that was sent, its sealed parts of the usual length."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.utils import timezone

    from screening.models import ConsentWording, Questionnaire, Screening

    nurse, _new = get_user_model().objects.get_or_create(username="nina")
    wording, _new = ConsentWording.objects.get_or_create(
        hash="0" * 64, defaults={"purpose": "send", "language": "en", "text": "-", "first_used_at": timezone.now()}
    )
    shared = {"consent": wording, "questionnaire": Questionnaire.objects.get(version=1), **sealed()}
    first, now, chance = Screening.objects.count(), timezone.now(), random.Random(1)  # noqa: S311 (no secret)
    for start in range(first, count, 5000):
        numbers = range(start, min(start + 5000, count))
        Screening.objects.bulk_create(one(number, nurse, now, chance, shared) for number in numbers)
    with connection.cursor() as cursor:
        for statement in ("VACUUM ANALYZE", "CHECKPOINT") if connection.vendor == "postgresql" else ("ANALYZE",):
            cursor.execute(statement)  # as PostgreSQL does by itself in the minutes after, while we would measure


def sealed() -> dict:
    from screening.actions.sending import Contact, facts
    from screening.published import version

    from .senders import finished_answers

    made = facts(version(1), finished_answers(), Contact(name="Pat Example", phone="555 0100"), "en", None)
    return {"record": made["record"], "contact": made["contact"]}


def one(number: int, nurse, now, chance, shared):
    from screening.actions.sending import sending_hash
    from screening.codes import code_hash, delete_secret, secret_hash
    from screening.models import Screening

    sent = now - timedelta(seconds=SECONDS_APART * (2_000_000 - number))
    reviewed = chance.random() < SHARE_REVIEWED
    return Screening(
        sending_hash=sending_hash(sending(number)),
        code_hash=code_hash(code(number)),
        secret_hash=secret_hash(delete_secret(sending(number))),
        disposition=chance.choices(list(HEADINGS), HEADINGS.values())[0],
        open_points=chance.choice((0, 0, 1, 2, 4)),
        answered_by="patient",
        sent_at=sent,
        reviewed_by=nurse if reviewed else None,
        reviewed_at=sent + timedelta(hours=3) if reviewed else None,
        **shared,
    )
