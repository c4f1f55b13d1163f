"""People who asked to be called back, for the tests of the queue."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from screening.actions.sending import consent_wording
from screening.keys import seal
from screening.models import CallbackRequest

numbers = count(1)


def asked(*, due=timedelta(hours=1), **fields) -> CallbackRequest:
    """A request of Mary Example, 555 0100; ``due``: from now."""
    now = timezone.now()
    return CallbackRequest.objects.create(
        **{
            "asking_hash": f"{next(numbers):064x}",
            "contact": seal({"name": "Mary Example", "phone": "555 0100"}),
            "best_time": "morning",
            "language": "en",
            "consent": consent_wording("callback", "Call me.", "en", at=now),
            "address_hash": "a",
            "phone_hash": "b",
            "asked_at": now,
            "due_at": now + due,
            **fields,
        }
    )
