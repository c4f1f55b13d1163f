"""Who looked at, printed, exported, changed or deleted what, and when: a chain of rows that only grows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """Everything that leaves a trace."""

    VIEW = "view", _("opened")
    LOOKUP_FAILED = "lookup-failed", _("looked up in vain")
    PAPER = "paper-opened", _("opened from paper")
    PRINT = "print", _("printed")
    PDF = "pdf", _("saved as PDF")
    EXPORT = "export", _("exported")
    REVEAL = "reveal", _("showed name and number")
    REVIEW = "review", _("reviewed")
    ENTER = "enter", _("entered")
    CALLBACK = "callback", _("worked on a call-back")
    DELETE = "delete", _("deleted")
    DELETION_ASKED = "deletion-asked", _("asked to delete")
    BREAK_GLASS = "break-glass", _("broke the glass")
    PURGE = "purge", _("cleared what was past its time")
    RESTORE = "restore", _("restored a backup")
    ACCOUNT = "account", _("changed an account")
    READ_AUDIT = "read-audit", _("read this list")


class AuditEvent(models.Model):
    """One link of the chain. ``hash`` covers every other field and the link before (``audit.py``)."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    """None: the patient, by the delete link, or the installation itself."""
    action = models.CharField(_("what"), max_length=20, choices=Action.choices)
    subject = models.CharField(_("of what"), max_length=200, blank=True)
    """Kind and number, such as "screening 12", several with commas; never a name."""
    detail = models.CharField(max_length=200, blank=True)
    """A word from a fixed list, or numbers; never what someone typed about a patient."""
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ("-number",)
        default_permissions = ("view",)
        indexes = (
            models.Index(fields=["by", "action", "at"], name="audit_by_action"),
            models.Index(fields=["at"], name="audit_by_time"),
        )

    def __str__(self):
        return f"{self.number} {self.action} {self.subject}"


class AuditHead(models.Model):
    """One row: the chain's newest link, locked by whoever adds the next."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")
    proof = models.CharField(max_length=64, default="")
    """Keyed hash of the two, so that nobody without the key can set the end of the chain back."""

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="audit_head_one_row"),)

    def __str__(self):
        return str(self.number)
