"""The public pages as they lie ready in this process: bytes to send, looked up by path."""

import logging
from dataclasses import dataclass

from django.db.models import Subquery
from django.utils import timezone
from django.utils.http import http_date

from pumpguide.publishing import Shelf

from .models import Edition, Rendering
from .publish import run_due

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """One page, ready to send."""

    plain: bytes
    gzip: bytes
    brotli: bytes
    etag: str
    last_modified: str


def load(path: str) -> tuple[int, Ready] | None:
    """The page and the number of the edition, in one query; None when nothing is published there."""
    row = look(path)
    if (row is None or is_due(row.next_due)) and catch_up():
        row = look(path)
    if row is None:
        return None
    made = http_date(row.made_at.timestamp())
    return row.edition, Ready(bytes(row.plain), bytes(row.gzip), bytes(row.brotli), f'"{row.etag}"', made)


def look(path: str) -> Rendering | None:
    return (
        Rendering.objects.filter(path=path)
        .annotate(
            edition=Subquery(Edition.objects.filter(pk=1).values("number")[:1]),
            next_due=Subquery(Edition.objects.filter(pk=1).values("next_due")[:1]),
        )
        .first()
    )


def is_due(moment) -> bool:
    return moment is not None and moment <= timezone.now()


def catch_up() -> bool:
    """Do what is due by now (a page appears, goes or becomes overdue); whether anything was.

    What cannot be done is logged and left for the next look: it must not keep people from reading the other pages.
    """
    if not is_due(Edition.objects.filter(pk=1).values_list("next_due", flat=True).first()):
        return False
    try:
        run_due(at=timezone.now())
    except Exception:
        logger.exception("what was due could not be done; the public sees what it saw before")
    return True


shelf: Shelf[Ready] = Shelf(load)
