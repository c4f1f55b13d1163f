"""Who may see what patients sent: intake nurses; an administrator only after breaking the glass, with a reason."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Action, AuditEvent

MINUTES_OF_GLASS = 15


def may_use_desk(user, at: datetime | None = None) -> bool:
    """Whether the person may open the desk now. A superuser's blanket rights do not count here."""
    if not (user.is_authenticated and user.is_active and user.is_staff):
        return False
    if not user.is_superuser and user.has_perm("screening.use_desk"):
        return True
    return glass_until(user, at) is not None


def glass_until(user, at: datetime | None = None) -> datetime | None:
    """Until when the glass this person broke stays open; None when they broke none lately, or may not."""
    if not user.has_perm("screening.break_glass"):
        return None
    at = at or timezone.now()
    since = at - timedelta(minutes=MINUTES_OF_GLASS)
    broken = AuditEvent.objects.filter(by=user, action=Action.BREAK_GLASS, at__gt=since, at__lte=at)
    last = broken.order_by("-at").values_list("at", flat=True).first()
    return last and last + timedelta(minutes=MINUTES_OF_GLASS)


def require_desk(user, at: datetime | None = None) -> None:
    """Raises PermissionDenied for everyone who may not see what patients sent."""
    if not may_use_desk(user, at):
        raise PermissionDenied(_("Only intake nurses open what patients sent."))
