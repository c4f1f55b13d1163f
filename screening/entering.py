"""A call under way: what a nurse has ticked so far, in an encrypted cookie of its own on the nurse's browser.

It is sealed like the patient's (``answers.py``), but for one nurse: on a shared machine the next one cannot go on with
it. Nothing reaches the database until the nurse stores it for the desk.
"""

import time
from dataclasses import dataclass, replace

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from .answers import Unreadable, Visit, fernet, opened, packed
from .engine.assess import enabled, stop
from .engine.terms import Answers, Ruleset, Truth
from .models import Screening

COOKIE = "__Secure-phone" if settings.SESSION_COOKIE_SECURE else "phone"
MARKS = {b"phone": False, b"saved": True}
MARK, USER = 5, 8  # bytes


@dataclass(frozen=True)
class Call:
    """The answers so far. ``stored``: they are on the desk already, so nothing can be changed here any more."""

    visit: Visit
    stored: bool = False

    @property
    def ruleset(self) -> Ruleset:
        return self.visit.ruleset

    @property
    def answers(self) -> Answers:
        return self.visit.answers

    def asked(self) -> dict[str, Truth]:
        return enabled(self.ruleset, self.answers)

    def with_answer(self, link_id: str, codes: tuple[str, ...]) -> "Call":
        """The same with one more answer; no codes: the question is open again."""
        if codes:
            return replace(self, visit=self.visit.with_answer(link_id, codes))
        kept = {other: given for other, given in self.answers.items() if other != link_id}
        return replace(self, visit=replace(self.visit, answers=kept))


def next_open(ruleset: Ruleset, answers: Answers, after: str = "") -> str | None:
    """The first open question after this one, or of all; None when there is none, or an urgent sign stops it."""
    asked = enabled(ruleset, answers)
    if stop(ruleset, answers, asked) == "urgent":
        return None
    order = list(asked)
    later = order[order.index(after) + 1 :] if after else order
    return next((link_id for link_id in later if asked[link_id] and link_id not in answers), None)


def not_counted(ruleset: Ruleset, answers: Answers) -> dict[str, tuple[str, ...]]:
    """The answers to questions that are not asked, given the others: kept as they were said, but no rule reads them."""
    asked = enabled(ruleset, answers)
    return {link_id: codes for link_id, codes in answers.items() if asked[link_id] is not True}


def seal(call: Call, user) -> str:
    mark = next(mark for mark, stored in MARKS.items() if stored is call.stored)
    return fernet().encrypt(mark + user.pk.to_bytes(USER, "big") + packed(call.visit)).decode()


def read(request: HttpRequest) -> Call | None:
    """This nurse's call; None where there is none, it is another's, or it is past the idle limit or not readable."""
    token = request.COOKIES.get(COOKIE)
    if token is None:
        return None
    try:
        raw = fernet().decrypt(token)
        age = time.time() - fernet().extract_timestamp(token)
        if age > settings.ANSWERS_IDLE_SECONDS or raw[:MARK] not in MARKS:
            return None
        if int.from_bytes(raw[MARK : MARK + USER], "big") != request.user.pk:
            return None
        return Call(opened(raw[MARK + USER :], age), stored=MARKS[raw[:MARK]])
    except (InvalidToken, Unreadable, ValueError, TypeError):
        return None


def write(response: HttpResponse, call: Call, user) -> None:
    """Put the call into the response's cookie, seen by the phone pages alone."""
    response.set_cookie(
        COOKIE,
        seal(call, user),
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
        path=reverse("intake:phone"),
    )


def clear(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=reverse("intake:phone"), samesite="Strict")


def was_entered_by(user, number: int) -> bool:
    """Whether this nurse entered the screening with this number; nothing of it is read."""
    return Screening.objects.filter(pk=number, entered_by=user).exists()
