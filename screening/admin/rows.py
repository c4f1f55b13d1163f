"""The rows of a draft in the admin: questions, criteria, words, test patients. Every save is a change to the draft."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from ..actions import changed, sign_patient
from ..definition import definition
from ..drafting import snapshot_of
from ..engine.terms import RulesetError
from ..english import criterion_sentence
from ..models import Condition, Criterion, Option, Question, Section, TestPatient, Text
from ..models.draft import Stage
from ..replay import replay_one
from . import forms

OPEN = (Stage.DRAFT, Stage.IN_REVIEW)


class RowAdmin(admin.ModelAdmin):
    """A row of a draft: open drafts only; each save notes who changed the draft."""

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("draft")

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.draft.stage in OPEN)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.draft.stage in OPEN)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and "draft" in request.GET

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if hasattr(form, "save_words"):
            form.save_words()
        changed(form.instance.draft, by=request.user, at=timezone.now())

    def delete_model(self, request, obj):
        changed(obj.draft, by=request.user, at=timezone.now())
        super().delete_model(request, obj)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.draft_id = int(request.GET["draft"])
        super().save_model(request, obj, form, change)

    def response_post_save_change(self, request, obj):
        return redirect("admin:screening_questionnairedraft_change", obj.draft_id)

    response_post_save_add = response_post_save_change


class ConditionInline(admin.TabularInline):
    model = Condition
    form = forms.ConditionForm
    extra = 1

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = partial_form(formset.form, draft=obj.draft if obj else None)
        return formset


def partial_form(form, **more):
    """The same form class, made with ``more``."""
    return type(form.__name__, (form,), {"__init__": lambda self, *a, **k: form.__init__(self, *a, **more, **k)})


class AskedWhenInline(ConditionInline):
    fk_name = "asked"
    verbose_name_plural = _("asked when")


class CriterionConditionInline(ConditionInline):
    fk_name = "criterion"


class OptionInline(admin.TabularInline):
    model = Option
    form = forms.OptionForm
    extra = 1


@admin.register(Section)
class SectionAdmin(RowAdmin):
    list_display = ("key", "draft", "position")
    fields = ("key", "position")


@admin.register(Question)
class QuestionAdmin(RowAdmin):
    list_display = ("link_id", "draft", "section", "type", "position")
    list_filter = ("draft",)
    search_fields = ("link_id",)
    form = forms.QuestionForm
    inlines = (OptionInline, AskedWhenInline)

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ("link_id", "section", "position", "type")})]
        names = list(self.get_form(request, obj)(instance=obj).fields)
        return [
            (None, {"fields": [name for name in names if not name.startswith("words:")]}),
            (_("Words"), {"fields": [name for name in names if name.startswith("words:")]}),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        return new_row_form(Question, ("link_id", "section", "position", "type"), request) if obj is None else self.form


def new_row_form(model, fields, request):
    """The short form with which a row begins; its words and conditions come next."""
    from django.forms import modelform_factory

    form = modelform_factory(model, fields=fields)
    if "section" in form.base_fields:
        form.base_fields["section"].queryset = Section.objects.filter(draft_id=request.GET.get("draft") or 0)
    return form


@admin.register(Criterion)
class CriterionAdmin(RowAdmin):
    list_display = ("key", "draft", "kind", "path", "mode", "position")
    list_filter = ("draft", "kind")
    search_fields = ("key",)
    form = forms.CriterionForm
    inlines = (CriterionConditionInline,)
    readonly_fields = ("sentence",)

    @admin.display(description=_("in one sentence"))
    def sentence(self, criterion):
        """The rule as it reads now, made from its rows."""
        try:
            whole = definition(snapshot_of(criterion.draft))
        except RulesetError as mistake:
            return str(mistake)
        ours = next(c for c in whole.ruleset.criteria if c.id == criterion.key)
        return criterion_sentence(ours, whole.wording("en"))

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return [(None, {"fields": ("key", "kind", "path", "position", "mode", "count", "sources")})]
        names = list(self.get_form(request, obj)(instance=obj).fields)
        return [
            (None, {"fields": ["sentence", *(name for name in names if not name.startswith("words:"))]}),
            (_("Words"), {"fields": [name for name in names if name.startswith("words:")]}),
        ]

    def get_form(self, request, obj=None, change=False, **kwargs):
        fields = ("key", "kind", "path", "position", "mode", "count", "sources")
        return new_row_form(Criterion, fields, request) if obj is None else self.form


@admin.register(Text)
class TextAdmin(RowAdmin):
    """All other words: dispositions, stop pages, gates, sources. One row a text, a column a language."""

    list_display = ("place", "language", "text")
    list_filter = ("draft", "language")
    search_fields = ("place", "text")
    fields = ("place", "language", "text")
    list_per_page = 50

    def get_readonly_fields(self, request, obj=None):
        return ("place", "language") if obj else ()


@admin.register(TestPatient)
class TestPatientAdmin(RowAdmin):
    list_display = ("number", "why", "disposition", "signed_by", "signed_at")
    list_filter = ("draft",)
    readonly_fields = ("outcome_now", "signed_by", "signed_at")

    def whole(self, request, obj):
        from ..models import QuestionnaireDraft

        draft = obj.draft if obj else get_object_or_404(QuestionnaireDraft, pk=request.GET.get("draft") or 0)
        return definition(snapshot_of(draft))

    def get_form(self, request, obj=None, change=False, **kwargs):
        return partial_form(forms.TestPatientForm, definition=self.whole(request, obj))

    def get_fieldsets(self, request, obj=None):
        names = list(self.get_form(request, obj)(instance=obj).fields)
        plain = ["number", "why", "disposition", *(("outcome_now", "signed_by", "signed_at") if obj else ())]
        return [
            (None, {"fields": plain}),
            (_("Answers"), {"fields": [name for name in names if name.startswith("answer:")]}),
        ]

    @admin.display(description=_("outcome now"))
    def outcome_now(self, patient):
        found = replay_one(definition(snapshot_of(patient.draft)).ruleset, vars(patient))
        return _("As signed.") if found.as_signed else "; ".join(found.differences)

    def save_model(self, request, obj, form, change):
        obj.signed_by = obj.signed_at = None  # what was signed was another patient
        super().save_model(request, obj, form, change)

    def get_urls(self):
        sign = self.admin_site.admin_view(require_POST(self.sign_view))
        return [path("<int:pk>/sign/", sign, name="screening_testpatient_sign"), *super().get_urls()]

    def sign_view(self, request, pk):
        """A clinician signs for what the draft says of this patient now."""
        patient = get_object_or_404(TestPatient.objects.select_related("draft"), pk=pk)
        if not request.user.has_perm("screening.sign_testpatient"):
            raise PermissionDenied
        try:
            sign_patient(patient, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("%s is signed.") % patient)
        return redirect("admin:screening_questionnairedraft_change", patient.draft_id)
