"""The guide's tables: working rows that staff edit, and the frozen revisions that the public sees."""

from .evidence import Claim, ClaimSource, Source, Topic
from .glossary import Term
from .page import Block, Page
from .published import Edition, PageRevision, Rendering

__all__ = [
    "Block",
    "Claim",
    "ClaimSource",
    "Edition",
    "Page",
    "PageRevision",
    "Rendering",
    "Source",
    "Term",
    "Topic",
]
