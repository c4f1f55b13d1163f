"""The page's own form: fields, blocks, facts of its kind, where the draft stands. Saving never publishes."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .. import workflow
from ..diff import side_by_side
from ..models import Claim, Page, Term
from ..snapshot import older_in_public
from .base import CheckedFilter, WorkingAdmin, editor_styles
from .blocks import FACTS, NEEDS, BlockInline
from .history import PageHistory
from .posted import fitted, posted_text, saved_text
from .standing import Standing, may_write
from .tasks import PageTasks


class PageForm(forms.ModelForm):
    """Refuses, once, to save over what somebody else saved meanwhile; see PageAdmin.changeform_view."""

    def clean(self):
        data = super().clean()
        if "stale" in self.data:
            raise forms.ValidationError(
                _("Somebody else saved this page while you had it open. Both texts are on top; yours is in the form."),
                code="conflict",
            )
        return data


class PageList(ChangeList):
    """The list knows of each page on it whether the public sees another text; see PageAdmin.state."""

    def get_results(self, request):
        super().get_results(request)
        older = {page.pk for page in older_in_public(Page.objects.filter(pk__in=[row.pk for row in self.result_list]))}
        for row in self.result_list:
            row.is_older_in_public = row.pk in older


@admin.register(Page)
@editor_styles
class PageAdmin(PageTasks, PageHistory, WorkingAdmin):
    form = PageForm
    list_display = ("title", "kind", "stage", "state", "reviewed_by", "next_review", "changed_at")
    list_filter = ("stage", "kind", CheckedFilter, "language")
    search_fields = ("key", "title", "summary")
    list_select_related = ("live",)

    class Media:
        js = ("js/desk.js",)

    @admin.display(description=_("public"))
    def state(self, page):
        if page.live is None:
            return _("Not public")
        return _("Live, with newer draft") if page.is_older_in_public else _("Live")

    def get_changelist(self, request, **kwargs):
        return PageList

    def get_urls(self):
        return [*self.task_urls(), *self.history_urls(), *super().get_urls()]

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_write(request.user)

    # --- the form

    def get_fieldsets(self, request, obj=None):
        where = ("kind", "slug", "position", "language", "key")
        return (
            (None, {"fields": ("title", "menu_title", "summary")}),
            (_("Where it lives"), {"fields": where, "classes": ("collapse",) if obj else ()}),
        )

    def get_readonly_fields(self, request, obj=None):
        """A page stays of its kind: its facts and its checks hang on it."""
        return (*super().get_readonly_fields(request, obj), *(("kind",) if obj else ()))

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ("title",), "key": ("title",)}

    def get_inlines(self, request, obj):
        return (*FACTS.get(obj.kind, ()), BlockInline) if obj and obj.pk else (BlockInline,)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A save is one transaction with the page locked; one that is based on an old draft is kept, not saved."""
        extra = {"needs": {"always": ["body"], **{kind.value: fields for kind, fields in NEEDS.items()}}}
        extra |= extra_context or {}
        if object_id is None or request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra)
        with transaction.atomic():
            page = Page.objects.select_for_update().filter(pk=object_id).first() if object_id.isdecimal() else None
            if page is not None and request.POST.get("edit_number") != str(page.edit_number):
                rows = side_by_side(saved_text(page), posted_text(request.POST))
                extra |= {"conflict": {"rows": rows, "by": page.changed_by, "at": page.changed_at}}
                request.POST = fitted(request.POST, page)
            response = super().changeform_view(request, object_id, form_url, extra)
        if "conflict" in extra:
            response.status_code = 409
        return response

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None and obj.pk:
            saved = Page.objects.select_related("live", "scheduled", "approved_by", "changed_by").get(pk=obj.pk)
            context["standing"] = Standing(saved, request.user)
        language = obj.language if obj is not None else "en"
        context["marks"] = mark_lists(language)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    # --- saving

    def save_related(self, request, form, formsets, change):
        """Anything that changed makes the draft a draft again, and tells whoever else has it open."""
        super().save_related(request, form, formsets, change)
        parts = any(formset.has_changed() for formset in formsets)
        if change and (form.has_changed() or parts):
            page, words = form.instance, parts or bool({*form.changed_data} - workflow.NOT_READ)
            self.say_what_ends(request, page, words)
            workflow.touched(page, words=words)
            page.edit_number += 1
            page.save()

    def say_what_ends(self, request, page, words: bool):
        if page.scheduled_id:
            messages.warning(request, _("This page was to go out by itself. With your change it does not any more."))
        if words and page.reviewed_by:
            said = _(
                "%s had checked the whole page. These are new words now, so ask for a new check before it goes out."
            )
            messages.warning(request, said % page.reviewed_by)

    # --- for the pages of tasks and history

    def page_or_403(self, request, pk, allowed):
        if not allowed(request.user):
            raise PermissionDenied
        return get_object_or_404(Page.objects.select_related("live", "scheduled"), pk=pk)

    def address_of(self, page):
        return reverse("admin:content_page_change", args=[page.pk])

    def show(self, request, name, title, context, *, status=200):
        shared = {"opts": self.opts, "title": title, "back": self.address_of(context["page"])}
        context = {**self.admin_site.each_context(request), **shared, **context}
        return TemplateResponse(request, f"admin/content/page/{name}.html", context, status=status)


def mark_lists(language: str) -> list[dict]:
    """What can be marked in a text: the key to copy and the words it stands for, by kind of mark."""
    claims = Claim.objects.filter(language=language).values_list("key", "text")
    terms = Term.objects.filter(language=language).values_list("key", "term")
    pages = Page.objects.filter(language=language).order_by("title").values_list("key", "title")
    lists = {"claim": (_("Claims"), claims), "term": (_("Words"), terms), "page": (_("Pages"), pages)}
    return [
        {"scheme": scheme, "label": label, "rows": [(f"{scheme}:{key}", words) for key, words in rows]}
        for scheme, (label, rows) in lists.items()
    ]
