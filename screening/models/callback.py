"""People who asked to be called back. Their name and number are sealed (``keys.py``)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .consent import ConsentWording


class CallbackRequest(models.Model):
    """One wish to be called. ``contact`` seals {"name", "phone"}."""

    class BestTime(models.TextChoices):
        ANY = "any", _("Any time the clinic is open")
        MORNING = "morning", _("In the morning")
        MIDDAY = "midday", _("Around noon")
        AFTERNOON = "afternoon", _("In the afternoon")

    class Suspicion(models.TextChoices):
        """Why a request may not come from a person. It is kept and called all the same; the desk shows the flag."""

        TRAP = "trap", _("A field that people do not see was filled in")
        HASTE = "haste", _("Sent within seconds")
        MANY = "many", _("Many from the same place")

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        NOT_REACHED = "not-reached", _("Tried several times, not reached")
        NOT_WANTED = "not-wanted", _("No call wanted any more")
        WRONG_NUMBER = "wrong-number", _("Wrong number")
        NO_PERSON = "no-person", _("Not from a person")

    asking_hash = models.CharField(max_length=64, unique=True)
    contact = models.BinaryField()
    best_time = models.CharField(_("best time"), max_length=10, choices=BestTime.choices)
    language = models.CharField(_("language"), max_length=12)
    consent = models.ForeignKey(ConsentWording, models.PROTECT, related_name="+")
    suspicion = models.CharField(_("flag"), max_length=10, choices=Suspicion.choices, blank=True)
    address_hash = models.CharField(max_length=64)
    phone_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField(_("asked"))
    due_at = models.DateTimeField(_("due"))
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=14, choices=Outcome.choices, blank=True)

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        ordering = ("due_at", "pk")
        default_permissions = ()
        indexes = (
            models.Index(fields=["due_at", "id"], name="callback_queue", condition=Q(closed_at=None)),
            models.Index(fields=["closed_at"], name="callback_closed", condition=Q(closed_at__isnull=False)),
            models.Index(fields=["address_hash", "asked_at"], name="callback_by_address"),
            models.Index(fields=["phone_hash", "asked_at"], name="callback_by_phone"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None) | Q(claimed_by__isnull=False, claimed_at__isnull=False),
                name="callback_claimed_by_at",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None, closed_at=None, outcome="")
                | Q(~Q(outcome=""), closed_by__isnull=False, closed_at__isnull=False),
                name="callback_closed_by_at",
            ),
        )

    def __str__(self):
        return _("Call-back %s") % self.pk


class CallbackAttempt(models.Model):
    """One call that did not end the matter: who tried, when, and when to try again. New rows, never edited."""

    class Reason(models.TextChoices):
        NO_ANSWER = "no-answer", _("No answer")
        BUSY = "busy", _("Busy")
        VOICEMAIL = "voicemail", _("Voicemail; no message about health was left")
        BAD_TIME = "bad-time", _("Asked to be called at another time")

    request = models.ForeignKey(CallbackRequest, models.CASCADE, related_name="attempts")
    reason = models.CharField(_("what happened"), max_length=12, choices=Reason.choices)
    again_at = models.DateTimeField(_("try again"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ("pk",)
        default_permissions = ()

    def __str__(self):
        return str(self.get_reason_display())
