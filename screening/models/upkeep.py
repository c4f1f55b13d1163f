"""One row: when the hourly clearing (``manage.py purge``) last came to its end, and what it has still to sweep."""

from django.db import models


class Upkeep(models.Model):
    """Also the lock by which two clearings at once take turns."""

    purged_at = models.DateTimeField(null=True)
    traces = models.PositiveBigIntegerField(default=0)
    """How often rows were deleted or sealed anew, which may leave what they were in the database's files."""
    unswept_since = models.DateTimeField(null=True)
    """The first of these times that no sweep of the files has come after; None: nothing is left in them."""

    class Meta:
        default_permissions = ()
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="upkeep_one_row"),)

    def __str__(self):
        return str(self.purged_at)
