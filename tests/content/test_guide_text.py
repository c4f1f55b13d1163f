"""The starting guide itself: plain, careful, whole, and honest about where the sources differ."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
import textstat

from content.guide_files import GUIDE
from content.html import clean, marks, plain_text
from content.models.evidence import Certainty


def toml(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


PAGES = {path.stem: toml(path) for path in sorted((GUIDE / "pages").glob("*.toml"))}
TOPICS = {path.stem: toml(path) for path in sorted((GUIDE / "claims").glob("*.toml"))}
CLAIMS = {claim["key"]: claim for topic in TOPICS.values() for claim in topic["claim"]}
SOURCES = {source["key"]: source for source in toml(GUIDE / "sources.toml")["source"]}
TERMS = {term["key"]: term for term in toml(GUIDE / "glossary.toml")["term"]}
SYNONYMS = toml(GUIDE / "synonyms.toml")["synonym"]
DOCUMENTS = {"S0", "S1", "S2", "S3", "S4"}
FACTS_OF_KIND = {
    "drug": "drug_facts",
    "pump-type": "pump_type_facts",
    "condition": "condition_facts",
    "step": "step_facts",
}

each_page = pytest.mark.parametrize("key", PAGES)
SENTENCE = re.compile(r"(?<=[.?!])[”’)]*\s+")


def bodies(page):
    return [block.get("body", "") for block in page["block"]]


def sentence(words):
    return words if words[-1] in ".?!:" else f"{words}."


def fact_texts(page):
    """What the facts of the page's kind say."""
    names = ("boxed_warning", "emergency_signs", "availability", "strength", "duration", "before", "during", "after")
    rows = [page[name] for name in FACTS_OF_KIND.values() if name in page]
    said = [row[name] for row in rows for name in (*names, "ask") if name in row]
    return said + [use["use"] for use in page.get("drug_use", [])]


def page_text(page):
    """All a reader reads on the page itself, one line for each paragraph, heading and list item."""
    lines = [sentence(page["title"]), page["summary"]]
    lines += [sentence(line) for text in fact_texts(page) for line in text.splitlines()]
    for block in page["block"]:
        lines += [sentence(block["heading"])] if block.get("heading") else []
        lines += [plain_text(clean(block["body"]))] if block.get("body") else []
    return "\n".join(lines)


def paragraphs(page):
    """The running text alone: short list items and headings make a page seem easier than it is."""
    found = [words for body in bodies(page) for words in re.findall(r"<p>.*?</p>", clean(body), re.DOTALL)]
    return "\n".join([page["summary"], *(plain_text(words) for words in found)])


def claim_text(claim):
    return "\n".join([claim["text"], *(says["text"] for says in claim["says"])])


def all_texts():
    """(where, text) of every text of the guide that people read."""
    yield from ((f"page {key}", page_text(page)) for key, page in PAGES.items())
    yield from ((f"claim {key}", claim_text(claim)) for key, claim in CLAIMS.items())
    yield from ((f"term {key}", f"{term['term']}\n{term['definition']}") for key, term in TERMS.items())
    yield from ((f"source {key}", f"{source['says']}\n{source['interests']}") for key, source in SOURCES.items())
    yield from ((f"topic {key}", topic["title"]) for key, topic in TOPICS.items())


def sentences(text):
    return [part for line in text.split("\n") for part in SENTENCE.split(line) if part.strip()]


# --- plain words ---------------------------------------------------------------------------------------------------


def test_the_guide_is_here():
    assert len(PAGES) >= 40
    assert len(CLAIMS) >= 150
    assert not DOCUMENTS - set(SOURCES)


@each_page
def test_page_reads_at_grade_8_or_below(key):
    assert textstat.flesch_kincaid_grade(page_text(PAGES[key])) <= 8


@each_page
def test_running_text_reads_at_grade_8_or_below(key):
    assert textstat.flesch_kincaid_grade(paragraphs(PAGES[key])) <= 8


def test_claims_and_terms_read_at_grade_8_or_below():
    assert textstat.flesch_kincaid_grade("\n".join(claim["text"] for claim in CLAIMS.values())) <= 8
    assert textstat.flesch_kincaid_grade("\n".join(term["definition"] for term in TERMS.values())) <= 8


def test_no_sentence_has_more_than_25_words():
    long = {where: part for where, text in all_texts() for part in sentences(text) if len(part.split()) > 25}
    assert long == {}


@each_page
def test_no_paragraph_has_more_than_three_sentences(key):
    long = [
        words
        for body in bodies(PAGES[key])
        for words in re.findall(r"<p>(.*?)</p>", clean(body), re.DOTALL)
        if len(sentences(plain_text(words))) > 3
    ]
    assert long == []


NEVER = [
    r"(in)?eligib\w*", r"(dis)?qualif\w*", r"reject\w*", r"results?", r"scor(e|es|ed|ing)", r"risk levels?",
    r"ruled? out", r"nullif\w*", r"much safer", r"life[- ]changing", r"powerful relief", r"origins? of (the )?pain",
    r"miracle\w*", r"guarantee\w*", r"breakthrough(?! pain)", r"state[- ]of[- ]the[- ]art", r"pain[- ]free",
]  # fmt: skip


@pytest.mark.parametrize("word", NEVER)
def test_word_that_promises_judges_or_sells_is_never_used(word):
    found = re.compile(rf"\b{word}\b", re.IGNORECASE)
    assert [where for where, text in all_texts() if found.search(text)] == []


def test_approved_is_said_of_medicines_never_of_people():
    of_people = re.compile(r"\b(you|they|people|patients?|person)( \w+){0,3} approved\b|\bapproved (you|people)\b")
    assert [where for where, text in all_texts() if of_people.search(text.lower())] == []


def test_nobody_is_told_to_stop_or_change_a_medicine():
    told = re.compile(
        r"^(please )?(stop|quit|reduce|skip|double) (taking |using )?(your |the |any )?\w*", re.IGNORECASE
    )
    for where, text in all_texts():
        for part in sentences(text):
            assert not (told.match(part) and re.search(r"medic|tablet|drug|thinner|opioid|pill", part)), where


def test_no_text_shouts():
    assert [where for where, text in all_texts() if "!" in text] == []


# --- signs of danger -----------------------------------------------------------------------------------------------

RED_FLAGS = {
    "breathing": r"\bbreathing",
    "sleepiness": r"very sleepy",
    "not waking": r"cannot be woken",
    "seizure": r"seizure",
    "confusion": r"confusion",
    "legs": r"leg weakness|weakness in the legs|weak legs",
    "bladder and bowels": r"bladder or bowel",
    "meninges": r"fever with a stiff neck",
}
AT_ANY_HOUR = "Call at any hour. If it is severe, or no one answers, call 911 or go to the emergency room."


def danger_text(page):
    """What the boxes of a page say that name signs of danger."""
    return plain_text(" ".join(box["body"] for box in page["block"] if box["kind"] in ("care-card", "warning"))).lower()


def sign_facts(page):
    return page.get("drug_facts", {}).get("emergency_signs", "")


@each_page
def test_box_that_names_signs_of_danger_with_a_pump_leaves_none_out(key):
    if any("claim:warning-emergency" in body for body in bodies(PAGES[key])):
        assert [flag for flag, words in RED_FLAGS.items() if not re.search(words, danger_text(PAGES[key]))] == []


@each_page
def test_facts_of_a_medicine_name_every_sign_of_danger(key):
    if signs := sign_facts(PAGES[key]).lower():
        assert [flag for flag, words in RED_FLAGS.items() if not re.search(words, signs)] == []


@each_page
def test_card_for_the_pump_team_says_now_at_any_hour_and_what_if_nobody_answers(key):
    cards = [block for block in PAGES[key]["block"] if block["kind"] == "care-card" and block["subject"] != "emergency"]
    calls = [card for card in cards if card["subject"] != "tell"]
    assert [card["heading"] for card in calls if card["subject"] != "now"] == []
    assert [card["heading"] for card in calls if AT_ANY_HOUR not in " ".join(plain_text(card["body"]).split())] == []
    assert not calls or "warning-emergency" in "".join(bodies(PAGES[key]))


# --- every mark leads somewhere ------------------------------------------------------------------------------------


@each_page
def test_every_mark_has_a_target(key):
    known = {"claim": CLAIMS, "term": TERMS, "page": PAGES}
    found = [mark for body in bodies(PAGES[key]) for mark in marks(clean(body))]
    assert [mark for mark in found if mark[1] not in known[mark[0]]] == []


@each_page
def test_cleaning_takes_nothing_from_the_page(key):
    for body in bodies(PAGES[key]):
        links = re.findall(r'<a href="([^"]+)">', body)
        assert re.findall(r'<a href="([^"]+)">', clean(body)) == links
        assert len(links) == body.count("<a ")
        assert " ".join(plain_text(clean(body)).split()) == " ".join(plain_text(body.strip()).split())


@each_page
def test_links_lead_only_to_our_pages_and_to_help(key):
    for body in bodies(PAGES[key]):
        for link in re.findall(r'href="([^"]+)"', body):
            assert re.fullmatch(r"(claim|term|page):[a-z0-9-]+|/screening/|tel:(911|988)|sms:988", link)


def test_every_claim_stands_on_some_page():
    used = {
        key
        for page in PAGES.values()
        for body in bodies(page)
        for scheme, key in marks(clean(body))
        if scheme == "claim"
    }
    drawn = {block["subject"] for page in PAGES.values() for block in page["block"] if block["kind"] == "differ"}
    hidden = {key for topic in TOPICS.values() for claim in topic["claim"] if (key := claim["key"]) not in used}
    differing = {key for key in hidden if CLAIMS[key]["certainty"] == Certainty.DIFFER}  # drawn on the page of all
    assert drawn <= set(TOPICS)
    assert hidden - differing == set()


# --- the build of a page -------------------------------------------------------------------------------------------


@each_page
def test_key_points_come_first_and_more_to_read_comes_last(key):
    kinds = [block["kind"] for block in PAGES[key]["block"]]
    if PAGES[key]["kind"] == "home":
        assert "key-points" not in kinds
        return
    assert kinds[0] == "key-points"
    assert kinds[-1] == "related"
    assert kinds.count("key-points") == kinds.count("related") == 1


@each_page
def test_key_points_and_more_to_read_are_short_lists(key):
    for block in PAGES[key]["block"]:
        if block["kind"] in ("key-points", "related"):
            least, most = {"key-points": (3, 5), "related": (2, 4)}[block["kind"]]
            assert least <= block["body"].count("<li>") <= most


@each_page
def test_page_says_what_to_do_next(key):
    headings = " ".join(block.get("heading", "") for block in PAGES[key]["block"])
    if PAGES[key]["kind"] != "home":
        assert re.search(r"next|what you can do|to do|ask", headings, re.IGNORECASE)


@pytest.mark.parametrize("kind", ["drug", "pump-type"])
def test_good_and_harm_are_both_told_with_evidence(kind):
    for key, page in PAGES.items():
        if page["kind"] == kind:
            text = page_text(page).lower()
            assert re.search(r"\b(help|ease|relie)", text), key
            assert re.search(r"\b(harm|danger|risk|side effect)", text), key
            assert "page:get-help-now" in "".join(bodies(page)), key


@each_page
def test_no_reviewer_is_invented(key):
    assert not PAGES[key].get("reviewed_by")
    assert not PAGES[key].get("reviewed_on")


def test_pages_addresses_and_titles_are_each_their_own():
    for field in ("title", "menu_title"):
        values = [page[field] for page in PAGES.values()]
        assert len(values) == len(set(values))
    addresses = [(page["kind"], page["slug"]) for page in PAGES.values()]
    assert len(addresses) == len(set(addresses))
    assert all(key == page["key"] for key, page in PAGES.items())


def test_five_steps_are_five():
    steps = sorted((page["position"], key) for key, page in PAGES.items() if page["kind"] == "step")
    assert steps == [(1, "evaluation"), (2, "trial"), (3, "implantation"), (4, "recovery"), (5, "refill")]


def test_pages_the_frame_links_to_are_there():
    frame = "".join(path.read_text() for path in (GUIDE.parents[1] / "templates").rglob("*.html"))
    prefix = {"pump-type": "/pumps", "drug": "/medicines", "condition": "/conditions", "step": "/five-steps"}
    prefix["safety"] = "/safety"
    known = {f"{prefix.get(page['kind'], '')}/{page['slug']}/" for page in PAGES.values()}
    known |= {"/", "//", "/screening/", "/screening/call/", "/search/", "/corrections/"}
    assert set(re.findall(r'href="(/[a-z0-9/-]*)"', frame)) <= known


# --- the facts of each kind ----------------------------------------------------------------------------------------


@each_page
def test_page_of_a_kind_has_the_facts_of_that_kind_and_no_other(key):
    page = PAGES[key]
    held = {name for name in FACTS_OF_KIND.values() if name in page}
    assert held == {name for kind, name in FACTS_OF_KIND.items() if kind == page["kind"]}
    assert bool(page.get("drug_use")) == (page["kind"] == "drug")


def fact_rows():
    """(page, row) of every fact that may name a claim."""
    for key, page in PAGES.items():
        yield from ((key, page[name]) for name in FACTS_OF_KIND.values() if name in page)
        yield from ((key, use) for use in page.get("drug_use", []))


def test_every_fact_rests_on_a_claim_or_says_that_no_source_tells():
    for key, row in fact_rows():
        if "boxed_warning" in row:
            continue  # its claims are in the page's own warning
        assert row.get("claim") in CLAIMS or (key == "evaluation" and "None of our five sources" in row["duration"]), (
            key
        )


def test_label_status_is_dated_by_what_it_rests_on_or_by_nothing():
    for key, row in fact_rows():
        if "status" in row:
            cited = {says["source"] for says in CLAIMS[row["claim"]]["says"]}
            assert row.get("as_of") == (date(2018, 11, 14) if "fda-2018" in cited else None), key


def test_condition_names_the_documents_that_its_claim_cites():
    for key, row in fact_rows():
        if "named_by" in row:
            named = set(row["named_by"].split(", "))
            assert named <= {says["source"] for says in CLAIMS[row["claim"]]["says"]} & DOCUMENTS, key


def test_words_for_search_lead_to_words_that_our_pages_use():
    text = "\n".join(page_text(page) for page in PAGES.values()).lower()
    assert [row for row in SYNONYMS if row["means"].lower() not in text] == []
    assert len({(row["word"].lower(), row["means"]) for row in SYNONYMS}) == len(SYNONYMS)


# --- says who ------------------------------------------------------------------------------------------------------


def test_every_claim_names_known_sources_and_what_they_say():
    for key, claim in CLAIMS.items():
        assert claim["says"], key
        assert all(says["source"] in SOURCES and says["text"].strip() for says in claim["says"]), key
        assert len({says["source"] for says in claim["says"]}) == len(claim["says"]), key


def test_every_certainty_fits_its_sources():
    for key, claim in CLAIMS.items():
        said_by = {says["source"] for says in claim["says"]}
        if claim["certainty"] == Certainty.AGREE:
            assert len(said_by - {"editorial"}) >= 2, key
        elif claim["certainty"] == Certainty.SINGLE:
            assert len(said_by & DOCUMENTS) == 1, key
        elif claim["certainty"] == Certainty.OUTSIDE:
            assert said_by - DOCUMENTS, key
        else:
            assert len(said_by) >= 2, key


def test_only_documents_we_hold_are_marked_as_read():
    assert {key for key, source in SOURCES.items() if source["checked"]} <= DOCUMENTS


def test_every_source_says_what_it_covers_and_who_gains():
    for key, source in SOURCES.items():
        assert source["says"].strip(), key
        assert source["interests"].strip(), key


def test_every_figure_drawn_from_numbers_says_who_was_counted():
    for key, page in PAGES.items():
        for block in page["block"]:
            if block["kind"] == "number":
                assert block["denominator"] >= block["numerator"] >= 0, key
                assert "claim:" in block["body"], key
                assert len(plain_text(clean(block["body"])).split()) >= 20, key


DIFFERENCES = {
    "dose ratio": "dose-much-smaller",
    "pump size": "size-pump",
    "all battery-powered or not": "power-battery",
    "trial: whether": "trial-comes-first",
    "trial: how": "trial-ways",
    "trial: how long, one shot": "trial-time-injection",
    "trial: how long, a temporary tube": "trial-time-catheter",
    "trial: what counts as success": "trial-success",
    "incision size": "implant-incision",
    "length of stay": "stay-length",
    "anaesthesia": "anaesthesia-kind",
    "recovery time": "recovery-time",
    "recovery limits": "recovery-activity",
    "how risky": "risks-how-common",
    "how often refilled": "refill-how-often",
    "refilled when empty, or before": "refill-before-empty",
    "cancer against six months": "candidates-cancer-time",
    "six months against three": "candidates-time-left",
    "depression as a flat exclusion": "candidates-depression",
    "blood thinners as a flat exclusion": "candidates-blood-thinners",
    "opioid responders against all else failed": "candidates-opioids",
    "how long pain must have lasted": "candidates-pain-duration",
    "which drugs": "drugs-which",
    "for what they are approved": "drugs-status-differ",
    "baclofen and nerve pain": "drugs-baclofen-use",
    "efficacy: would do it again": "efficacy-choose-again",
    "efficacy: stopped other opioids": "efficacy-stopped-opioids",
    "efficacy: quality of life": "efficacy-quality-of-life",
    "efficacy: against tablets": "efficacy-tablets-compared",
    "who implants it": "who-implants-doctor",
    "reversible or not": "reversibility-removal",
}
"""Every difference between the sources that the evidence names, and the claim that tells it."""


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_difference_between_the_sources_is_told_with_both_sides(difference):
    claim = CLAIMS[DIFFERENCES[difference]]
    assert claim["certainty"] == Certainty.DIFFER
    assert len(claim["says"]) >= 2
    assert {says["source"] for says in claim["says"]} & DOCUMENTS


def test_all_differences_are_drawn_on_one_page():
    assert "differences" in [block["kind"] for block in PAGES["where-the-sources-differ"]["block"]]
    assert "sources" in [block["kind"] for block in PAGES["sources"]["block"]]
    assert "glossary" in [block["kind"] for block in PAGES["glossary"]["block"]]
