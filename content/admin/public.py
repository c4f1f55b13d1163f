"""What the public site keeps besides pages: corrections, redirects, synonyms, and counts of feedback."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import ModelForm
from django.utils.translation import gettext_lazy as _

from ..models import Correction, Feedback, Redirect, Synonym
from .base import DeskAdmin


@admin.register(Correction)
class CorrectionAdmin(DeskAdmin):
    list_display = ("corrected_on", "page", "was", "now")
    list_filter = ("corrected_on",)
    search_fields = ("was", "now", "page__title")
    list_select_related = ("page",)
    autocomplete_fields = ("page",)
    date_hierarchy = "corrected_on"


class RedirectForm(ModelForm):
    def clean_path(self):
        path = "/" + self.cleaned_data["path"].strip().strip("/") + "/"
        if path == "//":
            raise ValidationError(_("Write the old address, such as /medicines/old-name/."))
        return path


@admin.register(Redirect)
class RedirectAdmin(DeskAdmin):
    """Made by themselves when a published page's address changes; one can also be added by hand."""

    form = RedirectForm
    list_display = ("path", "page")
    search_fields = ("path", "page__title")
    list_select_related = ("page",)
    autocomplete_fields = ("page",)


@admin.register(Synonym)
class SynonymAdmin(DeskAdmin):
    list_display = ("word", "means", "language")
    list_filter = ("language",)
    search_fields = ("word", "means")


@admin.register(Feedback)
class FeedbackAdmin(DeskAdmin):
    """Counts, to read only."""

    list_display = ("day", "page", "helpful", "missing", "count")
    list_filter = ("helpful", "missing", "day")
    search_fields = ("page__title",)
    list_select_related = ("page",)
    date_hierarchy = "day"

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
