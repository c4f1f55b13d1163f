"""The page's form: what each kind of page and block asks for, and what comes out of what people type."""

import pytest

from content.models import DrugFacts, DrugUse, Page, Person, Picture
from content.models.page import BlockKind, PageKind
from tests.content.admin.conftest import address
from tests.content.test_snapshot import make_claim, make_page, make_source

pytestmark = pytest.mark.django_db


def block(number=0, page="", **fields):
    given = {"id": "", "page": page, "kind": "prose", "position": "", "heading": "", "body": "", **fields}
    return {f"blocks-{number}-{name}": value for name, value in given.items()}


def one_block(page, **fields):
    return {"blocks-TOTAL_FORMS": "1", "blocks-INITIAL_FORMS": "0", **block(page=page.pk, **fields)}


@pytest.fixture
def bare(db):
    return make_page("bare")


def test_page_is_added_and_its_author_noted(desk, editor, client):
    with desk(editor) as edith:
        fields = {"title": "Sleep", "menu_title": "Sleep", "summary": "Sleep well.", "kind": "article", "slug": "sleep"}
        management = {"blocks-TOTAL_FORMS": "0", "blocks-INITIAL_FORMS": "0"}
        given = {**fields, **management, "position": "0", "language": "en", "key": "sleep"}
        assert edith.client.post("/admin/content/page/add/", given).status_code == 302
    page = Page.objects.get(key="sleep")
    assert (page.changed_by, page.stage, page.live) == (editor, "draft", None)
    assert [user for user, _when in page.authors] == [editor.pk]


@pytest.mark.parametrize(
    ("kind", "prefixes"),
    [
        (PageKind.DRUG, {"drug_facts", "drug_uses"}),
        (PageKind.PUMP_TYPE, {"pump_type_facts"}),
        (PageKind.CONDITION, {"condition_facts"}),
        (PageKind.STEP, {"step_facts"}),
        (PageKind.ARTICLE, set()),
        (PageKind.SAFETY, set()),
    ],
)
def test_form_asks_for_the_facts_of_the_kind_and_no_others(kind, prefixes, desk, editor):
    page = make_page("some", kind=kind)
    with desk(editor) as edith:
        form = edith.form(page)
        assert {name.split("-")[0] for name in form if name.endswith("-TOTAL_FORMS")} == {*prefixes, "blocks"}
        assert edith.saves(page).status_code == 302  # the empty rows for facts ask for nothing


def test_facts_of_a_medicine_are_saved_and_make_the_page_ones_own(desk, editor):
    page = make_page("morphine", kind="drug")
    make_claim("morphine-label")
    with desk(editor) as edith:
        use = {"use": "Pain", "status": "on-label", "as_of": "2018-11-14", "claim": "morphine-label"}
        given = {f"drug_uses-0-{name}": value for name, value in use.items()}
        response = edith.saves(page, drug_facts__0__emergency_signs="Sleepy\r\nBlue lips", **given)
        assert response.status_code == 302
        assert edith.saves(page).status_code == 302
    page.refresh_from_db()
    assert DrugFacts.objects.get().emergency_signs == "Sleepy\nBlue lips"
    assert DrugUse.objects.get().claim == "morphine-label"
    assert (page.changed_by, page.edit_number) == (editor, 1)


def test_fact_with_an_unknown_claim_or_source_is_refused_kindly(desk, editor):
    page = make_page("cancer", kind="condition")
    make_source("S0")
    with desk(editor) as edith:
        given = {"named_by": "S0, S9", "strength": "Two name it.", "claim": "nowhere"}
        response = edith.saves(page, **{f"condition_facts-0-{name}": value for name, value in given.items()})
    assert response.status_code == 422
    assert "No claim has this key" in response.content.decode()
    assert "No source has the key S9" in response.content.decode()


def test_blocks_without_a_place_go_to_the_end_in_their_order(desk, editor, page):
    with desk(editor) as edith:
        new = {**block(2, page.pk, body="<p>Three.</p>"), **block(3, page.pk, body="<p>Four.</p>")}
        edith.saves(page, **{"blocks-TOTAL_FORMS": "4", **new})
    assert [one.body for one in page.blocks.all()][2:] == ["<p>Three.</p>", "<p>Four.</p>"]


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (
            '<p class="MsoNormal"><b style="mso-bidi-font-weight:normal"><span>Rest</span></b><o:p></o:p></p>',
            "<p>Rest</p>",
        ),
        ("<!--[if gte mso 9]><xml><w:WordDocument></xml><![endif]--><p>Rest</p>", "<p>Rest</p>"),
        ('<p><font color="red">Rest</font> <img src="https://elsewhere.example/x.png"></p>', "<p>Rest </p>"),
        ("<div><h1>Rest</h1><script>alert(1)</script><style>p{}</style></div>", "Rest"),
        ('<p><a href="//elsewhere.example">Rest</a></p>', "<p><a>Rest</a></p>"),
    ],
)
def test_what_is_pasted_from_word_or_the_web_comes_out_clean(pasted, kept, bare, desk, editor):
    with desk(editor) as edith:
        assert edith.saves(bare, **one_block(bare, body=pasted)).status_code == 302
    assert bare.blocks.get().body == kept


def test_line_ends_of_the_browser_are_no_change(bare, desk, editor):
    bare.summary = "One line.\nAnother line."
    bare.save()
    with desk(editor) as edith:
        assert "\r\n" in edith.form(bare)["summary"]
        edith.saves(bare)
    bare.refresh_from_db()
    assert (bare.summary, bare.edit_number) == ("One line.\nAnother line.", 0)


# --- kinds of blocks ----------------------------------------------------------------------------------------------


def test_every_kind_of_block_can_be_made_with_what_it_needs(bare, desk, editor):
    make_claim("dose-small", topic="dose")
    person = Person.objects.create(name="A. Nurse", role="Pain nurse", interests="None")
    needed = {
        "care-card": {"subject": "today"},
        "figure": {"subject": "anatomy"},
        "number": {"numerator": "3", "denominator": "100"},
        "differ": {"subject": "dose"},
        "listing": {"subject": "drug"},
        "callout": {"person": person.pk},
        "story": {"person": person.pk, "consent_on": "2026-11-01", "typical": "Others felt less."},
        "table": {"body": "Ways\r\nWay | Good\r\nPump | Less pain"},
    }
    rows = {}
    for number, kind in enumerate(BlockKind.values):
        rows |= block(number, bare.pk, **{"kind": kind, "body": "<p>Words.</p>", **needed.get(kind, {})})
    total = {"blocks-TOTAL_FORMS": str(len(BlockKind.values))}
    with desk(editor) as edith:
        response = edith.saves(bare, **total, **rows)
        assert response.status_code == 302
        assert edith.opens(bare, "preview").status_code == 200
        before = list(bare.blocks.values_list())
        assert edith.saves(bare).status_code == 302
    bare.refresh_from_db()
    assert list(bare.blocks.values_list()) == before
    assert bare.edit_number == 1
    assert [one.kind for one in bare.blocks.all()] == BlockKind.values


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "care-card"},
        {"kind": "figure"},
        {"kind": "number", "numerator": "3"},
        {"kind": "number", "numerator": "5", "denominator": "3"},
        {"kind": "prose", "subject": "anatomy"},
        {"kind": "story", "body": "<p>I.</p>"},
        {"kind": "story", "body": "<p>I.</p>", "consent_on": "2026-11-01"},
    ],
)
def test_block_that_lacks_what_its_kind_needs_is_refused(fields, bare, desk, editor):
    with desk(editor) as edith:
        assert edith.saves(bare, **one_block(bare, **fields)).status_code == 422
    assert not bare.blocks.exists()


def test_figure_can_show_an_uploaded_picture_in_place_of_a_drawing(bare, desk, editor):
    picture = Picture.objects.create(title="A pump", alt="A pump.", data=b"x", width=2, height=1, hash="a" * 64)
    with desk(editor) as edith:
        both = one_block(bare, kind="figure", picture=picture.pk, subject="anatomy")
        assert edith.saves(bare, **both).status_code == 422
        assert edith.saves(bare, **one_block(bare, kind="figure", picture=picture.pk)).status_code == 302
    assert bare.blocks.get().picture == picture


# --- help, and who may ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("evidence")
def test_form_lists_the_keys_to_copy(page, desk, editor):
    with desk(editor) as edith:
        shown = edith.opens(page).content.decode()
    for key in ("claim:dose-small", "term:reservoir", "page:hazards"):
        assert f"<code>{key}</code>" in shown


def test_kind_key_and_language_stay_as_first_given(page, desk, editor):
    with desk(editor) as edith:
        edith.saves(page, kind="drug", key="other", language="xx", title="New")
    page.refresh_from_db()
    assert (page.kind, page.key, page.language, page.title) == ("article", "hazards", "en", "New")


def test_who_checked_the_page_is_not_typed_in_by_hand(page, desk, editor):
    with desk(editor) as edith:
        edith.saves(page, reviewed_by="Dr. Nobody", reviewed_on="2026-11-01", title="New")
    page.refresh_from_db()
    assert page.reviewed_by == ""


def test_reviewer_reads_the_form_and_cannot_save_it(page, desk, reviewer):
    with desk(reviewer) as ravi:
        shown = ravi.opens(page)
        assert shown.status_code == 200
        assert 'name="_save"' not in shown.content.decode()
        assert ravi.client.post(address(page), {"title": "Mine"}).status_code == 403
