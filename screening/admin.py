"""Published questionnaire versions in the admin: to read, not to change."""

from django.contrib import admin

from .models import Questionnaire


@admin.register(Questionnaire)
class QuestionnaireAdmin(admin.ModelAdmin):
    list_display = ("__str__", "url", "published_at", "approved_by", "note")
    fields = ("url", "version", "hash", "note", "written_by", "approved_by", "published_at")
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
