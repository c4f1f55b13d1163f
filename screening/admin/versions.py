"""Published versions in the admin: to read, to make a draft from, to stop using, to take along as files."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ..actions import MOST_REASON, OPEN, start_draft, withdraw
from ..definition import definition
from ..explain import explained
from ..fhir import FhirError
from ..models import Questionnaire, QuestionnaireDraft
from .looks import archive, fhir_file
from .overview import LANGUAGE


@admin.register(Questionnaire)
class QuestionnaireAdmin(admin.ModelAdmin):
    list_display = ("__str__", "in_use", "published_at", "written_by", "approved_by", "note")
    list_select_related = ("withdrawal", "written_by", "approved_by")
    fields = ("url", "version", "hash", "note", "written_by", "approved_by", "published_at", "in_use")
    readonly_fields = fields
    actions = None

    @admin.display(description=gettext_lazy("state"))
    def in_use(self, version):
        withdrawal = getattr(version, "withdrawal", None)
        return _("Withdrawn: %s") % withdrawal.reason if withdrawal else _("Published")

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        site = self.admin_site.admin_view
        return [
            path("<int:pk>/draft/", site(require_POST(self.draft_view)), name="screening_questionnaire_draft"),
            path("<int:pk>/withdraw/", site(require_POST(self.withdraw_view)), name="screening_questionnaire_withdraw"),
            path("<int:pk>/files.zip", site(self.files_view), name="screening_questionnaire_files"),
            path("<int:pk>/fhir.json", site(self.fhir_view), name="screening_questionnaire_fhir"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        version = Questionnaire.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        context = {"most_reason": MOST_REASON}
        if version is not None:
            whole = definition(version.snapshot)
            words = whole.wording(LANGUAGE)
            context |= {
                "explained": explained(whole, LANGUAGE),
                "withdrawn": hasattr(version, "withdrawal"),
                "open_draft": QuestionnaireDraft.objects.filter(stage__in=OPEN).first(),
                "patients": list(patients_of(version.snapshot, words)),
            }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def version_or_403(self, request, pk, permission):
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return get_object_or_404(Questionnaire, pk=pk)

    def draft_view(self, request, pk):
        """A new draft from this version, in one click."""
        version = self.version_or_403(request, pk, "screening.add_questionnairedraft")
        try:
            draft = start_draft(version, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
            return redirect("admin:screening_questionnaire_change", pk)
        messages.success(request, _("The draft was made. Patients see nothing of it until it is published."))
        return redirect("admin:screening_questionnairedraft_change", draft.pk)

    def withdraw_view(self, request, pk):
        version = self.version_or_403(request, pk, "screening.publish_questionnaire")
        try:
            withdraw(version, by=request.user, at=timezone.now(), reason=request.POST.get("reason", ""))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, _("%s is no longer used. People in the middle are led on.") % version)
        return redirect("admin:screening_questionnaire_change", pk)

    def files_view(self, request, pk):
        version = self.version_or_403(request, pk, "screening.view_questionnaire")
        return archive(version.snapshot, f"questionnaire-{version.version}")

    def fhir_view(self, request, pk):
        version = self.version_or_403(request, pk, "screening.view_questionnaire")
        status = "withdrawn" if hasattr(version, "withdrawal") else "published"
        try:
            return fhir_file(definition(version.snapshot), status, f"questionnaire-{version.version}")
        except FhirError as mistake:
            messages.error(request, str(mistake))
            return redirect("admin:screening_questionnaire_change", pk)


def patients_of(snapshot, words) -> Iterator[tuple[int, str, str, str, datetime | None]]:
    """(number, why, heading, who signed, when) of each test patient; nobody signed those the program came with."""
    signed = {row["number"]: row for row in snapshot.get("patients", {}).get("signed", [])}
    for row in snapshot.get("patients", {}).get("patient", []):
        heading = words.of("disposition", row["disposition"], "heading")
        one = signed.get(row["number"])
        by, at = (one["by"], datetime.fromisoformat(one["at"])) if one else (_("nobody here"), None)
        yield row["number"], row["why"], heading, by, at
