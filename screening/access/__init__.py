"""The only readers of patients' data. Each function checks who asks, leaves its trace in the audit, then gives."""

from .opened import Opened, opened_row
from .rights import MINUTES_OF_GLASS, glass_until, may_use_desk, require_desk
from .screenings import TooManyLookups, find_by_birth_date, find_by_code, lookups_left, open_screening

__all__ = [
    "MINUTES_OF_GLASS",
    "Opened",
    "TooManyLookups",
    "find_by_birth_date",
    "find_by_code",
    "glass_until",
    "lookups_left",
    "may_use_desk",
    "open_screening",
    "opened_row",
    "require_desk",
]
