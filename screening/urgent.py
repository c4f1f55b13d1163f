"""The cards of help for signs that cannot wait, in the order of the rules."""

from typing import Any

from .definition import Definition
from .engine.terms import Answers


def all_cards(definition: Definition, language: str) -> list[dict[str, Any]]:
    """Every card with all its signs: {"name", "title", "lead", "steps", "signs" (code -> words)}."""
    return [{**card, "name": name} for name, card in definition.wording(language).tables["urgent"].items()]


def help_cards(definition: Definition, answers: Answers, language: str) -> list[dict[str, Any]]:
    """The cards for what was ticked; of each, ``signs`` holds the words of the ticked ones alone."""
    ticked = answers.get(definition.ruleset.questions[0].link_id, ())
    cards = []
    for card in all_cards(definition, language):
        if signs := [text for code, text in card.get("signs", {}).items() if code in ticked]:
            cards.append({**card, "signs": signs})
    return cards
