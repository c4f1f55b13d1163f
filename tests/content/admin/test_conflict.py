"""Two people at one page: the second is told, sees both texts, and loses nothing."""

import pytest

from content.models import Block, DrugFacts, Page
from tests.content.admin.conftest import fields_of
from tests.content.test_snapshot import make_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(page, desk, editor, both):
    """The editor opened the page; then the other saved it. ``late(**changes)`` is the editor's own save."""

    def save(theirs, **mine):
        with desk(editor) as edith:
            opened = edith.form(page)
        with desk(both) as ravi:
            assert ravi.saves(page, **theirs).status_code == 302
        with desk(editor) as edith:
            return edith.saves(page, opened, **mine)

    return save


def now(page):
    return Page.objects.get(pk=page.pk)


def test_second_to_save_gets_both_texts_and_nothing_is_overwritten(page, late):
    response = late({"summary": "Theirs is kept."}, summary="Mine is longer.")
    assert response.status_code == 409
    shown = response.content.decode()
    assert "Somebody else saved this page while you had it open" in shown
    assert "<del>Theirs</del>" in shown
    assert "<ins>Mine</ins>" in shown
    assert now(page).summary == "Theirs is kept."


def test_own_text_is_in_the_form_and_a_second_save_takes_it(page, late, desk, editor):
    response = late({"summary": "Theirs."}, summary="Mine.", blocks__1__body="<p>My words.</p>")
    again = fields_of(response.content.decode())
    assert again["summary"] == "Mine."
    assert again["blocks-1-body"] == "<p>My words.</p>"
    with desk(editor) as edith:
        assert edith.saves(page, again).status_code == 302
    assert now(page).summary == "Mine."
    assert page.blocks.get(position=2).body == "<p>My words.</p>"


def test_block_that_the_other_deleted_comes_back_with_ones_own_text(page, late, desk, editor):
    response = late({"blocks__1__DELETE": "on"}, blocks__1__body="<p>My words.</p>")
    assert response.status_code == 409
    assert page.blocks.count() == 1
    with desk(editor) as edith:
        assert edith.saves(page, fields_of(response.content.decode())).status_code == 302
    assert [block.body for block in page.blocks.all()] == ["<ul><li>One.</li></ul>", "<p>My words.</p>"]


def test_block_that_the_other_added_stays(page, late, desk, editor):
    added = {"blocks__TOTAL_FORMS": "3", "blocks__2__kind": "prose", "blocks__2__body": "<p>Theirs, new.</p>"}
    response = late({**added, "blocks__2__page": page.pk, "blocks__2__id": ""}, title="Mine")
    with desk(editor) as edith:
        assert edith.saves(page, fields_of(response.content.decode())).status_code == 302
    assert now(page).title == "Mine"
    assert page.blocks.filter(body="<p>Theirs, new.</p>").exists()


def test_new_block_of_ones_own_is_kept(page, late, desk, editor):
    mine = {"blocks__TOTAL_FORMS": "3", "blocks__2__kind": "prose", "blocks__2__body": "<p>Mine, new.</p>"}
    response = late({"title": "Theirs"}, **mine, blocks__2__id="", blocks__2__page=page.pk)
    with desk(editor) as edith:
        edith.saves(page, fields_of(response.content.decode()))
    assert page.blocks.filter(body="<p>Mine, new.</p>").exists()


def test_facts_that_both_filled_in_end_as_one_row(desk, editor, both):
    page = make_page("morphine", "<p>Words.</p>", kind="drug")
    with desk(editor) as edith:
        opened = edith.form(page)
    with desk(both) as ravi:
        ravi.saves(page, drug_facts__0__boxed_warning="Theirs.")
    with desk(editor) as edith:
        response = edith.saves(page, opened, drug_facts__0__boxed_warning="Mine.")
        assert response.status_code == 409
        assert edith.saves(page, fields_of(response.content.decode())).status_code == 302
    assert DrugFacts.objects.get(page=page).boxed_warning == "Mine."


def test_save_without_the_number_of_the_draft_is_a_conflict(page, desk, editor):
    with desk(editor) as edith:
        fields = {name: value for name, value in edith.form(page).items() if name != "edit_number"}
        assert edith.saves(page, fields, title="Mine").status_code == 409
    assert now(page).title == "Hazards"


def test_every_save_that_changes_something_counts_on(page, desk, editor):
    with desk(editor) as edith:
        for number, change in enumerate(({"title": "A"}, {"blocks__1__body": "<p>B</p>"}, {}), start=1):
            edith.saves(page, **change)
            assert now(page).edit_number == min(number, 2)


@pytest.mark.parametrize(
    "odd",
    [
        {"blocks__TOTAL_FORMS": "many"},
        {"blocks__TOTAL_FORMS": "99999999"},
        {"blocks__INITIAL_FORMS": "-1"},
        {"blocks__0__id": "nonsense"},
        {"blocks__0__id": "999999"},
        {"blocks__0__position": "x" * 500},
        {"edit_number": "9" * 500},
    ],
)
@pytest.mark.parametrize("stale", [False, True])
def test_odd_input_is_never_a_server_error(odd, stale, page, desk, editor):
    with desk(editor) as edith:
        opened = edith.form(page)
        if stale:
            opened["edit_number"] = "77"
        assert edith.saves(page, opened, **odd).status_code in (302, 409, 422)
    assert Block.objects.filter(page=page).count() >= 2  # nothing is lost


def test_text_with_script_is_shown_as_text(page, late):
    response = late({"title": "Theirs"}, summary="<script>alert(1)</script>", blocks__1__body="<img src=x onerror=a>")
    assert "<script>alert(1)" not in response.content.decode()
    assert "<img src=x" not in response.content.decode()
