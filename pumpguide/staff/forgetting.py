"""Ended sessions and old failed sign-ins hold account numbers and addresses, and go when they are of no more use."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.sessions.models import Session
from django.db import transaction

LOGINS_KEPT = timedelta(days=7)


@transaction.atomic
def forget_sessions(*, at: datetime) -> int:
    """Delete ended sessions; how many."""
    return Session.objects.filter(expire_date__lt=at).delete()[0]


@transaction.atomic
def forget_logins(*, at: datetime) -> int:
    """Delete failed sign-ins older than LOGINS_KEPT; how many."""
    old = {"attempt_time__lt": at - LOGINS_KEPT}
    return sum(model.objects.filter(**old).delete()[0] for model in (AccessAttempt, AccessFailureLog))
