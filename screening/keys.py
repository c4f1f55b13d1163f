"""The clinic's keys: one that codes are made with, and those that seal what patients send. Never SECRET_KEY.

``CLINIC_KEY`` stays for good, since a code on paper cannot be made anew. ``PATIENT_KEYS`` can be changed at any time:
the newest seals, every one opens, and ``manage.py rotate_keys`` seals anew what lies in the database.
"""

import base64
import hashlib
import hmac
import json
import zlib
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


@cache
def derived(clinic_key: str, purpose: str) -> bytes:
    secret = base64.urlsafe_b64decode(clinic_key)
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"pumpguide {purpose}".encode()).derive(secret)


def subkey(purpose: str) -> bytes:
    """32 bytes for one purpose and no other, made from CLINIC_KEY (HKDF, RFC 5869)."""
    return derived(settings.CLINIC_KEY, purpose)


def keyed_hash(purpose: str, *parts: bytes) -> bytes:
    """32 bytes: HMAC-SHA256 under the purpose's own key; each part goes in with its length, so none run together."""
    mac = hmac.new(subkey(purpose), digestmod=hashlib.sha256)
    for part in parts:
        mac.update(len(part).to_bytes(4, "big") + part)
    return mac.digest()


def patient_fernet() -> MultiFernet:
    """The newest key seals; every key opens."""
    return MultiFernet([Fernet(key) for key in settings.PATIENT_KEYS])


def seal(data: Any) -> bytes:
    """JSON-ready data, made small, as a Fernet token under the newest of PATIENT_KEYS."""
    return patient_fernet().encrypt(zlib.compress(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()))


def opened(token: bytes) -> Any:
    """The opposite of seal. Raises InvalidToken where no key fits, as for a backup restored without its keys."""
    return json.loads(zlib.decompress(patient_fernet().decrypt(bytes(token))))
