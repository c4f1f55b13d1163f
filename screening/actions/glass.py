"""Breaking the glass: an administrator opens what patients sent, in an emergency, for a quarter of an hour."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..access.rights import MINUTES_OF_GLASS
from ..audit import record
from ..models import Action


class GlassReason(models.TextChoices):
    """Why someone who is no intake nurse must see what patients sent. No free words: they could hold a name."""

    NO_NURSE = "no-nurse", gettext_lazy("No nurse can be reached, and a patient needs help now")
    PATIENT_ASKED = "patient-asked", gettext_lazy("A patient asked about, or to delete, what they sent")
    FAULT = "fault", gettext_lazy("A nurse cannot open a screening, and I must find out why")
    INQUIRY = "inquiry", gettext_lazy("The privacy officer or a court asked for it")


@transaction.atomic
def break_glass(*, by, at, reason: str) -> datetime:
    """Open the desk for MINUTES_OF_GLASS; until when. Raises PermissionDenied, ValueError for an unknown reason."""
    if not (by.is_active and by.is_staff and by.has_perm("screening.break_glass")):
        raise PermissionDenied(_("Only administrators can do this."))
    record(Action.BREAK_GLASS, by=by, at=at, detail=GlassReason(reason))
    return at + timedelta(minutes=MINUTES_OF_GLASS)
