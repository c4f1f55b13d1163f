"""People and the clinic in the admin."""

from django.contrib import admin
from django.shortcuts import redirect
from django.utils import timezone

from ..make import make_all
from ..models import Person, SiteSettings
from .base import DeskAdmin, StampedAdmin


@admin.register(Person)
class PersonAdmin(StampedAdmin):
    list_display = ("name", "credentials", "role", "user")
    search_fields = ("name", "role")
    list_select_related = ("user",)


@admin.register(SiteSettings)
class SiteSettingsAdmin(DeskAdmin):
    """One row. Saving it makes the pages anew that show it."""

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)  # which refuses kindly
        return redirect("admin:content_sitesettings_change", 1)

    def get_object(self, request, object_id, from_field=None):
        return SiteSettings.current() if str(object_id) == "1" else None

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        make_all(at=timezone.now())
