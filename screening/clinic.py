"""The clinic as the patients' pages know it: the site settings, ready in this process."""

import logging
from dataclasses import astuple, dataclass

from django.db import Error as DatabaseError
from django.utils.translation import gettext as _

from content.models import SiteSettings
from content.render import shown_clinic
from pumpguide.publishing import Shelf

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Clinic:
    """What the clinic says about itself; "" and False where it says nothing."""

    name: str = ""
    phone: str = ""
    hours: str = ""
    calls_back: bool = False
    stated_wait: str = ""
    callback_days: int = 2

    @property
    def tel(self) -> str:
        """The number to dial, or nothing where the phone is not written in digits."""
        return shown_clinic({"phone": self.phone})["tel"]

    @property
    def title(self) -> str:
        return self.name or _("the clinic")

    @property
    def takes_screenings(self) -> bool:
        """Whether sending is offered. People agree to send to somebody, so where no clinic is named there is nobody to
        agree to, and no switch of its own is needed: a guide without a name is one for reading and printing.
        """
        return bool(self.name)


def load(_key: str) -> tuple[tuple, Clinic]:
    row = SiteSettings.current()
    found = Clinic(row.clinic_name, row.phone, row.hours, row.callback, row.stated_wait, row.callback_days)
    return astuple(found), found


shelf: Shelf[Clinic] = Shelf(load)


def now() -> Clinic:
    """The clinic, at most a few seconds old. With the database down from the start: one that says nothing of itself,
    so that the questionnaire goes on.
    """
    try:
        return shelf.get("clinic") or Clinic()
    except DatabaseError as error:
        logger.warning("the site settings cannot be read: %s", type(error).__name__)
        return Clinic()
