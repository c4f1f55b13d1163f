"""The only readers of patients' data. Each function checks who asks, leaves its trace in the audit, then gives."""

from .listing import Filters, Page, Place, list_screenings, listed, names_of, wishes
from .opened import Opened, opened_row
from .rights import MINUTES_OF_GLASS, glass_until, may_use_desk, require_desk
from .screenings import (
    WITHIN,
    TooManyLookups,
    find_by_birth_date,
    find_by_code,
    find_by_number,
    lookups_left,
    open_for_work,
    open_screening,
    open_several,
    require_lookup,
)

__all__ = [
    "MINUTES_OF_GLASS",
    "WITHIN",
    "Filters",
    "Opened",
    "Page",
    "Place",
    "TooManyLookups",
    "find_by_birth_date",
    "find_by_code",
    "find_by_number",
    "glass_until",
    "list_screenings",
    "listed",
    "lookups_left",
    "may_use_desk",
    "names_of",
    "open_for_work",
    "open_screening",
    "open_several",
    "opened_row",
    "require_desk",
    "require_lookup",
    "wishes",
]
