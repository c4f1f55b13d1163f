"""A snapshot as a finished page: no database, no request, no clock."""

import re
from datetime import date
from pathlib import Path

import pytest

from content.models.evidence import Certainty
from content.models.page import CARE_LEVELS, DRAWINGS, BlockKind
from content.render import render
from content.site import Entry, Site
from tests.content.test_html import Seen


def block(kind="prose", body="", heading="", subject="", numerator=None, denominator=None, **more):
    return {
        "kind": kind, "heading": heading, "body": body, "subject": subject,
        "numerator": numerator, "denominator": denominator,
        "typical": "", "person": None, "picture": None, "consent_on": "", **more,
    }  # fmt: skip


def claim(key, *said_by, certainty="agree", topic="dose", checked=False):
    says = [{"source": source, "text": f"{source} says {key}."} for source in said_by or ("S0",)]
    return {
        "key": key, "topic": topic, "text": f"We say {key}.", "certainty": certainty, "checked": checked, "says": says,
    }  # fmt: skip


def source(key):
    return {
        "key": key, "label": f"Label of {key}", "title": f"Title of {key}", "publisher": "A clinic", "kind": "Study",
        "says": "It covers pumps.", "interests": "It sells pumps.", "reference": "10.1/x", "dated": "2020",
        "checked": key == "S0",
    }  # fmt: skip


def term(key, definition="What it means."):
    return {"key": key, "term": key.title(), "also": ["tank"], "definition": definition}


def page(*blocks, claims=(), terms=(), topics=(), **fields):
    given = {
        "key": "risks", "language": "en", "kind": "article", "slug": "risks", "title": "Risks", "menu_title": "Risks",
        "summary": "What can go wrong.", "position": 1, "reviewed_by": "", "reviewed_on": "",
        "next_review": "", "facts": {},
    }  # fmt: skip
    return {
        **given, **fields, "blocks": list(blocks), "claims": list(claims), "terms": list(terms), "topics": list(topics),
        "sources": [source(key) for key in ("S0", "S1", "S2")],
    }  # fmt: skip


def entry(key, kind="article", path="", position=1, title=""):
    title = title or f"Title of {key}"
    return Entry(key, kind, path or f"/{key}/", title, f"Menu {key}", f"Summary of {key}.", position)


SITE = Site((entry("risks"), entry("sources"), entry("glossary"), entry("get-help-now", "safety", "/safety/help/")))


def shown(*blocks, site=SITE, published_on=None, preview=False, overdue=False, clinic=None, **options):
    data = page(*blocks, **options)
    return render(data, site, published_on=published_on, preview=preview, overdue=overdue, clinic=clinic)


def mark(scheme, key, words="words"):
    return f'<p><a href="{scheme}:{key}">{words}</a></p>'


def main_of(html):
    return html.split("<main")[1].split("</main>")[0]


# --- claims become notes -------------------------------------------------------------------------------------------


MARK = re.compile(r'<button popovertarget="s(\d)"( id="b\1")?><span class="visually-hidden">Note </span>\1</button>')


def test_notes_are_numbered_once_per_claim_in_order_of_first_use():
    html = shown(
        block(body=mark("claim", "b") + mark("claim", "a")),
        block(body=mark("claim", "b") + mark("claim", "c")),
        claims=[claim("a"), claim("b"), claim("c"), claim("not-cited")],
    )
    assert [number for number, _place in MARK.findall(html)] == ["1", "2", "1", "3"]
    assert re.findall(r"We say ([a-z-]+)\.", html.split('class="notes"')[1]) == ["b", "a", "c"]
    assert "not-cited" not in main_of(html)


def test_each_note_and_its_first_mark_lead_to_each_other():
    html = shown(block(body=mark("claim", "a") * 3), claims=[claim("a")])
    assert [bool(place) for _number, place in MARK.findall(html)] == [True, False, False]
    assert html.count('<span popover id="s1">') == html.count('id="note-1"') == html.count('href="#note-1"') == 1
    assert html.count('href="#b1"') == 1


def test_note_in_place_says_how_sure_we_are_and_leads_to_who_says_so():
    html = shown(block(body=mark("claim", "a")), claims=[claim("a", certainty="differ")])
    opened = html.split('<span popover id="s1">')[1].split("</span>")[0]
    assert opened == '<b>Sources differ.</b> We say a. <a href="#note-1">Who says so</a>'


def test_note_says_who_how_sure_and_whether_it_was_checked():
    both = [claim("a", "S0", "S1", certainty="differ"), claim("b", "S2", certainty="outside", checked=True)]
    html = shown(block(body=mark("claim", "a") + mark("claim", "b")), claims=both)
    first, second = html.split('id="note-2"')[0].split('id="note-1"')[1], html.split('id="note-2"')[1]
    assert str(Certainty.DIFFER.label) in first
    assert str(Certainty.OUTSIDE.label) in second
    assert '<a href="/sources/#source-S1">Label of S1</a>: S1 says a.' in first
    assert "Checked by a clinician." not in first
    assert "Checked by a clinician." in second


def test_page_says_how_many_of_its_claims_are_how_sure():
    given = [claim("a"), claim("b", certainty="single"), claim("c"), claim("d", certainty="differ")]
    html = shown(block(body="".join(mark("claim", key) for key in "abc")), claims=given)
    assert re.findall(r'class="certainty">([^<]+)<', html) == ["Sources agree: 2", "One source: 1"]


def test_page_without_claims_has_no_notes():
    assert 'class="notes"' not in shown(block(body="<p>Words.</p>"))


# --- terms and links -----------------------------------------------------------------------------------------------


def test_term_explains_itself_in_place_and_leads_to_the_glossary():
    html = shown(block(body=mark("term", "reservoir", "the <em>tank</em>") * 2), terms=[term("reservoir")])
    button = '<button class="term" popovertarget="word-reservoir">the <em>tank</em></button>'
    meaning = (
        '<span popover id="word-reservoir"><b>Reservoir.</b> What it means. '
        '<a href="/glossary/#term-reservoir">Words explained</a></span>'
    )
    assert main_of(html).count(button) == 2
    assert html.count(button + meaning) == html.count(meaning) == 1


def test_definition_cannot_break_out_of_its_place():
    html = shown(block(body=mark("term", "x")), terms=[term("x", 'A "quote" <script>alert(1)</script>')])
    assert "<script>alert" not in html
    assert "&quot;quote&quot;" in html


@pytest.mark.parametrize("path", ["/safety/help/", "/safety/get-help-today/"])
def test_page_link_follows_the_address_of_the_page(path):
    site = Site((entry("risks"), entry("get-help-now", "safety", path)))
    assert f'<p><a href="{path}">words</a></p>' in shown(block(body=mark("page", "get-help-now")), site=site)


def test_links_into_sources_and_glossary_follow_their_addresses():
    site = Site((entry("sources", path="/where-from/"), entry("glossary", path="/words/")))
    html = shown(block(body=mark("claim", "a") + mark("term", "t")), claims=[claim("a")], terms=[term("t")], site=site)
    assert 'href="/where-from/#source-S0"' in main_of(html)
    assert 'href="/words/#term-t"' in main_of(html)


@pytest.mark.parametrize("scheme", ["claim", "term", "page"])
def test_mark_that_leads_nowhere_shows_its_words_alone(scheme):
    html = main_of(shown(block(body=mark(scheme, "nowhere", "just words"))))
    assert "<p>just words</p>" in html
    assert "nowhere" not in html


@pytest.mark.parametrize("kind", ["prose", "callout", "warning", "care-card", "key-points", "figure", "related"])
def test_words_that_run_are_cleaned_once_more_when_shown(kind):
    subject = {"care-card": "today", "figure": "anatomy"}.get(kind, "")
    html = main_of(shown(block(kind, '<p onclick="x()">a<script>alert(1)</script></p>', subject=subject)))
    assert "<p>a</p>" in html
    assert "alert(1)" not in html
    assert "onclick" not in html


def test_titles_headings_and_summaries_are_text_not_markup():
    evil = '<b>"x"</b>'
    site = Site((entry("risks"), entry("five", "step", title=evil)))
    listing = block("listing", subject="step")
    html = shown(block(heading=evil, body="<p>a</p>"), listing, title=evil, summary=evil, site=site)
    assert "<b>" not in html
    assert "&lt;b&gt;&quot;x&quot;&lt;/b&gt;" in html


# --- the page around the blocks ------------------------------------------------------------------------------------


def test_unreviewed_page_says_so_at_the_top_and_at_the_end():
    html = shown(block(body="<p>a</p>"))
    assert html.count("Not yet reviewed by a clinician.") == 2
    assert '<p class="banner">' in html


def test_reviewed_page_names_who_and_when_and_has_no_banner():
    html = shown(block(body="<p>a</p>"), reviewed_by="Dr. A, physician", reviewed_on="2026-11-02")
    assert "Reviewed by Dr. A, physician on Nov. 2, 2026." in html
    assert "Not yet reviewed" not in html


def test_page_names_the_day_it_was_published():
    assert "Page published on Nov. 20, 2026." in shown(published_on=date(2026, 11, 20))
    assert "Page published" not in shown()


def test_only_a_preview_says_draft_and_takes_no_answers():
    assert "Draft preview – not public" in shown(preview=True)
    assert '<fieldset class="buttons" disabled>' in shown(preview=True)
    assert "Draft preview" not in shown()
    assert "<fieldset" in shown()
    assert "disabled" not in shown()


def test_only_an_overdue_page_says_that_its_check_is_due():
    reviewed = {"reviewed_by": "Dr. A", "reviewed_on": "2025-11-02", "next_review": "2026-11-02"}
    html = shown(overdue=True, **reviewed)
    assert "This page is past its check date." in html
    assert "A clinician was to check it again by Nov. 2, 2026." in html
    assert "past its check date" not in shown(**reviewed)
    assert "Next check due by Nov. 2, 2026." in shown(**reviewed)
    assert "past its check date" in shown(kind="home", slug="", overdue=True, **reviewed)


def test_helpful_form_goes_to_the_page_s_own_address():
    assert '<form class="helpful" method="post" action="/feedback/risks/">' in shown()


def test_page_is_shared_by_its_public_address(settings):
    settings.PUBLIC_URL = "https://pumps.example"
    html = shown(title="Pain & pumps")
    assert "mailto:?subject=Pain%20%26%20pumps&amp;body=https%3A//pumps.example/risks/" in html
    for button in ("data-print", "data-copy", "data-share"):
        assert re.search(rf"<button[^>]* {button}[^>]* hidden>", html)


def test_head_names_title_summary_and_canonical_address(settings):
    settings.PUBLIC_URL = "https://pumps.example"
    html = shown(kind="drug", slug="morphine", title="Morphine & co")
    assert "<title>Morphine &amp; co – Pump Guide</title>" in html
    assert '<meta name="description" content="What can go wrong.">' in html
    assert '<link rel="canonical" href="https://pumps.example/medicines/morphine/">' in html


def test_headings_open_sections_and_boxes_do_not():
    html = shown(
        block("key-points", "<ul><li>a</li></ul>"),
        block(heading="How it works", body="<p>b</p>"),
        block("callout", "<p>c</p>", "Good to know"),
        block(body="<p>d</p>"),
        block(heading="What to do", body="<p>e</p>"),
    )
    assert re.findall(r'<h2 id="([^"]+)">', html) == ["how-it-works", "what-to-do"]
    assert '<h3 class="box-title" id="good-to-know">Good to know</h3>' in html
    assert main_of(html).count('<section class="section"') == 3


def test_contents_list_every_section_when_there_are_more_than_two():
    three = [block(heading=f"Part {n}", body="<p>a</p>") for n in (1, 2, 3)]
    html = shown(*three)
    assert re.findall(r'<li><a href="#(part-\d)">(Part \d)</a></li>', html) == [
        (f"part-{n}", f"Part {n}") for n in (1, 2, 3)
    ]
    assert 'class="contents"' not in shown(*three[:2])


def test_equal_headings_get_addresses_of_their_own():
    html = shown(*[block(heading="The same", body="<p>a</p>")] * 3)
    assert re.findall(r'<h2 id="(the[^"]+)">', html) == ["the-same", "the-same-2", "the-same-3"]


def test_no_id_is_used_twice():
    html = shown(
        block("callout", "<p>a</p>", "Main"),
        block(heading="Contents title", body=mark("claim", "a") * 2),
        block(heading="Note 1", body="<p>x</p>"),
        block(heading="Main", body="<p>x</p>"),
        block(heading="Invite title", body="<p>x</p>"),
        block(heading="S1", body="<p>x</p>"),
        block(heading="B1", body="<p>x</p>"),
        block(heading="Word reservoir", body=mark("term", "reservoir")),
        claims=[claim("a")],
        terms=[term("reservoir")],
    )
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))


def test_every_page_invites_to_the_questions_but_not_where_it_would_not_fit():
    assert 'id="invite-title"' in shown()
    for key in ("about", "privacy", "accessibility", "sources"):
        assert 'id="invite-title"' not in shown(key=key)


STEPS = Site(
    tuple(
        entry(key, "step", f"/five-steps/{key}/", position)
        for position, key in enumerate(("evaluation", "trial", "implantation"), start=1)
    )
)


@pytest.mark.parametrize(
    ("key", "position", "previous", "following"),
    [("evaluation", 1, None, "trial"), ("trial", 2, "evaluation", "implantation"), ("implantation", 3, "trial", None)],
)
def test_step_leads_back_and_on(key, position, previous, following):
    html = shown(key=key, slug=key, kind="step", position=position, site=STEPS)
    assert f"Step {position} of 3" in html
    for rel, other in (("prev", previous), ("next", following)):
        found = re.findall(rf'href="/five-steps/([a-z]+)/" rel="{rel}"', html)
        assert found == ([other] if other else [])


def test_page_that_is_no_step_has_no_step_links():
    assert 'class="step-links"' not in shown(site=STEPS)


def test_home_page_shows_its_figure_beside_its_title():
    figure = block("figure", "<p>See here.</p>", subject="anatomy")
    html = shown(figure, block(heading="Read", body="<p>a</p>"), key="home", kind="home", slug="")
    hero = main_of(html).split('class="hero"')[1].split("home-body")[0]
    assert "<figure" in hero
    assert html.count("<figure") == 1
    assert '<h2 id="read">Read</h2>' in html


# --- every kind of block -------------------------------------------------------------------------------------------

EVERY_KIND = {
    "prose": (block("prose", "<p>Words.</p>"), ["<p>Words.</p>"]),
    "key-points": (block("key-points", "<ul><li>One.</li></ul>"), ["Key points", "<li>One.</li>"]),
    "callout": (block("callout", "<p>Words.</p>", "Good to know"), ["Good to know", 'class="callout']),
    "warning": (block("warning", "<p>Words.</p>", "Stop"), ["Take care:", "Stop", 'class="warning']),
    "care-card": (
        block("care-card", "<ul><li>Fever</li></ul>", "Look for", "today"),
        ["Call your pump team today", "care-card--today", "Look for", "<li>Fever</li>"],
    ),
    "do-dont": (
        block("do-dont", "<h3>Do</h3><ul><li>Rest</li></ul><h3>Don’t</h3><ul><li>Lift</li></ul>", "After"),
        ["After", ">Do<", "<li>Rest</li>", ">Don’t<", "<li>Lift</li>"],
    ),
    "steps": (block("steps", "<ol><li><strong>One.</strong> Go</li></ol>"), ['class="steps', "<li><strong>One."]),
    "table": (
        block("table", "<table><caption>Both</caption><tbody><tr><th>a</th><td>b</td></tr></tbody></table>", "Side"),
        ["<caption>Both</caption>", 'role="region"', 'tabindex="0"', "Table: Side"],
    ),
    "figure": (
        block("figure", "<p>See.</p>", subject="refill"),
        ["<figcaption><p>See.</p>", "<svg", "<title", "<desc"],
    ),
    "number": (
        block("number", "<p>Who was counted.</p>", "", "", 84, 100),
        ["About 84 in 100 people", 'role="img"', "Who was counted."],
    ),
    "differ": (
        block("differ", "<p>Why.</p>", "They differ", "dose"),
        ["They differ", "We say d.", "S0 says d.", "Why."],
    ),
    "checklist": (block("checklist", "<ul><li>Ask</li></ul>"), ['class="checklist', "<li>Ask</li>"]),
    "related": (block("related", "<ul><li>More</li></ul>"), ["You may also like", "<li>More</li>"]),
    "story": (
        block("story", "<p>I sat.</p>", "At table", typical="Half say so.", consent_on="2026-01-02"),
        ["At table", "<p>I sat.</p>", "with their consent", "How typical is this?", "Half say so."],
    ),
    "listing": (
        block("listing", "<p>All:</p>", subject="safety"),
        ["All:", 'href="/safety/help/"', "Menu get-help-now", "Summary of get-help-now."],
    ),
    "sources": (
        block("sources", "<p>Here.</p>"),
        ['id="source-S0"', "Title of S0", "It sells pumps.", "We hold this document", "Not yet checked"],
    ),
    "glossary": (block("glossary"), ['id="term-reservoir"', "Reservoir", "also called tank", "What it means."]),
    "differences": (block("differences"), ["Topic of dose", "We say d.", "S1 says d."]),
}


def test_every_kind_of_block_is_tried():
    assert set(EVERY_KIND) == set(BlockKind.values)


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_block_shows_all_it_holds(kind):
    given, expected = EVERY_KIND[kind]
    html = main_of(
        shown(
            given,
            claims=[claim("d", "S0", "S1", certainty="differ"), claim("e", certainty="agree")],
            terms=[term("reservoir")],
            topics=[{"key": "dose", "title": "Topic of dose"}],
        )
    )
    for words in expected:
        assert words in html
    assert "We say e." not in html


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_block_leaves_every_element_closed(kind):
    given, _expected = EVERY_KIND[kind]
    html = main_of(shown(given, terms=[term("reservoir")]))
    for tag in ("div", "section", "ul", "ol", "li", "p", "table", "dl", "figure", "svg", "a", "h2", "h3"):
        assert len(re.findall(rf"<{tag}[\s>]", html)) == html.count(f"</{tag}>"), tag


def test_do_and_dont_lists_keep_a_list_within_a_list_whole():
    inner = "<ul><li>Rest<ul><li>in bed</li></ul></li><li>Drink</li></ul>"
    html = main_of(shown(block("do-dont", f"<h3>Do</h3>{inner}<h3>Don’t</h3><ul><li>Lift</li></ul>")))
    assert "<li>Drink</li>" in html
    assert html.index("<li>Drink</li>") < html.index('class="donts"') < html.index("<li>Lift</li>")


@pytest.mark.parametrize("level", CARE_LEVELS)
def test_care_card_says_whom_to_call(level):
    html = shown(block("care-card", "<p>a</p>", "Now", level))
    assert f'<p class="care-card-label">{CARE_LEVELS[level]}</p>' in html


@pytest.mark.parametrize(
    ("counted", "of", "figures", "filled"),
    [(60, 71, 100, 85), (3, 10, 10, 3), (0, 5, 5, 0), (5, 5, 5, 5), (199, 389, 100, 51), (101, 101, 100, 100)],
)
def test_number_draws_as_many_people_as_it_says(counted, of, figures, filled):
    html = shown(block("number", "<p>a</p>", "", "", counted, of))
    drawn = re.search(r'class="people" role="img"[^>]*>(.*?)</div>', html, re.DOTALL)[1]
    assert f"{counted} of {of} people" in html
    assert drawn.count('class="person') == figures
    assert drawn.count("is-counted") == filled
    assert f'aria-label="{filled} of {figures} figures are filled in."' in html
    assert ("Drawn as 100 figures" in html) == (figures != of)


def test_share_of_100_is_not_told_as_a_count_of_people():
    html = shown(block("number", "<p>a</p>", "", "", 84, 100))
    assert "About 84 in 100 people" in html
    assert "84 of 100 people" not in html


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawing_has_a_title_and_a_description_of_its_own(name):
    html = shown(block("figure", "<p>a</p>", subject=name))
    svg = html.split("<figure")[1].split("</figure>")[0]
    for part, tag in (("title", "title"), ("desc", "desc")):
        assert re.search(rf'<{tag} id="drawing-{name}-{part}">[^<]{{10,}}</{tag}>', svg)
    assert f'aria-labelledby="drawing-{name}-title drawing-{name}-desc"' in svg
    assert "style=" not in svg


def test_listing_leaves_out_the_page_itself_and_keeps_the_order():
    both = Site((entry("b", "article", position=2), entry("risks", position=1), entry("a", "article", position=3)))
    html = shown(block("listing", subject="article"), site=both)
    assert re.findall(r'<h2><a href="/([a-z]+)/">Menu', html) == ["b", "a"]


def test_rendering_is_the_same_each_time():
    given = (block(body=mark("claim", "a")), block("number", "<p>a</p>", "", "", 1, 2))
    assert shown(*given, claims=[claim("a")]) == shown(*given, claims=[claim("a")])


def test_page_has_one_h1_no_inline_style_or_script_and_nothing_from_elsewhere(settings):
    html = shown(*[given for given, _expected in EVERY_KIND.values()], terms=[term("reservoir")])
    assert html.count("<h1") == 1
    assert " style=" not in html
    assert re.findall(r"<script[^>]*>", html) == [
        '<script src="/static/js/site.js" defer>',
        '<script type="application/ld+json">',
    ]
    elsewhere = {link for link in Seen(html).links if not re.match(r"/(?!/)|#|tel:|sms:|mailto:|data:image/svg", link)}
    assert elsewhere == {f"{settings.PUBLIC_URL}/risks/"}  # the canonical link, which nothing fetches


def test_every_drawing_in_the_folder_can_be_chosen():
    folder = Path(__file__).parents[2] / "templates" / "drawings"
    assert {path.stem for path in folder.glob("*.svg")} == set(DRAWINGS)
