"""What a draft changes, in words: rules told from wording, each outcome with the smallest patient it changes for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .definition import definition
from .drafting import flat
from .engine.reading import as_given, read_answers


@dataclass(frozen=True)
class Changed:
    """One change in words; ``answers``: the patient it is shown by, as the new version reads it."""

    text: str
    answers: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Changes:
    """``edits``: rows that differ; ``outcomes``: what can come out otherwise; ``words``: texts that differ."""

    edits: tuple[Changed, ...]
    outcomes: tuple[Changed, ...]
    words: tuple[Changed, ...]
    reference: tuple[tuple[str, str, int], ...]
    same_outcomes: bool


def changes(old: Mapping[str, Any], new: Mapping[str, Any], language: str) -> Changes:
    """Compare two snapshots. The stated reference set is the test patients of the old one."""
    from .engine.compare import compare  # the solver is loaded only where something is to be proved

    before, after = definition(old), definition(new)
    people = [read_answers(before.ruleset, row["answers"]) for row in old["patients"]["patient"]]
    found = compare(before.ruleset, after.ruleset, people)

    def told(change):
        person = change.person
        answers = as_given(after.ruleset, person.new) if person is not None else None
        return Changed(sentence(change, after.wording(language)), answers)

    return Changes(
        edits=tuple(map(told, found.edits)),
        outcomes=tuple(map(told, found.outcomes)),
        words=tuple(worded(old, new)),
        reference=found.reference,
        same_outcomes=found.same_outcomes,
    )


def sentence(change, words) -> str:
    """A change in the questionnaire's own words."""
    name = change.names[0] if change.names else ""
    if change.about == "disposition":
        before, after = (
            words.of("disposition", code, "heading", default=code) for code in (change.before, change.after)
        )
        return _("The heading can change from “{before}” to “{after}”.").format(before=before, after=after)
    if change.about == "finding":
        title = words.of("criterion", name, "title", default=name)
        return _("“{title}” can change from {before} to {after}.").format(
            title=title, before=change.before, after=change.after
        )
    return change.sentence


def worded(old: Mapping[str, Any], new: Mapping[str, Any]):
    """Texts that differ, place by place."""
    for language in sorted({*old["wording"], *new["wording"]}):
        before = dict(flat(old["wording"].get(language, {})))
        after = dict(flat(new["wording"].get(language, {})))
        for place in sorted({*before, *after}):
            if before.get(place) != after.get(place):
                yield Changed(
                    _("{place} ({language}): “{before}” becomes “{after}”.").format(
                        place=place, language=language, before=before.get(place, "—"), after=after.get(place, "—")
                    )
                )
