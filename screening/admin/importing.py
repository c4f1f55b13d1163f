"""A small page that makes a draft from a file: our files as a zip, a draft's JSON, or a FHIR Questionnaire."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..importing import import_draft
from .overview import Overview

MOST_BYTES = 1024 * 1024


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("A zip of our files, a draft’s JSON, or a FHIR R4 Questionnaire as JSON."),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("This file is empty.")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than any questionnaire (1 MB). Choose another."))
        return file


class ImportAdmin:
    """The draft's admin mixes this in."""

    def import_view(self, request):
        """A draft from a file. What stands in it is checked like any other draft before it can be published."""
        if not request.user.has_perm("screening.add_questionnairedraft"):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                draft = import_draft(form.cleaned_data["file"].read(), by=request.user, at=timezone.now())
            except ValidationError as refusal:
                form.add_error("file", refusal)
            else:
                messages.success(request, _("The draft was made. It becomes version %s.") % draft.version)
                if mistake := Overview(draft).mistake:
                    messages.warning(request, _("It cannot be read yet: %s") % mistake)
                return self.back(draft.pk)
        status = 422 if form.errors else 200
        return self.show(request, "import", _("Draft from a file"), {"form": form}, status=status)
