"""The guide's tables: working rows that staff edit, and the frozen revisions that the public sees."""

from .evidence import Claim, ClaimSource, Source, Topic
from .facts import ConditionFacts, DrugFacts, DrugUse, PumpTypeFacts, StepFacts
from .glossary import Term
from .images import Picture
from .page import Block, Page
from .people import Person, SiteSettings
from .public import Correction, Feedback, Redirect, SearchEntry, Synonym
from .published import Appearance, Edition, PageRevision, Rendering

__all__ = [
    "Appearance",
    "Block",
    "Claim",
    "ClaimSource",
    "ConditionFacts",
    "Correction",
    "DrugFacts",
    "DrugUse",
    "Edition",
    "Feedback",
    "Page",
    "PageRevision",
    "Person",
    "Picture",
    "PumpTypeFacts",
    "Redirect",
    "Rendering",
    "SearchEntry",
    "SiteSettings",
    "Source",
    "StepFacts",
    "Synonym",
    "Term",
    "Topic",
]
