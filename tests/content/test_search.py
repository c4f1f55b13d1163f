"""Search over what is published: found alike with SQLite and with PostgreSQL, and nothing typed can break it."""

import logging

import pytest
from django.db import connection
from django.utils import timezone

from content import search_query
from content.make import make_all
from content.models import Edition, SearchEntry, Synonym
from content.publish import freeze, go_live, take_down
from content.search import reindex, search, suggest, vocabulary
from content.search_query import Group, groups, words_of
from content.search_spelling import Vocabulary, slips
from content.snapshot import snapshot
from tests.content.test_snapshot import make_claim, make_page, make_term, mark

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _new_process():
    """Nothing of an earlier test is in memory."""
    vocabulary.cache_clear()


def go(page):
    """Make a page public as the installation itself does."""
    page.refresh_from_db()
    go_live(page, freeze(page, snapshot(page), by=None, at=NOW, note="A test", written_by=None))
    make_all(at=NOW)
    return page


def written(key, *bodies, **fields):
    return go(make_page(key, *bodies, **fields))


def paths(text, **more):
    return [found.path for found in search(text, "en", **more)]


def synonym(word, means, language="en"):
    Synonym.objects.create(word=word, means=means, language=language)


def marked(found):
    return [piece.text for piece in found.snippet if piece.found]


# --- what is found ----------------------------------------------------------------------------------------------------


def test_word_in_title_summary_or_text_is_found_with_the_title_first():
    written("one", "<p>The tank is empty.</p>")
    written("two", summary="About the tank.")
    written("three", title="The tank")
    assert paths("tank") == ["/three/", "/two/", "/one/"]


@pytest.mark.parametrize(
    "typed", ["refill", "refills", "REFILLED", "refilling", "  Refill ", "“refill”?", "ref\u00adill"]
)
def test_other_forms_of_a_word_find_it(typed):
    written("one", "<p>When is the refill?</p>")
    assert paths(typed) == ["/one/"]


def test_all_words_are_wanted_in_any_order():
    written("both", "<p>A scan by MRI needs a plan.</p>")
    written("one", "<p>A plan.</p>")
    assert paths("plan MRI") == ["/both/"]


def test_words_of_a_question_that_tell_nothing_are_left_out():
    written("mri", "<p>Ask before an MRI.</p>")
    assert paths("Can I have an MRI with it?") == ["/mri/"]


def test_beginning_of_a_word_finds_it_when_no_page_has_it_whole():
    written("one", "<p>Ziconotide is one medicine.</p>")
    assert paths("zicon") == ["/one/"]
    assert search("zicon", "en")[0].whole


def test_pages_with_some_of_the_words_are_found_and_told_so_when_none_has_all():
    written("one", "<p>The battery.</p>")
    found = search("battery unicorn", "en")
    assert [(page.path, page.whole) for page in found] == [("/one/", False)]


def test_words_joined_by_a_sign_are_found_apart_and_together():
    written("one", "<p>A fixed-rate pump and/or the team’s plan. It holds 9.5 units.</p>")
    for typed in ("fixed rate", "fixed-rate", "rate", "or plan", "team", "9.5", "pump/plan"):
        assert paths(typed) == ["/one/"], typed


@pytest.mark.parametrize(
    ("stands", "typed"), [("résumé", "resume"), ("resume", "RÉSUMÉ"), ("Ménière", "Me\u0301nie\u0300re")]
)
def test_accents_make_no_difference(stands, typed):
    written("one", f"<p>Here is {stands}.</p>")
    assert paths(typed) == ["/one/"]


def test_at_most_so_many_are_found():
    for number in range(6):
        written(f"page-{number}", "<p>Tank.</p>")
    assert len(paths("tank", limit=4)) == 4


def test_page_of_another_language_is_not_found():
    written("one", "<p>Tank.</p>")
    assert search("tank", "es") == []


# --- what is searched -------------------------------------------------------------------------------------------------


def test_draft_is_not_found_and_a_change_is_found_once_it_is_published():
    page = make_page("one", "<p>The tank.</p>")
    make_all(at=NOW)
    assert paths("tank") == []
    go(page)
    page.blocks.update(body="<p>The reservoir.</p>")
    make_all(at=NOW)
    assert (paths("tank"), paths("reservoir")) == (["/one/"], [])
    go(page)
    assert (paths("tank"), paths("reservoir")) == ([], ["/one/"])


def test_page_that_was_taken_down_is_not_found():
    page = written("one", "<p>The tank.</p>")
    take_down(page, at=NOW)
    assert paths("tank") == []
    assert not SearchEntry.objects.exists()


def test_page_that_moved_is_found_at_its_new_address():
    page = written("one", "<p>The tank.</p>")
    type(page).objects.filter(pk=page.pk).update(slug="two")
    go(page)
    assert paths("tank") == ["/two/"]


def test_reindex_makes_one_row_a_page():
    page = written("one", "<p>The tank.</p>")
    reindex(page)
    reindex(page)
    assert SearchEntry.objects.count() == 1
    assert paths("tank") == ["/one/"]


def test_headings_marked_words_and_facts_are_searched_and_keys_are_not():
    make_claim("dose-small"), make_term("reservoir")
    page = make_page(
        "one",
        {"kind": "callout", "heading": "Good news", "body": mark("claim", "dose-small", "A little goes far")},
        mark("term", "reservoir", "the tank"),
        kind="condition",
    )
    page.condition_facts = type(page).condition_facts.related.related_model.objects.create(
        page=page, named_by="S0", strength="Named by a leaflet.", claim="dose-small"
    )
    go(page)
    for typed in ("news", "goes far", "tank", "leaflet"):
        assert paths(typed) == ["/conditions/one/"], typed
    for typed in ("claim", "href", "S0", "small"):
        assert paths(typed) == [], typed


def test_glossary_page_is_found_by_its_words_other_names_and_meanings():
    make_term("reservoir", also=["tank"])
    written("words", {"kind": "glossary"})
    written("other", mark("term", "reservoir", "this"))
    for typed in ("reservoir", "tank", "meaning"):
        assert paths(typed) == ["/words/"], typed


def test_story_that_is_not_shown_is_not_found():
    story = {"kind": "story", "body": "<p>My tank.</p>", "typical": "Others may differ."}
    written("kept-back", story)
    written("told", {**story, "consent_on": "2026-11-01"})
    assert paths("tank") == ["/told/"]


def test_rows_put_in_changed_and_taken_out_by_hand_are_searched_as_they_are():
    """The database keeps the index itself, whoever writes: a restored backup, a bulk insert, a test."""
    page = make_page("one")
    SearchEntry.objects.bulk_create(
        [SearchEntry(page=page, language="en", path="/one/", title="One", summary="Two", words="Tank")]
    )
    assert paths("tank") == ["/one/"]
    SearchEntry.objects.update(words="Battery")
    assert (paths("tank"), paths("battery")) == ([], ["/one/"])
    SearchEntry.objects.all().delete()
    assert paths("battery") == []


# --- synonyms ---------------------------------------------------------------------------------------------------------


def test_synonym_finds_what_the_pages_say():
    written("crps", "<p>Complex regional pain syndrome lasts.</p>")
    written("other", "<p>Regional trains, a complex syndrome, and pain.</p>")
    synonym("RSD", "complex regional pain syndrome")
    assert paths("rsd") == ["/crps/"]
    assert marked(search("rsd", "en")[0]) == ["Complex regional pain syndrome"]


def test_synonym_of_several_words_is_one_thing_and_may_stand_in_a_sentence():
    written("pumps", "<p>A pain pump needs a refill.</p>")
    written("battery", "<p>Spinal cord. Infusion. A pump.</p>")
    synonym("spinal infusion pump", "pain pump")
    assert paths("refill of spinal infusion pumps") == ["/pumps/"]


def test_longest_synonym_wins():
    written("one", "<p>Tank.</p>")
    written("two", "<p>Battery.</p>")
    synonym("pump", "tank"), synonym("pain pump", "battery")
    assert paths("pain pump") == ["/two/"]


def test_page_in_our_words_comes_before_one_that_mentions_what_was_typed():
    written("mentions", "<p>Lioresal, a brand.</p>")
    written("tells", "<p>Baclofen relaxes muscles.</p>")
    synonym("Lioresal", "baclofen")
    assert paths("lioresal") == ["/tells/", "/mentions/"]


def test_synonym_with_several_meanings_finds_all():
    written("one", "<p>Tank.</p>"), written("two", "<p>Battery.</p>")
    synonym("gadget", "tank"), synonym("gadget", "battery")
    assert sorted(paths("gadget")) == ["/one/", "/two/"]


def test_synonym_that_is_a_small_word_or_of_another_language_changes_nothing():
    written("one", "<p>Tank.</p>")
    synonym("it", "tank"), synonym("tanque", "tank", language="es"), synonym("…", "tank"), synonym("thing", "!")
    assert (paths("it"), paths("tanque"), paths("thing")) == ([], [], [])


# --- the snippet ------------------------------------------------------------------------------------------------------


def test_snippet_is_the_sentence_with_the_most_words_and_marks_them():
    written("one", "<h3>Tank</h3><p>A tank of steel and some more words. The tank has a battery! It lasts.</p>")
    (found,) = search("tank batteries", "en")
    assert "".join(piece.text for piece in found.snippet) == "The tank has a battery!"
    assert marked(found) == ["tank", "battery"]


def test_sentence_is_shown_rather_than_a_heading():
    written("one", "<h3>Tank</h3><p>There is a tank that holds the medicine for weeks.</p>")
    assert "holds" in search("tank", "en")[0].snippet[-1].text


def test_long_sentence_is_cut_at_words_around_what_was_found():
    written("one", f"<p>{'before ' * 80}the tank {'after ' * 80}</p>")
    text = "".join(piece.text for piece in search("tank", "en")[0].snippet)
    assert text.startswith("… before")
    assert text.endswith("after …")
    assert "the tank after" in text
    assert len(text) < 220


def test_snippet_marks_a_word_with_its_accents():
    written("one", "<p>About Ménière and others, in a sentence of some length.</p>")
    assert marked(search("meniere", "en")[0]) == ["Ménière"]


def test_snippet_is_empty_when_only_the_title_holds_the_word():
    written("one", "<p>Nothing.</p>", title="Tank", menu_title="First")
    assert search("tank", "en")[0].snippet == ()


def test_text_of_a_page_stays_text():
    written("one", "<p>If a tank &lt; b &amp; “c”.</p>")
    assert "".join(piece.text for piece in search("tank", "en")[0].snippet) == "If a tank < b & “c”."


# --- suggestions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("baklofen", "baclofen"),
        ("Baclofin!", "baclofen"),
        ("zikonotid", "ziconotide"),
        ("morfine", "morphine"),
        ("pian", "pain"),
        ("spastisity pump", "spasticity pump"),
        ("the baklofen and pian", "the baclofen and pain"),
    ],
)
def test_misspelt_word_gets_a_suggestion(typed, meant):
    written("one", "<p>Baclofen, ziconotide, morphine: pain and spasticity with a pump.</p>")
    assert suggest(typed, "en")[0] == meant


@pytest.mark.parametrize("typed", ["", "baclofen", "pumps", "the", "xyzzyplugh", "bak", "❤", "12345"])
def test_no_suggestion_where_nothing_is_misspelt_or_nothing_is_near(typed):
    written("one", "<p>Baclofen in a pump.</p>")
    assert suggest(typed, "en") == []


def test_word_of_a_synonym_is_suggested():
    written("one", "<p>Hydromorphone.</p>")
    synonym("Dilaudid", "hydromorphone")
    assert suggest("dilauded", "en") == ["dilaudid"]
    assert paths("dilaudid") == ["/one/"]


def test_at_most_three_suggestions_the_more_used_first():
    written("one", "<p>Pain, pain, pain. Plan, plan. Pins and pits and pips and pink.</p>")
    assert len(suggest("pinn", "en")) <= 3
    assert suggest("pian", "en") == ["pain", "plan"]


def test_suggestions_follow_the_edition_and_are_made_once_for_each(django_assert_num_queries):
    written("one", "<p>Baclofen.</p>")
    assert suggest("morfine", "en") == []
    written("two", "<p>Morphine.</p>")
    assert suggest("morfine", "en") == ["morphine"]
    with django_assert_num_queries(2):  # the number of the edition, and the synonyms
        suggest("morfine", "en")


def test_suggestions_need_nothing_published():
    assert not Edition.objects.exists()
    assert suggest("morfine", "en") == []


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("pain", "pain", 0), ("pian", "pain", 1), ("pin", "pain", 1), ("", "abc", 3), ("pump", "pomps", 2)],
)
def test_slips_are_counted(one, other, count):
    assert slips(one, other) == slips(other, one) == count


def test_word_is_known_in_its_other_forms():
    words = Vocabulary(["The pumps are refilled."])
    assert [word for word in ("pump", "refill", "refills", "tank") if words.knows(word)] == [
        "pump",
        "refill",
        "refills",
    ]


# --- whatever is typed ------------------------------------------------------------------------------------------------

ODD = [
    "",
    " ",
    '"',
    "'",
    "''",
    '"tank',
    "tank'",
    "'tank':*",
    "\\",
    "tank\\",
    "tank AND",
    "AND OR NOT NEAR",
    "NEAR(tank battery, 5)",
    "tank*",
    "*",
    "^tank",
    "title:tank",
    "-tank",
    "tank -battery",
    "(tank",
    "tank)",
    "()",
    "tank & battery | !x",
    "!!",
    "tank <-> battery",
    ":*",
    "tank:*A",
    "%",
    "%s",
    "%%",
    "%(x)s",
    "{0.1}",
    "; DROP TABLE content_page; --",
    "' OR 1=1 --",
    "$$tank$$",
    "$1",
    "?",
    "\x00",
    "ta\x00nk",
    "\x00" * 500,
    "\ud800",
    "tank\udfff",
    "\u202etank",
    "e\u0301" * 300,
    "ﷺ" * 300,
    "㌖" * 300,
    "İ" * 300,
    "ß" * 300,
    "ŉ" * 50,
    "漢字",
    "يناير",
    "ไทย",
    "❤️‍🔥",
    "👨‍👩‍👧‍👦 tank",
    "a" * 100_000,
    "tank " * 20_000,
    "the of and it",
    "\n\t\r tank",
    "https://example.com/?q=tank",
    "nobody@example.com",
    "<script>alert(1)</script>",
    "1e999",
    "-1",
    "½ ² ③",
    "_ __ _tank_",
    ".* [a-z]+ (?P<x>tank",
]


@pytest.mark.parametrize("typed", ODD, ids=lambda typed: ascii(typed)[:40])
def test_any_text_is_answered(typed, django_assert_max_num_queries):
    written("one", "<p>A tank and a battery. İstanbul, ß, ﷺ, 漢字 ❤.</p>")
    synonym("tank", "battery")
    with django_assert_max_num_queries(7):
        found, meant = search(typed, "en"), suggest(typed, "en")
    assert {page.path for page in found} <= {"/one/"}
    assert len(meant) <= 3
    assert found or "tank" not in words_of(typed[: search_query.LONGEST])


def test_nothing_typed_is_logged(caplog):
    caplog.set_level(logging.DEBUG)
    written("one", "<p>A tank.</p>")
    caplog.clear()
    search("tank secretword", "en"), suggest("tank secretwort", "en")
    assert "secretwor" not in "".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )


def test_query_of_small_words_alone_asks_the_index_nothing(django_assert_num_queries):
    with django_assert_num_queries(1):  # the synonyms
        assert search("what is it", "en") == []


# --- words and groups, without a database -----------------------------------------------------------------------------


def test_words_have_no_case_accent_or_sign():
    assert words_of("The pump’s «Ménière», fixed-rate: 9.5 ÉTÉ_x") == [
        "the", "pump", "s", "meniere", "fixed", "rate", "9", "5", "ete", "x",
    ]  # fmt: skip


def test_folding_keeps_the_length():
    for text in ("İstanbul", "Ménière", "ß", "ﬁ", "Ŀ", "ŉ", "Σς", "❤️"):
        assert len(search_query.fold(text)) == len(text)


def test_groups_hold_each_word_once_and_its_synonyms():
    assert groups("the pump, pump of RSD", "en", (("rsd", "crps"),)) == [
        Group((("pump",),)),
        Group((("rsd",), ("crps",))),
    ]


def test_long_query_is_cut():
    assert len(groups(" ".join(f"word{number}" for number in range(100)), "en", ())) == search_query.MOST_WORDS


# --- the starting guide -----------------------------------------------------------------------------------------------


def test_people_find_the_page_they_look_for(guide):
    for word, means in (("RSD", "complex regional pain syndrome"), ("Prialt", "ziconotide")):
        Synonym.objects.get_or_create(word=word, means=means)
    wanted = {
        "morphine": "/medicines/morphine/",
        "prialt": "/medicines/ziconotide/",
        "RSD": "/conditions/crps/",
        "refill": "/five-steps/refill/",
        "can I have an MRI with a pump": "/living-with-a-pump/",
        "fixed rate": "/pumps/fixed-rate/",
        "how long does the trial take": "/five-steps/trial/",
        "what does it cost": "/questions-to-ask/",
        "what can go wrong": "/risks/",
        "emergency": "/safety/get-help-now/",
        "blood thinners": "/who-it-may-help/",
        "spinal cord stimulator": "/compare-options/",
        "sources": "/sources/",
        "who paid": "/sources/",
        "cookies": "/privacy/",
    }
    first = {typed: paths(typed, limit=4) for typed in wanted}
    assert {typed: first[typed] for typed, path in wanted.items() if path not in first[typed]} == {}


def test_every_page_of_the_guide_is_found_by_its_title(guide):
    entries = SearchEntry.objects.values_list("title", "path")
    assert len(entries) > 40
    assert [path for title, path in entries if path not in paths(title, limit=5)] == []


def test_the_index_is_one_of_the_database(db):
    names = connection.introspection.table_names()
    if connection.vendor == "sqlite":
        assert "content_search" in names
    else:
        with connection.cursor() as cursor:
            indexes = connection.introspection.get_constraints(cursor, "content_searchentry")
        assert indexes["content_searchentry_search"]["type"] == "gin"
