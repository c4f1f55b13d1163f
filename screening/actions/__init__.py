"""The only writers of patients' data and of versions. Each takes who (``by``) and when (``at``), in one transaction.

A draft's rows are also written by the desk: its forms save them (admin/rows.py), with their order and words
(arranging.py), and the gate keeps on the draft what its check found (gate.py).
"""

from .glass import GlassReason, break_glass
from .keeping import purge_audit, purge_callbacks, purge_counts, purge_screenings, purged
from .queue import attempt, claim, close, release, reopen
from .restoring import replay_deletions, replay_wishes, restored
from .reviewing import delete_screening, look_over, review_point
from .rotating import all_fresh, rotate
from .sending import Contact, Sent, StoredOtherwise, ask_to_delete, delete_by_link, enter_screening, send_screening
from .versions import (
    MOST_REASON,
    OPEN,
    NotReady,
    changed,
    drop_draft,
    load_starting_questionnaire,
    publish_draft,
    publish_questionnaire,
    send_to_review,
    sign_patient,
    start_draft,
    withdraw,
)

__all__ = [
    "MOST_REASON",
    "OPEN",
    "Contact",
    "GlassReason",
    "NotReady",
    "Sent",
    "StoredOtherwise",
    "all_fresh",
    "ask_to_delete",
    "attempt",
    "break_glass",
    "changed",
    "claim",
    "close",
    "delete_by_link",
    "delete_screening",
    "drop_draft",
    "enter_screening",
    "load_starting_questionnaire",
    "look_over",
    "publish_draft",
    "publish_questionnaire",
    "purge_audit",
    "purge_callbacks",
    "purge_counts",
    "purge_screenings",
    "purged",
    "release",
    "reopen",
    "replay_deletions",
    "replay_wishes",
    "restored",
    "review_point",
    "rotate",
    "send_screening",
    "send_to_review",
    "sign_patient",
    "start_draft",
    "withdraw",
]
