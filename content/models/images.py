"""Pictures that staff upload. They are re-encoded on save (content/pictures.py); drawings of our own need no upload."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .base import Stamped


class Picture(Stamped):
    """A photo or raster drawing. ``data`` is what we re-encoded, never what was uploaded."""

    title = models.CharField(_("title"), max_length=120)
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        blank=True,
        help_text=_("What the picture shows, for those who cannot see it."),
    )
    decorative = models.BooleanField(_("it only decorates"), default=False)
    data = models.BinaryField(editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    hash = models.CharField(max_length=64, unique=True, editable=False)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ("title",)

    def __str__(self):
        return self.title

    def clean(self):
        if not self.alt and not self.decorative:
            raise ValidationError({"alt": _("Say what the picture shows, or tick that it only decorates.")})
        if self.alt and self.decorative:
            raise ValidationError(
                {"alt": _("A picture that only decorates has no alternative text. Remove one of the two.")}
            )
