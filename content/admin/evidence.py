"""Sources, topics, claims and glossary in the admin."""

from django.contrib import admin
from django.utils import timezone

from ..models import Claim, ClaimSource, Source, Term, Topic
from .base import WorkingAdmin


@admin.register(Source)
class SourceAdmin(WorkingAdmin):
    list_display = ("key", "title", "kind", "dated", "checked")
    list_filter = ("kind", "checked")
    search_fields = ("key", "title", "publisher")


@admin.register(Topic)
class TopicAdmin(WorkingAdmin):
    list_display = ("title", "position")
    search_fields = ("key", "title")


class ClaimSourceInline(admin.TabularInline):
    model = ClaimSource
    extra = 0
    autocomplete_fields = ("source",)


@admin.register(Claim)
class ClaimAdmin(WorkingAdmin):
    list_display = ("text", "topic", "certainty", "reviewed_by", "reviewed_on")
    list_filter = ("certainty", "topic")
    search_fields = ("key", "text")
    list_select_related = ("topic",)
    autocomplete_fields = ("topic",)
    inlines = (ClaimSourceInline,)

    def save_related(self, request, form, formsets, change):
        """A change to what a source says is a change to the claim."""
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            form.instance.stamp(request.user, timezone.now())
            form.instance.save()


@admin.register(Term)
class TermAdmin(WorkingAdmin):
    list_display = ("term", "definition")
    search_fields = ("key", "term", "definition")
