"""A million codes tried against 100,000 live ones: none hits; and the desk stops whoever tries.

On SQLite, then on PostgreSQL; that alone: ``python -m tests.benchmarks.codes postgresql``.
"""

import secrets

from . import ground
from .measure import kept, table

LIVE, TRIED, AT_A_TIME = 100_000, 1_000_000, 500


def main() -> None:
    ground.on_each_database("tests.benchmarks.codes", measure)


def measure() -> None:
    ground.prepare()
    from django.db import connection

    from screening.codes import code_hash, read_code
    from screening.models import Screening

    from .many_screenings import code, grow_to

    grow_to(LIVE)
    own = Screening.objects.filter(code_hash__in=[code_hash(code(number)) for number in range(0, LIVE, 1000)]).count()
    hits = 0
    for _group in range(TRIED // AT_A_TIME):
        hashes = [code_hash(read_code(guess())) for _ in range(AT_A_TIME)]
        hits += Screening.objects.filter(code_hash__in=hashes).count()
    let_through = tries_before_the_desk_stops()
    holds = kept(hits == 0 and own == LIVE // 1000 and let_through == 20)
    table(
        f"{TRIED:,} well-formed codes tried against {LIVE:,} live ones, {connection.vendor}",
        ("hits", "live ones found by their own code", "tries the desk allows in ten minutes", ""),
        [(hits, f"{own} of {LIVE // 1000}", let_through, holds)],
    )
    if holds != "holds":
        raise SystemExit(1)


def guess() -> str:
    """A code whose check symbol is right, as an attacker would make it."""
    from screening.codes import RANDOM, grouped
    from screening.symbols import SYMBOLS, check_symbol

    symbols = "".join(secrets.choice(SYMBOLS) for _ in range(RANDOM))
    return grouped(symbols + check_symbol(symbols))


def tries_before_the_desk_stops() -> int:
    """How many wrong codes one nurse can look up before the desk asks to wait."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group
    from django.utils import timezone

    from screening.access import TooManyLookups, find_by_code

    nurse = get_user_model().objects.create_user("nora", is_staff=True)
    nurse.groups.add(Group.objects.get(name="Intake nurse"))
    for tried in range(1000):
        try:
            find_by_code(nurse, guess(), at=timezone.now())
        except TooManyLookups:
            return tried
    return 1000


if __name__ == "__main__":
    main()
