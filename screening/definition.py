"""A questionnaire definition: the rules (for the engine) and the wording (for people), from files or a snapshot.

The snapshot is ``{"rules": <rules.toml>, "wording": {"en": <en.toml>}, "patients": <patients.toml>}``; its content
hash names the version.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pumpguide.publishing import content_hash

from .engine.terms import Condition, Criterion, Option, Question, Rule, Ruleset, RulesetError
from .ordering import ordered
from .wording import Wording, check_wording

FOLDER = Path(__file__).parent / "ruleset"


@dataclass(frozen=True)
class Definition:
    """One version: what the engine reads and what people read."""

    ruleset: Ruleset
    wordings: Mapping[str, Wording]
    signed: bool = False
    """Whether a clinician here has checked and published it; the starting version comes as nobody's."""

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
    rules, patients = files.pop("rules"), files.pop("patients", {"patient": []})
    return {"rules": rules, "wording": files, "patients": patients}


def definition(snapshot: Mapping[str, Any]) -> Definition:
    """What a snapshot says. Raises RulesetError where rules or wording are not whole."""
    ruleset = read_rules(snapshot["rules"], content_hash(snapshot))
    if "en" not in snapshot["wording"]:
        raise RulesetError("The wording has no English (en); add en.toml, which other languages fall back on.")
    wordings = {
        language: Wording(language, ordered(tables, snapshot["rules"]))
        for language, tables in snapshot["wording"].items()
    }
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
            questions=tuple(whole("question", "link_id", row, read_question) for row in rules["question"]),
            criteria=tuple(whole("criterion", "id", row, read_criterion) for row in rules["criterion"]),
        )
    except KeyError as error:
        raise RulesetError(f"The rules lack {error}; add it.") from error


def whole(what: str, name: str, row: Mapping[str, Any], read: Callable[[Mapping[str, Any]], Any]) -> Any:
    """``read(row)``; where the row lacks a part, a RulesetError that names the row and the part."""
    try:
        return read(row)
    except KeyError as error:
        raise RulesetError(f"{what} {row.get(name, 'without a name')} lacks {error}; add it.") from error


def read_question(row: Mapping[str, Any]) -> Question:
    unknown, exclusive, record = row.get("unknown", []), row.get("exclusive", []), row.get("for_the_record", [])
    if record is True:  # the whole question
        record = row["options"]
    for code in (*unknown, *exclusive, *record):
        if code not in row["options"]:
            raise RulesetError(f"question {row['link_id']}: {code!r} is not one of its options; add or remove it.")
    return Question(
        link_id=row["link_id"],
        section=row["section"],
        type=row["type"],
        options=tuple(Option(code, code in unknown, code in exclusive, code in record) for code in row["options"]),
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
