"""The same thing sent 50 times at once, 100 rounds, through gunicorn: one screening and one code each round.

On SQLite, then on PostgreSQL; that alone: ``python -m tests.benchmarks.sends postgresql``.
"""

import threading
import time

from . import ground
from .ask import served
from .measure import kept, table
from .senders import Sender, finished_answers, new_sender, open_clinic

ROUNDS, AT_ONCE = 100, 50


def main() -> None:
    ground.on_each_database("tests.benchmarks.sends", measure)


def measure() -> None:
    folder = ground.prepare()
    from django.db import connection

    from screening.codes import code_hash
    from screening.models import Screening

    open_clinic()
    answers, codes, said = finished_answers(), set(), 0
    began = time.perf_counter()
    with served(folder, workers=2, threads=8) as (address, _process):
        for _round in range(ROUNDS):
            sender = new_sender(address, answers)
            assert sender.posted  # the page is open before all press the button
            said += sum(sent_at_once(sender))
            codes.add(sender.code())
    took = time.perf_counter() - began
    rows = Screening.objects.count()
    found = Screening.objects.filter(code_hash__in=[code_hash(code) for code in codes]).count()
    holds = kept(rows == ROUNDS == len(codes) == found and said == ROUNDS * AT_ONCE)
    table(
        f"{ROUNDS} rounds of {AT_ONCE} identical sends at once, {connection.vendor}",
        ("sends", "said to be sent", "rows", "codes", "rows found by them", "", "seconds"),
        [(ROUNDS * AT_ONCE, said, rows, len(codes), found, holds, f"{took:.0f}")],
    )
    if holds != "holds":
        raise SystemExit(1)


def sent_at_once(sender: Sender) -> list[bool]:
    """The same form from so many threads, all let go at the same moment; whether each was told that it is sent."""
    gate, told = threading.Barrier(AT_ONCE), [False] * AT_ONCE

    def send(place: int) -> None:
        gate.wait(timeout=30)
        told[place] = sender.send()

    threads = [threading.Thread(target=send, args=(place,)) for place in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


if __name__ == "__main__":
    main()
