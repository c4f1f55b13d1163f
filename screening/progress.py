"""How far along someone is, told honestly: only parts that are, or may still be, asked."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from .engine.terms import Ruleset, Truth

State = Literal["done", "current", "to-come"]


class Progress(NamedTuple):
    """``place``: the number of the current section, from 1. ``sections``: (section id, state) in order."""

    place: int
    sections: tuple[tuple[str, State], ...]


def progress(ruleset: Ruleset, asked: Mapping[str, Truth], link_id: str) -> Progress:
    """Where ``link_id`` stands among the sections. A section counts while any of its questions may be asked."""
    current = ruleset.by_link_id[link_id].section
    possible = {question.section for question in ruleset.questions if asked[question.link_id] is not False}
    sections = [section for section in ruleset.sections if section in possible]
    place = sections.index(current)
    states: tuple[State, ...] = tuple(
        "done" if number < place else "current" if number == place else "to-come" for number in range(len(sections))
    )
    return Progress(place + 1, tuple(zip(sections, states, strict=True)))
