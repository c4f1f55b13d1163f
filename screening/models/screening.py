"""What a patient chose to send, and what nurses found out about it. Anything about a person is sealed (``keys.py``)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .consent import ConsentWording
from .questionnaire import Questionnaire


class Disposition(models.TextChoices):
    """The headings a sent summary can have, in the order of urgency for the desk; the ids are the specification's."""

    URGENT = "urgent", _("Help now")
    UNDER_18 = "under-18", _("Under 18")
    UNFINISHED = "unfinished", _("Unfinished")
    NEED_MORE = "need-more-information", _("Something is still open")
    TALK_FIRST = "talk-first", _("Something to talk about first")
    TALK_FIRST_EARLIER = "talk-first-and-earlier-steps", _("Talk first, and earlier steps")
    EARLIER = "earlier-steps", _("Earlier steps")
    TALK = "talk", _("Worth a talk")
    NOT_DESCRIBED = "not-described", _("Not described by the sources")


class AnsweredBy(models.TextChoices):
    PATIENT = "patient", _("The patient")
    HELPER = "helper", _("Someone else for the patient")
    NURSE_PHONE = "nurse-phone", _("A nurse, with the patient on the phone")
    NURSE_PAPER = "nurse-paper", _("A nurse, from a filled paper sheet")


BY_NURSE = (AnsweredBy.NURSE_PHONE, AnsweredBy.NURSE_PAPER)


class Screening(models.Model):
    """One sent screening with its assessment frozen.

    ``record`` seals {"answers", "assessment", "language"}; ``contact`` seals {"name", "birth_date", "phone"} as far as
    given. The code, the delete link's secret and the sending (``sending.py``) are stored only as keyed hashes.
    """

    sending_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    birth_hash = models.CharField(max_length=64, blank=True)
    """Keyed hash of the date of birth, so that a nurse can find by it."""
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="screenings")
    consent = models.ForeignKey(ConsentWording, models.PROTECT, related_name="+", null=True)
    """The words that were agreed to; of what a nurse entered, those the nurse confirmed (older rows have none)."""
    record = models.BinaryField()
    contact = models.BinaryField(null=True)
    disposition = models.CharField(_("heading"), max_length=40, choices=Disposition.choices)
    open_points = models.PositiveSmallIntegerField(_("open points"))
    answered_by = models.CharField(_("answered by"), max_length=12, choices=AnsweredBy.choices)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent"))
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    deletion_asked_at = models.DateTimeField(null=True)

    has_open = models.GeneratedField(
        expression=Q(open_points__gt=0), output_field=models.BooleanField(), db_persist=True
    )
    is_reviewed = models.GeneratedField(
        expression=Q(reviewed_at__isnull=False), output_field=models.BooleanField(), db_persist=True
    )

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        ordering = ("-sent_at", "-pk")
        permissions = (
            ("use_desk", _("Can open what patients sent, and work on it")),
            ("break_glass", _("Can open what patients sent in an emergency, with a reason that is kept")),
        )
        default_permissions = ()
        # a list of any mix of filters is read off one index, in order, from any place in it
        indexes = (
            models.Index(fields=["sent_at", "id"], name="screening_by_time"),
            models.Index(fields=["disposition", "sent_at", "id"], name="screening_by_d"),
            models.Index(fields=["has_open", "sent_at", "id"], name="screening_by_o"),
            models.Index(fields=["is_reviewed", "sent_at", "id"], name="screening_by_r"),
            models.Index(fields=["disposition", "has_open", "sent_at", "id"], name="screening_by_do"),
            models.Index(fields=["disposition", "is_reviewed", "sent_at", "id"], name="screening_by_dr"),
            models.Index(fields=["has_open", "is_reviewed", "sent_at", "id"], name="screening_by_or"),
            models.Index(fields=["disposition", "has_open", "is_reviewed", "sent_at", "id"], name="screening_by_dor"),
            models.Index(fields=["birth_hash"], name="screening_by_birth", condition=~Q(birth_hash="")),
            models.Index(
                fields=["deletion_asked_at", "id"],
                name="screening_by_wish",
                condition=Q(deletion_asked_at__isnull=False),
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(reviewed_by=None, reviewed_at=None)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="screening_reviewed_by_at",
            ),
            models.CheckConstraint(
                condition=Q(entered_by=None, consent__isnull=False, answered_by__in=("patient", "helper"))
                | Q(entered_by__isnull=False, answered_by__in=BY_NURSE),
                name="screening_entered_by_nurse",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None) | Q(reviewed_at__gte=F("sent_at")), name="screening_sent_then_reviewed"
            ),
        )

    def __str__(self):
        return _("No. %s") % self.pk


class Review(models.Model):
    """A nurse's dated, signed note on one point of a screening: a new row each time, never edited.

    ``link_id`` names the question the point rests on; "" is the screening as a whole. ``sealed`` holds {"answer":
    codes as found, "note": free words} of a point.
    """

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        NOT_SO = "not-so", _("Not so")
        STILL_OPEN = "still-open", _("Still open")
        LOOKED_AT = "looked-at", _("Looked at")

    class FoundIn(models.TextChoices):
        MEDICATION_LIST = "medication-list", _("Medication list")
        REPORT = "report", _("Report or letter")
        IMAGING = "imaging", _("Imaging")
        LABORATORY = "laboratory", _("Laboratory")
        PATIENT = "patient", _("Asked the patient")
        HELPER = "helper", _("Asked the family or a carer")
        OTHER_CLINIC = "other-clinic", _("Asked another clinic")
        OTHER = "other", _("Elsewhere (see the note)")

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="reviews")
    link_id = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices)
    found_in = models.CharField(_("found in"), max_length=20, choices=FoundIn.choices, blank=True)
    sealed = models.BinaryField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ("pk",)
        default_permissions = ()
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome="looked-at", link_id="")
                | Q(~Q(link_id=""), outcome__in=("confirmed", "not-so", "still-open")),
                name="review_of_a_point_or_the_whole",
            ),
        )

    def __str__(self):
        return f"{self.get_outcome_display()} ({self.link_id or _('whole')})"
