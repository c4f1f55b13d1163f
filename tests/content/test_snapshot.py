"""A page frozen as one self-contained piece of JSON."""

import json

import pytest
from django.utils import timezone

from content.models import Block, Claim, ClaimSource, Page, Source, Term, Topic
from content.snapshot import missing, snapshot
from pumpguide.publishing import content_hash

NOW = timezone.now()


def make_page(key="risks", *blocks, **fields):
    """A page with blocks, each a dict of a block's fields or just the body of a text."""
    given = {
        "kind": "article",
        "slug": key,
        "title": key.title(),
        "menu_title": key.title(),
        "summary": f"About {key}.",
    }
    page = Page.objects.create(key=key, changed_at=NOW, **{**given, **fields})
    for position, block in enumerate(blocks, start=1):
        Block.objects.create(page=page, position=position, **({"body": block} if isinstance(block, str) else block))
    return page


def make_claim(key, *said_by, topic="dose", certainty="agree", **fields):
    """A claim, what each of these sources says about it, and whatever it needs to stand."""
    topic, _made = Topic.objects.get_or_create(key=topic, defaults={"title": f"Topic {topic}", "changed_at": NOW})
    given = {"text": f"We say {key}.", "certainty": certainty, "position": Claim.objects.count(), **fields}
    claim = Claim.objects.create(key=key, topic=topic, changed_at=NOW, **given)
    for place, name in enumerate(said_by or ("S0",), start=1):
        ClaimSource.objects.create(claim=claim, source=make_source(name), text=f"{name} says {key}.", position=place)
    return claim


def make_source(key):
    given = {
        "label": f"Label of {key}",
        "title": f"Title of {key}",
        "kind": "Study",
        "says": "What it covers.",
        "changed_at": NOW,
    }
    return Source.objects.get_or_create(key=key, language="en", defaults=given)[0]


def make_term(key, **fields):
    return Term.objects.create(key=key, term=key.title(), definition=f"Meaning of {key}.", changed_at=NOW, **fields)


def mark(scheme, key, words="words"):
    return f'<p><a href="{scheme}:{key}">{words}</a></p>'


pytestmark = pytest.mark.django_db


def test_snapshot_holds_the_page_and_its_blocks_in_order():
    page = make_page("risks", {"kind": "callout", "heading": "Two", "body": "<p>b</p>"}, "<p>c</p>", position=3)
    data = snapshot(page)
    assert (data["key"], data["slug"], data["position"], data["reviewed_by"], data["reviewed_on"]) == (
        "risks", "risks", 3, "", "",
    )  # fmt: skip
    assert [(block["kind"], block["body"]) for block in data["blocks"]] == [
        ("callout", "<p>b</p>"), ("prose", "<p>c</p>"),
    ]  # fmt: skip


def test_snapshot_is_json_and_the_same_each_time():
    make_claim("dose-small", "S0", "S1")
    page = make_page("risks", mark("claim", "dose-small"), reviewed_by="Dr. A, physician", reviewed_on="2026-11-02")
    page.refresh_from_db()
    first, second = snapshot(page), snapshot(Page.objects.get(key="risks"))
    assert json.loads(json.dumps(first)) == first
    assert content_hash(first) == content_hash(second)
    assert first["reviewed_on"] == "2026-11-02"


def test_snapshot_holds_cited_claims_with_what_each_source_says():
    make_claim("dose-small", "S0", "S1", reviewed_by="Dr. A", reviewed_on="2026-11-02")
    make_claim("not-cited", "S2")
    data = snapshot(make_page("risks", mark("claim", "dose-small")))
    assert data["claims"] == [
        {
            "key": "dose-small",
            "topic": "dose",
            "text": "We say dose-small.",
            "certainty": "agree",
            "checked": True,
            "says": [
                {"source": "S0", "text": "S0 says dose-small."},
                {"source": "S1", "text": "S1 says dose-small."},
            ],
        }
    ]
    assert [source["key"] for source in data["sources"]] == ["S0", "S1"]
    assert data["topics"] == [{"key": "dose", "title": "Topic dose"}]


def test_claim_nobody_checked_says_so():
    make_claim("dose-small")
    assert snapshot(make_page("risks", mark("claim", "dose-small")))["claims"][0]["checked"] is False


def test_snapshot_holds_only_the_terms_it_explains():
    make_term("reservoir", also=["tank"])
    make_term("catheter")
    data = snapshot(make_page("risks", mark("term", "reservoir")))
    assert data["terms"] == [
        {"key": "reservoir", "term": "Reservoir", "also": ["tank"], "definition": "Meaning of reservoir."}
    ]


def test_glossary_and_sources_blocks_bring_all_of_them():
    make_term("reservoir")
    make_term("catheter")
    make_source("S0")
    make_source("S3")
    data = snapshot(make_page("all", {"kind": "glossary"}, {"kind": "sources"}))
    assert {term["key"] for term in data["terms"]} == {"reservoir", "catheter"}
    assert {source["key"] for source in data["sources"]} == {"S0", "S3"}


def test_differ_block_brings_the_differing_claims_of_its_topic_only():
    make_claim("a", "S0", "S1", topic="dose", certainty="differ")
    make_claim("b", "S0", topic="dose", certainty="agree")
    make_claim("c", "S0", "S1", topic="size", certainty="differ")
    data = snapshot(make_page("risks", {"kind": "differ", "subject": "dose"}))
    assert [claim["key"] for claim in data["claims"]] == ["a"]


def test_differences_block_brings_every_differing_claim_once():
    make_claim("a", "S0", "S1", topic="dose", certainty="differ")
    make_claim("b", "S0", topic="dose", certainty="agree")
    make_claim("c", "S0", "S1", topic="size", certainty="differ")
    data = snapshot(make_page("all", {"kind": "differences"}, mark("claim", "a")))
    assert [claim["key"] for claim in data["claims"]] == ["a", "c"]
    assert [topic["key"] for topic in data["topics"]] == ["dose", "size"]


def test_marks_that_lead_nowhere_are_named_once_and_in_order():
    make_claim("dose-small")
    bodies = [mark("term", "gone"), mark("claim", "lost"), mark("claim", "dose-small"), mark("page", "nowhere")]
    data = snapshot(make_page("risks", *bodies, mark("claim", "lost"), mark("page", "risks")))
    assert missing(data, {"risks"}) == ["term:gone", "claim:lost", "page:nowhere"]


def test_page_without_marks_misses_nothing():
    assert missing(snapshot(make_page("risks", "<p>Words.</p>")), set()) == []


def test_changing_a_claim_changes_the_hash_of_pages_that_cite_it():
    claim = make_claim("dose-small")
    page, other = make_page("risks", mark("claim", "dose-small")), make_page("about", "<p>Words.</p>")
    before, other_before = content_hash(snapshot(page)), content_hash(snapshot(other))
    claim.text = "We say otherwise."
    claim.save()
    assert content_hash(snapshot(page)) != before
    assert content_hash(snapshot(other)) == other_before


def test_two_languages_do_not_mix():
    make_claim("dose-small", "S0", language="es", text="Decimos.")
    make_term("reservoir", language="es")
    data = snapshot(make_page("risks", mark("claim", "dose-small"), mark("term", "reservoir")))
    assert (data["claims"], data["terms"]) == ([], [])
