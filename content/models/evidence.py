"""Says who? Sources, and the claims that rest on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Working


class Source(Working):
    """A document that claims rest on."""

    label = models.CharField(_("short name"), max_length=40, help_text=_("For footnotes and lists."))
    title = models.CharField(_("title"), max_length=200)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    kind = models.CharField(_("kind of document"), max_length=80)
    says = models.TextField(_("what it covers"))
    interests = models.TextField(_("who paid or gains"), blank=True)
    reference = models.CharField(_("how to find it"), max_length=300, blank=True)
    dated = models.CharField(_("date, as the document states it"), max_length=60, blank=True)
    checked = models.BooleanField(_("checked against the original"), default=False)
    recheck_on = models.DateField(_("to be checked again on"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ("position", "key")
        constraints = (models.UniqueConstraint(fields=("key", "language"), name="source_key_language"),)

    def __str__(self):
        return f"{self.key}: {self.title}"


class Topic(Working):
    """A question the sources answer, alike or not, such as how large the pump is."""

    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("position", "key")
        constraints = (models.UniqueConstraint(fields=("key", "language"), name="topic_key_language"),)

    def __str__(self):
        return self.title


class Certainty(models.TextChoices):
    """How sure we are: a statement about the sources, never a grade of the medicine."""

    AGREE = "agree", _("Sources agree")
    DIFFER = "differ", _("Sources differ")
    SINGLE = "single", _("One source")
    OUTSIDE = "outside", _("From elsewhere")


class Claim(Working):
    """A statement that needs evidence, in our words."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="claims", verbose_name=_("topic"))
    text = models.TextField(_("what we say"))
    certainty = models.CharField(_("how sure we are"), max_length=10, choices=Certainty.choices)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    reviewed_by = models.CharField(_("checked by (clinician)"), max_length=120, blank=True)
    reviewed_on = models.DateField(_("checked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ("topic__position", "position", "key")
        constraints = (
            models.UniqueConstraint(fields=("key", "language"), name="claim_key_language"),
            models.CheckConstraint(
                condition=models.Q(reviewed_by="", reviewed_on=None)
                | (~models.Q(reviewed_by="") & models.Q(reviewed_on__isnull=False)),
                name="claim_reviewed_by_and_on",
                violation_error_message=_("Give both who checked this claim and when, or neither."),
            ),
        )

    def __str__(self):
        return self.text


class ClaimSource(models.Model):
    """What one source says about a claim, in our words."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="says", verbose_name=_("claim"))
    source = models.ForeignKey(Source, models.PROTECT, related_name="says_about", verbose_name=_("source"))
    text = models.TextField(_("what it says, in our words"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("what a source says")
        verbose_name_plural = _("what the sources say")
        ordering = ("position", "pk")

    def __str__(self):
        return f"{self.source.key}: {self.text}"
