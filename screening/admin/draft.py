"""A draft as one page: its rows in words, what the check found, what an edit changes, and the way to publishing."""

import json

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pumpguide.publishing import content_hash

from .. import gate
from ..actions import drop_draft, publish_draft, send_to_review
from ..changes import changes
from ..definition import definition
from ..drafting import snapshot_of
from ..engine.reading import AnswersError, read_answers
from ..engine.terms import RulesetError
from ..explain import explained
from ..models import QuestionnaireDraft
from ..models.draft import Stage
from ..picture import picture
from ..replay import replay
from ..summary import summarize

LANGUAGE = "en"


@admin.register(QuestionnaireDraft)
class QuestionnaireDraftAdmin(admin.ModelAdmin):
    list_display = ("__str__", "stage", "created_by", "changed_at", "note")
    list_filter = ("stage",)

    def has_add_permission(self, request):
        return False  # a draft begins from a published version

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        site = self.admin_site.admin_view

        def act(route, view, name):
            return path(f"<int:pk>/{route}/", site(require_POST(view)), name=f"screening_questionnairedraft_{name}")

        def look(route, view, name):
            return path(f"<int:pk>/{route}/", site(view), name=f"screening_questionnairedraft_{name}")

        return [
            act("check", self.check_view, "check"),
            act("review", self.review_view, "review"),
            act("publish", self.publish_view, "publish"),
            act("drop", self.drop_view, "drop"),
            act("preview", self.preview_view, "preview"),
            look("compare", self.compare_view, "compare"),
            look("picture", self.picture_view, "picture"),
            look("snapshot", self.snapshot_view, "snapshot"),
            *super().get_urls(),
        ]

    # --- the page

    def change_view(self, request, object_id, form_url="", extra_context=None):
        draft = self.draft_or_403(request, object_id, "screening.view_questionnairedraft")
        snapshot = snapshot_of(draft)
        context = {"draft": draft, "stale": draft.checked_hash != content_hash(snapshot), **self.rights(request, draft)}
        try:
            whole = definition(snapshot)
        except RulesetError as mistake:
            context["mistake"] = str(mistake)
        else:
            replays = {r.number: r for r in replay(whole.ruleset, snapshot["patients"]["patient"])}
            context["explained"] = explained(whole, LANGUAGE)
            context["patients"] = [(patient, replays[patient.number]) for patient in draft.patients.all()]
        ids = {"question": draft.questions, "criterion": draft.criteria}
        context["question_pks"] = dict(ids["question"].values_list("link_id", "pk"))
        context["criterion_pks"] = dict(ids["criterion"].values_list("key", "pk"))
        return self.show(request, "overview", str(draft), context)

    def rights(self, request, draft):
        is_open = draft.stage in (Stage.DRAFT, Stage.IN_REVIEW)
        return {
            "open": is_open,
            "may_edit": is_open and request.user.has_perm("screening.change_questionnairedraft"),
            "may_publish": draft.stage == Stage.IN_REVIEW and request.user.has_perm("screening.publish_questionnaire"),
            "may_sign": is_open and request.user.has_perm("screening.sign_testpatient"),
        }

    # --- acts

    def check_view(self, request, pk):
        """Hold the draft against everything. It takes well under a second for a questionnaire of this size."""
        draft = self.draft_or_403(request, pk, "screening.change_questionnairedraft")
        if gate.check(draft):
            messages.success(request, _("Everything holds. The draft can be sent to review."))
        else:
            messages.warning(request, _("The check found something. Publishing stays closed until it is mended."))
        return self.back(pk)

    def review_view(self, request, pk):
        draft = self.draft_or_403(request, pk, "screening.change_questionnairedraft")
        return self.tried(
            request,
            pk,
            lambda: send_to_review(draft, by=request.user, at=timezone.now(), note=request.POST.get("note", "")),
            _("Sent to review. A second clinician publishes it."),
        )

    def publish_view(self, request, pk):
        draft = self.draft_or_403(request, pk, "screening.publish_questionnaire")
        return self.tried(
            request,
            pk,
            lambda: publish_draft(draft, by=request.user, at=timezone.now()),
            _("Published. Those who start now get the new version."),
        )

    def drop_view(self, request, pk):
        draft = self.draft_or_403(request, pk, "screening.change_questionnairedraft")
        return self.tried(request, pk, lambda: drop_draft(draft, by=request.user, at=timezone.now()), _("Dropped."))

    def tried(self, request, pk, action, done):
        """Run an action; a refusal becomes a message and nothing is lost."""
        try:
            action()
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, done)
        return self.back(pk)

    # --- looks

    def preview_view(self, request, pk):
        """The summary an imaginary patient would get from the draft; the answers come in the form, never in the URL."""
        draft = self.draft_or_403(request, pk, "screening.view_questionnairedraft")
        try:
            whole = definition(snapshot_of(draft))
            given = read_answers(whole.ruleset, json.loads(request.POST.get("answers", "")))
        except (RulesetError, AnswersError, ValueError) as mistake:
            messages.error(request, str(mistake))
            return self.back(pk)
        summary = summarize(whole, given, LANGUAGE)
        title = _("Imaginary patient: %s") % summary.heading
        return self.show(request, "preview", title, {"draft": draft, "summary": summary})

    def compare_view(self, request, pk):
        """Everything the draft changes against the version it was made from, and for whom."""
        draft = self.draft_or_403(request, pk, "screening.view_questionnairedraft")
        snapshot = snapshot_of(draft)
        try:
            found = changes(draft.based_on.snapshot, snapshot, LANGUAGE)
        except RulesetError as mistake:
            messages.error(request, str(mistake))
            return self.back(pk)
        return self.show(request, "compare", _("What this draft changes"), {"draft": draft, "found": found})

    def picture_view(self, request, pk):
        draft = self.draft_or_403(request, pk, "screening.view_questionnairedraft")
        try:
            whole = definition(snapshot_of(draft))
        except RulesetError as mistake:
            messages.error(request, str(mistake))
            return self.back(pk)
        title = _("How the questions lead to the summary")
        drawing = picture(whole, LANGUAGE, title, _("Each question, the questions it opens and the rules it feeds."))
        return self.show(request, "picture", title, {"draft": draft, "drawing": drawing})

    def snapshot_view(self, request, pk):
        """The draft as JSON, for a clinic's own pipeline: ``manage.py prove --file``."""
        draft = self.draft_or_403(request, pk, "screening.view_questionnairedraft")
        return JsonResponse(snapshot_of(draft), json_dumps_params={"ensure_ascii": False, "indent": 2})

    # --- small things

    def draft_or_403(self, request, pk, permission):
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return get_object_or_404(QuestionnaireDraft.objects.select_related("based_on"), pk=pk)

    def back(self, pk):
        return redirect("admin:screening_questionnairedraft_change", pk)

    def show(self, request, name, title, context) -> HttpResponse:
        base = {**self.admin_site.each_context(request), "opts": self.model._meta, "title": title}
        return TemplateResponse(request, f"admin/screening/questionnairedraft/{name}.html", {**base, **context})
