"""All a questionnaire version says to people in one language, and the check that nothing they may see lacks words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .engine.terms import DISPOSITIONS, Ruleset, RulesetError


@dataclass(frozen=True)
class Wording:
    """All a version says to people in one language: the tables of its wording file."""

    language: str
    tables: Mapping[str, Any]

    def of(self, table: str, key: str, field: str, *, other: bool = False, default: str = "") -> str:
        """One text. ``other``: the wording for someone answering for another person, where there is one."""
        row = self.tables.get(table, {}).get(key, {})
        return (other and row.get(f"{field}_other")) or row.get(field, default)

    def option(self, link_id: str, code: str, *, other: bool = False) -> str:
        """The label of an option."""
        question = self.tables["question"][link_id]
        return (other and question.get("options_other", {}).get(code)) or question["options"][code]

    def option_hint(self, link_id: str, code: str) -> str:
        return self.tables["question"][link_id].get("option_hints", {}).get(code, "")


def check_wording(ruleset: Ruleset, wording: Wording) -> None:
    """Raise RulesetError, naming what to add, unless everything a person may see has words in this language."""
    where = f"wording {wording.language}"
    for table, fields in (("disclaimer", ["text"]), ("under_18", ["title", "lead", "points"])):
        for field in fields:
            if not wording.tables.get(table, {}).get(field):
                raise RulesetError(f"{where}: {table} has no {field}; add it.")
    for table in ("gate", "general_question", "earlier_step", "urgent"):
        if not wording.tables.get(table):
            raise RulesetError(f"{where}: there is no {table}; add at least one.")
    for table, key, field in needed(ruleset, wording):
        if not wording.of(table, key, field):
            raise RulesetError(f"{where}: {table} {key} has no {field}; add it.")
    for question in ruleset.questions:
        labels = wording.tables["question"][question.link_id].get("options", {})
        for code in question.codes:
            if not labels.get(code):
                raise RulesetError(f"{where}: question {question.link_id}, option {code} has no label; add it.")
    for number, question in enumerate(wording.tables["general_question"], start=1):
        if not question.get("text"):
            raise RulesetError(f"{where}: general_question {number} has no text; add it.")
    check_sources(wording, where)
    check_urgent(ruleset, wording, where)


def needed(ruleset: Ruleset, wording: Wording) -> Iterator[tuple[str, str, str]]:
    """Every (table, key, field) that must have words: for the ruleset, and for each row that is shown whole."""
    rows: list[tuple[str, Iterable[str], tuple[str, ...]]] = [
        ("section", ruleset.sections, ("title",)),
        ("question", ruleset.by_link_id, ("text", "why", "short", "error")),
        ("criterion", [criterion.id for criterion in ruleset.criteria], ("title", "met", "not_met", "unknown")),
        ("disposition", DISPOSITIONS, ("heading", "lead", "next")),
        ("source", [source for criterion in ruleset.criteria for source in criterion.sources], ("title", "label")),
        ("source", wording.tables.get("source", {}), ("title", "label")),
        ("gate", wording.tables["gate"], ("title", "text", "sources")),
        ("urgent", wording.tables["urgent"], ("title", "lead", "steps", "signs")),
    ]
    for table, keys, fields in rows:
        for key in keys:
            for field in fields:
                yield table, key, field


def check_sources(wording: Wording, where: str) -> None:
    """Who says so is known of each thing that everyone meets, and of what minors read."""
    cited = {f"gate {name}": gate["sources"] for name, gate in wording.tables["gate"].items()}
    cited["under_18"] = wording.tables["under_18"].get("sources", [])
    for what, sources in cited.items():
        for source in sources:
            if source not in wording.tables["source"]:
                raise RulesetError(f"{where}: {what}: there is no source {source!r}; give the key of one in each.")


def check_urgent(ruleset: Ruleset, wording: Wording, where: str) -> None:
    """Every sign that stops the questions must lead to help in words."""
    helped = {code for card in wording.tables["urgent"].values() for code in card["signs"]}
    for criterion in ruleset.of_kind("urgent"):
        for condition in criterion.rule.conditions:
            for code in sorted(condition.any_of - helped):
                raise RulesetError(f"{where}: no stop page has words for the sign {code}; add it to one.")
