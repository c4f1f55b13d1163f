"""A draft as one page: its rows in words, what the check found, and the way to publishing."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import gate
from ..actions import MOST_REASON, OPEN, drop_draft, publish_draft, send_to_review
from ..arranging import write_page
from ..models import Questionnaire, QuestionnaireDraft
from ..models.draft import Stage
from ..published import row_in_use
from .importing import ImportAdmin
from .looks import LooksAdmin
from .overview import Overview
from .words import PAGES, WordsPage


@admin.register(QuestionnaireDraft)
class QuestionnaireDraftAdmin(LooksAdmin, ImportAdmin, admin.ModelAdmin):
    list_display = ("__str__", "stage", "created_by", "changed_at", "note")
    list_filter = ("stage",)
    actions = None
    change_list_template = "admin/screening/questionnairedraft/change_list.html"

    def has_add_permission(self, request):
        return False  # a draft begins from a published version, or from files

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        site = self.admin_site.admin_view
        acts = {"check": self.check_view, "review": self.review_view, "publish": self.publish_view}
        acts |= {"drop": self.drop_view, "preview": self.preview_view}
        looks = {"compare": self.compare_view, "picture": self.picture_view, "snapshot": self.snapshot_view}
        looks |= {"files": self.files_view, "fhir": self.fhir_view}
        pages = {**{name: require_POST(view) for name, view in acts.items()}, **looks}
        return [
            path("import/", site(self.import_view), name="screening_questionnairedraft_import"),
            path("<int:pk>/words/<slug:page>/", site(self.words_view), name="screening_questionnairedraft_words"),
            *(path(f"<int:pk>/{n}/", site(v), name=f"screening_questionnairedraft_{n}") for n, v in pages.items()),
            *super().get_urls(),
        ]

    # --- the pages

    def changelist_view(self, request, extra_context=None):
        context = {"newest": row_in_use(), "open_draft": QuestionnaireDraft.objects.filter(stage__in=OPEN).first()}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def change_view(self, request, object_id, form_url="", extra_context=None):
        pk = int(object_id) if object_id.isdecimal() else 0
        draft = self.draft_or_403(request, pk, "screening.view_questionnairedraft")
        overview = Overview(draft)
        context = {"draft": draft, "overview": overview, "most_reason": MOST_REASON, **self.rights(request, draft)}
        checks = draft.outcome.get("checks", [])
        context["checks"] = sorted(checks, key=lambda check: not check["found"])  # what is to be mended comes first
        context["stale"] = draft.checked_hash != overview.mark
        context["may_review"] = (
            context["may_edit"] and draft.stage == Stage.DRAFT and draft.outcome.get("passed") and not context["stale"]
        )
        if draft.stage == Stage.PUBLISHED:
            context["published_as"] = Questionnaire.objects.filter(version=draft.version).first()
        context["pages_of_words"] = [(name, title) for name, (title, _tables) in PAGES.items()]
        return self.show(request, "overview", str(draft), context)

    def rights(self, request, draft):
        is_open, user = draft.stage in OPEN, request.user
        in_review = draft.stage == Stage.IN_REVIEW
        return {
            "may_edit": is_open and user.has_perm("screening.change_questionnairedraft"),
            "may_publish": in_review and user.has_perm("screening.publish_questionnaire"),
            "own_change": user.pk in draft.authors,
            "may_sign": is_open and user.has_perm("screening.sign_testpatient"),
        }

    def words_view(self, request, pk, page):
        """All texts of some tables on one page, a column for each language."""
        draft = self.draft_or_403(request, pk, "screening.change_text")
        if page not in PAGES or draft.stage not in OPEN:
            return self.back(pk)
        form = WordsPage(draft=draft, page=page)
        if request.method == "POST":
            try:
                form = self.words_sent(request, draft, page)
            except ValidationError as refusal:  # closed in between
                messages.error(request, " ".join(refusal.messages))
                return self.back(pk)
            if form.is_valid():
                messages.success(request, _("%s texts were changed.") % len(form.changed_texts()))
                return self.back(pk, "words")
        title = PAGES[page][0]
        return self.show(request, "words", title, {"draft": draft, "form": form}, status=422 if form.errors else 200)

    def words_sent(self, request, draft, page):
        def read():
            return WordsPage(request.POST, draft=draft, page=page)

        return write_page(draft, read, by=request.user, at=timezone.now())

    # --- acts

    def check_view(self, request, pk):
        """Hold the draft against everything: about a second for a questionnaire of this size, a minute at most."""
        draft = self.draft_or_403(request, pk, "screening.change_questionnairedraft")
        if draft.stage not in OPEN:
            messages.error(request, _("This draft is closed. Begin a new one."))
        elif gate.check(draft):
            messages.success(request, _("Everything holds. The draft can be sent to review."))
        else:
            messages.warning(request, _("The check found something. Publishing stays closed until it is mended."))
        return self.back(pk, "gate")

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
            lambda: publish_draft(draft, by=request.user, at=timezone.now(), seen=request.POST.get("seen", "")),
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

    # --- small things

    def draft_or_403(self, request, pk, permission):
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return get_object_or_404(QuestionnaireDraft.objects.select_related("based_on"), pk=pk)

    def back(self, pk, anchor=""):
        response = redirect("admin:screening_questionnairedraft_change", pk)
        response["Location"] += f"#{anchor}" if anchor else ""
        return response

    def show(self, request, name, title, context, *, status=200):
        base = {**self.admin_site.each_context(request), "opts": self.model._meta, "title": title, "media": self.media}
        template = f"admin/screening/questionnairedraft/{name}.html"
        return TemplateResponse(request, template, {**base, **context}, status=status)
