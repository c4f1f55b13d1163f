"""The second step of signing in: an authenticator app's secret, and recovery codes for the day the phone is lost.

A device of django-otp, so that its middleware knows who has taken the step. Unlike that package's own devices it keeps
nothing in plain: the secret is sealed, and of recovery codes only keyed hashes are stored.
"""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

DAY = timedelta(days=1)
LONGEST_WAIT = 15 * 60  # seconds; a wait without limit would let whoever knows a password lock its owner out for good
MOST_A_DAY = 200
"""Wrong codes for one account in a day, from all addresses; beyond it, codes are looked at from known addresses only.

One address alone never gets there: 10 quick ones, then one in a quarter of an hour, are 106 a day. Three codes are
right at any time, so each guess hits once in 333,333; who has the password and tries 200 a day from as many addresses
as they like, day after day, is in after three years with a chance of one half, and is in the log all that time.
"""
KNOWN_FOR = timedelta(days=30)


class SecondStep(Device):
    """One per member of staff. The row exists only after a first code was right."""

    sealed_secret = models.BinaryField()
    """20 bytes under the clinic's key, bound to the account (``codes.seal``)."""
    made_at = models.DateTimeField(_("set up"))
    last_period = models.BigIntegerField(default=-1)
    """The 30-second period of the newest code that was used; none of it or before works again."""
    failures = models.PositiveIntegerField(default=0)
    """Wrong codes in the day that began with ``counted_from``, from all addresses, of the app and of recovery alike."""
    counted_from = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("second step")
        verbose_name_plural = _("second steps")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=["user"], name="second_step_one_each"),
            models.CheckConstraint(
                condition=models.Q(failures=0, counted_from=None)
                | models.Q(failures__gt=0, counted_from__isnull=False),
                name="second_step_failures_have_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"second step of account {self.user_id}"

    def closed_until(self) -> datetime | None:
        """No code from an address that is not known is looked at before this."""
        return self.counted_from + DAY if self.counted_from and self.failures >= MOST_A_DAY else None

    def count_failure(self, at: datetime) -> None:
        if self.counted_from is None or at >= self.counted_from + DAY:
            self.failures, self.counted_from = 0, at
        self.failures += 1


class Place(models.Model):
    """An address from which codes came for an account. Each waits for itself, so that nobody elsewhere is kept out."""

    step = models.ForeignKey(SecondStep, models.CASCADE, related_name="places")
    hash = models.CharField(max_length=64)
    """Keyed hash of the account and the address (``pumpguide.client``)."""
    failures = models.PositiveIntegerField(default=0)
    """Wrong codes in a row."""
    failed_at = models.DateTimeField(null=True)
    right_at = models.DateTimeField(null=True)
    """When a code was right last; from then on, for KNOWN_FOR, the address is known."""

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["step", "hash"], name="second_step_place_once"),)

    def __str__(self) -> str:
        return f"place {self.pk}"

    def closed_until(self) -> datetime | None:
        """No code is looked at before this: 1, 2, 4 … seconds after wrong ones, at most a quarter of an hour."""
        if self.failed_at is None:
            return None
        seconds = LONGEST_WAIT if self.failures > 10 else min(2 ** (self.failures - 1), LONGEST_WAIT)
        return self.failed_at + timedelta(seconds=seconds)

    def known(self, at: datetime) -> bool:
        return self.right_at is not None and at < self.right_at + KNOWN_FOR


class RecoveryCode(models.Model):
    """A code that stands in for the app once; it goes when it is used."""

    step = models.ForeignKey(SecondStep, models.CASCADE, related_name="recovery_codes")
    hash = models.CharField(max_length=64)

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=["step", "hash"], name="recovery_code_once"),)

    def __str__(self) -> str:
        return f"recovery code {self.pk}"
