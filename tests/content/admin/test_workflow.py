"""From draft to public at the desk: each step by the right person, nothing by surprise."""

from datetime import timedelta

import pytest
from django.utils import timezone

from content.checklist import Item
from content.models import Page, Rendering
from content.models.page import Stage
from content.publish import run_due
from tests.content.admin.conftest import WORDS, address, put_live
from tests.content.test_snapshot import make_claim, make_page, mark

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]


def stage(page):
    return Page.objects.get(pk=page.pk).stage


def public(path="/hazards/"):
    row = Rendering.objects.filter(path=path).first()
    return row and bytes(row.plain).decode()


def text(response):
    return response.content.decode()


def approved(page, desk, editor, reviewer):
    """Written by the editor, approved by the reviewer."""
    with desk(editor) as edith:
        edith.saves(page, blocks__1__body="<p>Second.</p>")
        edith.step(page, "send")
    with desk(reviewer) as ravi:
        ravi.step(page, "review")
    assert stage(page) == Stage.APPROVED


def test_page_goes_from_draft_to_public(page, desk, editor, reviewer):
    with desk(editor) as edith:
        assert edith.saves(page, title="Hazards, plainly").status_code == 302
        assert edith.step(page, "send").status_code == 302
        assert stage(page) == Stage.IN_REVIEW
    with desk(reviewer) as ravi:
        ravi.step(page, "review")
        assert stage(page) == Stage.APPROVED
        assert public() is None
        ravi.step(page, "publish", note="First text")
    assert stage(page) == Stage.PUBLISHED
    assert "Hazards, plainly" in public()
    revision = Page.objects.get(pk=page.pk).live
    assert (revision.written_by, revision.approved_by, revision.note) == (editor, reviewer, "First text")


def test_error_of_the_checklist_refuses_and_is_shown_with_its_mend(page, desk, editor, quiet):
    quiet.append(Item("error", "alt", "Say what the picture shows.", "Block 2"))
    with desk(editor) as edith:
        assert "Say what the picture shows." in text(edith.opens(page))
        response = edith.step(page, "send")
    assert response.status_code == 422
    assert stage(page) == Stage.DRAFT


def test_warning_needs_a_reason_that_is_kept_with_the_revision(page, desk, editor, reviewer, quiet):
    quiet.append(Item("warning", "long", "A sentence of 22 words.", "Block 2"))
    with desk(editor) as edith:
        response = edith.step(page, "send")
        assert (response.status_code, stage(page)) == (422, Stage.DRAFT)
        edith.step(page, "send", reason="It is a quotation")
    with desk(reviewer) as ravi:
        assert "It is a quotation" in text(ravi.opens(page, "review"))
        ravi.step(page, "review")
        ravi.step(page, "publish", note="First text")
        assert "1 warning stood: It is a quotation" in text(ravi.opens(page, "revisions"))
    revision = Page.objects.get(pk=page.pk).live
    assert [item["code"] for item in revision.warnings] == ["long"]
    assert revision.warnings_reason == "It is a quotation"


def test_nobody_approves_a_change_of_their_own(page, desk, both):
    with desk(both) as ravi:
        ravi.saves(page, title="Mine")
        ravi.step(page, "send")
        response = ravi.step(page, "review")
    assert response.status_code == 422
    assert "Ask a colleague" in text(response)
    assert stage(page) == Stage.IN_REVIEW


def test_edit_after_approval_begins_anew(page, desk, editor, reviewer):
    approved(page, desk, editor, reviewer)
    with desk(editor) as edith:
        edith.saves(page, title="Another")
    assert stage(page) == Stage.DRAFT
    with desk(reviewer) as ravi:
        assert ravi.step(page, "publish", note="x").status_code == 422
    assert public() is None


def test_saving_without_a_change_is_no_edit(page, desk, editor, reviewer):
    approved(page, desk, editor, reviewer)
    before = Page.objects.get(pk=page.pk)
    with desk(editor) as edith:
        assert edith.saves(page).status_code == 302
    after = Page.objects.get(pk=page.pk)
    assert (after.stage, after.edit_number, after.authors) == (Stage.APPROVED, before.edit_number, before.authors)


def test_claim_that_changes_after_approval_asks_for_approval_again(page, desk, editor, reviewer):
    claim = make_claim("dose-small")
    page.blocks.update(body=mark("claim", "dose-small"))
    with desk(editor) as edith:
        edith.saves(page, title="New")
        edith.step(page, "send")
    with desk(reviewer) as ravi:
        ravi.step(page, "review")
        claim.text = "We say more."
        claim.save()
        assert "has changed since it was approved" in text(ravi.opens(page))
        assert ravi.step(page, "publish", note="x").status_code == 422
        ravi.step(page, "review")
        ravi.step(page, "publish", note="x")
    assert "We say more." in public()


@pytest.mark.parametrize("name", ["send", "review", "publish", "check"])
def test_step_on_a_text_that_changed_meanwhile_shows_both_and_does_nothing(name, page, desk, editor, reviewer):
    approved(page, desk, editor, reviewer)
    if name == "review":
        Page.objects.filter(pk=page.pk).update(stage=Stage.IN_REVIEW)
    before = stage(page)
    with desk(editor if name == "send" else reviewer) as someone:
        seen = someone.seen(page, name)
        Page.objects.get(pk=page.pk).blocks.filter(position=2).update(body="<p>Third.</p>")
        given = {"note": "x", "name": "R", "read": "on", "reason": "x"}
        response = someone.sends(page, name, seen, **given)
    assert response.status_code == 409
    assert "Second" in text(response)
    assert "Third" in text(response)
    assert stage(page) == before
    assert Page.objects.get(pk=page.pk).reviewed_by == ""
    assert public() is None


def test_two_publish_one_after_the_other_and_the_second_is_told(page, desk, editor, reviewer):
    approved(page, desk, editor, reviewer)
    with desk(reviewer) as ravi:
        seen = ravi.seen(page, "publish")
        assert ravi.sends(page, "publish", seen, note="First").status_code == 302
        response = ravi.sends(page, "publish", seen, note="Second")
    assert response.status_code == 409
    assert "public already" in text(response)
    assert page.revisions.count() == 1


@pytest.mark.parametrize("seen", ["", "nonsense"])
def test_step_without_what_was_seen_is_refused_kindly(seen, page, desk, editor):
    with desk(editor) as edith:
        response = edith.sends(page, "send", seen)
    assert response.status_code == 422
    assert stage(page) == Stage.DRAFT


def test_what_was_seen_of_one_page_does_not_serve_for_another(page, desk, editor):
    other = make_page("about", WORDS)
    with desk(editor) as edith:
        assert edith.sends(other, "send", edith.seen(page, "send")).status_code == 422


def test_publish_at_a_time_goes_out_by_itself(page, desk, editor, reviewer):
    approved(page, desk, editor, reviewer)
    at = timezone.localtime() + timedelta(hours=2)
    with desk(reviewer) as ravi:
        ravi.step(page, "publish", note="Later", publish_at=at.strftime("%Y-%m-%dT%H:%M"))
        assert public() is None
        assert "It goes out by itself on" in text(ravi.opens(page))
    run_due(at=at)
    assert "Second." in public()


def test_form_says_that_everyone_reads_the_reason(live, desk, reviewer):
    with desk(reviewer) as ravi:
        assert "Everyone can read it." in text(ravi.opens(live, "publish"))


def test_publish_at_a_time_gone_by_is_refused(page, desk, editor, reviewer):
    approved(page, desk, editor, reviewer)
    with desk(reviewer) as ravi:
        assert ravi.step(page, "publish", note="x", publish_at="2020-01-01T10:00").status_code == 422
        assert ravi.step(page, "publish", note="x", publish_at="soon").status_code == 422
    assert Page.objects.get(pk=page.pk).publish_at is None


def test_what_waits_for_its_time_can_be_held_back(page, desk, editor, reviewer):
    approved(page, desk, editor, reviewer)
    at = timezone.localtime() + timedelta(hours=2)
    with desk(reviewer) as ravi:
        ravi.step(page, "publish", note="Later", publish_at=at.strftime("%Y-%m-%dT%H:%M"))
        ravi.client.post(address(page, "unschedule"))
    run_due(at=at)
    assert public() is None
    assert stage(page) == Stage.APPROVED


def test_revisions_list_what_was_public_and_what_waits_not_what_was_called_off(live, desk, editor, reviewer):
    approved(live, desk, editor, reviewer)
    at = (timezone.localtime() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    with desk(reviewer) as ravi:
        ravi.step(live, "publish", note="Called off", publish_at=at)
        assert "(waits for its time)" in text(ravi.opens(live, "revisions"))
        ravi.client.post(address(live, "unschedule"))
        assert "Called off" not in text(ravi.opens(live, "revisions"))
        ravi.step(live, "publish", note="Waits", publish_at=at)
        again = ravi.client.post(f"/admin/content/page/revision/{live.live_id}/restore/", follow=True)
    assert "Revision 3 was to go out by itself. It does not any more." in text(again)
    assert "Starting content" in text(again)
    assert "Waits" not in text(again)


def test_page_comes_down_at_its_time(live, desk, reviewer):
    at = timezone.localtime() + timedelta(hours=2)
    with desk(reviewer) as ravi:
        ravi.step(live, "expire", expire_at=at.strftime("%Y-%m-%dT%H:%M"))
        assert "It comes down by itself on" in text(ravi.opens(live))
        assert ravi.step(live, "expire", expire_at="2020-01-01T10:00").status_code == 422
    run_due(at=at)
    assert public() is None


def test_whole_page_checked_is_published_by_the_reviewer_alone(live, desk, reviewer):
    with desk(reviewer) as ravi:
        assert ravi.step(live, "check", name="Ravi Rao, physician").status_code == 422  # not ticked
        ravi.step(live, "check", name="Ravi Rao, physician", read="on")
        assert ravi.step(live, "publish", note="Checked").status_code == 302
    assert "Ravi Rao, physician" in public()
    page = Page.objects.get(pk=live.pk)
    assert (page.reviewed_on, page.stage) == (timezone.localdate(), Stage.PUBLISHED)
    assert page.next_review.year == timezone.localdate().year + 1


@pytest.mark.parametrize(
    ("change", "name"),
    [({"blocks__1__body": "<p>Second.</p>"}, ""), ({"title": "Other"}, ""), ({"position": "7"}, "Ravi Rao, physician")],
)
def test_new_words_end_a_check_of_the_whole_page_and_the_editor_is_told(change, name, live, desk, editor, reviewer):
    with desk(reviewer) as ravi:
        ravi.step(live, "check", name="Ravi Rao, physician", read="on")
    with desk(editor) as edith:
        edith.saves(live, **change)
        assert ("Ravi Rao, physician had checked the whole page" in text(edith.opens(live))) == (name == "")
    assert Page.objects.get(pk=live.pk).reviewed_by == name


def test_check_does_not_carry_someones_edit_along(live, desk, editor, reviewer):
    with desk(editor) as edith:
        edith.saves(live, blocks__1__body="<p>Second.</p>")
    with desk(reviewer) as ravi:
        ravi.step(live, "check", name="Ravi Rao, physician", read="on")
        assert ravi.step(live, "publish", note="Checked").status_code == 422
    assert "Second." not in public()


def test_check_of_an_approved_draft_leaves_it_approved(page, desk, editor, reviewer):
    approved(page, desk, editor, reviewer)
    with desk(reviewer) as ravi:
        ravi.step(page, "check", name="Ravi Rao, physician", read="on")
        assert ravi.step(page, "publish", note="Checked").status_code == 302


def test_reviewer_sends_back(page, desk, editor, reviewer):
    approved(page, desk, editor, reviewer)
    with desk(reviewer) as ravi:
        ravi.client.post(address(page, "send_back"))
    assert stage(page) == Stage.DRAFT


def test_take_down_is_asked_about_and_can_be_restored(live, desk, reviewer):
    with desk(reviewer) as ravi:
        ravi.client.post(address(live, "take_down"))
        assert public() is not None
        ravi.step(live, "take_down")
        assert public() is None
        ravi.client.post(f"/admin/content/page/revision/{live.live_id}/restore/")
    assert public() is not None


def test_page_that_the_site_leads_to_offers_no_way_down(desk, reviewer):
    page = put_live(make_page("privacy", WORDS))
    with desk(reviewer) as ravi:
        shown = text(ravi.opens(page))
        assert not [step for step in ("take-down", "expire") if f"/{page.pk}/{step}/" in shown]
        assert ravi.step(page, "take_down").status_code == 422


def test_restore_tells_whoever_has_the_draft_open(live, desk, editor, reviewer):
    with desk(editor) as edith:
        opened = edith.form(live)
    with desk(reviewer) as ravi:
        ravi.client.post(f"/admin/content/page/revision/{live.live_id}/restore/")
    with desk(editor) as edith:
        assert edith.saves(live, opened, title="Late").status_code == 409


def test_each_sees_only_their_own_steps(page, desk, editor, reviewer):
    def offers(someone):
        shown = text(someone.opens(page))
        return {name for name in ("send", "review", "publish", "check") if f'/{page.pk}/{name}/"' in shown}

    with desk(editor) as edith:
        assert offers(edith) == {"send"}
        edith.step(page, "send")
        assert offers(edith) == set()
    with desk(reviewer) as ravi:
        assert offers(ravi) == {"review", "check"}
        ravi.step(page, "review")
        assert offers(ravi) == {"publish", "check"}
