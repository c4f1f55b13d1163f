"""Ways to look at a draft: an imaginary patient, what it changes, the picture, and the draft as files."""

import json

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from ..changes import Changes, changes
from ..definition import Definition, definition
from ..drafting import snapshot_of, would_replace
from ..engine.reading import AnswersError, read_answers
from ..engine.terms import Answers, Ruleset
from ..fhir import FhirError
from ..fhir import questionnaire as as_fhir
from ..files import as_archive
from ..models import Questionnaire
from ..picture import picture
from ..summary import summarize
from .overview import LANGUAGE, whole_of


class LooksAdmin:
    """The draft's admin mixes this in. A draft that cannot be read leads back to its page, where it says why."""

    def preview_view(self, request, pk):
        """The summary an imaginary patient would get from the draft; the answers come in the form, never in the URL."""
        draft, whole = self.readable_or_told(request, pk)
        if whole is None:
            return self.back(pk)
        try:
            given = read_answers(whole.ruleset, json.loads(request.POST.get("answers", "")))
            before = [
                (version, answers_before(request.POST, version, whole.ruleset, given))
                for version, _title in versions_before(draft)
            ]
        except (AnswersError, ValueError, RecursionError) as mistake:
            said = _("This imaginary patient does not fit the draft any more: %s Check the draft again.")
            messages.error(request, said % mistake)
            return self.back(pk)
        headings = [(v, summarize(definition(v.snapshot), answers, LANGUAGE).heading) for v, answers in before]
        context = {"draft": draft, "summary": summarize(whole, given, LANGUAGE), "before": headings}
        return self.show(request, "preview", _("Imaginary patient"), context)

    def compare_view(self, request, pk):
        """Everything the draft changes, and for whom."""
        draft, whole = self.readable_or_told(request, pk)
        if whole is None:
            return self.back(pk)
        try:
            found = [
                (version, title, changes(version.snapshot, snapshot_of(draft), LANGUAGE))
                for version, title in versions_before(draft)
            ]
        except RuntimeError as mistake:  # the solver gave up, or the engine does not agree with it
            messages.error(request, _("The comparison could not be finished, so nothing is claimed. %s") % mistake)
            return self.back(pk)
        comparisons = [(version, title, one, reference_of(one, whole)) for version, title, one in found]
        context = {"draft": draft, "comparisons": comparisons}
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


def versions_before(draft) -> list[tuple[Questionnaire, str]]:
    """What a draft is held against, each with a title: the version in use and, where another, the one it is from."""
    now, origin = would_replace(draft), draft.based_on
    if now == origin:
        return [(now, _("Against %s") % now)]
    used, made = _("Against %s, which is in use"), _("Against %s, which the draft was made from")
    return [(now, used % now), (origin, made % origin)]


def answers_before(posted, version: Questionnaire, ruleset: Ruleset, given: Answers) -> Answers:
    """What the imaginary patient answered in a version: as the comparison with it says, else what means the same.

    Raises AnswersError or ValueError where it cannot be read.
    """
    from ..engine.compare import still_valid  # the solver is loaded only where a draft is looked at

    old = definition(version.snapshot).ruleset
    if posted.get("version") == str(version.version):
        return read_answers(old, json.loads(posted.get("before", "")))
    return still_valid(ruleset, old, given)


def reference_of(found: Changes, whole: Definition) -> list[tuple[str, str, int, bool]]:
    """(heading before, heading now, how many test patients, whether they differ)."""
    words = whole.wording(LANGUAGE).tables["disposition"]
    return [(words[was]["heading"], words[now]["heading"], n, was != now) for was, now, n in found.reference]


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
