"""All a questionnaire version says to people in one language, and the check that nothing they may see lacks words."""

from collections.abc import Iterator, Mapping
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
    for table, key, field in needed(ruleset):
        if not wording.of(table, key, field):
            raise RulesetError(f"{where}: {table} {key} has no {field}; add it.")
    for question in ruleset.questions:
        labels = wording.tables["question"][question.link_id].get("options", {})
        for code in question.codes:
            if not labels.get(code):
                raise RulesetError(f"{where}: question {question.link_id}, option {code} has no label; add it.")
    for table, fields in (("disclaimer", ["text"]), ("under_18", ["title", "lead", "points"])):
        for field in fields:
            if not wording.tables.get(table, {}).get(field):
                raise RulesetError(f"{where}: {table} has no {field}; add it.")
    for table in ("gate", "general_question", "earlier_step"):
        if not wording.tables.get(table):
            raise RulesetError(f"{where}: there is no {table}; add at least one.")
    check_urgent(ruleset, wording, where)


def needed(ruleset: Ruleset) -> Iterator[tuple[str, str, str]]:
    """Every (table, key, field) the ruleset needs words for."""
    for section in ruleset.sections:
        yield "section", section, "title"
    for question in ruleset.questions:
        for field in ("text", "why", "short", "error"):
            yield "question", question.link_id, field
    for criterion in ruleset.criteria:
        for field in ("title", "met", "not_met", "unknown"):
            yield "criterion", criterion.id, field
        for source in criterion.sources:
            yield "source", source, "title"
            yield "source", source, "label"
    for disposition in DISPOSITIONS:
        for field in ("heading", "lead", "next"):
            yield "disposition", disposition, field


def check_urgent(ruleset: Ruleset, wording: Wording, where: str) -> None:
    """Every sign that stops the questions must lead to help in words."""
    helped = {code for card in wording.tables.get("urgent", {}).values() for code in card.get("signs", {})}
    for criterion in ruleset.of_kind("urgent"):
        for condition in criterion.rule.conditions:
            for code in sorted(condition.any_of - helped):
                raise RulesetError(f"{where}: no stop page has words for the sign {code}; add it to one.")
