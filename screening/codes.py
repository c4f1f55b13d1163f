"""The reference code of a sent screening, and the secret of its delete link. Both are made from the visit, by the
clinic's key, so that sending the same thing again gives the same code; neither is stored, only keyed hashes of them.
"""

import base64

from .keys import keyed_hash
from .symbols import SYMBOLS, bare, check_symbol, foreign, to_symbols

RANDOM, GROUP = 11, 4  # symbols
LENGTH = RANDOM + 1
SECRET_BYTES = 16


class CodeError(ValueError):
    """What was typed cannot be a code of ours. ``slip``: "length", "symbol" or "check"; ``found``: the symbol."""

    def __init__(self, slip: str, found: str = "") -> None:
        super().__init__(f"not a reference code: {slip}")
        self.slip, self.found = slip, found


def reference_code(sending: bytes, attempt: int = 0) -> str:
    """The code ``XXXX-XXXX-XXXX`` of a sending: 11 symbols (54 bits) from its keyed hash, and the check symbol.

    ``attempt`` counts up in the one case that another sending has the code already.
    """
    number = int.from_bytes(keyed_hash("reference code", sending, bytes([attempt])), "big")
    symbols = to_symbols(number % len(SYMBOLS) ** RANDOM, RANDOM)
    return grouped(symbols + check_symbol(symbols))


def grouped(symbols: str) -> str:
    return "-".join(symbols[place : place + GROUP] for place in range(0, len(symbols), GROUP))


def read_code(text: str) -> str:
    """The code as it is printed, from what was typed in any case and spacing. Raises CodeError; looks nothing up."""
    symbols = bare(text)
    if unknown := foreign(symbols):
        raise CodeError("symbol", unknown)
    if len(symbols) != LENGTH:
        raise CodeError("length")
    if check_symbol(symbols[:-1]) != symbols[-1]:
        raise CodeError("check")
    return grouped(symbols)


def code_hash(code: str) -> str:
    """What is stored of a code: 64 hexadecimal digits, worth nothing without the clinic's key."""
    return keyed_hash("code hash", code.encode()).hex()


def delete_secret(sending: bytes) -> str:
    """The 128 bits of a delete link, as 22 letters and digits that are safe in an address."""
    return base64.urlsafe_b64encode(keyed_hash("delete link", sending)[:SECRET_BYTES]).decode().rstrip("=")


def secret_hash(secret: str) -> str:
    """What is stored of a delete link's secret: 64 hexadecimal digits."""
    return keyed_hash("delete link hash", secret.encode()).hex()
