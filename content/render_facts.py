"""The facts that one kind of page has, as the template of that kind is given them. Used by render.py alone."""

import re
from datetime import date

from django.utils.dateparse import parse_date
from django.utils.html import escape

from .models.facts import LabelStatus
from .models.page import BlockKind

EMPTY: dict = {}


def facts_block(facts: dict, context) -> dict | None:
    """A finished block for the facts of a snapshot; None where it has none. ``context`` makes the footnotes."""
    if "drug_facts" in facts or "drug_uses" in facts:
        return block("drug", drug(facts.get("drug_facts", EMPTY), facts.get("drug_uses", []), context))
    for name, kind, build in (
        ("pump_type_facts", "pump-type", pump_type),
        ("condition_facts", "condition", condition),
        ("step_facts", "step", step),
    ):
        if name in facts:
            return block(kind, build(facts[name], context))
    return None


def block(kind: str, facts: dict) -> dict:
    return {"kind": "facts", "template": f"content/facts/{kind}.html", "facts": facts}


def drug(facts: dict, uses: list[dict], context) -> dict:
    labels = dict(LabelStatus.choices)
    return {
        "uses": [
            {
                "use": use["use"],
                "status": use["status"],
                "label": said(labels[use["status"]], use, context),
                "as_of": day(use),
            }
            for use in uses
        ],
        "boxed_warning": facts.get("boxed_warning", ""),
        "emergency_signs": [] if tells_signs(context.data) else lines(facts.get("emergency_signs", "")),
    }


def tells_signs(data: dict) -> bool:
    """Whether the page has a card of its own for an emergency: one is enough, and that one has footnotes."""
    return any(block["kind"] == BlockKind.CARE_CARD and block["subject"] == "emergency" for block in data["blocks"])


def pump_type(facts: dict, context) -> dict:
    return {"availability": said(facts["availability"], facts, context), "as_of": day(facts)}


def day(row: dict) -> date | None:
    """The date of the document a fact rests on; None where it has none."""
    return parse_date(row["as_of"]) if row["as_of"] else None


def condition(facts: dict, context) -> dict:
    keys = re.findall(r"[\w-]+", facts["named_by"])
    return {
        "strength": said(facts["strength"], facts, context),
        "named_by": [context.source_link(key) for key in keys],
    }


def step(facts: dict, context) -> dict:
    return {
        "duration": said(facts["duration"], facts, context),
        "before": facts["before"],
        "during": facts["during"],
        "after": facts["after"],
        "ask": lines(facts["ask"]),
    }


def said(words: str, row: dict, context) -> str:
    """Words of a fact, with the footnote of the claim that backs it."""
    claim = row.get("claim")
    return context.mark("claim", claim, escape(words)) if claim else words


def lines(text: str) -> list[str]:
    """One item a line, empty ones left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]
