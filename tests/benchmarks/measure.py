"""Two sides measured in turn within one run, A B A B, and compared pair by pair."""

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

ROUNDS = 31


@dataclass(frozen=True)
class Side:
    """``call`` is timed once for each item; ``items`` makes them anew for each round, outside the clock."""

    call: Callable[[Any], object]
    items: Callable[[], Sequence[Any]]


@dataclass(frozen=True)
class Spread:
    """The median of all rounds, the least and the most."""

    middle: float
    least: float
    most: float

    def __str__(self):
        digits = 2 if self.middle < 20 else 0
        return f"{self.middle:.{digits}f} ({self.least:.{digits}f}–{self.most:.{digits}f})"


@dataclass(frozen=True)
class Pair:
    """Microseconds a call on each side, and our rate as a share of theirs (above 1: we are faster)."""

    ours: Spread
    theirs: Spread
    ratio: Spread


def spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), min(values), max(values))


def one_round(side: Side) -> float:
    """Microseconds a call, over one round."""
    items, call = side.items(), side.call
    gc.collect()
    start = time.perf_counter_ns()
    for item in items:
        call(item)
    return (time.perf_counter_ns() - start) / len(items) / 1000


def alone(side: Side, rounds: int = ROUNDS) -> Spread:
    one_round(side)
    return spread([one_round(side) for _ in range(rounds)])


def compare(ours: Side, theirs: Side, rounds: int = ROUNDS) -> Pair:
    """Both warmed, then measured in turn."""
    one_round(ours), one_round(theirs)
    pairs = [(one_round(ours), one_round(theirs)) for _ in range(rounds)]
    return Pair(
        spread([our for our, _their in pairs]),
        spread([their for _our, their in pairs]),
        spread([their / our for our, their in pairs]),
    )


def queries(side: Side) -> str:
    """The fewest and the most database queries that one call makes, warm."""
    from django.db import connection

    counts = []

    def count(execute, *args):
        counts[-1] += 1
        return execute(*args)

    one_round(side)
    with connection.execute_wrapper(count):
        for item in side.items():
            counts.append(0)
            side.call(item)
    return str(min(counts)) if min(counts) == max(counts) else f"{min(counts)}–{max(counts)}"


def table(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows as a table with a title."""
    texts = [[str(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(headings))]
    print(f"\n{title}")
    for row in texts:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


NO_BOUND = 0.0
COMPARED = ("", "ours µs", "theirs µs", "our rate / theirs", "bound", "", "queries ours", "theirs")


def compared_row(name: str, ours: Side, theirs: Side, bound: float, *, count: bool = True) -> tuple[object, ...]:
    """One row of a table with the headings COMPARED."""
    pair = compare(ours, theirs)
    counted = (queries(ours), queries(theirs)) if count else ("", "")
    verdict = (f"≥ {bound}", kept(pair.ratio.middle >= bound)) if bound != NO_BOUND else ("none", "")
    return (name, pair.ours, pair.theirs, pair.ratio, *verdict, *counted)


def kept(holds: bool) -> str:
    return "holds" if holds else "MISSED"
