"""Published versions of the questionnaire: rules, wording and test patients, frozen; and their withdrawal."""

from django.conf import settings
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


class Withdrawal(models.Model):
    """ "Stop using": a new row, since a published version is never changed."""

    questionnaire = models.OneToOneField(Questionnaire, models.PROTECT, related_name="withdrawal")
    reason = models.CharField(_("reason"), max_length=300)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"))

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")

    def __str__(self):
        return str(self.questionnaire)
