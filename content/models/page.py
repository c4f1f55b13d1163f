"""Pages and their blocks: the working rows. The public never sees these, only their published revisions."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from content.html import clean

from .base import Working


class PageKind(models.TextChoices):
    HOME = "home", _("Home page")
    ARTICLE = "article", _("Article")
    PUMP_TYPE = "pump-type", _("Pump type")
    DRUG = "drug", _("Medicine")
    CONDITION = "condition", _("Condition")
    STEP = "step", _("Step")
    SAFETY = "safety", _("Safety")


PREFIX = {
    PageKind.HOME: "/",
    PageKind.ARTICLE: "/",
    PageKind.PUMP_TYPE: "/pumps/",
    PageKind.DRUG: "/medicines/",
    PageKind.CONDITION: "/conditions/",
    PageKind.STEP: "/five-steps/",
    PageKind.SAFETY: "/safety/",
}
"""Where each kind lives on the public site."""

PATHS = r"(?:[a-z0-9-]{1,80}/){0,4}"
"""What the address of a page looks like after the first slash; no other ever reaches one."""
RESERVED_SLUGS = (
    *("screening", "admin", "intake", "staff", "static", "healthz"),
    *("search", "feedback", "preview", "pictures", "corrections"),
)
LINKED_PATHS = frozenset(
    {
        *("/", "/safety/get-help-now/", "/what-is-a-pain-pump/", "/questions-to-ask/", "/risks/", "/five-steps/"),
        *("/medicines/", "/medicines/baclofen/", "/conditions/", "/conditions/spasticity/"),
        *("/glossary/", "/sources/", "/where-the-sources-differ/", "/about/", "/privacy/", "/accessibility/"),
    }
)
"""Where the site's own templates lead. A page that is public there stays so."""


class Stage(models.TextChoices):
    """Where the draft stands. What is public is told by ``Page.live`` alone."""

    DRAFT = "draft", _("Draft")
    IN_REVIEW = "in-review", _("In review")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


class Page(Working):
    """One page of the guide, as staff edit it."""

    kind = models.CharField(_("kind"), max_length=12, choices=PageKind.choices, default=PageKind.ARTICLE)
    slug = models.SlugField(_("address"), max_length=80, blank=True, help_text=_("The last part of the web address."))
    title = models.CharField(_("title"), max_length=120)
    menu_title = models.CharField(_("short title"), max_length=60, help_text=_("For lists and cards."))
    summary = models.TextField(_("main message"), help_text=_("One or two short sentences, shown first."))
    position = models.PositiveSmallIntegerField(_("order among its kind"), default=0)
    reviewed_by = models.CharField(
        _("whole page checked by (clinician)"),
        max_length=120,
        blank=True,
        help_text=_("Name and role. While this is empty, the page says “not yet reviewed by a clinician”."),
    )
    reviewed_on = models.DateField(_("checked on"), null=True, blank=True)
    next_review = models.DateField(_("next check due"), null=True, blank=True)
    stage = models.CharField(
        _("stage of the draft"), max_length=10, choices=Stage.choices, default=Stage.DRAFT, editable=False
    )
    edit_number = models.PositiveIntegerField(default=0, editable=False)  # two people editing: the second is told
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True, editable=False)
    approved_hash = models.CharField(max_length=64, blank=True, editable=False)  # of the draft as it was approved
    warnings_reason = models.CharField(_("why the warnings may stand"), max_length=300, blank=True, editable=False)
    publish_at = models.DateTimeField(_("publish at"), null=True, blank=True)
    expire_at = models.DateTimeField(_("take down at"), null=True, blank=True)
    scheduled = models.OneToOneField(
        "content.PageRevision",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="scheduled_for",
        verbose_name=_("revision waiting for its time"),
    )
    live = models.OneToOneField(
        "content.PageRevision",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="live_for",
        verbose_name=_("live revision"),
    )

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ("kind", "position", "title")
        permissions = (("publish_page", _("Can approve and publish pages")),)
        constraints = (
            models.UniqueConstraint(fields=("key", "language"), name="page_key_language"),
            models.UniqueConstraint(
                fields=("kind", "slug", "language"),
                name="page_address",
                violation_error_message=_("Another page of this kind has this address. Choose another."),
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by="", reviewed_on=None)
                | (~models.Q(reviewed_by="") & models.Q(reviewed_on__isnull=False)),
                name="page_reviewed_by_and_on",
                violation_error_message=_("Give both who checked this page and when, or neither."),
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None, approved_at=None)
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="page_approved_by_and_at",
            ),
        )

    def __str__(self):
        return self.title

    def clean(self):
        if (self.kind == PageKind.HOME) != (self.slug == ""):
            raise ValidationError({"slug": _("Give the page an address. Only the home page has none.")})
        if self.slug in RESERVED_SLUGS:
            raise ValidationError({"slug": _("This address is used by the site itself. Choose another.")})
        if self.slug and not re.fullmatch(r"[a-z0-9-]+", self.slug):
            raise ValidationError({"slug": _("Use small letters, digits and hyphens alone, such as what-to-ask.")})
        if self.live_path in LINKED_PATHS - {self.path}:
            raise ValidationError({"slug": _("The site itself leads readers to this address. Leave it as it is.")})

    @property
    def path(self):
        return page_path(self.kind, self.slug)

    @property
    def live_path(self):
        """Where readers find it now; "" where they do not."""
        return page_path(self.live.snapshot["kind"], self.live.snapshot["slug"]) if self.live else ""

    @property
    def is_linked(self):
        """Whether the site itself leads readers here, from every page or from the questions."""
        return self.live_path in LINKED_PATHS


def page_path(kind, slug):
    """The public path, such as /medicines/morphine/."""
    return PREFIX[PageKind(kind)] + (f"{slug}/" if slug else "")


class BlockKind(models.TextChoices):
    PROSE = "prose", _("Text")
    KEY_POINTS = "key-points", _("Key points")
    CALLOUT = "callout", _("Good to know")
    WARNING = "warning", _("Warning")
    CARE_CARD = "care-card", _("Care card")
    DO_DONT = "do-dont", _("Do and don’t list")
    STEPS = "steps", _("Steps")
    TABLE = "table", _("Table")
    FIGURE = "figure", _("Drawing")
    NUMBER = "number", _("Number of people")
    DIFFER = "differ", _("Where the sources differ (one topic)")
    CHECKLIST = "checklist", _("Checklist")
    RELATED = "related", _("You may also like")
    LISTING = "listing", _("Cards of all pages of a kind")
    SOURCES = "sources", _("All sources")
    GLOSSARY = "glossary", _("The whole glossary")
    DIFFERENCES = "differences", _("All differences between sources")
    STORY = "story", _("A patient’s story")


DRAWINGS = {
    "anatomy": _("Where the pump sits"),
    "space-around-the-cord": _("The space around the spinal cord"),
    "flow-through-a-day": _("Fixed and programmable flow through a day"),
    "dose-by-mouth-and-pump": _("Dose by mouth and dose in the pump"),
    "five-steps": _("The five steps"),
    "trial-two-ways": _("A trial, two ways"),
    "implant-steps": _("The five surgical steps"),
    "refill": _("A refill"),
    "warning-signs": _("Warning-signs card"),
}
CARE_LEVELS = {
    "emergency": _("Call 911"),
    "now": _("Call your pump team now"),
    "today": _("Call your pump team today"),
    "tell": _("Tell your care team"),
}

LISTED_KINDS = {kind.value: kind.label for kind in PageKind if kind != PageKind.HOME}


class Block(models.Model):
    """One piece of a page. A block with a heading starts a new section."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="blocks", verbose_name=_("page"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=12, choices=BlockKind.choices, default=BlockKind.PROSE)
    heading = models.CharField(_("heading"), max_length=120, blank=True)
    body = models.TextField(_("text"), blank=True)
    subject = models.CharField(
        _("which one"),
        max_length=60,
        blank=True,
        help_text=_("The drawing, the care card’s level, the topic or the kind of pages, for blocks that need one."),
    )
    numerator = models.PositiveIntegerField(_("how many"), null=True, blank=True)
    denominator = models.PositiveIntegerField(_("out of how many"), null=True, blank=True)
    person = models.ForeignKey(
        "content.Person", models.PROTECT, null=True, blank=True, verbose_name=_("whose remark (clinician insight)")
    )
    picture = models.ForeignKey("content.Picture", models.PROTECT, null=True, blank=True, verbose_name=_("picture"))
    consent_on = models.DateField(_("consent of the person on record since"), null=True, blank=True)
    typical = models.TextField(
        _("how typical this is"), blank=True, help_text=_("For a story: what others may expect.")
    )

    class Meta:
        verbose_name = _("block")
        verbose_name_plural = _("blocks")
        ordering = ("position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(numerator=None, denominator=None)
                | models.Q(numerator__lte=models.F("denominator"), denominator__gt=0),
                name="block_numerator_of_denominator",
                violation_error_message=_("Give both numbers, the first not larger than the second, or neither."),
            ),
        )

    def __str__(self):
        return self.heading or self.get_kind_display()

    def clean(self):
        self.body = clean(self.body)
        allowed = allowed_subjects(self.kind)
        if self.kind == BlockKind.FIGURE and self.picture_id and not self.subject:
            allowed = [""]  # an uploaded picture stands in for a drawing
        if allowed is not None and self.subject not in allowed:
            raise ValidationError({"subject": _("Choose one of: %s.") % ", ".join(allowed)})
        if allowed is None and self.subject:
            raise ValidationError({"subject": _("Leave this empty for this kind of block.")})
        if {self.numerator is not None, self.denominator is not None} != {self.kind == BlockKind.NUMBER}:
            raise ValidationError({"numerator": _("Give both numbers for “Number of people”, and only there.")})


def allowed_subjects(kind):
    """What ``subject`` may be for a kind of block; None where it must be empty."""
    choices = {
        BlockKind.FIGURE: DRAWINGS,
        BlockKind.CARE_CARD: CARE_LEVELS,
        BlockKind.LISTING: LISTED_KINDS,
    }.get(kind)
    if kind == BlockKind.DIFFER:
        choices = topic_choices()
    return None if choices is None else list(choices)


def topic_choices():
    """The topics of the claims: key -> title."""
    from .evidence import Topic

    return dict(Topic.objects.values_list("key", "title"))
