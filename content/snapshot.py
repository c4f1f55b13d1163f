"""Freezes a page's working rows as one self-contained piece of JSON: text, claims, what the sources say, terms.

What comes out is what is published, previewed and exported; nothing in it is looked up again later.
"""

import re
from collections.abc import Iterator
from datetime import date

from django.db.models import F, Prefetch, Q, QuerySet

from pumpguide.publishing import content_hash

from .html import marks
from .models import Block, Claim, Page, Source, Term, Topic
from .models.evidence import Certainty
from .models.page import BlockKind

PAGE_FIELDS = ("key", "language", "kind", "slug", "title", "menu_title", "summary", "position", "reviewed_by")
BLOCK_FIELDS = ("kind", "heading", "body", "subject", "numerator", "denominator", "typical")
FACT_FIELDS = {
    "drug_facts": ("boxed_warning", "emergency_signs"),
    "pump_type_facts": ("availability", "as_of", "claim"),
    "condition_facts": ("named_by", "strength", "claim"),
    "step_facts": ("duration", "claim", "before", "during", "after", "ask"),
}
USE_FIELDS = ("use", "status", "as_of", "claim")
PERSON_FIELDS = ("name", "credentials", "role", "interests")
SOURCE_FIELDS = ("key", "label", "title", "publisher", "kind", "says", "interests", "reference", "dated", "checked")
TERM_FIELDS = ("key", "term", "also", "definition")
DRAWS_CLAIMS = {BlockKind.DIFFER, BlockKind.DIFFERENCES}
"""Kinds of blocks that show claims which no text marks."""


class Evidence:
    """Claims, sources, words and topics of a language as they are now: all of them, or all but claims that a page with
    these marks (scheme, key) and kinds of blocks cannot use."""

    def __init__(self, language: str, marks: set | None = None, kinds: frozenset = frozenset()) -> None:
        claims = Claim.objects.filter(language=language).select_related("topic").prefetch_related("says__source")
        if marks is not None:
            cited = Q(key__in=[key for scheme, key in marks if scheme == "claim"])
            claims = claims.filter(cited | Q(certainty=Certainty.DIFFER) if kinds & DRAWS_CLAIMS else cited)
        self.claims = list(claims)
        self.sources = list(Source.objects.filter(language=language))
        self.terms = list(Term.objects.filter(language=language))
        self.topics = list(Topic.objects.filter(language=language))


def snapshot(page: Page, evidence: Evidence | None = None) -> dict:
    """The page as JSON-ready data. Missing claims or terms are simply not in it; ``missing`` names them.

    ``evidence``: all of the page's language, where it is at hand.
    """
    blocks = [block_data(block) for block in page.blocks.all()]
    kinds = frozenset(block["kind"] for block in blocks)
    facts = facts_of(page)
    marked = {*all_marks(blocks), *(("claim", key) for key in fact_claims(facts))}
    evidence = evidence or Evidence(page.language, marked, kinds)
    claims = [claim_data(claim) for claim in claims_of(evidence, marked, blocks, kinds)]
    cited = {says["source"] for claim in claims for says in claim["says"]}
    cited |= set(re.findall(r"[\w-]+", facts.get("condition_facts", {}).get("named_by", "")))
    explained = {key for scheme, key in marked if scheme == "term"}
    topics = {claim["topic"] for claim in claims}
    return {
        **{field: getattr(page, field) for field in PAGE_FIELDS},
        "reviewed_on": written(page.reviewed_on),
        "next_review": written(page.next_review),
        "facts": facts,
        "blocks": blocks,
        "claims": claims,
        "sources": told(evidence.sources, SOURCE_FIELDS, cited, every=BlockKind.SOURCES in kinds),
        "terms": told(evidence.terms, TERM_FIELDS, explained, every=BlockKind.GLOSSARY in kinds),
        "topics": told(evidence.topics, ("key", "title"), topics),
    }


def snapshots(pages: QuerySet[Page]) -> Iterator[tuple[Page, dict]]:
    """Each of these pages and its snapshot, in a fixed number of queries."""
    shown = Block.objects.select_related("person", "picture").defer("picture__data")
    evidence: dict[str, Evidence] = {}
    for page in pages.select_related(*FACT_FIELDS).prefetch_related(Prefetch("blocks", shown), "drug_uses"):
        if page.language not in evidence:
            evidence[page.language] = Evidence(page.language)
        yield page, snapshot(page, evidence[page.language])


def older_in_public(pages: QuerySet[Page]) -> list[Page]:
    """Those of the pages whose public text is another than their draft, whatever of it or of what it uses changed."""
    live = pages.filter(live__isnull=False).annotate(live_hash=F("live__hash"))
    return [page for page, data in snapshots(live) if content_hash(data) != page.live_hash]


def told(rows: list, fields: tuple[str, ...], keys: set[str], *, every: bool = False) -> list[dict]:
    """The fields of the rows with these keys, or of every row."""
    return [{field: getattr(row, field) for field in fields} for row in rows if every or row.key in keys]


def written(value):
    """A date as its ISO form, nothing as an empty string, anything else as it is."""
    return "" if value is None else value.isoformat() if isinstance(value, date) else value


def block_data(block) -> dict:
    return {
        **{field: getattr(block, field) for field in BLOCK_FIELDS},
        "person": {field: getattr(block.person, field) for field in PERSON_FIELDS} if block.person else None,
        "picture": picture_data(block.picture) if block.picture else None,
        "consent_on": written(block.consent_on),
    }


def picture_data(picture) -> dict:
    return {
        "hash": picture.hash,
        "alt": picture.alt,
        "decorative": picture.decorative,
        "width": picture.width,
        "height": picture.height,
    }


def facts_of(page: Page) -> dict:
    """The facts of the page's kind: name of the table -> its fields, and the uses of a medicine."""
    facts: dict = {}
    for name, fields in FACT_FIELDS.items():
        row = getattr(page, name, None)
        if row is not None:
            facts[name] = {field: written(getattr(row, field)) for field in fields}
    uses = [{field: written(getattr(use, field)) for field in USE_FIELDS} for use in page.drug_uses.all()]
    return {**facts, "drug_uses": uses} if uses else facts


def fact_claims(facts: dict) -> list[str]:
    """The keys of the claims that back the facts."""
    rows = [row for name, row in facts.items() if name != "drug_uses"] + facts.get("drug_uses", [])
    return [row["claim"] for row in rows if row.get("claim")]


def all_marks(blocks: list[dict]) -> list[tuple[str, str]]:
    """Every (scheme, key) mark of these blocks, in order."""
    return [mark for block in blocks for mark in marks(block["body"])]


def claims_of(evidence: Evidence, marked: set, blocks: list[dict], kinds: frozenset) -> list[Claim]:
    """The marked claims, plus the differing ones of every topic that the blocks draw."""
    topics = {block["subject"] for block in blocks if block["kind"] == BlockKind.DIFFER}
    every = BlockKind.DIFFERENCES in kinds

    def drawn(claim: Claim) -> bool:
        return claim.certainty == Certainty.DIFFER and (every or claim.topic.key in topics)

    return [claim for claim in evidence.claims if ("claim", claim.key) in marked or drawn(claim)]


def pages_using(claim: Claim) -> QuerySet[Page]:
    """The pages whose drafts show the claim: in a mark, behind a fact, or where they draw what differs."""
    used = Q(blocks__body__contains=f'"claim:{claim.key}"') | Q(drug_uses__claim=claim.key)
    for name, fields in FACT_FIELDS.items():
        if "claim" in fields:
            used |= Q(**{f"{name}__claim": claim.key})
    if claim.certainty == Certainty.DIFFER:
        used |= Q(blocks__kind=BlockKind.DIFFERENCES)
        used |= Q(blocks__kind=BlockKind.DIFFER, blocks__subject=claim.topic.key)
    return Page.objects.filter(used, language=claim.language).distinct()


def claim_data(claim: Claim) -> dict:
    return {
        "key": claim.key,
        "topic": claim.topic.key,
        "text": claim.text,
        "certainty": claim.certainty,
        "checked": bool(claim.reviewed_by),
        "says": [{"source": says.source.key, "text": says.text} for says in claim.says.all()],
    }


def missing(data: dict, page_keys: set[str]) -> list[str]:
    """The marks of a snapshot that lead nowhere, as ``scheme:key``, each once, in order."""
    known = {
        "claim": {claim["key"] for claim in data["claims"]},
        "term": {term["key"] for term in data["terms"]},
        "page": page_keys,
    }
    used = [*(("claim", key) for key in fact_claims(data["facts"])), *all_marks(data["blocks"])]
    return list(dict.fromkeys(f"{scheme}:{key}" for scheme, key in used if key not in known[scheme]))
