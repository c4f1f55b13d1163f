"""A published version of the questionnaire: rules and wording, frozen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from pumpguide.publishing import Revision


class Questionnaire(Revision):
    """FHIR Questionnaire: one immutable published definition, named by url and version."""

    url = models.URLField(_("canonical address"))
    version = models.PositiveIntegerField(_("version"))

    class Meta:
        verbose_name = _("questionnaire version")
        verbose_name_plural = _("questionnaire versions")
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=("url", "version"), name="questionnaire_url_version"),)

    def __str__(self):
        return _("Version %s") % self.version
