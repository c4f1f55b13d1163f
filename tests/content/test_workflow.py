"""Draft, in review, approved: who may move a draft on, and what stands in its way."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from content.checklist import Item
from content.models import Page
from content.models.page import Stage
from content.publish import Conflict, NotApproved, publish
from content.snapshot import snapshot
from content.workflow import approve, next_check, send_back, send_to_review, touched, whole_page_checked
from pumpguide.publishing import content_hash
from tests.content.going_live import approved, change, colleague, go, write
from tests.content.test_snapshot import make_claim, make_page, mark

pytestmark = pytest.mark.django_db
NOW = timezone.now()
ERROR = Item("error", "no-key-points", "Add key points.")
WARNING = Item("warning", "long", "A long sentence.")


@pytest.fixture(autouse=True)
def found(monkeypatch):
    """What the checklist finds in this test: nothing, unless the test says so."""
    found = []
    monkeypatch.setattr("content.workflow.checklist", lambda data, **more: list(found))
    return found


@pytest.fixture
def page(editor):
    return change(make_page("risks", "<p>Words.</p>"), by=editor)


def seen(page):
    return content_hash(snapshot(page))


def fresh(page):
    page.refresh_from_db()
    return page


# --- to review -----------------------------------------------------------------------------------------------------


def test_clean_draft_goes_to_review_without_a_reason(page, editor):
    send_to_review(page, by=editor, at=NOW, seen=seen(page))
    assert (fresh(page).stage, page.warnings_reason) == (Stage.IN_REVIEW, "")


def test_errors_of_the_checklist_refuse_whatever_the_reason(page, editor, found):
    found += [ERROR, WARNING]
    with pytest.raises(ValidationError, match="Mend them"):
        send_to_review(page, by=editor, at=NOW, reason="It is late")
    assert fresh(page).stage == Stage.DRAFT


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_warnings_need_a_reason(page, editor, found, reason):
    found.append(WARNING)
    with pytest.raises(ValidationError, match="why they may stand"):
        send_to_review(page, by=editor, at=NOW, reason=reason)
    assert fresh(page).stage == Stage.DRAFT


def test_reason_for_warnings_is_kept(page, editor, found):
    found.append(WARNING)
    send_to_review(page, by=editor, at=NOW, reason=" The label says so. ")
    assert (fresh(page).stage, page.warnings_reason) == (Stage.IN_REVIEW, "The label says so.")


def test_sender_who_saw_another_draft_is_told_so(page, editor):
    before = seen(page)
    write(page, "<p>Other words.</p>", by=editor)
    with pytest.raises(Conflict):
        send_to_review(page, by=editor, at=NOW, seen=before)
    assert fresh(page).stage == Stage.DRAFT


# --- approve -------------------------------------------------------------------------------------------------------


def test_reviewer_approves_the_draft_exactly_as_it_is(page, editor, reviewer):
    send_to_review(page, by=editor, at=NOW)
    approve(page, by=reviewer, at=NOW, seen=seen(page))
    assert (fresh(page).stage, page.approved_by, page.approved_at) == (Stage.APPROVED, reviewer, NOW)
    assert page.approved_hash == seen(page)


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.PUBLISHED, Stage.ARCHIVED])
def test_only_what_was_sent_to_review_can_be_approved(page, reviewer, stage):
    Page.objects.update(stage=stage)
    with pytest.raises(ValidationError, match="sent to review"):
        approve(page, by=reviewer, at=NOW)
    assert fresh(page).approved_by is None


def test_what_is_approved_as_it_is_needs_no_second_approval(page, reviewer):
    approved(page, by=reviewer)
    with pytest.raises(ValidationError, match="sent to review"):
        approve(page, by=colleague(), at=NOW)


def test_approval_that_a_changed_claim_made_void_can_be_given_anew(editor, reviewer):
    claim = make_claim("dose-small")
    page = approved(change(make_page("risks", mark("claim", "dose-small")), by=editor), by=reviewer)
    change(claim, by=editor, text="Other words.")
    with pytest.raises(PermissionDenied):
        approve(page, by=editor, at=NOW)
    approve(page, by=reviewer, at=NOW)
    assert fresh(page).approved_hash == seen(page)


def test_errors_of_the_checklist_refuse_an_approval_too(page, editor, reviewer, found):
    send_to_review(page, by=editor, at=NOW)
    found.append(ERROR)
    with pytest.raises(ValidationError, match="Send the page back"):
        approve(page, by=reviewer, at=NOW)
    assert fresh(page).stage == Stage.IN_REVIEW


def test_nobody_approves_a_change_of_their_own(page, editor):
    send_to_review(page, by=editor, at=NOW)
    with pytest.raises(PermissionDenied, match="Ask a colleague"):
        approve(page, by=editor, at=NOW)
    assert fresh(page).stage == Stage.IN_REVIEW


def test_reviewer_who_changed_a_claim_of_the_page_does_not_approve_it(editor, reviewer):
    claim = make_claim("dose-small")
    page = change(make_page("risks", mark("claim", "dose-small")), by=editor)
    change(claim, by=reviewer, text="Other words.")
    send_to_review(page, by=editor, at=NOW)
    with pytest.raises(PermissionDenied):
        approve(page, by=reviewer, at=NOW)
    approve(page, by=colleague(), at=NOW)


def test_approver_who_saw_another_draft_is_told_so(page, editor, reviewer):
    before = seen(page)
    write(page, "<p>Other words.</p>", by=editor)
    send_to_review(page, by=editor, at=NOW)
    with pytest.raises(Conflict):
        approve(page, by=reviewer, at=NOW, seen=before)
    assert fresh(page).stage == Stage.IN_REVIEW


def test_approval_is_judged_by_the_row_not_by_an_old_copy(page, editor, reviewer):
    stale = Page.objects.get(pk=page.pk)
    send_to_review(page, by=editor, at=NOW)
    approve(stale, by=reviewer, at=NOW)
    assert fresh(page).stage == Stage.APPROVED


def test_approval_names_both_who_and_when():
    page = make_page("risks", "<p>Words.</p>")
    for fields in ({"approved_by": colleague()}, {"approved_at": NOW}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Page.objects.filter(pk=page.pk).update(**fields)


# --- back to a draft -----------------------------------------------------------------------------------------------


def test_edit_after_approval_begins_anew(page, reviewer):
    approved(page, by=reviewer)
    Page.objects.update(warnings_reason="The label says so")
    touched(fresh(page))
    page.save()
    assert (fresh(page).stage, page.approved_by, page.approved_at) == (Stage.DRAFT, None, None)
    assert (page.approved_hash, page.warnings_reason, page.scheduled) == ("", "", None)
    with pytest.raises(NotApproved):
        publish(page, by=reviewer, at=NOW, note="A test")


def test_edit_to_a_claim_after_approval_is_not_published(editor, reviewer):
    claim = make_claim("dose-small")
    page = approved(change(make_page("risks", mark("claim", "dose-small")), by=editor), by=reviewer)
    change(claim, by=editor, text="Other words.")
    with pytest.raises(NotApproved):
        publish(page, by=reviewer, at=NOW, note="A test")


@pytest.mark.parametrize("stage", [Stage.IN_REVIEW, Stage.APPROVED])
def test_reviewer_sends_a_page_back(page, reviewer, stage):
    approved(page, by=reviewer)
    Page.objects.update(stage=stage)
    send_back(page, by=reviewer, at=NOW)
    assert (fresh(page).stage, page.approved_hash) == (Stage.DRAFT, "")


def test_what_is_public_stays_public_while_a_draft_is_worked_on(page, reviewer):
    revision = go(page, by=reviewer)
    touched(fresh(page))
    page.save()
    assert fresh(page).live == revision


def test_new_words_bear_no_name_of_one_who_read_the_old_ones(page, reviewer):
    whole_page_checked(page, by=reviewer, at=NOW, name="Ravi R., physician")
    touched(fresh(page))
    assert page.reviewed_by == "Ravi R., physician"
    touched(page, words=True)
    page.save()
    assert (fresh(page).reviewed_by, page.reviewed_on) == ("", None)
    assert page.next_review is not None


# --- the whole page checked ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "checked", "due"),
    [
        ("article", date(2026, 11, 20), date(2027, 11, 20)),
        ("condition", date(2026, 1, 1), date(2027, 1, 1)),
        ("drug", date(2026, 11, 20), date(2027, 5, 20)),
        ("safety", date(2026, 6, 30), date(2026, 12, 30)),
        ("drug", date(2026, 8, 31), date(2027, 2, 28)),
        ("drug", date(2027, 8, 31), date(2028, 2, 29)),
        ("article", date(2028, 2, 29), date(2029, 2, 28)),
        ("safety", date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_medicines_and_safety_are_due_after_6_months_others_after_12(kind, checked, due):
    assert next_check(kind, checked) == due


def test_check_of_the_whole_page_notes_who_when_and_until_when(page, reviewer):
    evening = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)  # still 20 November at the clinic
    whole_page_checked(page, by=reviewer, at=evening, name="Ravi R., physician")
    assert (fresh(page).reviewed_by, page.reviewed_on) == ("Ravi R., physician", date(2026, 11, 20))
    assert page.next_review == date(2027, 11, 20)


def test_check_keeps_what_was_approved_approved(page, reviewer):
    approved(page, by=reviewer)
    whole_page_checked(page, by=reviewer, at=NOW, name="Ravi R., physician", seen=seen(page))
    assert publish(page, by=reviewer, at=NOW, note="A test").snapshot["reviewed_by"] == "Ravi R., physician"


def test_check_does_not_approve_what_changed_since_it_was_approved(page, reviewer):
    approved(page, by=reviewer)
    page.blocks.update(body="<p>Other words.</p>")
    whole_page_checked(page, by=reviewer, at=NOW, name="Ravi R., physician")
    with pytest.raises(NotApproved):
        publish(page, by=reviewer, at=NOW, note="A test")


def test_checker_who_read_another_draft_is_told_so(page, editor, reviewer):
    before = seen(page)
    write(page, "<p>Other words.</p>", by=editor)
    with pytest.raises(Conflict):
        whole_page_checked(page, by=reviewer, at=NOW, name="Ravi R., physician", seen=before)
    assert fresh(page).reviewed_by == ""


def test_check_changes_nothing_public_by_itself(page, reviewer):
    revision = go(page, by=reviewer)
    whole_page_checked(page, by=reviewer, at=NOW, name="Ravi R., physician")
    assert fresh(page).live == revision
    assert revision.snapshot["reviewed_by"] == ""
