"""What the public sees: frozen revisions, and the bytes made from them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pumpguide.publishing import Revision

from .page import Page


class PageRevision(Revision):
    """One publication of a page."""

    page = models.ForeignKey(Page, models.PROTECT, related_name="revisions", verbose_name=_("page"))
    number = models.PositiveIntegerField(_("revision"))
    frozen_at = models.DateTimeField(_("content as of"))  # earlier than published_at when scheduled or restored
    warnings = models.JSONField(_("warnings that stood"), default=list, blank=True)
    warnings_reason = models.CharField(_("why they may stand"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("published revision")
        verbose_name_plural = _("published revisions")
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("page", "number"), name="page_revision_number"),)

    def __str__(self):
        return _("%(page)s, revision %(number)s") % {"page": self.snapshot["title"], "number": self.number}


class Appearance(models.Model):
    """Notes that a revision did become public: one that waited for its time may have been called off before."""

    revision = models.OneToOneField(PageRevision, models.PROTECT, primary_key=True, related_name="appearance")

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")

    def __str__(self):
        return str(self.revision_id)


class Rendering(models.Model):
    """A published page as the bytes that are sent: made at publish, never by a request."""

    path = models.CharField(_("path"), max_length=200, primary_key=True)
    revision = models.OneToOneField(PageRevision, models.PROTECT, related_name="rendering")
    plain = models.BinaryField()
    gzip = models.BinaryField()
    brotli = models.BinaryField()
    etag = models.CharField(max_length=64)
    made_from = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("made page")
        verbose_name_plural = _("made pages")

    def __str__(self):
        return self.path


class Edition(models.Model):
    """One row that counts publishes, so that every process can tell with one small look that something is new."""

    number = models.PositiveBigIntegerField(default=0)
    next_due = models.DateTimeField(
        null=True, blank=True
    )  # when something is to appear, go or become overdue by itself

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")

    def __str__(self):
        return str(self.number)
