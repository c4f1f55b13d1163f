"""A person's answers as a code on paper, sealed for this clinic: the printed summary carries it, and nothing else.

Written as groups of six symbols, ``ABCDEF-GHJKMN-…``: five that carry the sealed bytes and one that checks them. The
check includes the group's place, so that a slip is named by its group and groups that changed places are noticed.
"""

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from . import published
from .engine.reading import AnswersError
from .engine.terms import Answers, Ruleset
from .keys import keyed_hash, subkey
from .packing import pack, size, unpack
from .symbols import BASE, bare, check_symbol, foreign, to_number, to_symbols

GOOD_FOR = timedelta(days=90)
EPOCH = date(2020, 1, 1)
VERSION_BYTES, DAY_BYTES, TAG_BYTES = 2, 2, 8
CLINIC_BYTES = TAG_BYTES // 2  # of the tag: whose it is; the other half: for which version
HEAD_BYTES = VERSION_BYTES + DAY_BYTES
DATA = 5  # symbols of a group that carry something
GROUP = DATA + 1
MOST_TYPED = 1000  # characters; no code of ours comes near
PREFIX = re.compile(r"^PG1[^0-9A-Z]?")
"""What stands before the code in the QR code. No symbol of ours is a 1; a scanner may write the colon as it likes."""


class PaperError(ValueError):
    """What was typed or scanned does not open. ``kind`` says why:

    - "symbol": ``found`` is in no code of ours; "length": symbols lack or are too many; "typed": groups do not check.
      ``groups`` names where (from 1), ``count`` says how many groups there are.
    - "foreign": well typed, but not sealed by this clinic's key, or damaged. "expired": on ``expires``.
      "version": sealed here, but for a questionnaire ``version`` that is not here, or no longer the same.
    """

    def __init__(
        self,
        kind: str,
        groups: Iterable[int] = (),
        *,
        count: int = 0,
        found: str = "",
        expires: date | None = None,
        version: int = 0,
    ) -> None:
        super().__init__(f"not a paper code: {kind}")
        self.kind, self.groups, self.count = kind, tuple(groups), count
        self.found, self.expires, self.version = found, expires, version

    @property
    def slip(self) -> bool:
        """Caught by the check symbols, before any key was used: a slip of the hand, not a guess."""
        return self.kind in ("symbol", "length", "typed")


@dataclass(frozen=True)
class Read:
    """What a paper code held: the questionnaire's version, the answers, and the last day it can be read."""

    version: int
    answers: Answers
    expires: date


def paper_code(ruleset: Ruleset, answers: Answers, today: date) -> str:
    """The code of these answers, good for 90 days from ``today``; of one length for all people of a version.

    The same answers give the same code all day long.
    """
    day = (expires_on(today) - EPOCH).days
    plain = ruleset.version.to_bytes(VERSION_BYTES, "big") + day.to_bytes(DAY_BYTES, "big") + pack(ruleset, answers)
    count = groups_for(len(plain) + TAG_BYTES)
    sealed = seal(ruleset, plain.ljust(room(count) - TAG_BYTES, b"\0"))
    symbols = to_symbols(int.from_bytes(sealed, "big"), count * DATA)
    data = [symbols[place : place + DATA] for place in range(0, len(symbols), DATA)]
    return "-".join(group + check_symbol(group, start(number, count)) for number, group in enumerate(data, start=1))


def expires_on(today: date) -> date:
    """The last day on which a code made today can be read."""
    return today + GOOD_FOR


def read_paper_code(text: str, today: date) -> Read:
    """What a code holds, typed in any case and spacing or scanned. Raises PaperError.

    One query at most (the questionnaire's version, the first time it is needed).
    """
    tag, plain = opened(well_typed(text))
    version = int.from_bytes(plain[:VERSION_BYTES], "big")
    expires = EPOCH + timedelta(days=int.from_bytes(plain[VERSION_BYTES:HEAD_BYTES], "big"))
    if today > expires:
        raise PaperError("expired", expires=expires)
    try:
        ruleset = published.version(version).ruleset
        if not hmac.compare_digest(tag_of(ruleset, plain), tag):
            raise PaperError("version", version=version)
        answers = unpack(ruleset, plain[HEAD_BYTES : HEAD_BYTES + size(ruleset)])
    except (published.NoSuchVersion, AnswersError) as error:
        raise PaperError("version", version=version) from error
    return Read(version, answers, expires)


# --- groups and their check symbols


def well_typed(text: str) -> str:
    """The symbols that carry something, once every group checks. Raises PaperError "symbol", "length" or "typed"."""
    if len(text) > MOST_TYPED:
        raise PaperError("length")
    symbols = PREFIX.sub("", bare(text))
    if unknown := foreign(symbols):
        raise PaperError("symbol", [symbols.index(unknown) // GROUP + 1], found=unknown)
    groups = [symbols[place : place + GROUP] for place in range(0, len(symbols), GROUP)]
    count = len(groups)
    whole = symbols and len(groups[-1]) == GROUP
    wrong = [number for number, group in enumerate(groups, start=1) if not checks(group, number, count)]
    if not whole:  # the slip is where the groups cease to check
        raise PaperError("length", wrong[:1], count=count)
    if wrong:
        raise PaperError("typed", wrong, count=count)
    return "".join(group[:DATA] for group in groups)


def checks(group: str, number: int, count: int) -> bool:
    return check_symbol(group[:-1], start(number, count)) == group[-1]


def start(number: int, count: int) -> int:
    """What a group's check begins with: its number; for the last one twice that, by which it is known."""
    return (number if number < count else 2 * count) % BASE


# --- how much fits


def room(count: int) -> int:
    """How many whole bytes fit into so many groups."""
    return ((BASE ** (count * DATA)).bit_length() - 1) // 8


def groups_for(length: int) -> int:
    """The fewest groups that hold so many bytes. What is left is filled with zeros, so a count has but one length."""
    count = 1
    while room(count) < length:
        count += 1
    return count


# --- the seal


def seal(ruleset: Ruleset, plain: bytes) -> bytes:
    """The plain bytes, encrypted and authenticated: 8 bytes of tag, then as many bytes as before.

    The tag is also what the encryption (AES-256-CTR) begins with: a synthetic IV, the idea of RFC 5297. So there is no
    room to spend on a nonce and none can ever be used twice; in return the same plain bytes are sealed the same way
    each time, which shows an outsider no more than that two sheets are alike. A forger must hit 64 bits and can only
    try at the clinic's own desk, where tries are counted.
    """
    tag = tag_of(ruleset, plain)
    return tag + streamed(tag, plain)


def tag_of(ruleset: Ruleset, plain: bytes) -> bytes:
    """Two halves, each HMAC-SHA256 of the plain bytes; the second is of the version's content, too.

    After a restore another version may get the same number. Its questions are others, and under them the answers would
    be read wrongly. The first half alone tells such a sheet from one that was never sealed here.
    """
    return clinic_half(plain) + keyed_hash("paper version", ruleset.hash.encode(), plain)[:CLINIC_BYTES]


def clinic_half(plain: bytes) -> bytes:
    return keyed_hash("paper seal", plain)[:CLINIC_BYTES]


def opened(symbols: str) -> tuple[bytes, bytes]:
    """The tag and the plain bytes of a seal in symbols; the tag's second half is still to be checked.

    Raises PaperError "foreign" where it is not this clinic's.
    """
    length = room(len(symbols) // DATA)
    number = to_number(symbols)
    if length <= TAG_BYTES + HEAD_BYTES or number >= 1 << 8 * length:
        raise PaperError("foreign")
    sealed = number.to_bytes(length, "big")
    tag = sealed[:TAG_BYTES]
    plain = streamed(tag, sealed[TAG_BYTES:])
    if not hmac.compare_digest(clinic_half(plain), tag[:CLINIC_BYTES]):
        raise PaperError("foreign")
    return tag, plain


def streamed(tag: bytes, data: bytes) -> bytes:
    """Encrypts and decrypts alike."""
    stream = Cipher(AES(subkey("paper cipher")), CTR(tag.ljust(16, b"\0"))).encryptor()
    return stream.update(data) + stream.finalize()
