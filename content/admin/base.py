"""What every working row's admin does: remember who changed it and when."""

from django.contrib import admin
from django.utils import timezone


class WorkingAdmin(admin.ModelAdmin):
    """Stamps ``changed_by`` and ``changed_at``; the key stays as it was first given."""

    def save_model(self, request, obj, form, change):
        obj.stamp(request.user, timezone.now())
        super().save_model(request, obj, form, change)

    def get_readonly_fields(self, request, obj=None):
        return ("key", *super().get_readonly_fields(request, obj)) if obj else super().get_readonly_fields(request, obj)
