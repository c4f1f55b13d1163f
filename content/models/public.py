"""What the public site keeps besides pages: redirects, answers to "did this help?", corrections, synonyms."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Stamped
from .page import PATHS, RESERVED_SLUGS, Page


class Redirect(models.Model):
    """An old address of a page; made by itself when a published page's address changes."""

    path = models.CharField(_("old path"), max_length=200, unique=True)
    page = models.ForeignKey(Page, models.CASCADE, related_name="redirects", verbose_name=_("page"))

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ("path",)

    def __str__(self):
        return self.path

    def clean(self):
        if not re.fullmatch(f"/{PATHS}", self.path) or self.path.split("/")[1] in RESERVED_SLUGS:
            raise ValidationError(
                {
                    "path": _(
                        "No page can be at this address. Use small letters, digits and hyphens: /medicines/old-name/."
                    )
                }
            )


class Missing(models.TextChoices):
    NOTHING = "", _("—")
    TOO_HARD = "too-hard", _("It was hard to understand")
    TOO_LONG = "too-long", _("It was too long")
    NOT_MY_QUESTION = "not-my-question", _("It did not answer my question")
    NO_NEXT_STEP = "no-next-step", _("I do not know what to do next")
    DO_NOT_TRUST = "do-not-trust", _("I was not sure I could trust it")


class Feedback(models.Model):
    """How many people gave an answer on a page on one day. Nobody's own answer is kept."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="feedback", verbose_name=_("page"))
    day = models.DateField(_("day"))
    helpful = models.BooleanField(_("helpful"))
    missing = models.CharField(_("what was missing"), max_length=20, choices=Missing.choices, blank=True)
    count = models.PositiveIntegerField(_("how many"), default=0)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ("-day",)
        constraints = (
            models.UniqueConstraint(fields=("page", "day", "helpful", "missing"), name="feedback_one_row_a_day"),
        )

    def __str__(self):
        return f"{self.page} {self.day}"


class Correction(Stamped):
    """A mistake that was public and was mended; in the public log from ``public_at``, and from then on as it is.

    ``public_by`` empty: it was public before a second person had to look at it.
    """

    page = models.ForeignKey(Page, models.PROTECT, related_name="corrections", verbose_name=_("page"))
    corrected_on = models.DateField(_("corrected on"))
    was = models.TextField(_("what was wrong"))
    now = models.TextField(_("what it says now"))
    public_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("made public by"),
    )
    public_at = models.DateTimeField(_("public since"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ("-corrected_on", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(public_by=None) | models.Q(public_at__isnull=False),
                name="correction_public_by_and_at",
            ),
        )

    def __str__(self):
        return f"{self.page}, {self.corrected_on}"


class Synonym(models.Model):
    """Another word people search for, and the words our pages use."""

    word = models.CharField(_("what people type"), max_length=80)
    means = models.CharField(_("what the pages say"), max_length=80)
    language = models.CharField(_("language"), max_length=10, default="en")

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms for search")
        ordering = ("word",)
        constraints = (models.UniqueConstraint(fields=("word", "means", "language"), name="synonym_once"),)

    def __str__(self):
        return f"{self.word} → {self.means}"


class SearchEntry(models.Model):
    """The words of a published page, to be searched. The index itself is made for each database in a migration."""

    page = models.OneToOneField(Page, models.CASCADE, related_name="search_entry")
    language = models.CharField(max_length=10)
    path = models.CharField(max_length=200)
    title = models.CharField(max_length=120)
    summary = models.TextField()
    words = models.TextField()

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")

    def __str__(self):
        return self.title
