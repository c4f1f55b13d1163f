"""The patient's answers in an encrypted cookie on their own device: read, write, clear. Nothing else holds them.

Inside the Fernet token: the questionnaire's version, a random run number (so that an old browser tab cannot write into
a screening that was started anew) and the packed answers. Fernet's own time stamp is the idle limit.

Only an answer writes that cookie. A page that is merely looked at renews the limit in a second one, which holds the run
number and no answers: so a reply that comes late can neither bring back what was cleared nor undo a newer answer.
"""

import secrets
import time
from dataclasses import dataclass, field, replace
from math import inf

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import published
from .engine.reading import AnswersError
from .engine.terms import Answers, Ruleset
from .packing import pack, unpack

COOKIE = "__Host-answers" if settings.SESSION_COOKIE_SECURE else "answers"
AWAKE = "__Host-awake" if settings.SESSION_COOKIE_SECURE else "awake"
REFRESH_AFTER_SECONDS = 60  # a page that only shows things renews the idle limit at most this often
VERSION_BYTES, RUN_BYTES = 2, 16


class Expired(Exception):
    """The cookie is older than the idle limit: the answers in it are gone."""


class Unreadable(Exception):
    """The cookie is not one of ours, or of a version that is not here any more."""


@dataclass(frozen=True)
class Visit:
    """One person's way through the screening: the version they started with, and their answers so far."""

    version: int
    answers: Answers = field(default_factory=dict)
    run: str = field(default_factory=lambda: secrets.token_hex(RUN_BYTES))
    age: float = 0.0
    """Seconds since the last answer or page."""

    @property
    def definition(self):
        return published.version(self.version)

    @property
    def ruleset(self) -> Ruleset:
        return self.definition.ruleset

    @property
    def for_someone_else(self) -> bool:
        return self.answers.get("answering-for") == ("someone-else",)

    def with_answer(self, link_id: str, codes: tuple[str, ...]) -> "Visit":
        return replace(self, answers={**self.answers, link_id: codes}, age=0.0)


def fernet() -> MultiFernet:
    """The newest key seals; every key opens, so that keys can be changed without losing anybody's answers."""
    return MultiFernet([Fernet(key) for key in settings.ANSWERS_KEYS])


def packed(visit: Visit) -> bytes:
    """The opposite of ``opened``."""
    return visit.version.to_bytes(VERSION_BYTES, "big") + bytes.fromhex(visit.run) + pack(visit.ruleset, visit.answers)


def seal(visit: Visit) -> str:
    return fernet().encrypt(packed(visit)).decode()


def read(request: HttpRequest) -> Visit | None:
    """The visit in the request's cookie; None when there is no cookie. Raises Expired or Unreadable."""
    token = request.COOKIES.get(COOKIE)
    if token is None:
        return None
    try:
        raw, age = unsealed(token)
    except (InvalidToken, ValueError, TypeError) as error:
        raise Unreadable from error
    age = min(age, last_look(request, raw[VERSION_BYTES : VERSION_BYTES + RUN_BYTES]))
    if age > settings.ANSWERS_IDLE_SECONDS:
        raise Expired
    return opened(raw, age)


def unsealed(token: str) -> tuple[bytes, float]:
    """What the token holds, and its age in seconds."""
    return fernet().decrypt(token), time.time() - fernet().extract_timestamp(token)


def last_look(request: HttpRequest, run: bytes) -> float:
    """Seconds since a page of this run renewed the limit; endless where none did."""
    try:
        seen, age = unsealed(request.COOKIES.get(AWAKE, ""))
    except (InvalidToken, ValueError, TypeError):
        return inf
    return age if seen == run else inf


def opened(raw: bytes, age: float) -> Visit:
    version = int.from_bytes(raw[:VERSION_BYTES], "big")
    run = raw[VERSION_BYTES : VERSION_BYTES + RUN_BYTES].hex()
    try:
        ruleset = published.version(version).ruleset
        return Visit(version, unpack(ruleset, raw[VERSION_BYTES + RUN_BYTES :]), run, age)
    except (published.NoSuchVersion, AnswersError) as error:
        raise Unreadable from error


def write(response: HttpResponse, visit: Visit) -> None:
    """Put the visit into the response's cookie; it lasts until the browser is closed or the idle limit passes."""
    put(response, COOKIE, seal(visit))


def put(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax", path="/")


def keep_awake(response: HttpResponse, visit: Visit) -> None:
    """Renew the idle limit when it is old enough to be worth it; the answers stay as the browser has them."""
    if visit.age > REFRESH_AFTER_SECONDS:
        put(response, AWAKE, fernet().encrypt(bytes.fromhex(visit.run)).decode())


def clear(response: HttpResponse) -> None:
    """Make the browser forget the answers."""
    for name in (COOKIE, AWAKE):
        response.delete_cookie(name, path="/", samesite="Lax")
