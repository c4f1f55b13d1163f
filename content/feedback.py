"""Counts answers to "Did you find this helpful?": how many on a page and a day. Nobody's own answer is kept."""

import time
from collections import deque

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from .models import Feedback, Page
from .models.public import Missing


@transaction.atomic
def count(page: Page, *, helpful: bool, missing: str = "", at) -> None:
    """One more answer. Who said no and then says what was missing is counted once: the first "no" gives way."""
    if missing:
        found(page, helpful, Missing.NOTHING, at).filter(count__gt=0).update(count=F("count") - 1)
    Feedback.objects.get_or_create(page=page, day=localdate(at), helpful=helpful, missing=missing)
    found(page, helpful, missing, at).update(count=F("count") + 1)


def found(page: Page, helpful: bool, missing: str, at):
    return Feedback.objects.filter(page=page, day=localdate(at), helpful=helpful, missing=missing)


class Limit:
    """At most ``most`` answers in ``seconds`` in this process, whoever they come from: no address is looked at."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self.times: deque[float] = deque()

    def allows(self) -> bool:
        """Whether one more answer may be counted now; if so, it is noted."""
        now = time.monotonic()
        while self.times and now - self.times[0] > self.seconds:
            self.times.popleft()
        if len(self.times) >= self.most:
            return False
        self.times.append(now)
        return True
