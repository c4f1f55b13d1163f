"""Ended sessions and old failed sign-ins hold account numbers and addresses, and go when they are of no more use."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from .models import KNOWN_FOR, Place

LOGINS_KEPT = timedelta(days=7)


@transaction.atomic
def forget_sessions(*, at: datetime) -> int:
    """Delete ended sessions; how many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]


@transaction.atomic
def forget_logins(*, at: datetime) -> int:
    """Delete failed sign-ins older than LOGINS_KEPT, and addresses of second steps; how many."""
    old = {"attempt_time__lt": at - LOGINS_KEPT}
    places = Place.objects.filter(
        Q(failed_at=None) | Q(failed_at__lt=at - LOGINS_KEPT), Q(right_at=None) | Q(right_at__lt=at - KNOWN_FOR)
    )
    rows = (places, *(model.objects.filter(**old) for model in (AccessAttempt, AccessFailureLog)))
    return sum(some.delete()[0] for some in rows)
