"""Published versions in the admin: to read, to make a draft from, to stop using, to take along as files."""

import io
import json
import zipfile

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from ..actions import start_draft, withdraw
from ..definition import definition
from ..fhir import questionnaire as as_fhir
from ..files import as_files
from ..models import Questionnaire


@admin.register(Questionnaire)
class QuestionnaireAdmin(admin.ModelAdmin):
    list_display = ("__str__", "in_use", "published_at", "written_by", "approved_by", "note")
    list_select_related = ("withdrawal", "written_by", "approved_by")
    fields = ("url", "version", "hash", "note", "written_by", "approved_by", "published_at", "in_use")
    readonly_fields = fields

    @admin.display(description=_("state"))
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
        """The version as readable files, in one archive."""
        version = self.version_or_403(request, pk, "screening.view_questionnaire")
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
            for name, text in as_files(version.snapshot).items():
                zipped.writestr(zipfile.ZipInfo(name), text)
        response = HttpResponse(archive.getvalue(), content_type="application/zip")
        response["Content-Disposition"] = f'attachment; filename="questionnaire-{version.version}.zip"'
        return response

    def fhir_view(self, request, pk):
        version = self.version_or_403(request, pk, "screening.view_questionnaire")
        status = "withdrawn" if getattr(version, "withdrawal", None) else "published"
        resource = as_fhir(definition(version.snapshot), status=status)
        response = HttpResponse(
            json.dumps(resource, indent=2, ensure_ascii=False), content_type="application/fhir+json"
        )
        response["Content-Disposition"] = f'attachment; filename="questionnaire-{version.version}.json"'
        return response
