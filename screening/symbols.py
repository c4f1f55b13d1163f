"""The 31 symbols every code of ours is written in, and the check symbol that catches a slip before any look-up.

No 0, O, 1, I or L, which are mistaken for each other. 31 is a prime number, so that the check (ISO/IEC 7064 speaks of
such systems) catches every single wrong symbol and every two neighbours that changed places.
"""

SYMBOLS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BASE = len(SYMBOLS)
VALUE = {symbol: value for value, symbol in enumerate(SYMBOLS)}
ALIKE = str.maketrans("", "", " \t\r\n\u00a0\u2009\u202f-‐‑‒–—_.,/")


def bare(text: str) -> str:
    """What was typed or scanned, without spaces and dashes, in capitals."""
    return text.translate(ALIKE).upper()


def foreign(text: str) -> str:
    """The first symbol that no code of ours has, or nothing."""
    return next((symbol for symbol in text if symbol not in VALUE), "")


def check_symbol(symbols: str, start: int = 0) -> str:
    """The one symbol that makes the weighted sum 0 modulo 31. ``start``: what the sum begins with, below 31.

    Weights run from 2, the check itself has 1; at most 29 symbols, so that no two weights are the same.
    """
    total = start + sum(weight * VALUE[symbol] for weight, symbol in enumerate(reversed(symbols), start=2))
    return SYMBOLS[-total % BASE]


def to_symbols(number: int, length: int) -> str:
    """A number below 31 ** length as so many symbols, the weightiest first."""
    found = []
    for _place in range(length):
        number, value = divmod(number, BASE)
        found.append(SYMBOLS[value])
    return "".join(reversed(found))


def to_number(symbols: str) -> int:
    """The opposite of to_symbols."""
    number = 0
    for symbol in symbols:
        number = number * BASE + VALUE[symbol]
    return number
