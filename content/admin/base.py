"""What every working row's admin does: remember who changed it and when, and keep keys as they were first given."""

from csp.decorators import csp_update
from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from js_asset import Media

from ..models import Claim


class PlainText(forms.CharField):
    """Lines end one way, so that a browser's own way of ending them is no change."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


PLAIN = {models.TextField: {"form_class": PlainText, "widget": AdminTextareaWidget(attrs={"rows": 3})}}


class DeskAdmin(admin.ModelAdmin):
    """Answers a form that cannot be saved with 422, and gives every script of a form the nonce of its page."""

    formfield_overrides = PLAIN

    def render_change_form(self, request, context, *args, **kwargs):
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        response = super().render_change_form(request, context, *args, **kwargs)
        if context.get("errors"):
            response.status_code = 422
        return response


class StampedAdmin(DeskAdmin):
    """Stamps ``changed_by`` and ``changed_at`` when something changed."""

    def save_model(self, request, obj, form, change):
        if not change or form.has_changed():
            obj.stamp(request.user, timezone.now())
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """A change to a row that belongs to this one is a change to this one."""
        super().save_related(request, form, formsets, change)
        if change and any(formset.has_changed() for formset in formsets):
            form.instance.stamp(request.user, timezone.now())
            form.instance.save()


class WorkingAdmin(StampedAdmin):
    """Key and language stay as first given."""

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        return ("key", "language", *fields) if obj else fields


class CheckedFilter(admin.SimpleListFilter):
    """Rows by whether a clinician has checked them."""

    title = _("checked by a clinician")
    parameter_name = "checked"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes")), ("no", _("Not yet"))]

    def queryset(self, request, queryset):
        chosen = {"yes": queryset.exclude(reviewed_by=""), "no": queryset.filter(reviewed_by="")}
        return chosen.get(self.value(), queryset)


def claim_is_known(key: str) -> bool:
    return Claim.objects.filter(key=key).exists()


editor_styles = method_decorator(csp_update({"style-src": ["'unsafe-inline'"]}), name="changeform_view")
"""For an admin whose form has the rich text editor, which sets styles on its toolbar. Never for scripts."""
