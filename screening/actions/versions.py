"""Versions of the questionnaire: draft, sign, publish, withdraw."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from pumpguide.publishing import refuse_own_change

from .. import gate
from ..definition import definition, read_folder
from ..drafting import fill, patient_row, signatures_of, snapshot_of
from ..engine.terms import RulesetError
from ..models import Questionnaire, QuestionnaireDraft, TestPatient, Withdrawal
from ..models.draft import OPEN, Stage
from ..replay import replay_one

MOST_REASON = 300  # characters


class NotReady(ValidationError):
    """The gate is not open: the check has not passed for the draft as it is now."""


@transaction.atomic
def publish_questionnaire(snapshot: dict[str, Any], *, by, at, note: str, written_by=None) -> Questionnaire:
    """Freeze a definition as a published version. Raises RulesetError where it is not whole."""
    ruleset = definition(snapshot).ruleset
    return Questionnaire.objects.create(
        url=ruleset.url,
        version=ruleset.version,
        snapshot=snapshot,
        written_by=written_by,
        approved_by=by,
        published_at=at,
        note=note,
    )


def load_starting_questionnaire(*, at) -> bool:
    """Publish version 1 from screening/ruleset/ where nothing is published yet; whether it did."""
    if Questionnaire.objects.exists():
        return False
    publish_questionnaire(read_folder(), by=None, at=at, note="Starting questionnaire")
    return True


# --- drafts


@transaction.atomic
def start_draft(based_on: Questionnaire, *, by, at, snapshot: dict[str, Any] | None = None) -> QuestionnaireDraft:
    """A new draft of the next version, filled from a published version (or from an imported ``snapshot``).

    Who begins it is its first author: even untouched, it may bring back rules that are no longer in use.
    Raises ValidationError while another draft is open.
    """
    one_open = ValidationError(_("A draft is open already. Publish or drop it first."))
    if QuestionnaireDraft.objects.filter(stage__in=OPEN).exists():
        raise one_open
    newest = Questionnaire.objects.aggregate(newest=Max("version"))["newest"]
    try:
        with transaction.atomic():
            draft = QuestionnaireDraft.objects.create(
                based_on=based_on, version=newest + 1, created_by=by, created_at=at, changed_at=at, authors=[by.pk]
            )
    except IntegrityError as someone_was_quicker:
        raise one_open from someone_was_quicker
    fill(draft, snapshot or based_on.snapshot)
    return draft


@transaction.atomic
def changed(draft: QuestionnaireDraft, *, by, at) -> None:
    """Note a change to a draft or any of its rows: back to the drawing board, and one more author."""
    now = still_open(draft)  # as it is now: a colleague may have changed another row meanwhile
    draft.stage, draft.changed_at, draft.checked_hash = Stage.DRAFT, at, ""
    draft.authors = [*(author for author in now.authors if author != by.pk), by.pk]
    draft.save(update_fields=["stage", "changed_at", "checked_hash", "authors"])


def still_open(draft: QuestionnaireDraft) -> QuestionnaireDraft:
    """The draft as it is now, locked until the end of the transaction. Raises ValidationError where it is closed."""
    now = QuestionnaireDraft.objects.select_for_update().get(pk=draft.pk)
    if now.stage not in OPEN:
        raise ValidationError(_("This draft is closed. Begin a new one."))
    return now


def reason_of(text: str, asked_for: str) -> str:
    """One line of reason, trimmed. Raises ValidationError where there is none, or more than fits."""
    if not text.strip():
        raise ValidationError(asked_for)
    if len(text.strip()) > MOST_REASON:
        raise ValidationError(_("Write the reason in %s characters or fewer.") % MOST_REASON)
    return text.strip()


@transaction.atomic
def sign_patient(patient: TestPatient, *, by, at, seen: str) -> None:
    """A clinician has looked at what the draft says of this patient (``seen``: see Replay.seen) and signs for it.

    Raises ValidationError where that is not what it says now.
    """
    draft = still_open(patient.draft)
    patient.refresh_from_db()
    try:
        now = replay_one(definition(snapshot_of(draft)).ruleset, patient_row(patient))
    except RulesetError as mistake:
        raise ValidationError(_("The draft cannot be read yet: %s") % mistake) from mistake
    if now.findings is None:
        raise ValidationError(now.differences[0])
    if now.seen != seen:
        said = _("%s comes out otherwise than when you opened the page. Nothing was signed. Look again, and sign then.")
        raise ValidationError(said % patient)
    patient.disposition, patient.findings = now.disposition, dict(now.findings)
    patient.signed_by, patient.signed_at = by, at
    patient.save()
    changed(draft, by=by, at=at)


@transaction.atomic
def send_to_review(draft: QuestionnaireDraft, *, by, at, note: str) -> None:
    """The author is done: a reason, and a check that passed for the draft exactly as it is. Raises NotReady."""
    draft = still_open(draft)
    note = reason_of(note, _("Write one line on why this change is made."))
    require_check(draft)
    draft.stage, draft.note = Stage.IN_REVIEW, note
    draft.save(update_fields=["stage", "note"])


@transaction.atomic
def publish_draft(draft: QuestionnaireDraft, *, by, at, seen: str) -> Questionnaire:
    """Freeze a reviewed draft as the next version. ``seen``: ``gate.mark`` of the draft as the approver read it.

    Raises PermissionDenied (one's own change) or NotReady.
    """
    draft = QuestionnaireDraft.objects.select_for_update().get(pk=draft.pk)
    refuse_own_change(set(draft.authors), by)
    if draft.stage != Stage.IN_REVIEW:
        raise NotReady(_("Only a draft that was sent to review can be published."))
    snapshot = require_check(draft)
    if seen != draft.checked_hash:
        said = _("The draft was changed after you opened the page. Nothing was published. Look at it as it is now.")
        raise NotReady(said)
    if signed := signatures_of(draft):
        snapshot["patients"]["signed"] = signed
    written_by = get_user_model().objects.filter(pk__in=draft.authors[-1:]).first() or draft.created_by
    version = publish_questionnaire(snapshot, by=by, at=at, note=draft.note, written_by=written_by)
    draft.stage = Stage.PUBLISHED
    draft.save(update_fields=["stage"])
    return version


def require_check(draft: QuestionnaireDraft) -> dict[str, Any]:
    """The draft's snapshot, when the last check looked at just this, let it pass, and would still. Raises NotReady."""
    snapshot = snapshot_of(draft)
    if draft.checked_hash != gate.mark(snapshot):
        raise NotReady(_("The draft, or what checks it, was changed since it was last checked. Check it again."))
    if not draft.outcome.get("passed"):
        raise NotReady(_("The check has found something. Mend it, and check again."))
    if found := gate.found_since(draft, snapshot):
        raise NotReady(_("Something has changed since the check: %s Check it again.") % found[0].text)
    return snapshot


@transaction.atomic
def drop_draft(draft: QuestionnaireDraft, *, by, at) -> None:
    """Close a draft without publishing it; its rows stay to be read."""
    draft = still_open(draft)
    draft.stage = Stage.DROPPED
    draft.save(update_fields=["stage"])


@transaction.atomic
def withdraw(questionnaire: Questionnaire, *, by, at, reason: str) -> Withdrawal:
    """ "Stop using" a published version at once. People in the middle of it are led to the newest one in use."""
    reason = reason_of(reason, _("Write one line on why this version is withdrawn."))
    list(Questionnaire.objects.select_for_update().values_list("pk"))  # one withdrawal at a time: one version stays
    if Withdrawal.objects.filter(questionnaire=questionnaire).exists():
        raise ValidationError(_("This version was withdrawn already."))
    if not Questionnaire.objects.filter(withdrawal=None).exclude(pk=questionnaire.pk).exists():
        raise ValidationError(_("This is the only version in use. Publish another one first."))
    return Withdrawal.objects.create(questionnaire=questionnaire, reason=reason, withdrawn_by=by, withdrawn_at=at)
