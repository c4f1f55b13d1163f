"""Ways to look at a draft: an imaginary patient, what it changes, the picture, and the draft as files."""

import json

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from ..changes import changes
from ..definition import definition
from ..drafting import snapshot_of
from ..engine.reading import AnswersError, read_answers
from ..fhir import FhirError
from ..fhir import questionnaire as as_fhir
from ..files import as_archive
from ..picture import picture
from ..summary import summarize
from .overview import LANGUAGE, whole_of


class LooksAdmin:
    """The draft's admin mixes this in. A draft that cannot be read leads back to its page, where it says why."""

    def preview_view(self, request, pk):
        """The summary an imaginary patient would get from the draft; the answers come in the form, never in the URL."""
        from ..engine.compare import still_valid  # the solver is loaded only where a draft is looked at

        draft, whole = self.readable_or_told(request, pk)
        if whole is None:
            return self.back(pk)
        try:
            given = read_answers(whole.ruleset, json.loads(request.POST.get("answers", "")))
        except (AnswersError, ValueError, RecursionError) as mistake:
            said = _("This imaginary patient does not fit the draft any more: %s Check the draft again.")
            messages.error(request, said % mistake)
            return self.back(pk)
        old = definition(draft.based_on.snapshot)
        context = {
            "draft": draft,
            "summary": summarize(whole, given, LANGUAGE),
            "before": summarize(old, still_valid(whole.ruleset, old.ruleset, given), LANGUAGE),
        }
        return self.show(request, "preview", _("Imaginary patient"), context)

    def compare_view(self, request, pk):
        """Everything the draft changes against the version it was made from, and for whom."""
        draft, whole = self.readable_or_told(request, pk)
        if whole is None:
            return self.back(pk)
        try:
            found = changes(draft.based_on.snapshot, snapshot_of(draft), LANGUAGE)
        except RuntimeError as mistake:  # the solver gave up, or the engine does not agree with it
            messages.error(request, _("The comparison could not be finished, so nothing is claimed. %s") % mistake)
            return self.back(pk)
        words = whole.wording(LANGUAGE).tables["disposition"]
        reference = [(words[was]["heading"], words[now]["heading"], n, was != now) for was, now, n in found.reference]
        context = {"draft": draft, "found": found, "reference": reference}
        return self.show(request, "compare", _("What this draft changes"), context)

    def picture_view(self, request, pk):
        draft, whole = self.readable_or_told(request, pk)
        if whole is None:
            return self.back(pk)
        title = _("How the questions lead to the summary")
        drawing = picture(whole, LANGUAGE, title, _("Each question, the questions it opens and the rules it feeds."))
        return self.show(request, "picture", title, {"draft": draft, "drawing": drawing})

    # --- to take along

    def snapshot_view(self, request, pk):
        """The draft as JSON, for a clinic's own pipeline: ``manage.py prove --file``."""
        draft = self.draft_or_403(request, pk, "screening.view_questionnairedraft")
        return JsonResponse(snapshot_of(draft), json_dumps_params={"ensure_ascii": False, "indent": 2})

    def files_view(self, request, pk):
        draft = self.draft_or_403(request, pk, "screening.view_questionnairedraft")
        return archive(snapshot_of(draft), f"questionnaire-{draft.version}-draft")

    def fhir_view(self, request, pk):
        draft, whole = self.readable_or_told(request, pk)
        if whole is None:
            return self.back(pk)
        try:
            return fhir_file(whole, "draft", f"questionnaire-{draft.version}-draft")
        except FhirError as mistake:
            messages.error(request, str(mistake))
            return self.back(pk)

    def readable_or_told(self, request, pk):
        """The draft and what it says; a draft that cannot be read gives None and a message."""
        draft = self.draft_or_403(request, pk, "screening.view_questionnairedraft")
        whole, mistake = whole_of(snapshot_of(draft))
        if whole is None:
            messages.error(request, _("The draft cannot be read yet: %s") % mistake)
        return draft, whole


def archive(snapshot, name: str) -> HttpResponse:
    """A snapshot as readable files, in one archive."""
    response = HttpResponse(as_archive(snapshot), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return response


def fhir_file(whole, status: str, name: str) -> HttpResponse:
    """A definition as a FHIR Questionnaire. Raises FhirError where a rule has no FHIR form."""
    text = json.dumps(as_fhir(whole, status=status), indent=2, ensure_ascii=False)
    response = HttpResponse(text, content_type="application/fhir+json")
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
