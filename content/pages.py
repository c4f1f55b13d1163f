"""The public pages as they lie ready in this process: bytes to send, looked up by path."""

from dataclasses import dataclass

from django.db.models import Subquery
from django.utils import timezone
from django.utils.http import http_date

from pumpguide.publishing import Shelf

from .models import Edition, Rendering
from .publish import run_due


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
    row = (
        Rendering.objects.filter(path=path)
        .annotate(
            edition=Subquery(Edition.objects.filter(pk=1).values("number")[:1]),
            next_due=Subquery(Edition.objects.filter(pk=1).values("next_due")[:1]),
        )
        .first()
    )
    due = row.next_due if row else Edition.objects.filter(pk=1).values_list("next_due", flat=True).first()
    now = timezone.now()
    if due is not None and due <= now:  # something was to appear, go or become overdue: do it now, then look again
        run_due(at=now)
        return load(path)
    if row is None:
        return None
    made = http_date(row.made_at.timestamp())
    return row.edition, Ready(bytes(row.plain), bytes(row.gzip), bytes(row.brotli), f'"{row.etag}"', made)


shelf: Shelf[Ready] = Shelf(load)
