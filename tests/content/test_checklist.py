"""What the checklist finds on a page, and what it leaves in peace."""

import json
from datetime import UTC, date, datetime

import pytest

from content.checklist import around, checklist
from content.checks.draft import Around
from content.checks.text import lines
from content.models import Page, Source
from content.models.page import PageKind
from tests.content.sound_page import CLAIM, LIST, SITE, SOURCE, TERM, block, sound

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
LONG = " ".join(["word"] * 30)
DRUG_FACTS = {
    "drug_facts": {"boxed_warning": "It can slow breathing.", "emergency_signs": "Cannot be woken"},
    "drug_uses": [{"use": "Lasting pain", "status": "on-label", "as_of": "2018-11-14", "claim": "dose-small"}],
}


def found(data, site=SITE, at=NOW):
    return {(item.level, item.code) for item in checklist(data, at=at, site=site)}


def codes(data, site=SITE):
    return {code for _level, code in found(data, site)}


def step(**fields):
    return {"step_facts": {"duration": "6 days", "claim": "dose-small", "ask": "How?", **fields}}


def prose(body, **fields):
    return sound(block("prose", body, "What else you may ask"), **fields)


def test_sound_page_shows_nothing():
    assert checklist(sound(), at=NOW, site=SITE) == []


# --- one fault at a time -------------------------------------------------------------------------------------------

HARD = "<p>Intrathecal administration necessitates multidisciplinary evaluation of psychological comorbidities.</p>"
PICTURE = {"hash": "a" * 64, "alt": "", "decorative": False, "width": 1, "height": 1}
FAULTS = {
    # numbers and words without a claim
    "a percentage": (prose("<p>It helps 86 % of people.</p>"), "error", "number-without-claim"),
    "a range of time": (prose("<p>You rest for six to eight weeks.</p>"), "error", "number-without-claim"),
    "a figure in the main message": (sound(summary="You get 7 percent."), "error", "number-without-claim"),
    "drawn numbers": (
        sound(block("number", "<p>Who was counted.</p>", numerator=1, denominator=9)), "error", "number-without-claim",
    ),
    "safe": (prose("<p>The pump is safe.</p>"), "warning", "word-without-claim"),
    "effective": (prose("<p>It is more effective than tablets.</p>"), "warning", "word-without-claim"),
    "rare": (prose("<p>Infections are rare.</p>"), "warning", "word-without-claim"),
    "most": (prose("<p>Most people go home soon.</p>"), "warning", "word-without-claim"),
    "cure": (prose("<p>It cures the pain.</p>"), "warning", "word-without-claim"),
    "a claim elsewhere in the paragraph": (
        prose('<p>It is safe. <a href="claim:dose-small">You get 1 percent.</a></p>'), "warning", "word-without-claim",
    ),
    "a fact": (
        sound(facts={"step_facts": {"duration": "6 days", "claim": "", "ask": "How?"}}), "error", "fact-without-claim",
    ),
    "a figure beside a fact": (sound(facts=step(after="Watch for 2 hours.")), "error", "number-without-claim"),
    "safe beside a fact": (sound(facts=step(during="This is safe.")), "warning", "word-without-claim"),
    "a figure in a boxed warning": (
        sound(facts={"drug_facts": {"boxed_warning": "Watch for 2 hours; this is safe."}}),
        "error", "number-without-claim",
    ),
    "a fact without a figure": (
        sound(facts={"step_facts": {"duration": "It varies", "claim": "", "ask": "How?"}}),
        "warning", "fact-without-claim",
    ),
    # words
    "eligible": (prose("<p>You may be eligible.</p>"), "error", "never-word"),
    "guaranteed": (prose("<p>Relief is guaranteed.</p>"), "error", "never-word"),
    "a never-word in a note": (
        sound(claims=[{**CLAIM, "says": [{"source": "S0", "text": "Calls it life-changing."}]}]), "error", "never-word",
    ),
    "no risk": (prose("<p>There is no risk.</p>"), "error", "never-word"),
    "stop a medicine": (prose("<p>Stop taking your tablets.</p>"), "error", "stop-medicine"),
    "approved people": (prose("<p>You are then approved.</p>"), "error", "approved-person"),
    "a shout": (prose("<p>You can do it!</p>"), "warning", "shouting"),
    "a hard word": (prose("<p>Your physician helps.</p>"), "warning", "hard-word"),
    "a glossary word": (prose("<p>A bolus is given to you.</p>"), "warning", "undefined-term"),
    "nobody spoken to": (
        sound(blocks=[block("key-points", "<ul><li>A</li><li>B</li><li>C</li></ul>"), block("checklist", "<p>Go.</p>")],
              summary="It drips."), "warning", "no-you",
    ),
    "another language": (sound(language="es"), "warning", "not-measured"),
    # length and reading level
    "26 words and more": (prose(f"<p>{LONG}.</p>"), "error", "long-sentence"),
    "21 words": (prose(f"<p>{' '.join(['word'] * 21)}.</p>"), "warning", "long-sentence"),
    "a long note": (sound(claims=[{**CLAIM, "text": f"About 1 percent, {LONG}."}]), "error", "long-sentence"),
    "four sentences": (prose("<p>It is your choice. It is your body. It is your life. It is your day.</p>"),
                       "warning", "long-paragraph"),
    "a hard page": (prose(HARD * 3), "error", "reading-level"),
    "a long page": (prose("<p>You can rest a bit.</p>" * 300), "warning", "too-long"),
    "a long part": (prose("<p>You can rest a bit.</p>" * 80), "warning", "long-section"),
    # links
    "an unknown claim": (prose('<p><a href="claim:gone">Words</a> of yours.</p>'), "error", "broken-link"),
    "an unknown page": (prose('<p><a href="page:gone">The gone page</a></p>'), "error", "broken-link"),
    "an unknown address": (prose('<p><a href="/gone/">The gone page</a></p>'), "error", "broken-link"),
    "here": (prose('<p>Risks are <a href="page:risks">here</a>.</p>'), "error", "link-words"),
    "a bare address": (prose('<p><a href="https://fda.gov">https://fda.gov</a></p>'), "error", "link-words"),
    "no words": (prose('<p>Go on. <a href="page:risks"></a></p>'), "error", "link-words"),
    # build
    "no main message": (sound(summary=" "), "error", "no-message"),
    "a long main message": (sound(summary="You can rest a bit. " * 12), "warning", "long-message"),
    "no key points": (sound(blocks=sound()["blocks"][1:]), "error", "no-key-points"),
    "key points late": (
        sound(blocks=[*sound()["blocks"][1:], block("key-points", LIST)]), "warning", "key-points-place",
    ),
    "one key point": (sound(blocks=[block("key-points", "<ul><li>You can.</li></ul>"), *sound()["blocks"][1:]]),
                      "warning", "key-points-count"),
    "nothing to do": (sound(blocks=sound()["blocks"][:2]), "error", "no-next-step"),
    "a level left out": (prose("<h4>Small</h4><p>You can.</p>"), "error", "heading-order"),
    "one heading twice": (sound(block("prose", "<p>You can.</p>", "What a pump does")), "warning", "same-heading"),
    "a heading that says nothing": (sound(block("prose", "<p>You can.</p>", "Overview")), "warning", "vague-heading"),
    # pictures, tables, lists, stories
    "no alternative text": (sound(block("figure", "<p>You see it.</p>", picture=PICTURE)), "error", "no-alternative"),
    "no caption": (sound(block("figure", subject="refill")), "error", "no-caption"),
    "no picture": (sound(block("figure", "<p>You see it.</p>")), "error", "no-picture"),
    "a table without caption": (
        sound(block("table", "<table><tr><th>A</th><td>B</td></tr></table>")), "error", "table-caption",
    ),
    "a table without headings": (
        sound(block("table", "<table><caption>All</caption><tr><td>B</td></tr></table>")), "error", "table-headings",
    ),
    "no table": (sound(block("table", "<p>You see.</p>")), "error", "no-table"),
    "half a do and don’t list": (
        sound(block("do-dont", "<h3>Do</h3><ul><li>Rest.</li></ul><h3>Don’t</h3>")), "error", "do-dont-halves",
    ),
    "a story without consent": (
        sound(block("story", "<p>I rest.</p>", typical="It varies.")), "error", "story-consent",
    ),
    "a story without its measure": (
        sound(block("story", "<p>I rest.</p>", consent_on="2026-01-01")), "error", "story-typical",
    ),
    # balance and facts
    "good alone": (
        sound(blocks=[
            block("key-points", "<ul><li>It helps you.</li><li>It eases pain.</li><li>Life is better.</li></ul>"),
            block("prose", "<p>It brings relief. It helps sleep.</p>", "What to ask"),
        ]), "warning", "one-sided",
    ),
    "harm alone, of a medicine": (
        sound(kind="drug", facts=DRUG_FACTS, blocks=[block("key-points", "<ul><li>It can harm you.</li></ul>")]),
        "error", "one-sided",
    ),
    "a medicine without uses": (
        sound(kind="drug", facts={"drug_facts": DRUG_FACTS["drug_facts"]}), "error", "no-facts",
    ),
    "a medicine without emergency signs": (
        sound(kind="drug", facts={"drug_uses": DRUG_FACTS["drug_uses"]}), "error", "no-emergency-signs",
    ),
    "a step without facts": (sound(kind="step"), "error", "no-facts"),
    "a claim nobody checked": (sound(claims=[{**CLAIM, "checked": False}]), "warning", "claim-unchecked"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_found(fault):
    data, level, code = FAULTS[fault]
    assert (level, code) in found(data)
    assert (level, code) not in found(sound())


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_found_says_how_to_mend_it(fault):
    data, _level, code = FAULTS[fault]
    texts = [item.text for item in checklist(data, at=NOW, site=SITE) if item.code == code]
    assert all(len(text.split()) >= 5 and "%(" not in text for text in texts)


# --- left in peace -------------------------------------------------------------------------------------------------

FINE = {
    "a claim in the same sentence": prose('<p>You get <a href="claim:dose-small">about 1 percent</a>, not 100.</p>'),
    "a figure that a claim of the page states": prose("<p>You get 1 percent of it.</p>"),
    "a figure of the claim in the main message": sound(summary="You get about 1 percent."),
    "911 and 988": prose('<p>Call <a href="tel:911">911</a>, or text 988.</p>'),
    "step 2": prose("<p>You are at step 2.</p>"),
    "a question": prose("<p>How many of 100 people do you help?</p>"),
    "what to ask": prose("<p>Ask what is safe for you.</p>"),
    "what matters most": prose("<p>Say what matters most to you.</p>"),
    "two ways": prose("<p>You have two ways.</p>"),
    "a source’s name": prose("<p>You can read document S0.</p>"),
    "about the site itself": sound(
        key="privacy", blocks=[*sound()["blocks"], block("prose", "<p>After 30 minutes it is gone.</p>", "Time")]
    ),
    "do not stop": prose("<p>Do not stop or change a medicine on your own.</p>"),
    "a drug’s label": prose("<p>Two products are FDA-approved for pumps. Ask your team.</p>"),
    "a label in a list": prose("<ul><li><strong>Pain.</strong> You rest. You wait. You ask.</li></ul>"),
    "an explained word": prose('<p>A <a href="term:catheter">catheter</a> for you.</p>', terms=[TERM]),
    "a word that is linked to its page": prose('<p><a href="page:bolus">Bolus</a> for you. A bolus helps you.</p>'),
    "its own address": prose('<p>You can <a href="/risks/#top">read about risks</a>.</p>'),
    "the screening": prose('<p>You can <a href="/screening/">answer some questions</a>.</p>'),
    "a decoration": sound(block("figure", "<p>You see it.</p>", picture={**PICTURE, "decorative": True})),
    "both halves": sound(
        block("do-dont", "<h3>Do</h3><ul><li>Rest.</li></ul><h3>Don’t</h3><ul><li>Lift.</li></ul>")
    ),
    "h3, then h4": prose("<h3>Large</h3><h4>Small</h4><p>You can.</p>"),
    "a whole story": sound(block("story", "<p>I rest.</p>", consent_on="2026-01-01", typical="It varies.")),
    "harm alone, on a safety page": sound(kind="safety", blocks=[
        block("key-points", "<ul><li>Infection can harm you.</li><li>It can leak.</li><li>It can fail.</li></ul>"),
        block("prose", "<p>It can bleed.</p>", "What to do next"),
    ]),
    "a word under a claim": prose('<p>You get <a href="claim:dose-small">a bolus of 1 percent</a>.</p>'),
    "a word in a question": sound(block("checklist", "<ul><li>Can I have a bolus?</li></ul>")),
    "a longer word of the glossary": prose(
        '<p>A <a href="term:bolus-drip">bolus drip</a> for you.</p><p>You like the bolus drip.</p>',
        terms=[{**TERM, "key": "bolus-drip", "term": "Bolus drip"}],
    ),
    "a whole medicine": sound(kind="drug", facts=DRUG_FACTS),
    "a figure that the page’s claim gives": sound(facts=step(after="You get 1 percent.")),
}  # fmt: skip


@pytest.mark.parametrize("case", FINE)
def test_nothing_is_said_of(case):
    terms = {**SITE.terms, "bolus-drip": ("Bolus drip",)}
    site = Around(pages={**SITE.pages, "bolus": "/bolus/"}, public=SITE.public | {"bolus"}, terms=terms)
    assert checklist(FINE[case], at=NOW, site=site) == []


# --- the whole -----------------------------------------------------------------------------------------------------


def test_errors_come_first_and_nothing_twice():
    data = prose("<p>Infections are rare. It helps 86 % of people. It helps 86 % of people.</p>")
    items = checklist(data, at=NOW, site=SITE)
    assert [item.level for item in items] == ["error", "warning"]
    assert "86 %" in items[0].text
    assert items[0].where == "Block 3, “What else you may ask”"


def test_home_page_needs_no_key_points_and_no_next_step():
    assert codes(sound(kind="home", slug="", blocks=sound()["blocks"][1:2])) == set()


def test_source_is_overdue_the_day_after_its_date():
    on_the_day = Around(pages=SITE.pages, public=SITE.public, recheck={"S0": date(2026, 11, 20)})
    the_day_after = Around(pages=SITE.pages, public=SITE.public, recheck={"S0": date(2026, 11, 19)})
    assert codes(sound(), on_the_day) == set()
    assert found(sound(), the_day_after) == {("warning", "source-overdue")}


def test_page_that_is_not_public_yet_is_a_warning():
    data = prose('<p>You can read about <a href="page:risks">the risks</a>.</p>')
    assert codes(data) == set()
    assert found(data, Around(pages=SITE.pages)) == {("warning", "link-not-public")}


def test_old_revision_without_the_newer_fields_can_be_checked():
    data = sound()
    del data["facts"], data["next_review"]
    data["blocks"] = [
        {name: value for name, value in block.items() if name not in ("typical", "person", "picture", "consent_on")}
        for block in data["blocks"]
    ]
    assert checklist(data, at=NOW, site=SITE) == []


def test_items_are_plain_text_that_json_can_hold():
    items = checklist(FAULTS["a hard page"][0], at=NOW, site=SITE)
    assert json.loads(json.dumps([vars(item) for item in items]))


def test_lines_know_which_words_are_linked():
    (line,) = lines('<p>You get <a href="claim:x">one &amp; a <em>half</em></a>. Rest.</p>')
    assert (line.tag, line.text, line.words_of(line.links[0])) == ("p", "You get one & a half. Rest.", "one & a half")
    assert [sentence.sourced for sentence in line.sentences] == [True, False]


@pytest.mark.parametrize(
    "html", ["", "<p>", "</li></p>", "<a href='x'>", "<ul><li>a<ul><li>b</ul>c", "<p>\u0000</p>", "&lt;"]
)
def test_broken_html_is_read_without_an_error(html):
    assert checklist(sound(block("prose", html)), at=NOW, site=SITE) is not None


# --- with the database ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_surroundings_are_read_from_the_database_in_three_queries(django_assert_num_queries):
    Page.objects.create(key="risks", slug="risks", kind=PageKind.SAFETY, title="Risks", summary="R.", changed_at=NOW)
    Source.objects.create(key="S0", title="S", kind="Study", says="It.", recheck_on=date(2026, 1, 1), changed_at=NOW)
    with django_assert_num_queries(3):
        site = around("en")
    assert site.pages == {"risks": "/safety/risks/"}
    assert site.public == frozenset()
    assert ("warning", "source-overdue") in found(sound(sources=[SOURCE]), None)
