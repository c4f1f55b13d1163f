"""How many screenings came from one address within an hour, so that nobody can flood the desk."""

from django.db import models


class SendCount(models.Model):
    """Not tied to any screening. ``place``: keyed hash of address and hour (``limits.py``); gone with the
    next send or hourly purge after that hour.
    """

    place = models.CharField(max_length=64, primary_key=True)
    hour = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.hour)
