"""200 times kill -9 of a worker in the middle of sends: nothing that was told to be sent is lost or half there.

On SQLite, then on PostgreSQL; that alone: ``python -m tests.benchmarks.kills postgresql``.
"""

import random
import threading
import time
from dataclasses import dataclass, field

import psutil

from . import ground
from .ask import served
from .measure import kept, table
from .senders import Sender, finished_answers, new_sender, open_clinic

KILLS, SENDERS, WORKERS = 200, 4, 2
MOST_SECONDS = 900


@dataclass
class Tally:
    """What the senders know: those who were told, and how many replies were lost."""

    told: list[Sender] = field(default_factory=list)
    begun: int = 0
    lost: int = 0
    over: bool = False


def main() -> None:
    ground.on_each_database("tests.benchmarks.kills", measure)


def measure() -> None:
    folder = ground.prepare()
    from django.db import connection

    open_clinic()
    tally, answers = Tally(), finished_answers()
    with served(folder, workers=WORKERS, threads=2, preload=True) as (address, process):
        threads = [threading.Thread(target=keep_sending, args=(address, answers, tally)) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        killed = kill_workers(process.pid)
        tally.over = True
        for thread in threads:
            thread.join()
    missing, broken, rows = held_against(tally)
    enough = killed == KILLS and len(tally.told) > KILLS and tally.lost > KILLS // 10
    holds = kept(not missing and not broken and enough and rows <= tally.begun)
    table(
        f"{killed} times kill -9 of a worker while {SENDERS} people send, {connection.vendor}",
        ("begun", "told it is sent", "replies lost", "rows", "told but missing", "half written", ""),
        [(tally.begun, len(tally.told), tally.lost, rows, missing, broken, holds)],
    )
    if holds != "holds":
        raise SystemExit(1)


def keep_sending(address, answers, tally: Tally) -> None:
    """One person after the other; who gets no reply sends the same again, as people do."""
    while not tally.over:
        sender = new_sender(address, answers)
        tally.begun += 1
        for _try in range(50):
            try:
                if sender.send():
                    tally.told.append(sender)
                    break
            except OSError:
                tally.lost += 1
                time.sleep(0.02)


def kill_workers(master: int) -> int:
    """Kill one worker after the other, each a random moment after the last; gunicorn starts another."""
    chance, killed, until = random.Random(1), 0, time.monotonic() + MOST_SECONDS  # noqa: S311 (no secret)
    time.sleep(3)  # the first workers are up
    while killed < KILLS and time.monotonic() < until:
        time.sleep(chance.uniform(0.05, 0.35))
        workers = psutil.Process(master).children()
        if len(workers) == WORKERS:
            chance.choice(workers).kill()
            killed += 1
    return killed


def held_against(tally: Tally) -> tuple[int, int, int]:
    """(told to be sent but not there, there but not whole, rows)."""
    from screening import published
    from screening.access import opened_row
    from screening.actions.sending import sending_hash, sending_of
    from screening.engine.assess import assess
    from screening.models import Screening

    rows, broken, definition = {}, 0, published.version(1)
    for row in Screening.objects.select_related("questionnaire"):
        rows[row.sending_hash] = row
        opened = opened_row(row, reviews=())
        broken += opened.assessment != assess(definition.ruleset, opened.answers)
    names = (sending_hash(sending_of(sender.run, definition, sender.answers)) for sender in tally.told)
    return sum(name not in rows for name in names), broken, len(rows)


if __name__ == "__main__":
    main()
