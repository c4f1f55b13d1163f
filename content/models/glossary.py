"""The glossary."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Working


class Term(Working):
    """A word that is explained where it is first used."""

    term = models.CharField(_("word"), max_length=80)
    also = models.JSONField(_("other names"), default=list, blank=True)
    definition = models.TextField(_("meaning"), help_text=_("One or two plain sentences."))

    class Meta:
        verbose_name = _("glossary word")
        verbose_name_plural = _("glossary")
        ordering = ("term",)
        constraints = (models.UniqueConstraint(fields=("key", "language"), name="term_key_language"),)

    def __str__(self):
        return self.term
