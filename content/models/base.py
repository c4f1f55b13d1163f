"""What every working row of the guide has: a stable key, a language, and who changed it last."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Stamped(models.Model):
    """A row that goes public only when somebody else than its authors has looked at it."""

    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now, editable=False)
    authors = models.JSONField(default=list, blank=True, editable=False)
    """[user id, ISO time] of every change by staff, so that nobody approves a change of their own."""

    class Meta:
        abstract = True

    def stamp(self, by, at) -> None:
        """Note a change by a member of staff; the caller saves."""
        self.changed_by, self.changed_at = by, at
        earlier = [[user, when] for user, when in self.authors if user != by.pk]
        self.authors = [*earlier, [by.pk, at.isoformat()]]


class Working(Stamped):
    """A row that staff edit. ``changed_by`` empty: it is still as the starting content brought it."""

    key = models.SlugField(_("key"), max_length=60, help_text=_("Used in links. Never changes."))
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    changed_at = models.DateTimeField(_("changed at"), editable=False)

    class Meta:
        abstract = True

    def __str__(self):
        return self.key
