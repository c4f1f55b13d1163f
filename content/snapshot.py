"""Freezes a page's working rows as one self-contained piece of JSON: text, claims, what the sources say, terms.

What comes out is what is published, previewed and exported; nothing in it is looked up again later.
"""

import re
from datetime import date

from .html import marks
from .models import Claim, Page, Source, Term, Topic
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


def snapshot(page: Page) -> dict:
    """The page as JSON-ready data. Missing claims or terms are simply not in it; ``missing`` names them."""
    blocks = [block_data(block) for block in page.blocks.select_related("person", "picture")]
    kinds = {block["kind"] for block in blocks}
    facts = facts_of(page)
    claims = [claim_data(claim) for claim in claims_of(page.language, blocks, kinds, fact_claims(facts))]
    cited = {says["source"] for claim in claims for says in claim["says"]}
    cited |= set(re.findall(r"[\w-]+", facts.get("condition_facts", {}).get("named_by", "")))
    sources = Source.objects.filter(language=page.language)
    terms = Term.objects.filter(language=page.language)
    if BlockKind.SOURCES not in kinds:
        sources = sources.filter(key__in=cited)
    if BlockKind.GLOSSARY not in kinds:
        terms = terms.filter(key__in=[key for scheme, key in all_marks(blocks) if scheme == "term"])
    return {
        **{field: getattr(page, field) for field in PAGE_FIELDS},
        "reviewed_on": written(page.reviewed_on),
        "next_review": written(page.next_review),
        "facts": facts,
        "blocks": blocks,
        "claims": claims,
        "sources": [{field: getattr(source, field) for field in SOURCE_FIELDS} for source in sources],
        "terms": [{field: getattr(term, field) for field in TERM_FIELDS} for term in terms],
        "topics": [
            {"key": topic.key, "title": topic.title}
            for topic in Topic.objects.filter(language=page.language, key__in={claim["topic"] for claim in claims})
        ],
    }


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


def claims_of(language: str, blocks: list[dict], kinds: set[str], more: list[str]):
    """The claims these blocks cite and ``more``, plus the differing ones of every topic they draw."""
    claims = Claim.objects.filter(language=language).select_related("topic").prefetch_related("says__source")
    cited = [*more, *(key for scheme, key in all_marks(blocks) if scheme == "claim")]
    topics = [block["subject"] for block in blocks if block["kind"] == BlockKind.DIFFER]
    wanted = claims.filter(key__in=cited) | claims.filter(topic__key__in=topics, certainty=Certainty.DIFFER)
    if BlockKind.DIFFERENCES in kinds:
        wanted = wanted | claims.filter(certainty=Certainty.DIFFER)
    return wanted


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
