"""The exact words people agreed to, each wording kept once, for good."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ConsentWording(models.Model):
    """A consent as it stood on the page. A changed wording is a new row; old ones stay, as people agreed to them."""

    class Purpose(models.TextChoices):
        SEND = "send", _("Send to the clinic")
        CALLBACK = "callback", _("Be called back")
        ENTER = "enter", _("Stored by a nurse")

    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    language = models.CharField(max_length=12)
    text = models.TextField()
    hash = models.CharField(max_length=64, unique=True)
    """SHA-256 of purpose, language and text."""
    first_used_at = models.DateTimeField()

    class Meta:
        verbose_name = _("consent wording")
        verbose_name_plural = _("consent wordings")
        default_permissions = ()

    def __str__(self):
        return f"{self.get_purpose_display()}, {self.hash[:8]}"
