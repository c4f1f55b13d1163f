"""The guide as files: readable, whole, exact both ways; an import is a draft and never publishes."""

import hashlib
import tomllib
from datetime import date, timedelta
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from content.export import OURS, export_guide, guide_as_files
from content.guide_files import GUIDE, GuideFileError, load
from content.guide_import import import_guide
from content.guide_toml import dump, pretty
from content.html import clean
from content.models import (
    Block,
    Claim,
    Correction,
    Page,
    PageRevision,
    Person,
    Picture,
    Redirect,
    Rendering,
    SiteSettings,
    Source,
    Synonym,
    Term,
)
from content.models.page import Stage
from content.snapshot import FACT_FIELDS, facts_of, snapshot
from content.workflow import whole_page_checked

NOW = timezone.now()
MODELS = (Page, Block, Claim, Source, Term, Person, Picture, Correction, Redirect, Synonym, SiteSettings)


def webp(**more):
    out = BytesIO()
    Image.new("RGB", (4, 3), "teal").save(out, "WEBP", **more)
    return out.getvalue()


def add_picture(data, **fields):
    values = {"title": "A pump", "alt": "A pump in a hand", "width": 4, "height": 3, **fields}
    return Picture.objects.create(data=data, hash=hashlib.sha256(data).hexdigest(), **values)


def enrich():
    """One of everything that the starting content has none of, with the letters that are hard to write in a file."""
    page = Page.objects.get(key="about")
    ann = Person.objects.create(
        name="Ann Lee", credentials="RN", role="Pain nurse", interests='Paid by us.\r\n"None" else.'
    )
    Person.objects.create(name="Ann Lee", credentials="MD", role="Doctor", interests="None")
    Block.objects.create(page=page, position=90, kind="callout", body="<p>Ask.</p>", person=ann)
    Block.objects.create(page=page, position=91, kind="figure", picture=add_picture(webp()))
    Block.objects.create(
        page=page, position=92, kind="story", body="<p>I said “no”.</p>", consent_on=date(2026, 1, 2), typical="Rare."
    )
    Correction.objects.create(page=page, corrected_on=date(2026, 3, 1), was='"""\nWrong \\ \t', now="Right é 💊")
    Redirect.objects.create(path="/old/", page=page)
    Synonym.objects.create(word="tank", means="reservoir")
    SiteSettings(
        clinic_name="Lake Clinic", phone="555 0100", callback=True, stated_wait="Two days", callback_days=3
    ).save()
    Source.objects.filter(key="S0").update(recheck_on=date(2027, 1, 1))
    Claim.objects.filter(key="small").update(reviewed_by="Dr. A", reviewed_on=date(2026, 2, 3))
    whole_page_checked(page, by=None, at=NOW, name="Dr. A, pain doctor")


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(content)
    return folder


SMALL = {
    "sources.toml": {
        "source": [
            {"key": "S0", "label": "A", "title": "A", "kind": "Page", "says": "All.", "checked": True},
            {"key": "S1", "label": "B", "title": "B", "kind": "Page", "says": "Some.", "dated": "2002"},
        ]
    },
    "glossary.toml": {"term": [{"key": "tank", "term": "Tank", "also": ["store", "tub"], "definition": "A tank."}]},
    "claims/dose.toml": {
        **{"key": "dose", "title": "The dose", "position": 4},
        "claim": [
            {
                **{"key": "small", "text": "It is small.", "certainty": "agree"},
                "says": [{"source": "S0", "text": "Tiny."}, {"source": "S1", "text": "Small."}],
            }
        ],
    },
    "pages/about.toml": {
        **{"key": "about", "slug": "about", "title": "About", "menu_title": "About", "summary": "Us."},
        "block": [
            {"kind": "prose", "heading": "Us", "body": '<p><a href="claim:small">We</a>.</p>'},
            {"kind": "number", "heading": "Count", "body": "<p>Of many.</p>", "numerator": 0, "denominator": 5},
        ],
    },
    "pages/morphine.toml": {
        **{"key": "morphine", "kind": "drug", "slug": "m", "title": "M", "menu_title": "M", "summary": "A drug."},
        "drug_facts": {"boxed_warning": "Slow breathing.", "emergency_signs": "One\nTwo"},
        "drug_use": [
            {"use": "Pain", "status": "on-label", "as_of": date(2018, 11, 14), "claim": "small"},
            {"use": "Stiffness", "status": "unclear"},
        ],
        "step_facts": {"duration": "A day", "before": "Eat.", "during": "Rest.", "after": "Walk.", "ask": "Who?\nWhy?"},
        "pump_type_facts": {"availability": "Ask.", "as_of": date(2026, 11, 20)},
        "condition_facts": {"named_by": "S0, S1", "strength": "Both name it.", "claim": "small"},
    },
}


@pytest.fixture
def small(db, tmp_path):
    """A folder with a guide of two pages and what they rest on."""
    return write(tmp_path / "small", {name: dump(data).encode() for name, data in SMALL.items()})


@pytest.fixture
def live(small, tmp_path):
    """The small guide, published, and the folder it was exported to."""
    load(small, at=NOW)
    export_guide(tmp_path / "live")
    return tmp_path / "live"


def exported_and_gone(folder, starting):
    """Everything that can be in a guide, exported to a folder from a database that is then as empty as before."""
    with transaction.atomic():
        load(starting, at=NOW)
        enrich()
        write(folder, guide_as_files())
        transaction.set_rollback(True)
    assert not any(model.objects.exists() for model in MODELS)
    return folder


@pytest.fixture
def exported(small, tmp_path):
    return exported_and_gone(tmp_path / "guide", small)


def edit(folder, name, change):
    data = tomllib.loads((folder / name).read_text())
    change(data)
    (folder / name).write_text(dump(data))


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- the round trip ------------------------------------------------------------------------------------------------


def test_export_import_export_gives_the_same_bytes(exported, editor):
    done = import_guide(exported, by=editor, at=NOW)
    assert done.left == []
    assert guide_as_files() == files_in(exported)
    assert all(model.objects.exists() for model in MODELS)


def test_importing_what_is_there_changes_nothing(exported, editor, reviewer):
    import_guide(exported, by=editor, at=NOW)
    rows = list(Page.objects.values()), list(Block.objects.values()), list(Claim.objects.values())
    assert import_guide(exported, by=reviewer, at=NOW + timedelta(1)).changed == {}
    assert (list(Page.objects.values()), list(Block.objects.values()), list(Claim.objects.values())) == rows


def test_whole_starting_guide_goes_out_and_back_exactly(tmp_path, editor, monkeypatch):
    monkeypatch.setattr("content.guide_files.make_all", lambda at: 0)  # what is public is not asked here
    with transaction.atomic():
        load(at=NOW)
        pages = {page.key: page.live.snapshot for page in Page.objects.select_related("live")}
        write(tmp_path / "guide", guide_as_files())
        assert load(tmp_path / "guide", at=timezone.now()) == 0
        transaction.set_rollback(True)
    import_guide(tmp_path / "guide", by=editor, at=NOW)
    assert guide_as_files() == files_in(tmp_path / "guide")
    assert {page.key: snapshot(page) for page in Page.objects.all()} == pages
    for part in ("pages", "claims"):
        names = {path.name for path in (GUIDE / part).iterdir()}
        assert {path.name for path in (tmp_path / "guide" / part).iterdir()} == names
    text = (tmp_path / "guide" / "pages" / "morphine.toml").read_text()
    assert 'body = """\n<ul>\n<li><a href="claim:drugs-morphine-common">' in text
    assert "[drug_facts]\n" in text
    assert "[[drug_use]]\n" in text
    assert '\\"' not in text
    assert max(len(line) for line in text.splitlines()) < 600


def test_imported_page_looks_the_same_when_published(exported, editor):
    """Picture, person, consent and facts are the same rows again, not only the same words in a file."""
    import_guide(exported, by=editor, at=NOW)
    page = Page.objects.get(key="about")
    callout, figure, story = page.blocks.filter(kind__in=["callout", "figure", "story"]).order_by("position")[:3]
    assert callout.person == Person.objects.get(credentials="RN")
    assert (bytes(figure.picture.data), figure.picture.width, figure.picture.height) == (webp(), 4, 3)
    assert (story.consent_on, story.typical) == (date(2026, 1, 2), "Rare.")
    assert (page.reviewed_by, page.next_review is not None) == ("Dr. A, pain doctor", True)
    assert page.blocks.get(kind="number").numerator == 0
    assert facts_of(Page.objects.get(key="morphine")).keys() == {*FACT_FIELDS, "drug_uses"}


def test_line_ends_of_a_browser_are_no_change(small, editor):
    edit(small, "pages/about.toml", lambda page: page.update(summary="One.\nTwo."))
    import_guide(small, by=editor, at=NOW)
    Page.objects.filter(key="about").update(summary="One.\r\nTwo.")
    before = guide_as_files()
    assert import_guide(small, by=editor, at=NOW).changed == {}
    assert guide_as_files() == before


# --- readable files ------------------------------------------------------------------------------------------------


def test_long_lines_of_a_body_are_broken_and_come_back_whole():
    bodies = [
        block["body"]
        for path in (GUIDE / "pages").glob("*.toml")
        for block in tomllib.loads(path.read_text())["block"]
        if block.get("body")
    ]
    for body in bodies:
        assert clean(pretty(body)) == clean(body)
        assert pretty(pretty(body)) == pretty(body)
    assert pretty("<ul><li>a</li><li>b</li></ul>") == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r")), st.text('"\\\n a'))
def test_any_text_is_written_so_that_it_reads_back(text, hard):
    data = {"a": text, "b": hard, "part": [{"c": f"{text}\n{hard}", "deeper": {"d": hard + '"""\n'}}]}
    assert tomllib.loads(dump(data)) == data


# --- an import is a draft ------------------------------------------------------------------------------------------


def test_import_into_an_empty_database_publishes_nothing(exported, editor):
    import_guide(exported, by=editor, at=NOW)
    assert not PageRevision.objects.exists()
    assert not Rendering.objects.exists()
    assert set(Page.objects.values_list("stage", "live", "changed_by")) == {(Stage.DRAFT, None, editor.pk)}
    assert set(Claim.objects.values_list("changed_by", flat=True)) == {editor.pk}


def test_what_differs_from_live_is_a_draft_change_by_the_importer(live, editor):
    edit(live, "pages/about.toml", lambda page: page["block"][1].update(body="<p>Imported words.</p>"))
    Page.objects.filter(key="about").update(stage=Stage.APPROVED, approved_hash="x")
    before = dict(Rendering.objects.values_list("path", "etag"))
    assert import_guide(live, by=editor, at=NOW).changed == {"page": 1}
    page = Page.objects.get(key="about")
    assert (page.stage, page.approved_hash, page.edit_number) == (Stage.DRAFT, "", 1)
    assert (page.changed_by, [user for user, _when in page.authors]) == (editor, [editor.pk])
    assert "Imported words." in page.blocks.all()[1].body
    assert dict(Rendering.objects.values_list("path", "etag")) == before
    assert Page.objects.filter(changed_by__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("pages/morphine.toml", lambda page: page["drug_use"][0].update(status="unclear")),
        ("pages/morphine.toml", lambda page: page.pop("drug_facts")),
        ("pages/morphine.toml", lambda page: page["step_facts"].update(duration="Two days")),
        ("pages/about.toml", lambda page: page.pop("block")),
    ],
)
def test_change_of_facts_or_blocks_is_a_change_of_the_page(live, editor, name, change):
    edit(live, name, change)
    assert import_guide(live, by=editor, at=NOW).changed == {"page": 1}
    assert guide_as_files() == files_in(live)


def test_what_a_source_says_is_part_of_the_claim(live, editor):
    edit(live, "claims/dose.toml", lambda topic: topic["claim"][0]["says"].pop())
    assert import_guide(live, by=editor, at=NOW).changed == {"claim": 1}
    assert Claim.objects.get(changed_by=editor).authors[0][0] == editor.pk


def test_what_a_file_leaves_out_becomes_empty(small, editor):
    edit(small, "pages/about.toml", lambda page: page.update(reviewed_by="Dr. A", reviewed_on=date(2026, 1, 1)))
    import_guide(small, by=editor, at=NOW)
    edit(small, "pages/about.toml", lambda page: (page.pop("reviewed_by"), page.pop("reviewed_on")))
    import_guide(small, by=editor, at=NOW)
    page = Page.objects.get(key="about")
    assert (page.reviewed_by, page.reviewed_on) == ("", None)


def test_new_words_in_a_file_bear_no_name_of_one_who_read_the_old_ones(small, editor):
    checked = {"reviewed_by": "Dr. A", "reviewed_on": date(2026, 1, 1)}
    edit(small, "pages/about.toml", lambda page: page.update(checked))
    import_guide(small, by=editor, at=NOW)
    edit(small, "pages/about.toml", lambda page: page.update(title="We"))
    for _time in range(2):
        import_guide(small, by=editor, at=NOW)
        assert Page.objects.get(key="about").reviewed_by == ""


def test_import_deletes_nothing_that_the_folder_lacks(live, editor):
    (live / "pages" / "about.toml").unlink()
    import_guide(live, by=editor, at=NOW)
    assert Page.objects.get(key="about").live is not None


def test_settings_corrections_and_redirects_stay_where_something_is_public(small, exported, editor):
    load(small, at=NOW)
    done = import_guide(exported, by=editor, at=NOW)
    assert done.left == ["settings.toml", "corrections.toml", "redirects.toml"]
    assert not SiteSettings.objects.exists()
    assert not Correction.objects.exists()
    assert not Redirect.objects.exists()


def test_imported_text_is_cleaned(small, editor):
    body = (
        '<p onclick="x()">a<script>alert(1)</script><img src="//evil.example/a.png"><a href="//evil.example">b</a></p>'
    )
    edit(small, "pages/about.toml", lambda page: page["block"][0].update(body=body))
    import_guide(small, by=editor, at=NOW)
    assert Block.objects.first().body == "<p>a<a>b</a></p>"


def test_changed_titles_of_a_person_are_the_same_person(small, editor):
    Person.objects.create(name="Ann Lee", credentials="RN", role="Nurse", interests="None")
    people = [{"name": "Ann Lee", "credentials": "RN, MSN", "role": "Nurse", "interests": "None"}]
    (small / "people.toml").write_text(dump({"person": people}))
    import_guide(small, by=editor, at=NOW)
    assert Person.objects.get().credentials == "RN, MSN"


# --- mistakes ------------------------------------------------------------------------------------------------------


def correction(**fields):
    return {"correction": [{"page": "about", "corrected_on": date(2026, 1, 1), "was": "a", "now": "b", **fields}]}


PICTURE = {"hash": hashlib.sha256(webp()).hexdigest(), "title": "A", "alt": "B"}
EXTRA = {
    "people.toml": [
        {"person": [{"name": "A"}]},
        {"person": [{"name": "A", "role": "B", "interests": "C", "age": 3}]},
        {"people": []},
    ],
    "pictures.toml": [
        {"picture": [{**PICTURE, "hash": "0" * 64}]},
        {"picture": [{**PICTURE, "hash": "../../etc/passwd"}]},
        {"picture": [{**PICTURE, "alt": ""}]},
        {"picture": [{**PICTURE, "decorative": True}]},
        {"picture": [{**PICTURE, "hash": 3}]},
    ],
    "settings.toml": [{"callback": True}, {"callback": "maybe"}, {"clinic": "A"}, {"callback_days": 31}],
    "corrections.toml": [correction(page="lost"), correction(corrected_on="soon"), correction(was="")],
    "redirects.toml": [{"redirect": [{"path": "/a/", "page": "lost"}]}, {"redirect": [{"page": "about"}]}],
    "synonyms.toml": [{"synonym": [{"word": "a"}]}, {"synonym": ["a"]}, {"synonym": [{"word": "a", "is": "b"}]}],
}


@pytest.mark.parametrize(("name", "data"), [(name, data) for name, many in EXTRA.items() for data in many])
def test_file_that_does_not_hold_together_is_named_and_nothing_comes_in(small, editor, name, data):
    write(small, {f"pictures/{PICTURE['hash']}.webp": webp(), name: dump(data).encode()})
    with pytest.raises(GuideFileError, match=rf"^{name}: "):
        import_guide(small, by=editor, at=NOW)
    assert not any(model.objects.exists() for model in MODELS)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        webp(exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"),
        webp() + b"<script>alert(1)</script>",
        webp()[:-8],
        b"RIFF\x04\0\0\0WEBP",
    ],
)
def test_picture_file_that_the_site_would_not_write_is_refused(small, editor, data):
    name = hashlib.sha256(data).hexdigest()
    write(
        small, {f"pictures/{name}.webp": data, "pictures.toml": dump({"picture": [{**PICTURE, "hash": name}]}).encode()}
    )
    with pytest.raises(GuideFileError, match=r"^pictures\.toml: "):
        import_guide(small, by=editor, at=NOW)


def test_two_people_of_one_name_and_title_are_told_apart_before_an_export(db):
    for role in ("Nurse", "Doctor"):
        Person.objects.create(name="Ann Lee", role=role, interests="None")
    with pytest.raises(GuideFileError, match="Two people are called Ann Lee"):
        guide_as_files()


@pytest.mark.parametrize("name", ["notes.txt", "pyproject.toml", "pages.toml"])
def test_folder_with_other_files_is_refused_and_left_as_it_is(db, tmp_path, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(GuideFileError, match=rf"{name}.*Choose an empty folder"):
        export_guide(tmp_path)
    assert list(files_in(tmp_path)) == [name]


def test_every_file_of_an_export_may_be_written_over(exported):
    assert all(OURS.fullmatch(name) for name in files_in(exported))


def test_export_over_an_earlier_one_removes_what_is_gone_and_keeps_git(small, editor, tmp_path):
    import_guide(small, by=editor, at=NOW)
    folder = tmp_path / "out"
    write(folder, {".git/config": b"x", "README.md": b"x", "pages/gone.toml": b""})
    export_guide(folder)
    assert set(files_in(folder)) == {".git/config", "README.md", *guide_as_files()}


# --- the commands --------------------------------------------------------------------------------------------------


def test_commands_carry_the_guide_from_one_place_to_another(small, editor, tmp_path):
    out = StringIO()
    call_command("import_guide", str(small), user="edith", stdout=out)
    assert out.getvalue() == "Brought in as drafts: claim 1, page 2, source 2, term 1, topic 1.\n"
    call_command("export_guide", str(tmp_path / "out"), stdout=out)
    assert out.getvalue().endswith(f"5 files written to {tmp_path / 'out'}.\n")
    out = StringIO()
    call_command("import_guide", str(tmp_path / "out"), user="edith", stdout=out)
    assert out.getvalue() == "Brought in as drafts: nothing new.\n"


def test_command_says_what_it_left_alone(small, live, editor):
    (small / "settings.toml").write_text(dump({"clinic_name": "Other"}))
    out = StringIO()
    call_command("import_guide", str(small), user="edith", stdout=out)
    assert "settings.toml was left alone" in out.getvalue()


@pytest.mark.parametrize("name", ["nobody", "nora", "ravi"])
def test_only_one_who_may_edit_pages_can_import(small, nurse, reviewer, name):
    with pytest.raises(CommandError, match=f"{name}.*Name one of the editors"):
        call_command("import_guide", str(small), user=name)
    assert not Page.objects.exists()


def test_one_who_has_left_cannot_import(small, editor):
    editor.is_active = False
    editor.save()
    with pytest.raises(CommandError, match="no active user"):
        call_command("import_guide", str(small), user="edith")


def test_commands_tell_a_mistake_in_one_line(small, editor, tmp_path):
    with pytest.raises(CommandError, match=r"holds no guide.*Name the folder"):
        call_command("import_guide", str(tmp_path / "nothing"), user="edith")
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError):
        call_command("export_guide", str(tmp_path / "file"))
