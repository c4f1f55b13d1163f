"""The starting content comes in whole, once, and never over what staff did."""

import json
import tomllib
from datetime import date
from io import StringIO

import pytest
import tomli_w
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from content.guide_files import GUIDE, GuideFileError, load
from content.models import Claim, Page, PageRevision, Rendering, Source, Synonym, Term, Topic
from content.models.page import Stage
from content.publish import publish, restore, take_down
from content.snapshot import facts_of, snapshot
from content.workflow import whole_page_checked
from pumpguide.publishing import content_hash

pytestmark = pytest.mark.django_db
NOW = timezone.now()

FILES = {
    "sources.toml": {
        "source": [
            {
                "key": "S0",
                "language": "en",
                "label": "A page",
                "title": "A page",
                "kind": "Page",
                "says": "What it covers.",
            },
            {"key": "S1", "language": "en", "label": "Another", "title": "Another", "kind": "Page", "says": "All."},
        ]
    },
    "glossary.toml": {
        "term": [{"key": "reservoir", "language": "en", "term": "Reservoir", "also": [], "definition": "A tank."}]
    },
    "claims/dose.toml": {
        "key": "dose",
        "title": "The dose",
        "position": 1,
        "claim": [
            {
                "key": "dose-small",
                "text": "The dose is small.",
                "certainty": "agree",
                "says": [{"source": "S0", "text": "Small."}, {"source": "S1", "text": "Tiny."}],
            }
        ],
    },
    "pages/risks.toml": {
        "key": "risks",
        "language": "en",
        "kind": "article",
        "slug": "risks",
        "title": "Risks",
        "menu_title": "Risks",
        "summary": "What can go wrong.",
        "position": 1,
        "block": [
            {
                "kind": "prose",
                "heading": "Dose",
                "body": '<p><a href="claim:dose-small">Small</a>, in the <a href="term:reservoir">tank</a>.</p>',
            },
            {"kind": "prose", "heading": "More", "body": '<p>See <a href="page:about">about us</a>.</p>'},
        ],
    },
    "pages/about.toml": {
        "key": "about",
        "language": "en",
        "kind": "article",
        "slug": "about",
        "title": "About",
        "menu_title": "About",
        "summary": "Who we are.",
        "position": 2,
        "block": [{"kind": "prose", "heading": "Us", "body": "<p>We.</p>"}],
    },
}


@pytest.fixture
def folder(tmp_path):
    """A small guide of two pages."""
    for name, data in FILES.items():
        write(tmp_path, name, data)
    return tmp_path


def write(folder, name, data):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(tomli_w.dumps(data), encoding="utf-8")


def edit(folder, name, change):
    """Change one file of the guide."""
    data = tomllib.loads((folder / name).read_text(encoding="utf-8"))
    change(data)
    write(folder, name, data)


def public(path):
    return bytes(Rendering.objects.get(path=path).plain).decode()


def staff_change(row, by, **fields):
    for field, value in fields.items():
        setattr(row, field, value)
    row.stamp(by, timezone.now())
    row.save()
    return row


def approved(page, by):
    """As the desk leaves a page that a reviewer has approved."""
    page.stage, page.approved_by, page.approved_at = Stage.APPROVED, by, NOW
    page.approved_hash = content_hash(snapshot(page))
    page.save()
    return page


# --- the whole guide -----------------------------------------------------------------------------------------------


def test_whole_guide_is_public_and_loading_it_again_changes_nothing(guide):
    files = {tomllib.loads(path.read_text())["key"] for path in (GUIDE / "pages").glob("*.toml")}
    assert set(Page.objects.filter(live__isnull=False).values_list("key", flat=True)) == files
    assert Rendering.objects.count() == len(files)
    before = list(Rendering.objects.values_list("path", "etag", "made_at"))
    out = StringIO()
    call_command("load_guide", stdout=out)
    assert out.getvalue() == "0 pages published.\n"
    assert list(Rendering.objects.values_list("path", "etag", "made_at")) == before
    assert PageRevision.objects.count() == len(files)


# --- a small one ---------------------------------------------------------------------------------------------------


def test_loading_brings_everything_and_publishes_it(folder):
    assert load(folder, at=NOW) == 2
    assert (Source.objects.count(), Term.objects.count(), Topic.objects.count()) == (2, 1, 1)
    assert [says.text for says in Claim.objects.get().says.all()] == ["Small.", "Tiny."]
    assert "The dose is small." in public("/risks/")
    assert '<a href="/about/">about us</a>' in public("/risks/")


def test_revision_of_the_starting_content_names_no_person(folder):
    load(folder, at=NOW)
    for revision in PageRevision.objects.all():
        assert (revision.written_by, revision.approved_by, revision.published_at) == (None, None, NOW)


def test_loading_again_publishes_nothing(folder):
    load(folder, at=NOW)
    assert load(folder, at=timezone.now()) == 0
    assert PageRevision.objects.count() == 2


def test_newer_file_is_published_where_staff_changed_nothing(folder):
    load(folder, at=NOW)
    edit(folder, "pages/about.toml", lambda page: page["block"][0].update(body="<p>You.</p>"))
    assert load(folder, at=NOW) == 1
    assert "You." in public("/about/")
    assert Page.objects.get(key="about").revisions.count() == 2


def test_newer_claim_file_publishes_the_pages_that_cite_it(folder):
    load(folder, at=NOW)
    edit(folder, "claims/dose.toml", lambda topic: topic["claim"][0]["says"].pop())
    assert load(folder, at=NOW) == 1
    assert len(Page.objects.get(key="risks").live.snapshot["claims"][0]["says"]) == 1


FACTS = {
    "drug_facts": {"boxed_warning": "It can slow breathing.", "emergency_signs": "Slow breathing\nA seizure"},
    "drug_use": [
        {"use": "Pain", "status": "on-label", "as_of": date(2018, 11, 14), "claim": "dose-small"},
        {"use": "Itching", "status": "unclear", "as_of": date(2026, 11, 20)},
    ],
    "pump_type_facts": {"availability": "Ask.", "as_of": date(2026, 11, 20), "claim": "dose-small"},
    "condition_facts": {"named_by": "S0, S1", "strength": "Both name it.", "claim": "dose-small"},
    "step_facts": {
        **{"duration": "1 to 2 hours", "claim": "dose-small", "before": "Eat.", "during": "Sleep.", "after": "Rest."},
        "ask": "How long?\nWho?",
    },
}


@pytest.mark.parametrize("name", FACTS)
def test_facts_of_a_kind_come_in_and_stand_in_what_is_public(folder, name):
    edit(folder, "pages/about.toml", lambda page: page.update({name: FACTS[name]}))
    load(folder, at=NOW)
    page = Page.objects.get(key="about")
    expected = json.loads(json.dumps(FACTS[name], default=date.isoformat))
    held = facts_of(page)["drug_uses" if name == "drug_use" else name]
    assert held == ([{"claim": "", **use} for use in expected] if name == "drug_use" else expected)
    assert page.live.snapshot["facts"] == facts_of(page)
    assert load(folder, at=NOW) == 0


def test_facts_that_a_newer_file_changes_or_drops_are_published(folder):
    edit(folder, "pages/about.toml", lambda page: page.update(FACTS))
    load(folder, at=NOW)
    edit(folder, "pages/about.toml", lambda page: page["drug_use"][0].update(status="off-label"))
    assert load(folder, at=NOW) == 1
    edit(folder, "pages/about.toml", lambda page: page.pop("step_facts"))
    assert load(folder, at=NOW) == 1
    facts = Page.objects.get(key="about").live.snapshot["facts"]
    assert facts["drug_uses"][0]["status"] == "off-label"
    assert "step_facts" not in facts


def test_words_for_search_come_in_once_and_then_belong_to_staff(folder):
    write(
        folder, "synonyms.toml", {"synonym": [{"word": "tank", "means": "reservoir"}, {"word": "RSD", "means": "CRPS"}]}
    )
    load(folder, at=NOW)
    assert [str(row) for row in Synonym.objects.all()] == ["RSD → CRPS", "tank → reservoir"]
    Synonym.objects.filter(word="RSD").delete()
    load(folder, at=NOW)
    assert Synonym.objects.count() == 1


# --- what staff did ------------------------------------------------------------------------------------------------


def test_page_that_staff_edited_is_never_touched(folder, editor):
    load(folder, at=NOW)
    staff_change(Page.objects.get(key="about"), editor, title="About our clinic")
    edit(folder, "pages/about.toml", lambda page: page.update(title="Newer", block=[]))
    load(folder, at=NOW)
    page = Page.objects.get(key="about")
    assert (page.title, page.blocks.count()) == ("About our clinic", 1)
    assert "About our clinic" not in public("/about/")  # and it is still a draft


@pytest.mark.parametrize(
    ("model", "fields", "name"),
    [
        (Claim, {"text": "Staff say."}, "claims/dose.toml"),
        (Term, {"definition": "Staff say."}, "glossary.toml"),
        (Topic, {"title": "Staff say."}, "claims/dose.toml"),
    ],
)
def test_evidence_that_staff_edited_is_never_touched(folder, editor, model, fields, name):
    load(folder, at=NOW)
    staff_change(model.objects.get(), editor, **fields)
    load(folder, at=NOW)
    row = model.objects.get()
    assert {field: getattr(row, field) for field in fields} == fields


def test_what_sources_say_is_not_touched_where_staff_edited_the_claim(folder, editor):
    load(folder, at=NOW)
    claim = staff_change(Claim.objects.get(), editor)
    claim.says.last().delete()
    load(folder, at=NOW)
    assert claim.says.count() == 1


@pytest.mark.parametrize(("model", "fields"), [(Claim, {"text": "Staff say."}), (Term, {"definition": "Staff say."})])
def test_evidence_that_staff_edited_is_not_published_by_loading(folder, editor, model, fields):
    load(folder, at=NOW)
    staff_change(model.objects.get(), editor, **fields)
    load(folder, at=NOW)
    assert "Staff say." not in public("/risks/")


def test_check_that_nobody_published_is_not_published_by_loading(folder, reviewer):
    load(folder, at=NOW)
    Claim.objects.update(reviewed_by="Ravi", reviewed_on=date(2026, 11, 2))
    whole_page_checked(Page.objects.get(key="about"), by=reviewer, at=NOW, name="Ravi")
    assert load(folder, at=NOW) == 0
    assert "Not yet reviewed" in public("/about/")
    assert [Claim.objects.get().reviewed_by, Page.objects.get(key="about").reviewed_by] == ["Ravi", "Ravi"]


def test_newer_words_from_the_files_bear_no_name_of_one_who_read_the_old_ones(folder, reviewer):
    load(folder, at=NOW)
    Claim.objects.update(reviewed_by="Ravi", reviewed_on=date(2026, 11, 2))
    whole_page_checked(Page.objects.get(key="about"), by=reviewer, at=NOW, name="Ravi")
    edit(folder, "pages/about.toml", lambda page: page["block"][0].update(body="<p>You.</p>"))
    edit(folder, "claims/dose.toml", lambda topic: topic["claim"][0]["says"].pop())
    load(folder, at=NOW)
    for row in (Page.objects.get(key="about"), Claim.objects.get()):
        assert (row.reviewed_by, row.reviewed_on) == ("", None)


def test_new_place_in_the_files_leaves_a_check_as_it_is(folder):
    load(folder, at=NOW)
    Claim.objects.update(reviewed_by="Ravi", reviewed_on=date(2026, 11, 2))
    edit(folder, "claims/dose.toml", lambda topic: topic["claim"].insert(0, {**topic["claim"][0], "key": "dose-first"}))
    load(folder, at=NOW)
    assert Claim.objects.get(key="dose-small").reviewed_by == "Ravi"


def test_taken_down_page_stays_down(folder):
    edit(folder, "pages/about.toml", lambda page: page.update(slug="us"))
    load(folder, at=NOW)
    take_down(Page.objects.get(key="about"), at=NOW)
    assert load(folder, at=NOW) == 0
    edit(folder, "pages/about.toml", lambda page: page.update(title="Newer"))
    assert load(folder, at=NOW) == 0
    assert not Rendering.objects.filter(path="/us/").exists()


def test_page_that_staff_restored_stays_as_they_restored_it(folder, reviewer):
    load(folder, at=NOW)
    first = Page.objects.get(key="about").live
    edit(folder, "pages/about.toml", lambda page: page["block"][0].update(body="<p>You.</p>"))
    load(folder, at=NOW)
    restore(first, by=reviewer, at=NOW)
    load(folder, at=NOW)
    assert "We." in public("/about/")


def test_page_that_staff_wrote_is_left_alone(folder, editor, reviewer):
    load(folder, at=NOW)
    page = Page(key="our-clinic", slug="our-clinic", title="Ours", menu_title="Ours", summary="Us.", changed_at=NOW)
    staff_change(page, editor)
    publish(approved(page, reviewer), by=reviewer, at=NOW, note="New")
    load(folder, at=NOW)
    assert Page.objects.get(key="our-clinic").revisions.count() == 1
    assert "Ours" in public("/our-clinic/")


# --- files that cannot be read -------------------------------------------------------------------------------------


def page_with(**block):
    return lambda page: page.update(block=[{"kind": "prose", "body": "<p>a</p>", **block}])


def claim_with(**fields):
    return lambda topic: topic["claim"][0].update(fields)


def lacking(key, *path):
    """Take a key out of the table at this path."""

    def change(data):
        for step in path:
            data = data[step]
        del data[key]

    return change


def facts(name, **fields):
    """A page whose facts of this kind are changed so; None takes a field away."""

    def change(page):
        given = FACTS[name][0] if name == "drug_use" else FACTS[name]
        row = {field: value for field, value in {**given, **fields}.items() if value is not None}
        page.update({name: [row] if name == "drug_use" else row})

    return change


BROKEN = {
    "claim without a key": ("claims/dose.toml", lacking("key", "claim", 0)),
    "claim of no certainty": ("claims/dose.toml", lacking("certainty", "claim", 0)),
    "claim of odd certainty": ("claims/dose.toml", claim_with(certainty="maybe")),
    "claim without text": ("claims/dose.toml", claim_with(text="")),
    "claim of an unknown source": ("claims/dose.toml", claim_with(says=[{"source": "S9", "text": "a"}])),
    "saying without a source": ("claims/dose.toml", claim_with(says=[{"text": "a"}])),
    "topic without a key": ("claims/dose.toml", lacking("key")),
    "topic without a title": ("claims/dose.toml", lacking("title")),
    "source without a key": ("sources.toml", lacking("key", "source", 0)),
    "source without a title": ("sources.toml", lacking("title", "source", 0)),
    "source without a label": ("sources.toml", lacking("label", "source", 0)),
    "no sources": ("sources.toml", lacking("source")),
    "no terms": ("glossary.toml", lacking("term")),
    "term without a meaning": ("glossary.toml", lacking("definition", "term", 0)),
    "key with a space": ("glossary.toml", lambda data: data["term"][0].update(key="a tank")),
    "page without a key": ("pages/about.toml", lacking("key")),
    "page without a title": ("pages/about.toml", lacking("title")),
    "page of an odd kind": ("pages/about.toml", lambda page: page.update(kind="poem")),
    "page at a reserved address": ("pages/about.toml", lambda page: page.update(slug="admin")),
    "page at another's address": ("pages/risks.toml", lambda page: page.update(slug="about")),
    "page in an unknown language": ("pages/about.toml", lambda page: page.update(language="tlh")),
    "page with an odd position": ("pages/about.toml", lambda page: page.update(position="first")),
    "page with an odd date": ("pages/about.toml", lambda page: page.update(reviewed_by="Dr. A", reviewed_on="soon")),
    "page reviewed by nobody": ("pages/about.toml", lambda page: page.update(reviewed_on="2026-11-02")),
    "block of an odd kind": ("pages/about.toml", page_with(kind="rocket")),
    "drawing that is not there": ("pages/about.toml", page_with(kind="figure", subject="rocket")),
    "number without numbers": ("pages/about.toml", page_with(kind="number")),
    "number that is a word": ("pages/about.toml", page_with(kind="number", numerator="many", denominator=100)),
    "use of an odd status": ("pages/about.toml", facts("drug_use", status="maybe")),
    "use with an odd date": ("pages/about.toml", facts("drug_use", as_of="soon")),
    "uses that are one table": ("pages/about.toml", lambda page: page.update(drug_use=FACTS["drug_use"][0])),
    "use that is a word": ("pages/about.toml", lambda page: page.update(drug_use=["pain"])),
    "facts that are a word": ("pages/about.toml", lambda page: page.update(step_facts="long")),
    "step without what to ask": ("pages/about.toml", facts("step_facts", ask=None)),
    "condition without a strength": ("pages/about.toml", facts("condition_facts", strength=None)),
    "fact of a claim that leads nowhere": ("pages/about.toml", facts("pump_type_facts", claim="lost")),
    "fact of an unknown name": ("pages/about.toml", facts("drug_facts", colour="red")),
    "page with a misspelt word": ("pages/about.toml", lambda page: page.update(sumary="Us.")),
    "block with a misspelt word": ("pages/about.toml", page_with(bodi="<p>a</p>")),
    "blocks that are words": ("pages/about.toml", lambda page: page.update(block=["text"])),
    "remark of nobody": ("pages/about.toml", page_with(kind="callout", person="Dr. Nobody")),
    "picture that is not there": ("pages/about.toml", page_with(kind="figure", subject="", picture="0" * 64)),
    "claims that are words": ("claims/dose.toml", lambda topic: topic.update(claim=["small"])),
    "sources that are words": ("sources.toml", lambda data: data.update(source=["S0"])),
    "sources that are a word": ("sources.toml", lambda data: data.update(source="S0")),
    "character no page can hold": ("pages/about.toml", lambda page: page.update(title="a\0b")),
    "claim that leads nowhere": ("pages/about.toml", page_with(body='<p><a href="claim:lost">a</a></p>')),
    "term that leads nowhere": ("pages/about.toml", page_with(body='<p><a href="term:lost">a</a></p>')),
    "page that leads nowhere": ("pages/about.toml", page_with(body='<p><a href="page:lost">a</a></p>')),
}


@pytest.mark.parametrize("what", BROKEN)
def test_file_that_does_not_hold_together_is_named_and_nothing_comes_in(folder, what):
    name, change = BROKEN[what]
    edit(folder, name, change)
    with pytest.raises(GuideFileError, match=name.split("/")[-1]):
        load(folder, at=NOW)
    assert not Page.objects.exists()
    assert not Source.objects.exists()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("text", [b'key = "open', b"\xff\xfe", b"[[block]\nkind = 1"])
def test_file_that_is_no_toml_is_named(folder, name, text):
    (folder / name).write_bytes(text)
    with pytest.raises(GuideFileError, match=name.split("/")[-1]):
        load(folder, at=NOW)


def test_message_names_the_row_the_field_and_the_mend(folder):
    edit(folder, "pages/about.toml", page_with(kind="rocket"))
    with pytest.raises(GuideFileError, match=r"about\.toml: block 1: kind: .*rocket.* Mend that and load again\."):
        load(folder, at=NOW)


@pytest.mark.parametrize("name", ["sources.toml", "glossary.toml"])
def test_file_that_is_missing_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(GuideFileError, match=name):
        load(folder, at=NOW)


def test_command_tells_a_mistake_in_one_line(folder, monkeypatch):
    (folder / "glossary.toml").write_text("[[term]\n")
    monkeypatch.setattr("content.management.commands.load_guide.load", lambda at: load(folder, at=at))
    with pytest.raises(CommandError, match=r"glossary\.toml") as mistake:
        call_command("load_guide")
    assert "\n" not in str(mistake.value)
