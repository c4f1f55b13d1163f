"""A signed mark in a public form: which showing of the form it is, and how long ago that was. No cookie is needed."""

import secrets
import time
from dataclasses import dataclass

from django.core import signing

SALT = "pumpguide form age"
HOURS = 12


@dataclass(frozen=True)
class Showing:
    """One showing of a form. ``nonce``: random, so that the same form sent twice is known as the same."""

    nonce: str
    seconds: float
    """Since it was shown."""
    again: bool
    """Shown again with everything filled in: then a person may well send it within a second."""


def mark(*, again: bool = False) -> str:
    """A new mark."""
    return signing.dumps([secrets.token_hex(16), time.time(), again], salt=SALT)


def read(text: str) -> Showing | None:
    """The showing, or None for a mark that is too old or not one of ours."""
    try:
        nonce, made, again = signing.loads(text, salt=SALT, max_age=HOURS * 3600)
    except (signing.BadSignature, ValueError):
        return None
    return Showing(nonce, time.time() - made, again)
