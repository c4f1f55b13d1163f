"""A questionnaire definition: the rules (for the engine) and the wording (for people), from files or a snapshot.

The snapshot is ``{"rules": <rules.toml>, "wording": {"en": <en.toml>}}``; its content hash names the version.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pumpguide.publishing import content_hash

from .engine.terms import Condition, Criterion, Option, Question, Rule, Ruleset, RulesetError

FOLDER = Path(__file__).parent / "ruleset"


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


@dataclass(frozen=True)
class Definition:
    """One version: what the engine reads and what people read."""

    ruleset: Ruleset
    wordings: Mapping[str, Wording]

    def wording(self, language: str) -> Wording:
        """The wording in a language, or in English where there is none."""
        return self.wordings.get(language) or self.wordings["en"]


def read_folder(folder: Path = FOLDER) -> dict[str, Any]:
    """The snapshot a folder of TOML files describes. Raises RulesetError naming the file."""
    files = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            files[path.stem] = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise RulesetError(f"{path.name}: {error}. Mend that line and load again.") from error
    if "rules" not in files:
        raise RulesetError(f"{folder} has no rules.toml; name a folder that has one.")
    rules = files.pop("rules")
    return {"rules": rules, "wording": files}


def definition(snapshot: Mapping[str, Any]) -> Definition:
    """What a snapshot says. Raises RulesetError where rules or wording are not whole."""
    ruleset = read_rules(snapshot["rules"], content_hash(snapshot))
    wordings = {language: Wording(language, tables) for language, tables in snapshot["wording"].items()}
    for wording in wordings.values():
        check_wording(ruleset, wording)
    return Definition(ruleset, wordings)


def read_rules(rules: Mapping[str, Any], hash: str) -> Ruleset:
    try:
        return Ruleset(
            url=rules["url"],
            version=rules["version"],
            hash=hash,
            sections=tuple(rules["sections"]),
            questions=tuple(read_question(question) for question in rules["question"]),
            criteria=tuple(read_criterion(criterion) for criterion in rules["criterion"]),
        )
    except KeyError as error:
        raise RulesetError(f"The rules lack {error}; add it.") from error


def read_question(row: Mapping[str, Any]) -> Question:
    unknown, exclusive = row.get("unknown", []), row.get("exclusive", [])
    for code in (*unknown, *exclusive):
        if code not in row["options"]:
            raise RulesetError(f"question {row['link_id']}: {code!r} is not one of its options; add or remove it.")
    return Question(
        link_id=row["link_id"],
        section=row["section"],
        type=row["type"],
        options=tuple(Option(code, code in unknown, code in exclusive) for code in row["options"]),
        enabled_when=read_rule(row["enabled_when"]) if "enabled_when" in row else None,
    )


def read_criterion(row: Mapping[str, Any]) -> Criterion:
    return Criterion(row["id"], row["kind"], row["path"], read_rule(row), tuple(row["sources"]))


def read_rule(row: Mapping[str, Any]) -> Rule:
    return Rule(row["mode"], tuple(read_condition(line) for line in row["conditions"]), row.get("count", 1))


def read_condition(line: str) -> Condition:
    """``"pain-severity: moderate, severe"`` as a condition."""
    question, colon, options = line.partition(":")
    if not colon:
        raise RulesetError(f"condition {line!r}: write it as question: option, option.")
    return Condition(question.strip(), frozenset(code.strip() for code in options.split(",") if code.strip()))


def check_wording(ruleset: Ruleset, wording: Wording) -> None:
    """Raise RulesetError unless everything a person may see has words in this language."""
    where = f"wording {wording.language}"
    needed = [("section", section, "title") for section in ruleset.sections]
    for question in ruleset.questions:
        needed += [("question", question.link_id, field) for field in ("text", "why", "short", "error")]
    for criterion in ruleset.criteria:
        needed += [("criterion", criterion.id, field) for field in ("title", "met", "not_met", "unknown")]
        needed += [("source", source, "label") for source in criterion.sources]
    for table, key, field in needed:
        if not wording.of(table, key, field):
            raise RulesetError(f"{where}: {table} {key} has no {field}; add it.")
    for question in ruleset.questions:
        labels = wording.tables["question"][question.link_id].get("options", {})
        for code in question.codes:
            if not labels.get(code):
                raise RulesetError(f"{where}: question {question.link_id}, option {code} has no label; add it.")
