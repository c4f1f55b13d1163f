"""A signed mark in a public form: which showing of the form it is, how long ago that was, and with which words to agree
to. No cookie is needed.
"""

import hashlib
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
    words: str
    """Names the words that people agree to, as they stood on the page."""

    def had(self, wording: str) -> bool:
        """Whether it was shown with just these words."""
        return self.words == named(wording)


def named(wording: str) -> str:
    return hashlib.sha256(wording.encode()).hexdigest()[:16]


def mark(wording: str, *, again: bool = False) -> str:
    """A new mark of a form with these words to agree to."""
    return signing.dumps([secrets.token_hex(16), time.time(), again, named(wording)], salt=SALT)


def read(text: str) -> Showing | None:
    """The showing, or None for a mark that is too old or not one of ours."""
    try:
        nonce, made, again, words = signing.loads(text, salt=SALT, max_age=HOURS * 3600)
    except (signing.BadSignature, ValueError):
        return None
    return Showing(nonce, time.time() - made, again, words)
