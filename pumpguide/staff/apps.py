"""Staff as an app: how they sign in, and the desk (Django's admin) with our door in front of it."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class StaffConfig(AppConfig):
    name = "pumpguide.staff"
    label = "staff"

    def ready(self) -> None:
        from . import checks  # noqa: F401 (registers itself)


class DeskConfig(AdminConfig):
    default_site = "pumpguide.staff.site.DeskSite"
