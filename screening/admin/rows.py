"""The rows of a draft in the admin: sections, questions, rules, words, test patients. Every save changes the draft."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Script
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ..actions import OPEN, changed, sign_patient
from ..arranging import move, place_last, remove
from ..models import Criterion, Question, QuestionnaireDraft, Section, TestPatient, Text
from . import forms
from .inlines import AskedWhenInline, CriterionConditionInline, OptionInline, partial_form
from .overview import Overview


class RowAdmin(admin.ModelAdmin):
    """A row of a draft: open drafts only; each save notes who changed the draft. Reached from the draft's own page."""

    actions = None
    readonly_fields = ()
    change_form_template = "admin/screening/row_form.html"
    delete_confirmation_template = "admin/screening/row_delete.html"
    next_step = ""  # what a new row still needs, said on its page
    moves = True  # whether the order of such rows can be changed on the draft's page

    class Media:
        js = [Script("js/questionnaire.js", defer=True)]

    # --- who may

    def get_model_perms(self, request):
        return {}  # not on the desk's first page: a row is nothing without its draft

    def draft_in_address(self, request):
        """The open draft a new row is for, as the address names it; or nothing."""
        named = request.GET.get("draft", "")
        return QuestionnaireDraft.objects.filter(pk=named, stage__in=OPEN).first() if named.isdecimal() else None

    def has_add_permission(self, request):
        return super().has_add_permission(request) and self.draft_in_address(request) is not None

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.draft.stage in OPEN)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.draft.stage in OPEN)

    # --- the page

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("draft", "draft__based_on")

    def get_object(self, request, object_id, from_field=None):
        """While a row is being saved its draft is locked, so that two people cannot save at the same moment."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST":
            QuestionnaireDraft.objects.select_for_update().get(pk=row.draft_id)
            row.refresh_from_db()
        return row

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.get_queryset(request).filter(pk=object_id).first() if object_id.isdecimal() else None
        if row is None:
            raise Http404
        if row.draft.stage not in OPEN and self.has_view_permission(request, row):
            messages.info(request, _("This draft is closed: it can be read here, and no more be changed."))
            return redirect("admin:screening_questionnairedraft_change", row.draft_id)
        return super().change_view(request, object_id, form_url, {"draft": row.draft, **(extra_context or {})})

    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, {"draft": self.draft_in_address(request), **(extra_context or {})})

    def delete_view(self, request, object_id, extra_context=None):
        row = self.get_object(request, object_id)
        return super().delete_view(request, object_id, {"draft": row.draft if row else None, **(extra_context or {})})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"show_save_and_add_another": False, "options": self.options_of(context)}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def options_of(self, context):
        """For the script that shows a question's options as soon as it is chosen; without it a save shows them."""
        for inline in context["inline_admin_formsets"]:
            if hasattr(inline.formset, "options"):
                return inline.formset.options
        return None

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def get_form(self, request, obj=None, change=False, **kwargs):
        draft = obj.draft if obj else self.draft_in_address(request)
        return partial_form(self.form, draft=draft)

    def get_fieldsets(self, request, obj=None):
        return self.get_form(request, obj)(instance=obj).fieldsets()

    # --- saving

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for part in (form, *formsets):
            if hasattr(part, "save_words"):
                part.save_words()
        changed(form.instance.draft, by=request.user, at=timezone.now())

    def delete_model(self, request, obj):
        remove(obj, by=request.user, at=timezone.now())

    def _delete_view(self, request, object_id, extra_context):
        try:
            with transaction.atomic():  # a refusal takes back the note of the deletion, too
                return super()._delete_view(request, object_id, extra_context)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect(f"admin:screening_{self.opts.model_name}_change", object_id)

    def get_deleted_objects(self, objs, request):
        """What names the row is said by the refusal, in words; Django's own list would name rows nobody knows."""
        return [str(row) for row in objs], {}, set(), []

    # --- where to go next

    def to_draft(self, draft_id, anchor=""):
        target = redirect("admin:screening_questionnairedraft_change", draft_id)
        target["Location"] += f"#{anchor or self.opts.model_name}"
        return target

    def response_post_save_change(self, request, obj):
        return self.to_draft(obj.draft_id)

    def response_add(self, request, obj, post_url_continue=None):
        if not self.next_step:
            messages.success(request, _("“%s” was added.") % obj)
            return self.to_draft(obj.draft_id)
        messages.success(request, _("“%(row)s” was added. %(next)s") % {"row": obj, "next": self.next_step})
        return redirect(f"admin:screening_{self.opts.model_name}_change", obj.pk)

    def response_delete(self, request, obj_display, obj_id):
        messages.success(request, _("“%s” was deleted.") % obj_display)
        return self.to_draft(request.draft_of_deleted)

    def log_deletions(self, request, queryset):
        rows = list(queryset)
        request.draft_of_deleted = rows[0].draft_id
        return super().log_deletions(request, queryset)

    # --- order

    def get_urls(self):
        view = self.admin_site.admin_view(require_POST(self.move_view))
        move_path = path("<int:pk>/move/", view, name=f"screening_{self.opts.model_name}_move")
        return [*([move_path] if self.moves else []), *super().get_urls()]

    def move_view(self, request, pk):
        row = get_object_or_404(self.model.objects.select_related("draft"), pk=pk)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        try:
            move(row, up=request.POST.get("way") == "up", by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        return self.to_draft(row.draft_id, f"{self.opts.model_name}-{row.pk}")


@admin.register(Section)
class SectionAdmin(RowAdmin):
    form = forms.SectionForm
    next_step = gettext_lazy("Now give it a title.")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.position = max((s.position for s in obj.draft.sections.all()), default=0) + 1
        super().save_model(request, obj, form, change)


@admin.register(Question)
class QuestionAdmin(RowAdmin):
    list_display = ("link_id", "draft", "section", "type", "position")
    list_filter = ("draft",)
    search_fields = ("link_id",)
    form = forms.QuestionForm
    inlines = (OptionInline, AskedWhenInline)
    next_step = gettext_lazy("Now give it its words and options, and say when it is asked.")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.position = 0
        super().save_model(request, obj, form, change)
        if "section" in form.changed_data:
            place_last(obj)


@admin.register(Criterion)
class CriterionAdmin(RowAdmin):
    list_display = ("key", "draft", "kind", "path", "mode", "position")
    list_filter = ("draft", "kind")
    search_fields = ("key",)
    form = forms.CriterionForm
    inlines = (CriterionConditionInline,)
    next_step = gettext_lazy("Now give it its conditions and words.")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        row = self.model.objects.filter(pk=object_id).select_related("draft").first() if object_id.isdecimal() else None
        sentence = Overview(row.draft).sentence_of(row) if row else ""
        return super().change_view(request, object_id, form_url, {"sentence": sentence, **(extra_context or {})})

    def save_model(self, request, obj, form, change):
        if not change:
            obj.position = max((c.position for c in obj.draft.criteria.all()), default=0) + 1
        super().save_model(request, obj, form, change)


@admin.register(Text)
class TextAdmin(RowAdmin):
    """To find words by what they say. New words come with their row or on a page of words."""

    list_display = ("place", "language", "text")
    list_filter = ("draft", "language")
    search_fields = ("place", "text")
    list_per_page = 50
    form = forms.TextForm
    moves = False

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(TestPatient)
class TestPatientAdmin(RowAdmin):
    list_display = ("number", "why", "disposition", "signed_by", "signed_at")
    list_filter = ("draft",)
    form = forms.TestPatientForm
    moves = False
    readonly_fields = ("outcome_now", "signed")

    def has_delete_permission(self, request, obj=None):
        """A signed outcome goes only when someone who may sign takes it away."""
        return super().has_delete_permission(request, obj) and request.user.has_perm("screening.sign_testpatient")

    @admin.display(description=gettext_lazy("outcome now"))
    def outcome_now(self, patient):
        lines = Overview(patient.draft).differences(patient)
        return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) or _("As signed.")

    @admin.display(description=gettext_lazy("signed by"))
    def signed(self, patient):
        return Overview(patient.draft).signed(patient)

    def save_model(self, request, obj, form, change):
        if {name for name in form.changed_data if name != "seen"} - {"why", "number"}:
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
            sign_patient(patient, by=request.user, at=timezone.now(), seen=request.POST.get("seen", ""))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("%s is signed.") % patient)
        return self.to_draft(patient.draft_id, f"testpatient-{pk}")
