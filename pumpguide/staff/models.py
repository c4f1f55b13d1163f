"""The second step of signing in: an authenticator app's secret, and recovery codes for the day the phone is lost.

A device of django-otp, so that its middleware knows who has taken the step. Unlike that package's own devices it keeps
nothing in plain: the secret is sealed, and of recovery codes only keyed hashes are stored.
"""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

LONGEST_WAIT = 15 * 60  # seconds; a wait without limit would let whoever knows a password lock its owner out for good


class SecondStep(Device):
    """One per member of staff. The row exists only after a first code was right."""

    sealed_secret = models.BinaryField()
    """20 bytes under the clinic's key, bound to the account (``codes.seal``)."""
    made_at = models.DateTimeField(_("set up"))
    last_period = models.BigIntegerField(default=-1)
    """The 30-second period of the newest code that was used; none of it or before works again."""
    failures = models.PositiveIntegerField(default=0)
    """Wrong codes in a row, of the app and of recovery alike."""
    failed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("second step")
        verbose_name_plural = _("second steps")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["user"], name="second_step_one_each"),
            models.CheckConstraint(
                condition=models.Q(failures=0, failed_at=None) | models.Q(failures__gt=0, failed_at__isnull=False),
                name="second_step_failures_have_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"second step of account {self.user_id}"

    def closed_until(self) -> datetime | None:
        """No code is looked at before this: 1, 2, 4 … seconds after wrong ones, at most a quarter of an hour."""
        if self.failed_at is None:
            return None
        seconds = LONGEST_WAIT if self.failures > 10 else min(2 ** (self.failures - 1), LONGEST_WAIT)
        return self.failed_at + timedelta(seconds=seconds)


class RecoveryCode(models.Model):
    """A code that stands in for the app once; it goes when it is used."""

    step = models.ForeignKey(SecondStep, models.CASCADE, related_name="recovery_codes")
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["step", "hash"], name="recovery_code_once"),)

    def __str__(self) -> str:
        return f"recovery code {self.pk}"
