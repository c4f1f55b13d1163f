"""Secrets and codes of the second step: making, sealing and reading them. No database."""

import base64
import secrets
from datetime import datetime
from urllib.parse import quote

import segno
from cryptography.fernet import Fernet, InvalidToken
from django.utils.safestring import SafeString, mark_safe
from django_otp.oath import TOTP

from screening.keys import keyed_hash, subkey

SECRET_BYTES = 20  # as RFC 4226 recommends
APP_DIGITS = 6
RECOVERY_DIGITS = 12
RECOVERY_CODES = 10
PERIOD = 30  # seconds, RFC 6238
SLACK = 1  # periods that a phone's clock may be off
ISSUER = "Pump Guide"


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def fernet() -> Fernet:
    """Made from CLINIC_KEY, which stays for good: a change of the other keys locks nobody out."""
    return Fernet(base64.urlsafe_b64encode(subkey("second step of staff")))


def seal(secret: bytes, user: int) -> bytes:
    """The secret for this account alone, to be stored or to wait in the form where it is first shown."""
    return fernet().encrypt(user.to_bytes(8, "big") + secret)


def opened(token: bytes, user: int, *, seconds: int | None = None) -> bytes:
    """The opposite of ``seal``. Raises InvalidToken: not ours, another account's, or older than ``seconds``."""
    content = fernet().decrypt(bytes(token), ttl=seconds)
    if content[:8] != user.to_bytes(8, "big"):
        raise InvalidToken
    return content[8:]


def period_of(secret: bytes, code: str, at: datetime, after: int = -1) -> int | None:
    """The period that a code of the app belongs to, when it is right at this time and later than ``after``."""
    totp = TOTP(secret, step=PERIOD, digits=APP_DIGITS)
    totp.time = at.timestamp()
    if len(code) != APP_DIGITS or not totp.verify(int(code), tolerance=SLACK, min_t=after + 1):
        return None
    return totp.t()


def in_letters(secret: bytes) -> str:
    """The secret as people type it into an app, in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def address(secret: bytes, username: str) -> str:
    """What an authenticator app reads from the QR code (the "Key URI Format" of such apps)."""
    label, key = quote(f"{ISSUER}:{username}"), base64.b32encode(secret).decode()
    return f"otpauth://totp/{label}?secret={key}&issuer={quote(ISSUER)}"


def picture(text: str) -> SafeString:
    """A QR code as inline SVG, dark on light in every color scheme, since scanners want it so."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return mark_safe(drawn)  # noqa: S308 (squares; nothing of the text is in it)


def new_recovery_codes() -> list[str]:
    """Ten codes of 12 digits (40 bits each), in groups: digits alone, so that one field and one keyboard take both."""
    drawn: set[str] = set()
    while len(drawn) < RECOVERY_CODES:
        digits = f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}}"
        drawn.add("-".join(digits[place : place + 4] for place in range(0, RECOVERY_DIGITS, 4)))
    return sorted(drawn)


def recovery_hash(code: str, user: int) -> str:
    """What is stored of a recovery code: 64 hexadecimal digits, worth nothing without the clinic's key."""
    return keyed_hash("recovery code", user.to_bytes(8, "big"), code.replace("-", "").encode()).hex()
