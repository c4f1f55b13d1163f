"""Freezes a page's working rows as one self-contained piece of JSON: text, claims, what the sources say, terms.

What comes out is what is published, previewed and exported; nothing in it is looked up again later.
"""

from .html import marks
from .models import Claim, Page, Source, Term, Topic
from .models.evidence import Certainty
from .models.page import BlockKind

PAGE_FIELDS = ("key", "language", "kind", "slug", "title", "menu_title", "summary", "position", "reviewed_by")
BLOCK_FIELDS = ("kind", "heading", "body", "subject", "numerator", "denominator")
SOURCE_FIELDS = ("key", "label", "title", "publisher", "kind", "says", "interests", "reference", "dated", "checked")
TERM_FIELDS = ("key", "term", "also", "definition")


def snapshot(page: Page) -> dict:
    """The page as JSON-ready data. Missing claims or terms are simply not in it; ``missing`` names them."""
    blocks = [{field: getattr(block, field) for field in BLOCK_FIELDS} for block in page.blocks.all()]
    kinds = {block["kind"] for block in blocks}
    claims = [claim_data(claim) for claim in claims_of(page.language, blocks, kinds)]
    cited = {says["source"] for claim in claims for says in claim["says"]}
    sources = Source.objects.filter(language=page.language)
    terms = Term.objects.filter(language=page.language)
    if BlockKind.SOURCES not in kinds:
        sources = sources.filter(key__in=cited)
    if BlockKind.GLOSSARY not in kinds:
        terms = terms.filter(key__in=[key for scheme, key in all_marks(blocks) if scheme == "term"])
    return {
        **{field: getattr(page, field) for field in PAGE_FIELDS},
        "reviewed_on": page.reviewed_on.isoformat() if page.reviewed_on else "",
        "blocks": blocks,
        "claims": claims,
        "sources": [{field: getattr(source, field) for field in SOURCE_FIELDS} for source in sources],
        "terms": [{field: getattr(term, field) for field in TERM_FIELDS} for term in terms],
        "topics": [
            {"key": topic.key, "title": topic.title}
            for topic in Topic.objects.filter(language=page.language, key__in={claim["topic"] for claim in claims})
        ],
    }


def all_marks(blocks: list[dict]) -> list[tuple[str, str]]:
    """Every (scheme, key) mark of these blocks, in order."""
    return [mark for block in blocks for mark in marks(block["body"])]


def claims_of(language: str, blocks: list[dict], kinds: set[str]):
    """The claims these blocks cite, plus the differing ones of every topic they draw."""
    claims = Claim.objects.filter(language=language).select_related("topic").prefetch_related("says__source")
    cited = [key for scheme, key in all_marks(blocks) if scheme == "claim"]
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
    return list(
        dict.fromkeys(f"{scheme}:{key}" for scheme, key in all_marks(data["blocks"]) if key not in known[scheme])
    )
