"""schema.org data: it parses, keeps to the vocabulary, and says nothing that the page does not show."""

import json
import re
from datetime import date
from html import unescape

import pytest
from django.db import transaction
from django.utils.formats import date_format

from content.models import DrugFacts, DrugUse, Page, StepFacts
from content.render import render
from content.site import live_site
from content.snapshot import snapshot
from tests.content.going_live import change
from tests.content.test_snapshot import make_claim, make_page, mark

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)

THING = {"@type", "name", "description", "url"}
ENTITY = THING | {"legalStatus"}
WEB_PAGE = {"@context", "inLanguage", "isPartOf", "datePublished", "lastReviewed", "reviewedBy", "publisher"}
VOCABULARY = {
    "WebPage": THING | WEB_PAGE | {"about", "citation"},
    "WebSite": THING,
    "Person": THING,
    "MedicalOrganization": THING | {"telephone"},
    "CreativeWork": THING,
    "Drug": ENTITY | {"warning"},
    "DrugLegalStatus": ENTITY | {"applicableLocation"},
    "AdministrativeArea": THING,
    "MedicalDevice": ENTITY,
    "MedicalCondition": ENTITY,
    "MedicalProcedure": ENTITY | {"preparation", "howPerformed", "followup"},
}
"""What we use of schema.org: type -> its properties, by schema.org's own definitions."""
VOCABULARY["MedicalWebPage"] = VOCABULARY["WebPage"]

SCRIPT = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def made(page, *, published_on=DAY, clinic=None):
    return render(snapshot(page), live_site("en"), published_on=published_on, clinic=clinic)


def data_of(html):
    (found,) = SCRIPT.findall(html)
    return json.loads(found)


def described(page, **more):
    return data_of(made(page, **more))


def visible(html):
    """The words that a reader can see or unfold, in one line of small letters."""
    body = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", html.split("<body", 1)[1], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split()).casefold()


def parts(value, place=""):
    """(place, dict) of every object within."""
    if isinstance(value, list):
        for item in value:
            yield from parts(item, place)
    elif isinstance(value, dict):
        yield place, value
        for name, item in value.items():
            yield from parts(item, f"{place}.{name}")


# --- what it says --------------------------------------------------------------------------------------------------


def test_page_describes_itself(settings):
    settings.PUBLIC_URL = "https://pumps.example"
    make_claim("dose-small")
    assert described(make_page("risks", mark("claim", "dose-small"))) == {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "url": "https://pumps.example/risks/",
        "name": "Risks",
        "description": "About risks.",
        "inLanguage": "en",
        "isPartOf": {"@type": "WebSite", "name": "Pump Guide", "url": "https://pumps.example/"},
        "datePublished": "2026-11-20",
        "citation": [{"@type": "CreativeWork", "name": "Label of S0"}],
    }


def test_nobody_has_reviewed_a_page_that_is_not_reviewed():
    assert {"lastReviewed", "reviewedBy"} & described(make_page("risks", "<p>Words.</p>")).keys() == set()


def test_review_is_told_with_who_and_when():
    page = make_page("risks", "<p>Words.</p>", reviewed_by="Dr. A, physician", reviewed_on=date(2026, 11, 2))
    told = described(page)
    assert told["lastReviewed"] == "2026-11-02"
    assert told["reviewedBy"] == {"@type": "Person", "name": "Dr. A, physician"}


def test_draft_has_no_date_of_publication():
    assert "datePublished" not in described(make_page("risks", "<p>Words.</p>"), published_on=None)


def test_page_about_this_site_makes_no_medical_claim():
    assert described(make_page("privacy", "<p>Words.</p>"))["@type"] == "WebPage"
    assert described(make_page("get-help-now", "<p>Words.</p>", kind="safety"))["@type"] == "MedicalWebPage"


def test_clinic_is_the_publisher_when_it_has_given_its_name():
    page = make_page("risks", "<p>Words.</p>")
    assert "publisher" not in described(page, clinic={"clinic_name": "", "phone": "555 0100"})
    assert described(page, clinic={"clinic_name": "Riverside", "phone": ""})["publisher"] == {
        "@type": "MedicalOrganization",
        "name": "Riverside",
    }


def test_each_source_is_cited_once():
    make_claim("dose-small", "S0", "S1")
    make_claim("dose-varies", "S1")
    told = described(make_page("risks", mark("claim", "dose-small") + mark("claim", "dose-varies")))
    assert [source["name"] for source in told["citation"]] == ["Label of S0", "Label of S1"]


# --- by kind -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("drug", {"@type": "Drug", "name": "Morphine"}),
        ("pump-type", {"@type": "MedicalDevice", "name": "Morphine"}),
        ("condition", {"@type": "MedicalCondition", "name": "Morphine in a pump"}),
        ("step", {"@type": "MedicalProcedure", "name": "Morphine"}),
        ("article", None),
        ("safety", None),
    ],
)
def test_page_is_about_what_its_kind_says(kind, about):
    page = make_page("morphine", "<p>Words.</p>", kind=kind, title="Morphine in a pump", menu_title="Morphine")
    assert described(page).get("about") == about


def test_short_title_that_the_page_does_not_show_is_not_its_subject():
    page = make_page("morphine", "<p>Words.</p>", kind="drug", title="The oldest medicine", menu_title="Morphine")
    assert described(page)["about"]["name"] == "The oldest medicine"


def test_medicine_has_its_boxed_warning_and_what_the_label_says_of_each_use():
    page = make_page("morphine", "<p>Words.</p>", kind="drug", title="Morphine in a pump", menu_title="Morphine")
    DrugFacts.objects.create(page=page, boxed_warning="Slow\n  breathing.")
    DrugUse.objects.create(page=page, use="Lasting pain", status="on-label", as_of=date(2018, 11, 14))
    DrugUse.objects.create(page=page, use="Stiffness", status="off-label", position=1)
    about = described(Page.objects.get())["about"]
    assert about["warning"] == "Slow breathing."
    assert [status["name"] for status in about["legalStatus"]] == [
        "Lasting pain: FDA-approved for this use in a pump (as of Nov. 14, 2018)",
        "Stiffness: Not FDA-approved for this use in a pump (not yet checked against the label of today)",
    ]
    assert {status["applicableLocation"]["name"] for status in about["legalStatus"]} == {"US"}


def test_step_says_what_comes_before_during_and_after():
    page = make_page("trial", "<p>Words.</p>", kind="step", title="Step 2: The trial", menu_title="Trial")
    StepFacts.objects.create(page=page, duration="a day", before="Rest.", during="A needle.", after="", ask="Why?")
    assert described(Page.objects.get())["about"] == {
        "@type": "MedicalProcedure",
        "name": "Trial",
        "preparation": "Rest.",
        "howPerformed": "A needle.",
    }


def test_snapshot_from_before_facts_were_kept_is_described_too():
    data = snapshot(make_page("morphine", "<p>Words.</p>", kind="drug"))
    del data["facts"]
    assert data_of(render(data, live_site("en")))["about"] == {"@type": "Drug", "name": "Morphine"}


# --- safe ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "a & b", "\u2028\u2029", "'\"\\", "&lt;/script&gt;"],
)
def test_no_words_can_end_the_script_element(words):
    claim = make_claim("dose-small")
    change(claim.says.get().source, label=words[:40])
    page = make_page(
        "risks", mark("claim", "dose-small"), title=words, summary=words, reviewed_by=words, reviewed_on=DAY
    )
    html = made(page, clinic={"clinic_name": words, "phone": words})
    (raw,) = SCRIPT.findall(html)
    assert not set("<>&\u2028\u2029") & set(raw)
    told = json.loads(raw)
    assert (told["name"], told["reviewedBy"]["name"], told["publisher"]["telephone"]) == (words, words, words)


# --- every page of the starting guide ------------------------------------------------------------------------------


CLINIC = {"clinic_name": "Riverside Clinic", "phone": "555 0100"}
CHECKED = {"reviewed_by": "Dr. A, physician", "reviewed_on": "2026-11-02"}


@pytest.fixture(scope="module")
def pages(guide_rows, django_db_blocker):
    """key -> (snapshot, HTML) of every page, as if a clinician had checked it, at a clinic. Kept in no database."""
    with django_db_blocker.unblock(), transaction.atomic():
        for rows in guide_rows:
            type(rows[0]).objects.bulk_create(rows)
        site = live_site("en")
        every = [{**page.live.snapshot, **CHECKED} for page in Page.objects.select_related("live")]
        made = {data["key"]: (data, render(data, site, published_on=DAY, clinic=CLINIC)) for data in every}
        transaction.set_rollback(True)
    return made


def test_every_page_keeps_to_the_vocabulary(pages):
    for key, (_data, html) in pages.items():
        for _place, part in parts(data_of(html)):
            assert part.keys() <= VOCABULARY[part["@type"]], key
            assert all(part.values()), f"{key} says nothing at {part}"


def test_every_page_shows_all_that_its_data_say(pages):
    unseen = []
    for key, (_data, html) in pages.items():
        seen = visible(html)
        unseen += [(key, word) for word in said(data_of(html)) if " ".join(word.split()).casefold() not in seen]
    assert unseen == []


def said(told):
    """Every word and date of a page's data that a reader should find on the page."""
    about = told.get("about", {})
    yield from (part["name"] for place, part in parts(told) if "name" in part and not place.endswith("legalStatus"))
    yield from (text for field, text in about.items() if isinstance(text, str) and field != "@type")
    yield from (told["description"], told["publisher"]["telephone"])
    yield from (date_format(date.fromisoformat(told[day])) for day in ("datePublished", "lastReviewed"))
    for status in about.get("legalStatus", []):
        yield from re.fullmatch(r"(.*): (.*) \((?:as of )?(.*)\)", status["name"]).groups()


def test_every_source_of_a_page_is_cited(pages):
    for data, html in pages.values():
        assert len(data_of(html).get("citation", [])) == len(data["sources"]), data["key"]


def test_every_kind_is_among_the_pages(pages):
    kinds = {data_of(html).get("about", {}).get("@type") for _data, html in pages.values()}
    assert kinds == {None, "Drug", "MedicalDevice", "MedicalCondition", "MedicalProcedure"}
