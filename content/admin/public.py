"""What the public site keeps besides pages: corrections, redirects, synonyms, and counts of feedback."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import ModelForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import Correction, Feedback, Redirect, Synonym
from ..publish import publish_correction
from .base import DeskAdmin, StampedAdmin
from .standing import may_publish


@admin.register(Correction)
class CorrectionAdmin(StampedAdmin):
    """Editors write them; a reviewer makes them public, and from then on they stay as they are."""

    list_display = ("corrected_on", "page", "was", "now", "changed_by", "public_at")
    list_filter = (("public_at", admin.EmptyFieldListFilter), "corrected_on")
    search_fields = ("was", "now", "page__title")
    list_select_related = ("page", "changed_by")
    autocomplete_fields = ("page",)
    date_hierarchy = "corrected_on"
    actions = ("make_public",)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.public_at is None)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.public_at is None)

    def has_publish_permission(self, request):
        return may_publish(request.user)

    @admin.action(description=_("I have checked these corrections: make them public"), permissions=["publish"])
    def make_public(self, request, queryset):
        for correction in queryset.filter(public_at=None):
            try:
                publish_correction(correction, by=request.user, at=timezone.now())
            except PermissionDenied as refusal:
                messages.warning(request, f"{correction}: {refusal}")
            else:
                self.log_change(request, correction, _("Made public"))
                messages.success(request, _("“%s” is public.") % correction)


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
