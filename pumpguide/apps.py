"""The project as an app: staff roles and the commands that belong to neither guide nor screening."""

from django.apps import AppConfig


class PumpGuideConfig(AppConfig):
    name = "pumpguide"
    verbose_name = "Pump Guide"
