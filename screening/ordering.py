"""The words of a version in the order people read them: a database may keep a table in another order than a file."""

from collections.abc import Iterable, Mapping
from typing import Any

from .engine.terms import DISPOSITIONS, PATHS

TABLES = (
    *("language", "name", "section", "question", "criterion", "earlier_step", "disposition", "gate"),
    *("general_question", "source", "urgent", "under_18", "disclaimer"),
)
FIELDS = (
    *("text", "text_other", "hint", "hint_other", "why", "why_other", "short", "short_other", "error", "error_other"),
    *("options", "option_hints", "options_other", "title", "title_other", "met", "not_met", "unknown", "ask"),
    *("source_note", "heading", "lead", "next", "label", "steps", "points", "signs", "sources"),
)


def ordered(tables: Mapping[str, Any], rules: Mapping[str, Any]) -> dict[str, Any]:
    """The same words: tables and fields as above, rows and options as in the rules (those of rules.toml), others by
    their name."""
    return arranged(tables, (), orders(rules))


def orders(rules: Mapping[str, Any]) -> dict[tuple[str, ...], Iterable[str]]:
    """Place of a table of words -> the order of its keys. What is not here has FIELDS."""
    questions = {row["link_id"]: row["options"] for row in rules["question"]}
    urgent = [row["id"].removeprefix("urgent-") for row in rules["criterion"] if row["kind"] == "urgent"]
    found: dict[tuple[str, ...], Iterable[str]] = {
        (): TABLES,
        ("section",): rules["sections"],
        ("question",): questions,
        ("criterion",): [row["id"] for row in rules["criterion"]],
        ("earlier_step",): PATHS,
        ("disposition",): DISPOSITIONS,
        ("gate",): ("trial",),  # it comes first
        ("source",): (),
        ("urgent",): urgent,
    }
    for link_id, codes in questions.items():
        found |= {("question", link_id, field): codes for field in ("options", "option_hints", "options_other")}
    found |= {("urgent", card, "signs"): codes_named(rules, "urgent", "both") for card in urgent}
    return found | {("earlier_step", path): codes_named(rules, "prerequisite", path) for path in PATHS}


def codes_named(rules: Mapping[str, Any], kind: str, path: str) -> list[str]:
    """All options of the questions that rules of a kind and path name."""
    rows = [row for row in rules["criterion"] if (row["kind"], row["path"]) == (kind, path)]
    named = {line.partition(":")[0].strip() for row in rows for line in row["conditions"]}
    return [code for row in rules["question"] if row["link_id"] in named for code in row["options"]]


def arranged(value: Any, place: tuple[str, ...], known: Mapping[tuple[str, ...], Iterable[str]]) -> Any:
    if isinstance(value, list):
        return [arranged(item, (*place, "#"), known) for item in value]
    if not isinstance(value, Mapping):
        return value
    rank = {key: number for number, key in enumerate(known.get(place, FIELDS))}
    keys = sorted(value, key=lambda key: (rank.get(key, len(rank)), key))
    return {key: arranged(value[key], (*place, key), known) for key in keys}
