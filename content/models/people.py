"""People who write, check or speak on the pages, and the clinic itself."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Stamped


class Person(Stamped):
    """Someone named on a page: who checked it, or whose remark a call-out gives."""

    name = models.CharField(_("name"), max_length=120)
    credentials = models.CharField(_("training and titles"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=120, help_text=_("Such as “Pain nurse at the clinic”."))
    interests = models.TextField(
        _("interests"), help_text=_("Who pays this person, and any tie to a maker. “None” is an answer.")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("staff account")
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("name",)

    def __str__(self):
        return f"{self.name}, {self.credentials}" if self.credentials else self.name


class SiteSettings(models.Model):
    """One row: what the pages say about the clinic. Empty fields are simply not shown."""

    clinic_name = models.CharField(
        _("clinic name"),
        max_length=120,
        blank=True,
        help_text=_("With a name here, people may also send you their summary. They see the name first."),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    hours = models.CharField(_("opening hours"), max_length=200, blank=True)
    callback = models.BooleanField(_("people may ask to be called back"), default=False)
    stated_wait = models.CharField(
        _("how long a call-back usually takes"), max_length=120, blank=True, help_text=_("As the clinic states it.")
    )
    callback_days = models.PositiveSmallIntegerField(
        _("working days until a call-back is due"),
        default=2,
        validators=[MaxValueValidator(30)],
        help_text=_("The desk’s list goes by it, Monday to Friday. It must fit the wait that you state above."),
    )

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="site_settings_one_row"),)

    def __str__(self):
        return self.clinic_name or str(_("Site settings"))

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

    def clean(self):
        if self.callback and not (self.phone and self.stated_wait):
            raise ValidationError({"callback": _("Give a phone number and the stated wait before you turn this on.")})

    @classmethod
    def current(cls) -> "SiteSettings":
        """The row, or an empty one that was never saved."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
