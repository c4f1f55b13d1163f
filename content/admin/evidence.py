"""Sources, topics, claims and glossary in the admin."""

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..models import Claim, ClaimSource, Source, Term, Topic
from ..snapshot import pages_using
from .base import PLAIN, CheckedFilter, PlainText, WorkingAdmin
from .names import name_of

CHECK = {"reviewed_by", "reviewed_on"}


class RecheckFilter(admin.SimpleListFilter):
    title = _("to be checked again")
    parameter_name = "recheck"

    def lookups(self, request, model_admin):
        return [("due", _("Due"))]

    def queryset(self, request, queryset):
        due = queryset.filter(recheck_on__lte=timezone.localdate())
        return due if self.value() == "due" else queryset


@admin.register(Source)
class SourceAdmin(WorkingAdmin):
    list_display = ("key", "title", "kind", "dated", "checked", "recheck_on")
    list_filter = ("kind", "checked", RecheckFilter)
    search_fields = ("key", "title", "publisher")


@admin.register(Topic)
class TopicAdmin(WorkingAdmin):
    list_display = ("title", "key", "position")
    search_fields = ("key", "title")


class ClaimSourceInline(admin.StackedInline):  # each field keeps its own label
    model = ClaimSource
    formfield_overrides = PLAIN
    extra = 0
    autocomplete_fields = ("source",)


@admin.register(Claim)
class ClaimAdmin(WorkingAdmin):
    """A claim whose text or sources change is unchecked again: whoever changed it does not check it."""

    list_display = ("text", "key", "topic", "certainty", "reviewed_by", "reviewed_on")
    list_filter = (CheckedFilter, "certainty", "topic")
    search_fields = ("key", "text")
    list_select_related = ("topic",)
    autocomplete_fields = ("topic",)
    inlines = (ClaimSourceInline,)
    actions = ("mark_checked",)

    def get_readonly_fields(self, request, obj=None):
        fields = super().get_readonly_fields(request, obj)
        fields = (*fields, "used_on") if obj else fields
        may_check = self.has_publish_permission(request) and obj is not None and not is_own(obj, request.user)
        return fields if may_check else (*fields, *sorted(CHECK))

    @admin.display(description=_("used on"))
    def used_on(self, claim):
        """Links to the pages that a change of this claim makes drafts of."""
        pages = [(reverse("admin:content_page_change", args=[page.pk]), page.title) for page in pages_using(claim)]
        return format_html_join(", ", '<a href="{}">{}</a>', pages) or _("No page uses it.")

    def save_model(self, request, obj, form, change):
        changed = set(form.changed_data)
        if changed and changed <= CHECK:
            obj.save()  # to say that it was checked is no change to the text: it makes nobody its author
            return
        if change and changed:
            obj.reviewed_by, obj.reviewed_on = "", None
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        if change and any(formset.has_changed() for formset in formsets):
            form.instance.reviewed_by, form.instance.reviewed_on = "", None
        super().save_related(request, form, formsets, change)

    @admin.action(description=_("I have checked these claims against their sources"), permissions=["publish"])
    def mark_checked(self, request, queryset):
        own = [claim for claim in queryset if is_own(claim, request.user)]
        queryset = queryset.exclude(pk__in=[claim.pk for claim in own])
        count = queryset.update(reviewed_by=name_of(request.user), reviewed_on=timezone.localdate())
        note = ngettext("%s claim is marked as checked by you.", "%s claims are marked as checked by you.", count)
        messages.success(request, note % count)
        if own:
            messages.warning(request, _("Claims that you wrote or changed are left out. A colleague checks those."))

    def has_publish_permission(self, request):
        return request.user.has_perm("content.publish_page")


def is_own(claim: Claim, user) -> bool:
    return any(author == user.pk for author, _when in claim.authors)


class TermForm(forms.ModelForm):
    """Other names are written one a line."""

    also = PlainText(
        label=_("Other names"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("One a line.")
    )

    class Meta:
        model = Term
        fields = ("key", "language", "term", "also", "definition")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["also"] = "\n".join(self.instance.also)

    def clean_also(self):
        return [line.strip() for line in self.cleaned_data["also"].splitlines() if line.strip()]


@admin.register(Term)
class TermAdmin(WorkingAdmin):
    form = TermForm
    list_display = ("term", "key", "definition")
    search_fields = ("key", "term", "definition")
