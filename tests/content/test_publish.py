"""Draft over live: what publish, restore and take down do to what the public sees."""

import gzip
import re
from datetime import date, timedelta
from functools import partial

import brotli
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import get_resolver
from django.utils import timezone

from content.checklist import Item
from content.checks.evidence import OTHER_PATHS
from content.make import make_all
from content.models import Block, DrugUse, Edition, Page, PageRevision, Person, Picture, Redirect, Rendering
from content.models.page import LINKED_PATHS, RESERVED_SLUGS, Stage
from content.publish import Conflict, NotApproved, expire, publish, restore, take_down
from content.snapshot import snapshot
from content.workflow import whole_page_checked
from pumpguide.publishing import AlreadyPublished, content_hash
from tests.content.going_live import NOW, approved, change, colleague, go, write
from tests.content.test_snapshot import make_claim, make_page, make_term, mark

pytestmark = pytest.mark.django_db


def public(path):
    """What lies ready to be sent at a path, or None."""
    row = Rendering.objects.filter(path=path).first()
    return row and bytes(row.plain).decode()


# --- draft is not public -------------------------------------------------------------------------------------------


def test_draft_is_not_public():
    make_page("risks", "<p>Draft.</p>")
    make_all(at=NOW)
    assert public("/risks/") is None


def test_change_to_a_live_page_is_not_public_until_it_is_published():
    page = make_page("risks", "<p>First.</p>")
    go(page)
    write(page, "<p>Second.</p>")
    make_all(at=NOW)
    assert "First." in public("/risks/")
    go(page)
    assert "Second." in public("/risks/")


def test_change_to_a_claim_is_not_public_until_the_page_is_published():
    claim = make_claim("dose-small")
    page = make_page("risks", mark("claim", "dose-small"))
    go(page)
    claim.text = "We say more."
    claim.save()
    make_all(at=NOW)
    assert "We say dose-small." in public("/risks/")
    go(page)
    assert "We say more." in public("/risks/")


# --- publish -------------------------------------------------------------------------------------------------------


def test_publish_freezes_a_revision_that_names_everything(editor, reviewer):
    page = change(make_page("risks", "<p>Words.</p>"), by=editor)
    revision = go(page, by=reviewer, note="Clearer words")
    page.refresh_from_db()
    assert page.live == revision
    assert (revision.number, revision.note) == (1, "Clearer words")
    assert (revision.written_by, revision.approved_by, revision.published_at) == (editor, reviewer, NOW)
    assert revision.snapshot == snapshot(page)
    assert revision.hash == content_hash(revision.snapshot)
    assert (page.stage, page.scheduled) == (Stage.PUBLISHED, None)


def test_each_publish_counts_on():
    page = make_page("risks")
    assert [go(change(page, title=title)).number for title in ("One", "Two", "Three")] == [1, 2, 3]
    assert page.revisions.count() == 3


@pytest.mark.parametrize("stage", [Stage.DRAFT, Stage.IN_REVIEW, Stage.PUBLISHED, Stage.ARCHIVED])
def test_draft_that_is_not_approved_is_refused(stage):
    page = approved(make_page("risks", "<p>Words.</p>"))
    Page.objects.update(stage=stage)
    with pytest.raises(NotApproved):
        publish(page, by=colleague(), at=NOW, note="A test")
    assert public("/risks/") is None


@pytest.mark.parametrize("what", ["block", "title", "claim", "source", "term"])
def test_draft_that_changed_since_it_was_approved_is_refused(what):
    claim, term = make_claim("dose-small"), make_term("reservoir")
    page = approved(make_page("risks", mark("claim", "dose-small") + mark("term", "reservoir")))
    row, fields = {
        "block": (page.blocks.get(), {"body": "<p>Other words.</p>"}),
        "title": (page, {"title": "Other words"}),
        "claim": (claim, {"text": "Other words."}),
        "source": (claim.says.get().source, {"title": "Other words"}),
        "term": (term, {"definition": "Other words."}),
    }[what]
    type(row).objects.filter(pk=row.pk).update(**fields)
    with pytest.raises(NotApproved):
        publish(page, by=colleague(), at=NOW, note="A test")
    assert public("/risks/") is None


def test_publisher_who_saw_another_draft_is_told_so():
    page = make_page("risks", "<p>First.</p>")
    seen = content_hash(snapshot(page))
    write(page, "<p>Second.</p>")
    approved(page)
    with pytest.raises(Conflict):
        publish(page, by=colleague(), at=NOW, note="A test", seen=seen)
    assert public("/risks/") is None
    publish(page, by=colleague(), at=NOW, note="A test", seen=content_hash(snapshot(page)))
    assert "Second." in public("/risks/")


def test_second_of_two_who_publish_the_same_draft_is_told_so():
    page = approved(make_page("risks", "<p>First.</p>"))
    seen = content_hash(snapshot(page))
    publish(page, by=colleague(), at=NOW, note="A test", seen=seen)
    with pytest.raises(Conflict):
        publish(page, by=colleague(), at=NOW, note="A test", seen=seen)
    assert page.revisions.count() == 1


def test_warnings_that_stand_are_kept_with_their_reason(monkeypatch):
    warning = Item("warning", "long", "A long sentence.", "first block")
    monkeypatch.setattr("content.publish.checklist", lambda data, **more: [warning])
    page = approved(make_page("risks", "<p>Words.</p>"))
    Page.objects.update(warnings_reason="The label says so")
    revision = publish(page, by=colleague(), at=NOW, note="A test")
    assert (revision.warnings, revision.warnings_reason) == ([vars(warning)], "The label says so")


# --- nobody's own change -------------------------------------------------------------------------------------------


def test_author_may_not_publish_what_a_colleague_approved(editor, reviewer):
    page = approved(change(make_page("risks", "<p>Words.</p>"), by=editor), by=reviewer)
    with pytest.raises(PermissionDenied):
        publish(page, by=editor, at=NOW, note="A test")
    assert public("/risks/") is None


def test_author_stays_an_author_when_others_change_the_page_after(editor, reviewer):
    page = change(make_page("risks", "<p>Words.</p>"), by=editor)
    change(page, by=reviewer, title="A better title")
    for author in (editor, reviewer):
        with pytest.raises(PermissionDenied):
            go(page, by=author)
    assert go(page).number == 1


def test_own_change_is_refused_and_nothing_is_public(editor):
    page = change(make_page("risks", "<p>Words.</p>"), by=editor)
    with pytest.raises(PermissionDenied):
        go(page, by=editor)
    assert public("/risks/") is None
    assert not PageRevision.objects.exists()


def test_own_change_to_a_live_page_is_refused_and_the_public_sees_the_old_one(editor, reviewer):
    page = make_page("risks", "<p>First.</p>")
    go(page, by=reviewer)
    write(page, "<p>Second.</p>", by=editor)
    with pytest.raises(PermissionDenied):
        go(page, by=editor)
    assert "First." in public("/risks/")


@pytest.mark.parametrize("what", ["claim", "term", "source"])
def test_own_change_to_what_the_page_rests_on_is_refused_too(what, editor, reviewer):
    claim, term = make_claim("dose-small"), make_term("reservoir")
    page = make_page("risks", mark("claim", "dose-small") + mark("term", "reservoir"))
    go(page, by=reviewer)
    row, field = {
        "claim": (claim, "text"),
        "term": (term, "definition"),
        "source": (claim.says.get().source, "title"),
    }[what]
    change(row, by=editor, **{field: "Other words"})
    with pytest.raises(PermissionDenied):
        go(page, by=editor)
    assert go(page, by=reviewer).number == 2


@pytest.mark.parametrize("what", ["person", "picture"])
def test_own_change_to_a_person_or_picture_of_the_page_is_refused_too(what, editor, reviewer):
    ann = Person.objects.create(name="Ann Lee", role="Nurse", interests="None")
    pump = Picture.objects.create(title="A pump", alt="A pump.", data=b"x", width=2, height=1, hash="a" * 64)
    page = make_page("risks", {"kind": "callout", "person": ann}, {"kind": "figure", "picture": pump})
    go(page, by=reviewer)
    row, field = {"person": (ann, "credentials"), "picture": (pump, "alt")}[what]
    change(row, by=editor, **{field: "Other words"})
    with pytest.raises(PermissionDenied):
        go(page, by=editor)
    assert go(page, by=reviewer).number == 2


def test_own_change_that_someone_published_long_ago_hinders_nobody(editor, reviewer):
    page = change(make_page("risks", "<p>First.</p>"), by=editor)
    go(page, by=reviewer, at=timezone.now())
    write(page, "<p>Second.</p>", by=reviewer)
    assert go(page, by=editor, at=timezone.now()).approved_by == editor


def test_own_change_is_judged_by_the_row_not_by_an_old_copy(editor):
    page = make_page("risks", "<p>Words.</p>")
    stale = Page.objects.get(pk=page.pk)
    change(page, by=editor)
    with pytest.raises(PermissionDenied):
        go(stale, by=editor)


@pytest.mark.parametrize("scheme", ["claim", "term", "page"])
def test_broken_mark_is_refused_by_name_and_nothing_changes(scheme):
    page = make_page("risks", "<p>First.</p>")
    go(page)
    write(page, mark(scheme, "nowhere"))
    with pytest.raises(ValidationError, match=f"{scheme}:nowhere"):
        go(page)
    assert "First." in public("/risks/")
    assert page.revisions.count() == 1


def test_link_to_a_page_that_is_not_public_yet_becomes_a_link_when_it_is():
    first, second = make_page("risks", mark("page", "about", "about us")), make_page("about", "<p>We.</p>")
    go(first)
    assert "<p>about us</p>" in public("/risks/")
    go(second)
    assert '<p><a href="/about/">about us</a></p>' in public("/risks/")


def test_page_moves_with_its_slug_and_leaves_nothing_behind():
    page, other = make_page("hazards", "<p>Words.</p>"), make_page("about", mark("page", "hazards"))
    go(page)
    go(other)
    go(change(page, slug="dangers"))
    assert public("/hazards/") is None
    assert "Words." in public("/dangers/")
    assert 'href="/dangers/"' in public("/about/")


def test_old_address_is_kept_as_a_redirect_until_the_page_comes_back():
    page = make_page("hazards", "<p>Words.</p>")
    go(page)
    go(change(page, slug="dangers"))
    assert list(Redirect.objects.values_list("path", "page__key")) == [("/hazards/", "hazards")]
    go(change(page, slug="hazards"))
    assert list(Redirect.objects.values_list("path", flat=True)) == ["/dangers/"]


def test_address_of_another_live_page_is_refused():
    first = make_page("risks", "<p>First.</p>")
    go(first)
    change(first, slug="dangers")  # not published: the public still finds it at /risks/
    second = make_page("harms", "<p>Second.</p>", slug="risks")
    with pytest.raises(ValidationError):
        go(second)
    assert "First." in public("/risks/")


# --- the whole page checked ----------------------------------------------------------------------------------------


def test_reviewer_may_publish_that_the_whole_page_was_checked_without_a_second_approval(reviewer):
    page = make_page("risks", "<p>Words.</p>")
    go(page)
    whole_page_checked(page, by=reviewer, at=NOW, name="Ravi R., physician")
    publish(page, by=reviewer, at=NOW, note="Whole page checked")
    assert "Reviewed by Ravi R., physician" in public("/risks/")


@pytest.mark.parametrize("whole_page", [True, False])
def test_reviewer_may_publish_that_claims_were_checked_too(reviewer, whole_page):
    claim = make_claim("dose-small")
    page = make_page("risks", mark("claim", "dose-small"))
    go(page)
    change(claim, reviewed_by="Ravi R., physician", reviewed_on=date(2026, 11, 2))
    if whole_page:
        whole_page_checked(page, by=reviewer, at=NOW, name="Ravi R., physician")
    assert publish(page, by=reviewer, at=NOW, note="Checked").snapshot["claims"][0]["checked"] is True


def test_check_does_not_carry_another_change_out_with_it(editor, reviewer):
    claim = make_claim("dose-small")
    page = make_page("risks", mark("claim", "dose-small"))
    go(page)
    change(claim, by=editor, text="Other words.")
    whole_page_checked(page, by=reviewer, at=NOW, name="Ravi R., physician")
    with pytest.raises(NotApproved):
        publish(page, by=reviewer, at=NOW, note="Whole page checked")
    assert "Not yet reviewed" in public("/risks/")


def test_name_may_not_be_taken_off_a_page_without_approval(reviewer):
    page = make_page("risks", "<p>Words.</p>", reviewed_by="Dr. A, physician", reviewed_on=date(2026, 11, 2))
    go(page)
    change(page, reviewed_by="", reviewed_on=None)
    with pytest.raises(NotApproved):
        publish(page, by=reviewer, at=NOW, note="A test")


# --- restore and take down -----------------------------------------------------------------------------------------


def test_restore_publishes_an_old_revision_again_and_the_draft_follows(editor, reviewer):
    page = make_page("risks", "<p>First.</p>", {"kind": "callout", "heading": "Box", "body": "<p>b</p>"})
    DrugUse.objects.create(page=page, use="Pain", status="unclear")  # with no date
    first = go(page)
    page.blocks.exclude(kind="callout").update(body="<p>Second.</p>")
    go(change(page, by=editor, title="Newer"), by=reviewer)
    restored = restore(first, by=reviewer, at=NOW)
    page.refresh_from_db()
    assert (restored.number, restored.snapshot, restored.hash) == (3, first.snapshot, first.hash)
    assert page.live == restored
    assert "First." in public("/risks/")
    assert snapshot(page) == first.snapshot


def test_restore_leaves_a_draft_with_unpublished_changes_alone():
    page = make_page("risks", "<p>First.</p>")
    first = go(page)
    write(page, "<p>Second.</p>")
    go(page)
    write(page, "<p>Third, not published.</p>")
    restore(first, by=None, at=NOW)
    assert page.blocks.get().body == "<p>Third, not published.</p>"
    assert "First." in public("/risks/")


@pytest.mark.parametrize("act", [take_down, partial(expire, when=NOW + timedelta(1))])
def test_page_that_the_site_leads_to_stays_public(act):
    page = make_page("get-help-now", "<p>Call.</p>", kind="safety")
    go(page)
    with pytest.raises(ValidationError, match="Change what it says instead"):
        act(page, at=NOW)
    assert "Call." in public("/safety/get-help-now/")


def test_page_that_the_site_leads_to_keeps_its_address():
    page = make_page("get-help-now", "<p>Call.</p>", kind="safety")
    go(page)
    change(page, slug="call")
    with pytest.raises(ValidationError, match="Leave it as it is"):
        page.full_clean()
    with pytest.raises(ValidationError, match="Change what it says instead"):
        go(page)


def test_every_page_that_a_template_leads_to_is_kept():
    text = "".join(path.read_text() for path in (settings.BASE_DIR / "templates").rglob("*.html"))
    led_to = {path for path in re.findall(r'href="(/(?:[a-z0-9-]+/)*)["#?]', text) if not path.startswith(OTHER_PATHS)}
    assert led_to
    assert led_to - LINKED_PATHS == set()


def test_restored_revision_names_who_wrote_it_and_who_restored_it(editor, reviewer):
    page = make_page("risks", "<p>First.</p>")
    first = go(page)  # written by the installation, by nobody on the staff
    write(page, "<p>Second.</p>", by=editor)
    second = go(page, by=reviewer)
    assert restore(first, by=reviewer, at=NOW).written_by is None
    again = restore(second, by=reviewer, at=NOW)
    assert (again.written_by, again.approved_by) == (editor, reviewer)


def test_restore_keeps_the_reviewers_name_and_date():
    page = make_page("risks", "<p>First.</p>", reviewed_by="Dr. A, physician", reviewed_on="2026-11-02")
    page.refresh_from_db()
    first = go(page)
    go(change(page, reviewed_by="", reviewed_on=None))
    assert "Not yet reviewed" in public("/risks/")
    restore(first, by=None, at=NOW)
    page.refresh_from_db()
    assert str(page.reviewed_on) == "2026-11-02"
    assert "Reviewed by Dr. A" in public("/risks/")


def test_restore_gives_a_remark_back_to_the_one_who_made_it():
    for credentials in ("RN", "MD"):
        Person.objects.create(name="Ann Lee", credentials=credentials, role="Staff", interests="None")
    doctor = Person.objects.get(credentials="MD")
    page = make_page("risks", {"kind": "callout", "person": doctor})
    first = go(page)
    page.blocks.update(person=None)
    go(change(page, title="Second"))
    restore(first, by=None, at=NOW)
    assert page.blocks.get().person == doctor


def test_restore_refuses_what_leads_nowhere_by_now():
    claim = make_claim("dose-small")
    other = make_page("about", "<p>a</p>")
    page = make_page("risks", mark("claim", "dose-small") + mark("page", "about"))
    first = go(page)
    write(page, "<p>Second.</p>")
    go(page)
    claim.delete()  # frozen in the revision, so it is not missed
    assert "We say dose-small." in restore(first, by=None, at=NOW).snapshot["claims"][0]["text"]
    other.delete()
    with pytest.raises(ValidationError, match="page:about"):
        restore(first, by=None, at=NOW)


def test_restore_refuses_an_address_that_another_page_took():
    page = make_page("hazards", "<p>First.</p>")
    first = go(page)
    go(change(page, slug="dangers"))
    go(make_page("harms", "<p>Harms.</p>", slug="hazards"))
    with pytest.raises(ValidationError):
        restore(first, by=None, at=NOW)
    assert "Harms." in public("/hazards/")


def test_restore_does_not_make_an_unpublished_change_anybodys(editor, reviewer):
    page = make_page("risks", "<p>First.</p>")
    first = go(page, at=timezone.now())
    go(change(page, title="Second"), at=timezone.now())
    write(page, "<p>Not published.</p>", by=editor)
    restore(first, by=reviewer, at=timezone.now())
    with pytest.raises(PermissionDenied):
        go(page, by=editor, at=timezone.now())


def test_taken_down_page_is_gone_for_the_public_and_kept_for_staff():
    page, other = make_page("hazards", "<p>Words.</p>"), make_page("about", mark("page", "hazards", "the hazards"))
    revision = go(page)
    go(other)
    take_down(page, at=NOW)
    page.refresh_from_db()
    assert page.live is None
    assert public("/hazards/") is None
    assert "<p>the hazards</p>" in public("/about/")
    assert page.blocks.count() == 1
    assert list(page.revisions.all()) == [revision]


def test_taken_down_page_can_be_restored():
    page = make_page("hazards", "<p>Words.</p>")
    revision = go(page)
    take_down(page, at=NOW)
    restore(revision, by=None, at=NOW)
    assert "Words." in public("/hazards/")


# --- a revision cannot change --------------------------------------------------------------------------------------


def save(revision):
    revision.note = "changed"
    revision.save()


def save_over(revision):
    PageRevision(
        pk=revision.pk, page=revision.page, number=1, snapshot={}, note="changed", frozen_at=NOW, published_at=NOW
    ).save()


def bulk_create_over(revision):
    changed = PageRevision(page=revision.page, number=1, snapshot={}, note="changed", frozen_at=NOW, published_at=NOW)
    PageRevision.objects.bulk_create(
        [changed], update_conflicts=True, unique_fields=["page", "number"], update_fields=["snapshot", "note"]
    )


def bulk_update(revision):
    revision.note = "changed"
    PageRevision.objects.bulk_update([revision], ["note"])


def update_or_create(revision):
    PageRevision.objects.update_or_create(pk=revision.pk, defaults={"note": "changed"})


CHANGES = {
    "save": save,
    "save another over it": save_over,
    "save some fields": lambda revision: revision.save(update_fields=["note"]),
    "delete": lambda revision: revision.delete(),
    "update": lambda _revision: PageRevision.objects.update(note="changed"),
    "update by its page": lambda revision: revision.page.revisions.update(note="changed"),
    "update some": lambda revision: PageRevision.objects.filter(pk=revision.pk).update(note="changed"),
    "delete all": lambda _revision: PageRevision.objects.all().delete(),
    "bulk update": bulk_update,
    "bulk create over it": bulk_create_over,
    "update or create": update_or_create,
}


@pytest.mark.parametrize("how", CHANGES)
def test_revision_cannot_be_changed_in_code(how):
    revision = go(make_page("risks", "<p>Words.</p>"))
    with pytest.raises((AlreadyPublished, IntegrityError)), transaction.atomic():
        CHANGES[how](PageRevision.objects.get(pk=revision.pk))
    kept = PageRevision.objects.get(pk=revision.pk)
    assert (kept.note, kept.snapshot) == ("A test", revision.snapshot)


def test_refused_change_to_a_revision_says_what_to_do_instead():
    revision = go(make_page("risks", "<p>Words.</p>"))
    with pytest.raises(AlreadyPublished, match="Publish a new revision instead"):
        revision.save()


def test_page_with_revisions_cannot_be_deleted():
    page = make_page("risks", "<p>Words.</p>")
    go(page)
    with pytest.raises((ProtectedError, AlreadyPublished)):
        page.delete()


def test_person_who_wrote_or_approved_cannot_be_deleted(editor, reviewer):
    go(change(make_page("risks", "<p>Words.</p>"), by=editor), by=reviewer)
    Page.objects.update(changed_by=None)
    for user in get_user_model().objects.all():
        with pytest.raises(ProtectedError):
            user.delete()


# --- the bytes -----------------------------------------------------------------------------------------------------


def test_the_three_encodings_hold_the_same_page():
    go(make_page("risks", "<p>Words.</p>"))
    row = Rendering.objects.get()
    plain = bytes(row.plain)
    assert b"Words." in plain
    assert gzip.decompress(bytes(row.gzip)) == brotli.decompress(bytes(row.brotli)) == plain
    assert len(bytes(row.brotli)) < len(bytes(row.gzip)) < len(plain)


def test_other_pages_are_made_again_when_a_title_they_may_show_changes():
    page = make_page("first", "<p>a</p>", kind="step", position=1)
    listing = make_page("five-steps", {"kind": "listing", "subject": "step"})
    go(page)
    go(listing)
    assert "Menu A" not in public("/five-steps/")
    go(change(page, menu_title="Menu A"))
    assert "Menu A" in public("/five-steps/")


def test_bytes_are_not_made_again_when_nothing_changed():
    go(make_page("risks", "<p>Words.</p>"))
    go(make_page("about", "<p>We.</p>"))
    before = list(Rendering.objects.values_list("path", "made_at", "etag"))
    edition = Edition.objects.get().number
    later = NOW + timedelta(days=1)
    assert make_all(at=later) == 0
    assert list(Rendering.objects.values_list("path", "made_at", "etag")) == before
    assert Edition.objects.get().number == edition


def test_only_the_page_that_changed_is_made_again_when_no_other_shows_it():
    page, other = make_page("risks", "<p>First.</p>"), make_page("about", "<p>We.</p>")
    go(page)
    go(other)
    made = Rendering.objects.get(path="/about/").made_at
    write(page, "<p>Second.</p>")
    go(page, at=NOW + timedelta(hours=1))
    assert Rendering.objects.get(path="/about/").made_at == made
    assert Rendering.objects.get(path="/risks/").made_at > made


def test_every_publish_and_take_down_counts_an_edition():
    page = make_page("hazards", "<p>Words.</p>")
    counted = []
    for act in (lambda: go(page), lambda: go(change(page, title="New")), lambda: take_down(page, at=NOW)):
        act()
        counted.append(Edition.objects.get().number)
    assert counted == sorted(set(counted))


def test_etag_changes_with_the_bytes_only():
    page = make_page("risks", "<p>First.</p>")
    go(page)
    first = Rendering.objects.get().etag
    write(page, "<p>Second.</p>")
    go(page)
    second = Rendering.objects.get().etag
    write(page, "<p>First.</p>")
    go(page)
    assert first != second
    assert Rendering.objects.get().etag == first


def test_new_templates_make_every_page_again(monkeypatch):
    go(make_page("risks", "<p>Words.</p>"))
    go(make_page("about", "<p>We.</p>"))
    monkeypatch.setattr("content.make.build", lambda: "another build")
    assert make_all(at=NOW) == 2


def test_publish_that_fails_half_way_leaves_everything_as_it_was(monkeypatch):
    page = make_page("risks", "<p>First.</p>")
    go(page)
    write(page, "<p>Second.</p>")

    def broken(*args, **kwargs):
        raise RuntimeError("a template is broken")

    monkeypatch.setattr("content.make.render", broken)
    with pytest.raises(RuntimeError):
        go(page)
    page.refresh_from_db()
    assert page.live.number == 1
    assert page.revisions.count() == 1
    assert "First." in public("/risks/")


@pytest.mark.parametrize(
    "fields",
    [
        *({"slug": slug} for slug in ("admin", "screening", "staff", "", "MRI", "my_page")),
        {"kind": "home", "slug": "start"},
    ],
)
def test_address_that_could_not_be_opened_is_refused_in_the_draft(fields):
    page = make_page("one", slug="one")
    for field, value in fields.items():
        setattr(page, field, value)
    with pytest.raises(ValidationError) as refusal:
        page.full_clean()
    assert set(refusal.value.message_dict) == {"slug"}


@pytest.mark.parametrize("path", ["/Old/", "/old_name/", "/old", "/staff/old/", "/a/b/c/d/e/", "/old/\n"])
def test_redirect_from_where_no_page_can_be_is_refused(path):
    with pytest.raises(ValidationError, match="No page can be at this address"):
        Redirect(path=path, page=make_page("one")).full_clean()


def test_what_the_site_itself_answers_is_reserved():
    routes = get_resolver().url_patterns
    first = {str(route.pattern).lstrip("^").split("/")[0] for route in [*routes, *routes[-1].url_patterns]}
    assert {name for name in first if re.fullmatch("[a-z0-9-]+", name)} | {"static"} == set(RESERVED_SLUGS)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"kind": "figure", "subject": "rocket"}, "Choose one of"),
        ({"kind": "figure"}, "Choose one of"),
        ({"kind": "care-card", "subject": "panic"}, "Choose one of"),
        ({"kind": "prose", "subject": "anatomy"}, "Leave this empty"),
        ({"kind": "number"}, "both numbers"),
        ({"kind": "prose", "numerator": 1, "denominator": 2}, "both numbers"),
        ({"kind": "number", "numerator": 3, "denominator": 2}, "not larger"),
        ({"kind": "number", "denominator": 2}, "both numbers"),
        ({"kind": "prose", "numerator": 1}, "both numbers"),
        ({"kind": "listing", "subject": "home"}, "Choose one of"),
        ({"kind": "differ", "subject": "no-topic"}, "Choose one of"),
    ],
)
def test_block_that_cannot_be_drawn_is_refused_with_what_to_do(fields, told):
    block = Block(page=make_page("risks"), position=1, **fields)
    with pytest.raises(ValidationError, match=told):
        block.full_clean()


def test_block_is_cleaned_when_it_is_checked():
    block = Block(page=make_page("risks"), position=1, body="<p onclick=x>a<script>b</script></p>")
    block.full_clean()
    assert block.body == "<p>a</p>"
