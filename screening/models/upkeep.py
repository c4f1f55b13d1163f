"""One row: when the hourly clearing (``manage.py purge``) last came to its end, for the health page."""

from django.db import models


class Upkeep(models.Model):
    """Also the lock by which two clearings at once take turns."""

    purged_at = models.DateTimeField(null=True)
    to_sweep = models.BooleanField(default=False)
    """Rows were deleted or sealed anew, and what they were may still lie in the database's files."""

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="upkeep_one_row"),)

    def __str__(self):
        return str(self.purged_at)
