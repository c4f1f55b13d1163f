"""Claims, words, people and the clinic at the desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from content.models import (
    Claim,
    ConditionFacts,
    Correction,
    Feedback,
    Page,
    Person,
    Picture,
    Redirect,
    SiteSettings,
    Source,
    Term,
)
from content.models.page import Stage
from content.publish import make_all
from content.snapshot import pages_using
from tests.conftest import person
from tests.content.admin.conftest import fields_of, put_live
from tests.content.test_snapshot import make_claim, make_page, make_term, mark

pytestmark = pytest.mark.django_db


def change(someone, row, **changes):
    """The row's form with these changes, posted."""
    name = f"{row._meta.app_label}_{row._meta.model_name}"
    address = reverse(f"admin:{name}_change", args=[row.pk])
    fields = fields_of(someone.client.get(address).content.decode(), f"{row._meta.model_name}_form")
    changes = {field.replace("__", "-"): value for field, value in changes.items()}
    return someone.client.post(address, {**fields, **changes})


def mark_checked(someone, *claims):
    given = {"action": "mark_checked", "_selected_action": [claim.pk for claim in claims]}
    return someone.client.post(reverse("admin:content_claim_changelist"), given)


# --- claims -------------------------------------------------------------------------------------------------------


def test_reviewer_marks_claims_as_checked_and_is_no_author_of_them(desk, reviewer):
    Person.objects.create(name="Ravi Rao", credentials="MD", role="Pain physician", interests="None", user=reviewer)
    claim = make_claim("dose-small")
    with desk(reviewer) as ravi:
        mark_checked(ravi, claim)
    claim.refresh_from_db()
    assert claim.reviewed_by == "Ravi Rao, MD, Pain physician"
    assert claim.reviewed_on == timezone.localdate()
    assert claim.authors == []


def test_reviewer_can_say_so_on_the_form_too_and_is_no_author(desk, reviewer):
    claim = make_claim("dose-small")
    with desk(reviewer) as ravi:
        assert change(ravi, claim, reviewed_by="Ravi", reviewed_on="2026-11-02").status_code == 302
    claim.refresh_from_db()
    assert (claim.reviewed_by, claim.authors) == ("Ravi", [])


def test_nobody_checks_a_claim_of_their_own(desk, both):
    claim, other = make_claim("dose-small"), make_claim("dose-large")
    with desk(both) as ravi:
        change(ravi, claim, text="New words.")
        mark_checked(ravi, claim, other)
    claim.refresh_from_db()
    other.refresh_from_db()
    assert (claim.reviewed_by, other.reviewed_by) == ("", "ravi")


def test_nobody_checks_a_claim_of_their_own_on_its_form(desk, both):
    claim, check = make_claim("dose-small"), {"reviewed_by": "Ravi", "reviewed_on": "2026-11-02"}
    with desk(both) as ravi:
        change(ravi, claim, text="New words.", **check)
        assert Claim.objects.get().reviewed_by == ""
        change(ravi, claim, **check)
        assert Claim.objects.get().reviewed_by == ""
        fields = {"key": "new", "language": "en", "topic": claim.topic_id, "text": "Mine.", "certainty": "agree"}
        says = {"says-TOTAL_FORMS": 0, "says-INITIAL_FORMS": 0, "position": 0}
        assert ravi.client.post(reverse("admin:content_claim_add"), {**fields, **says, **check}).status_code == 302
    assert Claim.objects.get(key="new").reviewed_by == ""


def test_editor_cannot_mark_claims_as_checked(desk, editor):
    claim = make_claim("dose-small")
    with desk(editor) as edith:
        mark_checked(edith, claim)
        change(edith, claim, reviewed_by="Me", reviewed_on="2026-11-02")
    claim.refresh_from_db()
    assert claim.reviewed_by == ""


@pytest.mark.parametrize("what", [{"text": "New words."}, {"says__0__text": "It says otherwise."}])
def test_changed_claim_is_unchecked_again(what, desk, editor):
    claim = make_claim("dose-small", reviewed_by="Dr. A", reviewed_on="2026-11-02")
    with desk(editor) as edith:
        assert change(edith, claim, **what).status_code == 302
    claim.refresh_from_db()
    assert (claim.reviewed_by, claim.reviewed_on, claim.changed_by) == ("", None, editor)


def test_saving_a_claim_or_word_without_a_change_makes_nobody_its_author(desk, editor):
    rows = [
        make_claim("dose-small", text="One.\nTwo.", reviewed_by="Dr. A", reviewed_on="2026-11-02"),
        make_term("reservoir", also=["tank", "store"]),
    ]
    with desk(editor) as edith:
        for row in rows:
            assert change(edith, row).status_code == 302
            row.refresh_from_db()
            assert row.changed_by is None
    assert Claim.objects.get().reviewed_by == "Dr. A"
    assert Term.objects.get().also == ["tank", "store"]


def test_claim_says_which_pages_use_it(desk, editor):
    claim, other = make_claim("dose-small"), make_claim("dose-large", certainty="differ")
    make_page("marked", mark("claim", "dose-small"))
    make_page("backed", kind="condition")
    ConditionFacts.objects.create(page=Page.objects.get(key="backed"), strength="Two.", claim="dose-small")
    make_page("drawn", {"kind": "differ", "subject": "dose"})
    assert {page.key for page in pages_using(claim)} == {"marked", "backed"}
    assert {page.key for page in pages_using(other)} == {"drawn"}
    with desk(editor) as edith:
        shown = edith.client.get(reverse("admin:content_claim_change", args=[claim.pk])).content.decode()
    assert reverse("admin:content_page_change", args=[Page.objects.get(key="marked").pk]) in shown


def test_other_names_of_a_word_are_written_one_a_line(desk, editor):
    term = make_term("reservoir")
    with desk(editor) as edith:
        change(edith, term, also="tank\r\n\r\n store ")
    assert Term.objects.get().also == ["tank", "store"]


def test_change_of_a_person_is_stamped(desk, editor):
    ann = Person.objects.create(name="Ann Lee", role="Nurse", interests="None")
    with desk(editor) as edith:
        change(edith, ann)
        assert Person.objects.get().changed_by is None
        change(edith, ann, role="Doctor")
    assert Person.objects.get().authors[0][0] == editor.pk


# --- corrections --------------------------------------------------------------------------------------------------


def test_correction_waits_for_a_second_person_and_then_stays_as_it_is(client, desk, editor, both, page):
    listed, day = reverse("admin:content_correction_changelist"), timezone.localdate()
    with desk(both) as ravi:
        given = {"page": page.pk, "corrected_on": day, "was": "One.", "now": "Two."}
        assert ravi.client.post(reverse("admin:content_correction_add"), given).status_code == 302
        row = Correction.objects.get()
        chosen = {"action": "make_public", "_selected_action": [row.pk]}
        assert "Ask a colleague" in ravi.client.post(listed, chosen, follow=True).content.decode()
    assert "Two." not in client.get("/corrections/").content.decode()
    with desk(person("carl", "Clinical reviewer")) as carl:
        assert "Corrections to make public" in carl.client.get("/admin/").content.decode()
        assert "is public." in carl.client.post(listed, chosen, follow=True).content.decode()
    assert "Two." in client.get("/corrections/").content.decode()
    with desk(editor) as edith:
        change, delete = (reverse(f"admin:content_correction_{act}", args=[row.pk]) for act in ("change", "delete"))
        assert edith.client.post(change, {**given, "now": "Three."}).status_code == 403
        assert edith.client.post(delete, {"post": "yes"}).status_code == 403
        edith.client.post(listed, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert "Two." in client.get("/corrections/").content.decode()


# --- the clinic ---------------------------------------------------------------------------------------------------


def test_there_is_one_row_of_site_settings_and_saving_it_makes_the_pages_anew(desk, editor, monkeypatch):
    made = []
    monkeypatch.setattr("content.admin.clinic.make_all", lambda *, at: made.append(at))
    with desk(editor) as edith:
        listed = edith.client.get(reverse("admin:content_sitesettings_changelist"))
        assert listed.url == reverse("admin:content_sitesettings_change", args=[1])
        assert change(edith, SiteSettings.current(), clinic_name="Pain Clinic").status_code == 302
        assert change(edith, SiteSettings.current(), callback="on").status_code == 422
        assert edith.client.get(reverse("admin:content_sitesettings_add")).status_code == 403
        assert edith.client.get("/admin/content/sitesettings/2/change/").status_code == 302
    assert SiteSettings.objects.get().clinic_name == "Pain Clinic"
    assert len(made) == 1


def test_redirect_by_hand_is_written_one_way(desk, editor):
    page = put_live(make_page("risks", "<p>Words.</p>"))
    with desk(editor) as edith:
        edith.client.post(reverse("admin:content_redirect_add"), {"path": "old/risks", "page": page.pk})
        assert Redirect.objects.get().path == "/old/risks/"
        wrong = edith.client.post(reverse("admin:content_redirect_add"), {"path": "/", "page": page.pk})
    assert wrong.status_code == 422


def test_feedback_is_to_read_only(desk, editor):
    page = make_page("risks")
    row = Feedback.objects.create(page=page, day=timezone.localdate(), helpful=False, count=3)
    with desk(editor) as edith:
        assert edith.client.get(reverse("admin:content_feedback_changelist")).status_code == 200
        assert edith.client.get(reverse("admin:content_feedback_add")).status_code == 403
        address = reverse("admin:content_feedback_change", args=[row.pk])
        assert edith.client.post(address, {"count": "9"}).status_code == 403
        assert edith.client.get(reverse("admin:content_feedback_delete", args=[row.pk])).status_code == 403


# --- the first page -----------------------------------------------------------------------------------------------


def first_page(someone):
    return someone.client.get(reverse("admin:index")).content.decode()


def test_first_page_shows_what_needs_someone(desk, editor):
    today = timezone.localdate()
    make_claim("dose-small", text="Nobody checked this.")
    Source.objects.update(recheck_on=today)
    put_live(make_page("late", "<p>Words.</p>", title="Late page", next_review=today - timedelta(days=1)))
    make_page("waiting", "<p>Words.</p>", title="Waiting page", stage=Stage.IN_REVIEW)
    gone = make_page("gone", "<p>Words.</p>")
    leads = mark("page", "gone") + '<p><a href="/nowhere/">x</a> <a href="/screening/start/">x</a></p>'
    put_live(make_page("lost", leads, title="Lost page"))
    Feedback.objects.create(page=gone, day=today, helpful=False, count=3)
    Feedback.objects.create(page=gone, day=today, helpful=True, count=4)
    with desk(editor) as edith:
        shown = first_page(edith)
    for text in (
        "Late page", "Waiting page", "Lost page", "page:gone, /nowhere/", "3 no, 4 yes", "Nobody checked this.",
        "S0: Title of S0",
    ):  # fmt: skip
        assert text in shown, text
    assert "/screening/start/" not in shown


@pytest.mark.parametrize("what", ["page", "claim", "check", "picture"])
def test_first_page_names_pages_whose_public_text_is_older(what, desk, editor):
    picture = Picture.objects.create(title="A", alt="A pump.", data=b"x", width=2, height=1, hash="a" * 64)
    claim = make_claim("dose-small")
    figure = {"kind": "figure", "picture": picture}
    page = put_live(make_page("mended", mark("claim", "dose-small"), figure, title="Mended page"))
    with desk(editor) as edith:
        assert "Mended page" not in first_page(edith)
        row, fields = {
            "page": (page, {"summary": "New."}),
            "claim": (claim, {"text": "New."}),
            "check": (claim, {"reviewed_by": "Ravi", "reviewed_on": timezone.localdate()}),
            "picture": (picture, {"alt": "New."}),
        }[what]
        type(row).objects.filter(pk=row.pk).update(**fields)
        assert "Mended page" in first_page(edith)
        assert "Live, with newer draft" in edith.client.get(reverse("admin:content_page_changelist")).content.decode()
        Page.objects.update(stage=Stage.IN_REVIEW)
        assert first_page(edith).count("Mended page") == 1  # it waits for a reviewer, and is named there alone


def test_first_page_of_a_quiet_desk_says_so(desk, editor):
    make_all(at=timezone.now())
    with desk(editor) as edith:
        shown = first_page(edith)
    for text in ("No page is overdue.", "Nothing waits for a reviewer.", "Every link leads somewhere."):
        assert text in shown


def test_first_page_shows_a_nurse_nothing_of_the_guide(desk, nurse):
    make_page("waiting", "<p>Words.</p>", title="Waiting page", stage=Stage.IN_REVIEW)
    with desk(nurse) as nora:
        assert "What needs someone" not in first_page(nora)


def test_first_page_does_not_grow_dear_with_the_pages(desk, editor, django_assert_max_num_queries):
    for number in range(12):
        put_live(make_page(f"page-{number}", "<p>Words.</p>", stage=Stage.IN_REVIEW))
        Feedback.objects.create(
            page=Page.objects.get(key=f"page-{number}"), day=timezone.localdate(), helpful=False, count=1
        )
    with desk(editor) as edith, django_assert_max_num_queries(30):
        first_page(edith)
