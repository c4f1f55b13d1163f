"""The call-back queue: who wants to be called, without names; a name and number only on demand, traced before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from ..audit import record
from ..keys import opened
from ..models import Action, CallbackRequest
from .listing import Place
from .rights import require_desk

ON_A_PAGE = 25
MOST_CLOSED = 25
CLAIM_LASTS = timedelta(hours=2)


@dataclass(frozen=True)
class QueuePage:
    """One page of the queue. ``earlier``, ``later``: where the pages around it begin; None where there is none."""

    rows: Sequence[CallbackRequest]
    earlier: Place | None
    later: Place | None


def open_callbacks(user, *, at, after: Place | None = None, before: Place | None = None) -> QueuePage:
    """Who is still to be called, those due first on top. Raises PermissionDenied."""
    require_desk(user, at)
    rows = CallbackRequest.objects.filter(closed_at=None).select_related("claimed_by").prefetch_related("attempts")
    if place := before or after:
        way, bound = ("lt", "lte") if before else ("gt", "gte")
        tie = Q(**{f"due_at__{way}": place.sent_at}) | Q(**{f"pk__{way}": place.number})
        rows = rows.filter(tie, **{f"due_at__{bound}": place.sent_at})
    order = ("-due_at", "-pk") if before else ("due_at", "pk")
    found = list(rows.defer("contact").order_by(*order)[: ON_A_PAGE + 1])
    more, found = len(found) > ON_A_PAGE, found[:ON_A_PAGE]
    if not found:
        return QueuePage([], None, None)
    if before:
        found.reverse()
    earlier, later = (more, True) if before else (bool(after), more)
    return QueuePage(found, place_of(found[0]) if earlier else None, place_of(found[-1]) if later else None)


def place_of(row: CallbackRequest) -> Place:
    return Place(row.due_at, row.pk)


def closed_today(user, *, at) -> list[CallbackRequest]:
    """What was closed since midnight, the newest first, at most MOST_CLOSED."""
    require_desk(user, at)
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = CallbackRequest.objects.filter(closed_at__gte=midnight).select_related("closed_by").defer("contact")
    return list(rows.order_by("-closed_at")[:MOST_CLOSED])


def callback(user, number: int, *, at) -> CallbackRequest:
    """One request, its contact still sealed. Raises PermissionDenied, Http404."""
    require_desk(user, at)
    rows = CallbackRequest.objects.select_related("claimed_by", "closed_by").prefetch_related("attempts__by")
    row = rows.filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def held_by_other(row: CallbackRequest, user, at) -> bool:
    """Whether a colleague is on this call: taken by them, and not so long ago that it counts as forgotten."""
    return row.claimed_by_id not in (None, user.pk) and row.claimed_at > at - CLAIM_LASTS


@transaction.atomic
def reveal_callback(user, number: int, *, at) -> dict[str, str]:
    """{"name", "phone"}, traced. An open request shows them only to the person who took it, so that two never call.

    Raises PermissionDenied, Http404, and InvalidToken where no key fits.
    """
    row = callback(user, number, at=at)
    if row.closed_at is None and row.claimed_by_id != user.pk:
        raise PermissionDenied(_("Take this call first."))
    record(Action.REVEAL, by=user, at=at, subject=f"callback {row.pk}")
    return opened(row.contact)
