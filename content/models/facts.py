"""Facts that only one kind of page has. Each belongs to one page and goes into its snapshot."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .page import Page

AS_OF = _("The date of the document this rests on. Empty: it has no date, or has not been checked; the page says so.")


class DrugFacts(models.Model):
    """For a medicine."""

    page = models.OneToOneField(Page, models.CASCADE, related_name="drug_facts")
    boxed_warning = models.TextField(_("boxed warning, in plain words"), blank=True)
    emergency_signs = models.TextField(_("emergency signs"), blank=True, help_text=_("One a line."))

    class Meta:
        verbose_name = _("facts about the medicine")
        verbose_name_plural = _("facts about the medicine")

    def __str__(self):
        return str(self._meta.verbose_name)


class LabelStatus(models.TextChoices):
    ON_LABEL = "on-label", _("FDA-approved for this use in a pump")
    OFF_LABEL = "off-label", _("Not FDA-approved for this use in a pump")
    UNCLEAR = "unclear", _("Unclear; ask")


class DrugUse(models.Model):
    """One use of a medicine in a pump and its label status in the US."""

    page = models.ForeignKey(Page, models.CASCADE, related_name="drug_uses")
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    use = models.CharField(_("use"), max_length=120)
    status = models.CharField(_("label status in the US"), max_length=10, choices=LabelStatus.choices)
    as_of = models.DateField(_("as of"), null=True, blank=True, help_text=AS_OF)
    claim = models.SlugField(_("claim that backs it"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("use")
        verbose_name_plural = _("uses and label status")
        ordering = ("position", "pk")

    def __str__(self):
        return self.use


class PumpTypeFacts(models.Model):
    """For a pump type: whether it can be had."""

    page = models.OneToOneField(Page, models.CASCADE, related_name="pump_type_facts")
    availability = models.TextField(_("availability"))
    as_of = models.DateField(_("as of"), null=True, blank=True, help_text=AS_OF)
    claim = models.SlugField(_("claim that backs it"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("availability")
        verbose_name_plural = _("availability")

    def __str__(self):
        return str(self._meta.verbose_name)


class ConditionFacts(models.Model):
    """For a condition: how strongly the sources name it."""

    page = models.OneToOneField(Page, models.CASCADE, related_name="condition_facts")
    named_by = models.CharField(
        _("named by"), max_length=80, help_text=_("Keys of the sources, with commas: S0, S2."), blank=True
    )
    strength = models.TextField(_("how strongly, in a sentence"))
    claim = models.SlugField(_("claim that backs it"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("how strongly the sources name it")
        verbose_name_plural = _("how strongly the sources name it")

    def __str__(self):
        return str(self._meta.verbose_name)


class StepFacts(models.Model):
    """For a step: how long it takes, and what happens before, during and after."""

    page = models.OneToOneField(Page, models.CASCADE, related_name="step_facts")
    duration = models.CharField(_("how long, as a range"), max_length=120)
    claim = models.SlugField(_("claim that backs it"), max_length=60, blank=True)
    before = models.TextField(_("before"))
    during = models.TextField(_("during"))
    after = models.TextField(_("after"))
    ask = models.TextField(_("what to ask"), help_text=_("One question a line."))

    class Meta:
        verbose_name = _("the step in short")
        verbose_name_plural = _("the step in short")

    def __str__(self):
        return str(self._meta.verbose_name)
