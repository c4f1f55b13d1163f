"""The audit as it can be read. Whoever reads it leaves a trace there too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ..audit import Broken, record, verify
from ..models import Action, AuditEvent, AuditHead

ON_A_PAGE = 50
LOOKED_THROUGH = 50_000  # rows at a time: any mix of filters takes no longer than this, however long the list is
CHECKED_AT_ONCE = 1000
OUT_OF_ORDER = 1000  # rows: an event's time is set a moment before its number, so neighbors may lie crosswise


@dataclass(frozen=True)
class Wanted:
    """What to show. ``kind`` and ``number``: of what ("screening", 12); ``before``: rows with lower numbers only."""

    by: int | None = None
    action: str = ""
    kind: str = ""
    number: int | None = None
    day: date | None = None
    before: int | None = None


@dataclass(frozen=True)
class AuditPage:
    """Events, newest first. ``older``: where to go on, or None at the end."""

    events: Sequence[AuditEvent]
    older: int | None


def require_reader(user) -> None:
    """Raises PermissionDenied for everyone who may not read the audit."""
    if not (user.is_active and user.is_staff and user.has_perm("screening.view_auditevent")):
        raise PermissionDenied(_("Only administrators read this list."))


@transaction.atomic
def read_audit(user, wanted: Wanted, *, at) -> AuditPage:
    """One page of the audit, after noting that it is read."""
    require_reader(user)
    record(Action.READ_AUDIT, by=user, at=at)
    top, floor = reach(wanted)
    rows = AuditEvent.objects.filter(number__lt=top, number__gte=floor).select_related("by")
    events = list(narrowed(rows, wanted).order_by("-number")[: ON_A_PAGE + 1])
    if len(events) > ON_A_PAGE:
        return AuditPage(events[:ON_A_PAGE], events[ON_A_PAGE - 1].number)
    more = not wanted.day and AuditEvent.objects.filter(number__lt=floor).exists()
    return AuditPage(events, floor if more else None)


def reach(wanted: Wanted) -> tuple[int, int]:
    """Numbers to look through: (below, from)."""
    if wanted.day is None:
        head = AuditHead.objects.values_list("number", flat=True).get(pk=1)
        top = min(wanted.before, head + 1) if wanted.before else head + 1
        return top, max(0, top - LOOKED_THROUGH)
    since, until = bounds(wanted.day)
    numbers = AuditEvent.objects.filter(at__gte=since, at__lt=until).values_list("number", flat=True)
    first, last = numbers.order_by("at").first(), numbers.order_by("-at").first()
    if first is None or last is None:
        return 0, 0
    top = last + OUT_OF_ORDER
    return min(wanted.before, top) if wanted.before else top, max(0, first - OUT_OF_ORDER)


def bounds(day: date) -> tuple[datetime, datetime]:
    """A day here, from midnight to midnight."""
    zone = timezone.get_current_timezone()
    return tuple(datetime.combine(one, time(), tzinfo=zone) for one in (day, day + timedelta(days=1)))


def narrowed(rows: QuerySet, wanted: Wanted) -> QuerySet:
    if wanted.by:
        rows = rows.filter(by=wanted.by)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.day:
        since, until = bounds(wanted.day)
        rows = rows.filter(at__gte=since, at__lt=until)
    if wanted.kind:
        rows = rows.filter(about(wanted.kind, wanted.number))
    return rows


def about(kind: str, number: int | None) -> Q:
    """A subject that is this kind and number, or holds it in a list ("screening 3, 12")."""
    if number is None:
        return Q(subject=kind) | Q(subject__startswith=f"{kind} ")
    first, other = f"{kind} {number}", f", {number}"
    listed = Q(subject__endswith=other) | Q(subject__contains=f"{other},")
    return Q(subject=first) | Q(subject__startswith=f"{first},") | Q(subject__startswith=f"{kind} ") & listed


@transaction.atomic
def check_newest(user, *, at) -> list[Broken]:
    """Where the newest rows do not hold together, after noting that someone looked."""
    require_reader(user)
    broken = list(verify(newest=CHECKED_AT_ONCE))
    record(Action.READ_AUDIT, by=user, at=at, detail="checked")
    return broken
