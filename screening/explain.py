"""A whole version in words: sections, questions and when they are asked, every rule and who says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .definition import Definition
from .engine.terms import KINDS, Kind
from .english import asked_sentence, criterion_sentence


@dataclass(frozen=True)
class ExplainedRule:
    id: str
    title: str
    sentence: str
    sources: tuple[Mapping[str, Any], ...]
    note: str


@dataclass(frozen=True)
class ExplainedQuestion:
    link_id: str
    text: str
    why: str
    asked: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Explained:
    """``sections``: (title, questions); ``rules``: (kind, rules), in the order of the engine."""

    canonical: str
    version: int
    hash: str
    sections: tuple[tuple[str, tuple[ExplainedQuestion, ...]], ...]
    rules: tuple[tuple[Kind, tuple[ExplainedRule, ...]], ...]


def explained(definition: Definition, language: str) -> Explained:
    """Everything a version asks and decides, in words."""
    ruleset = definition.ruleset
    sections = tuple(
        (
            definition.wording(language).of("section", section, "title"),
            tuple(question(definition, language, q) for q in ruleset.questions if q.section == section),
        )
        for section in ruleset.sections
    )
    rules = tuple((kind, tuple(rule(definition, language, c) for c in ruleset.of_kind(kind))) for kind in KINDS)
    return Explained(ruleset.canonical, ruleset.version, ruleset.hash, sections, rules)


def question(definition: Definition, language: str, asked) -> ExplainedQuestion:
    words = definition.wording(language)
    return ExplainedQuestion(
        asked.link_id,
        words.of("question", asked.link_id, "text"),
        words.of("question", asked.link_id, "why"),
        asked_sentence(asked, words),
        tuple(words.option(asked.link_id, code) for code in asked.codes),
    )


def rule(definition: Definition, language: str, criterion) -> ExplainedRule:
    words = definition.wording(language)
    return ExplainedRule(
        criterion.id,
        words.of("criterion", criterion.id, "title"),
        criterion_sentence(criterion, words),
        tuple(words.tables["source"][source] for source in criterion.sources),
        words.of("criterion", criterion.id, "source_note"),
    )
