"""A clinic's editor and its reviewer bring a page about a medicine to the public, and keep it right."""

import pytest
from django.db import transaction

from content.models import Page, Person, Picture
from content.models.page import BlockKind
from content.pages import shelf
from tests.conftest import person, role
from tests.content.test_pictures import drawn

from .staff import Staff
from .watcher import Watcher

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0in}</style></head>
<body><!--StartFragment--><p class="MsoNormal" style="margin:0in"><b><span style="font-family:Calibri">Testomine
</span></b><span style="mso-spacerun:yes">is a made-up medicine.</span><o:p></o:p></p>
<p class="MsoListParagraph" style="mso-list:l0 level1 lfo1"><span>Ask your team about it.</span></p>
<p class="MsoNormal"><img src="https://elsewhere.example/x.png">
<a href="//elsewhere.example/a">Pain and what helps</a></p>
<script>alert(1)</script><!--EndFragment--></body></html>"""
LIST = "<ul><li>It may ease pain.</li><li>It may cause harm.</li><li>You can ask your team.</li></ul>"
SAYS = '<a href="claim:drugs-fda-dangers">This can bring harm</a>'


@pytest.fixture
def staff(browser, live_server, guide_rows):
    """The guide with its rows, and people who come in: ``staff("edith")``. No page may break the content policy."""
    with transaction.atomic():
        for rows in guide_rows:
            type(rows[0]).objects.bulk_create(rows)
        person("edith", "Editor")
        person("ravi", "Clinical reviewer").groups.add(role("Editor"))
        person("rita", "Clinical reviewer")
        Person.objects.create(name="Nora Nurse", credentials="RN", role="Pain nurse", interests="None")
    watcher, contexts = Watcher(live_server.url), []

    def make(name, *, looks=False):
        context = browser.new_context(base_url=live_server.url, locale="en-US")
        context.set_default_timeout(8000)
        watcher.watch(context)
        contexts.append(context)
        return Staff(context, name).comes_in(looks=looks)

    yield make
    for context in contexts:
        context.close()
    # each editor of a page tells its link library anew which schemes there are; the library says it knows
    assert [line for line in watcher.seen if "linkifyjs: already initialized" not in line] == []


def write_every_block(edith):
    """All kinds of blocks, each with what it needs."""
    nurse = str(Person.objects.get().pk)
    picture = str(Picture.objects.get().pk)
    adds = edith.adds_block
    adds("key-points", "Key points", LIST)
    adds("prose", "What it is", WORD)
    adds("callout", "", "<p>People often ask how it feels.</p>", person=nurse)
    adds("warning", "Do not stop on your own", f"<p>{SAYS}.</p>")
    adds("care-card", "", "<ul><li>You cannot wake up.</li></ul>", subject="emergency")
    adds("do-dont", "", "<h3>Do</h3><ul><li>Ask.</li></ul><h3>Don’t</h3><ul><li>Guess.</li></ul>")
    adds("steps", "What happens", "<ol><li>You meet the team.</li><li>You talk.</li></ol>")
    adds(
        "table",
        "Side by side",
        "<p>Two ways</p><p>Way | What may help | What may harm</p><p>Pump | Less pain | Harm</p>",
    )
    adds("figure", "", "<p>Where the pump sits.</p>", subject="anatomy")
    adds("figure", "", "<p>A pump in a hand.</p>", picture=picture)
    adds("number", "", f"<p>In one group, over a year. {SAYS}.</p>", numerator="3", denominator="10")
    adds("differ", "", "", subject="dose")
    adds("checklist", "What you can do next", "<ul><li>Write down your questions.</li></ul>")
    adds("related", "", '<ul><li><a href="page:risks">Risks</a></li></ul>')
    adds("listing", "Other medicines", "", subject="drug")
    adds("sources", "Sources", "")
    adds("glossary", "Words", "")
    adds("differences", "", "")
    adds(
        "story", "One person", "<p>I could sleep again.</p>", consent_on="2026-11-01", typical="Others slept no better."
    )


def write_the_least(edith):
    """What a page about a medicine cannot do without."""
    edith.adds_block("key-points", "Key points", LIST)
    edith.adds_block("prose", "What it is", WORD)
    edith.adds_block("warning", "Do not stop on your own", f"<p>{SAYS}.</p>")
    edith.adds_block("checklist", "What you can do next", "<ul><li>Write down your questions.</li></ul>")
    edith.adds_block("related", "", '<ul><li><a href="page:risks">Risks</a></li></ul>')


def test_every_kind_of_block_is_written_at_the_desk_and_previewed(staff):
    edith = staff("edith", looks=True)
    edith.looks_over("first page")
    uploads_a_picture(edith)
    begins_a_page(edith)
    write_every_block(edith)
    edith.saves()
    page = Page.objects.get(key="testomine")
    assert {block.kind for block in page.blocks.all()} == set(BlockKind.values)
    assert page.blocks.get(kind="table").body.startswith("<table><caption>Two ways</caption>")
    edith.looks_over("page form")
    previews(edith)
    assert {name: bars for name, bars in edith.barriers.items() if bars} == {}


def test_a_page_goes_from_an_empty_form_to_the_public_and_back(staff):  # one long day at the desk
    edith = staff("edith")
    begins_a_page(edith)
    write_the_least(edith)
    edith.saves()
    pasted = Page.objects.get(key="testomine").blocks.get(heading="What it is").body
    assert "<p><strong>Testomine" in pasted
    assert not [rest for rest in ("Mso", "style", "span", "img", "elsewhere", "script", "o:p") if rest in pasted]
    is_refused_and_mends(edith)
    ravi = staff("ravi")
    nobody_approves_their_own(edith, ravi)
    rita = staff("rita")
    approves_and_publishes(rita)
    changes_the_address(edith, rita)
    compares_and_restores(rita)
    found = {
        f"{someone.name}: {name}": bars for someone in (edith, ravi, rita) for name, bars in someone.barriers.items()
    }
    assert {name: bars for name, bars in found.items() if bars} == {}


def uploads_a_picture(edith):
    edith.page.goto("/admin/content/picture/add/")
    edith.looks_over("picture")
    edith.fills(title="A pump", alt="A pump in a hand.")
    edith.page.locator("[name=file]").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": drawn()})
    edith.presses("Save")


def begins_a_page(edith):
    edith.page.goto("/admin/content/page/add/")
    edith.looks_over("new page")
    edith.fills(title="Testomine", menu_title="Testomine", summary="Testomine is a made-up medicine.", kind="drug")
    assert edith.page.locator("[name=slug]").input_value() == "testomine"
    edith.saves()
    edith.fills(drug_facts__0__boxed_warning="It can slow your breathing.")
    edith.fills(drug_facts__0__emergency_signs="You cannot wake up\nYour lips are blue")
    edith.fills(drug_uses__0__use="Pain", drug_uses__0__status="off-label", drug_uses__0__as_of="2018-11-14")
    edith.fills(drug_uses__0__claim="drugs-fda-pain")


def previews(edith):
    edith.follows("Preview")
    edith.looks_over("preview")
    phone = edith.page.frame_locator("iframe.desk-phone")
    assert phone.get_by_role("heading", level=1).inner_text() == "Testomine"
    assert phone.locator("html").evaluate("html => html.scrollWidth - html.clientWidth") == 0
    link = edith.page.locator(".desk-link").inner_text()
    visitor = edith.context.browser.new_context()
    other = visitor.new_page()
    other.goto(link)
    assert "A pump in a hand." in other.get_by_role("main").inner_text()
    picture = other.locator("main img[src^='/pictures/']")
    picture.scroll_into_view_if_needed()
    other.wait_for_function("image => image.naturalWidth === 8", arg=picture.element_handle())
    visitor.close()


def is_refused_and_mends(edith):
    edith.opens("Testomine")
    number = edith.adds_block("prose", "How well it works", "<p>It helps 9 of 10 people.</p>")
    edith.saves()
    assert "Who says" in edith.text
    edith.follows("Send to review")
    edith.presses("Send to review")
    assert "The checklist shows errors" in edith.text
    edith.looks_over("refused")
    edith.opens("Testomine")
    edith.pastes(number, "<p>Nobody knows. Ask.</p>")
    edith.saves()
    edith.marks(number, "knows", "claim:drugs-fda-dangers")
    edith.saves()
    assert 'href="claim:drugs-fda-dangers"' in Page.objects.get(key="testomine").blocks.last().body
    edith.follows("Send to review")
    edith.presses("Send to review")
    assert "The checklist shows warnings" in edith.text
    edith.fills(reason="A page to try the desk with")
    edith.presses("Send to review")
    assert "is in review" in edith.said


def nobody_approves_their_own(edith, ravi):
    ravi.opens("Testomine")
    ravi.fills(summary="Testomine is a medicine that we made up.")
    ravi.saves()
    ravi.follows("Send to review")
    ravi.fills(reason="A page to try the desk with")
    ravi.presses("Send to review")
    ravi.follows("Review and approve")
    ravi.looks_over("review")
    ravi.presses("Approve the draft as it is")
    assert "Ask a colleague to check and publish it" in ravi.text


def approves_and_publishes(rita):
    rita.page.goto("/admin/")
    rita.clicks(rita.page.locator("#desk-in-review").get_by_role("link", name="Testomine"))
    rita.looks_over("page to read")
    rita.follows("Review and approve")
    assert "Testomine is a medicine that we made up." in rita.text
    rita.presses("Approve the draft as it is")
    rita.follows("Publish")
    rita.looks_over("publish")
    rita.fills(note="First text")
    rita.presses("Publish")
    assert "is published" in rita.said
    shelf.forget()
    assert rita.page.goto("/medicines/testomine/").status == 200
    assert rita.page.get_by_role("heading", level=1).inner_text() == "Testomine"


def changes_the_address(edith, rita):
    edith.opens("Testomine")
    edith.page.get_by_text("Where it lives").click()
    edith.fills(slug="testomine-new", title="Testomine, newly named")
    edith.saves()
    edith.follows("Send to review")
    edith.fills(reason="A page to try the desk with")
    edith.presses("Send to review")
    rita.opens("Testomine, newly named")
    rita.follows("Review and approve")
    rita.presses("Approve the draft as it is")
    rita.follows("Publish")
    rita.fills(note="A better address")
    rita.presses("Publish")
    shelf.forget()
    rita.page.goto("/medicines/testomine/")
    assert rita.page.url.endswith("/medicines/testomine-new/")


def compares_and_restores(rita):
    rita.opens("Testomine, newly named")
    rita.follows("Compare with the public page")
    assert "Both texts are the same" in rita.text
    rita.page.get_by_label("Left").select_option("1")
    rita.presses("Compare")
    assert ", newly named" in rita.page.locator("ins").first.inner_text()
    rita.looks_over("compare")
    rita.opens("Testomine, newly named")
    rita.follows("Published revisions")
    rita.looks_over("revisions")
    rita.presses("Publish revision 1 again")
    assert "Revision 1 is live again, as revision 3" in rita.said
    shelf.forget()
    rita.page.goto("/medicines/testomine-new/")
    assert rita.page.url.endswith("/medicines/testomine/")
    assert rita.page.get_by_role("heading", level=1).inner_text() == "Testomine"


def test_two_people_edit_one_page_and_nothing_is_lost(staff):
    edith, ravi = staff("edith"), staff("ravi")
    edith.opens("Accessibility")
    ravi.opens("Accessibility")
    ravi.fills(summary="Ravi’s words.")
    ravi.saves()
    edith.fills(summary="Edith’s words.")
    edith.saves()
    assert "Somebody else saved this page" in edith.text
    assert edith.page.locator(".desk-diff del").first.inner_text() == "Ravi"
    edith.looks_over("conflict")
    assert edith.barriers["conflict"] == []
    assert edith.page.locator("[name=summary]").input_value() == "Edith’s words."
    edith.saves()
    assert Page.objects.get(key="accessibility").summary == "Edith’s words."


def test_block_shows_only_the_fields_its_kind_needs(staff):
    edith = staff("edith")
    edith.page.goto("/admin/content/page/add/")
    number = edith.adds_block("prose")

    def shown():
        names = ("body", "subject", "numerator", "denominator", "person", "picture", "consent_on", "typical")
        block = edith.page.locator(f"#blocks-{number}")
        return {name for name in names if block.locator(f".field-{name}").last.is_visible()}

    assert shown() == {"body"}
    for kind, fields in {
        "number": {"body", "numerator", "denominator"},
        "figure": {"body", "subject", "picture"},
        "story": {"body", "person", "consent_on", "typical"},
    }.items():
        edith.fills(**{f"blocks-{number}-kind": kind})
        assert shown() == fields
