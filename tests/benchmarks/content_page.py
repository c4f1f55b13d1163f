"""A published page against the same bytes as a constant view: in this process, and through gunicorn on loopback."""

from . import ground
from .ask import ACCEPTED, Ask, Handler, gunicorn
from .measure import COMPARED, Side, compared_row, table

BOUND = 0.85
CALLS = 60


def main() -> None:
    folder = ground.prepare()
    from .comparison import PAGE

    handler = Handler()
    rows = []
    for encoding in ACCEPTED:
        ours, theirs = Ask(PAGE, encoding), Ask(f"/comparison/{encoding}", encoding)
        same_bytes(handler(ours.environ())[2], handler(theirs.environ())[2])
        rows.append(compared_row(f"handler, {encoding}", environs(handler, ours), environs(handler, theirs), BOUND))
    with gunicorn(folder) as wire:
        for encoding in ACCEPTED:
            ours, theirs = Ask(PAGE, encoding).raw(), Ask(f"/comparison/{encoding}", encoding).raw()
            same_bytes(wire(ours)[1], wire(theirs)[1])
            sides = (Side(wire, lambda raw=raw: [raw] * CALLS) for raw in (ours, theirs))
            rows.append(compared_row(f"gunicorn, {encoding}", *sides, BOUND, count=False))
    table(f"Content page {PAGE} against the same bytes from a constant view", COMPARED, rows)


def environs(handler: Handler, ask: Ask) -> Side:
    return Side(handler, lambda: [ask.environ() for _ in range(CALLS)])


def same_bytes(ours: bytes, theirs: bytes) -> None:
    if not ours or ours != theirs:
        raise ValueError("The two sides send different bytes; this compares nothing.")


if __name__ == "__main__":
    main()
