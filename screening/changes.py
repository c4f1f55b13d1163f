"""What a draft changes, in words: rules told from wording, each outcome with the smallest patient it changes for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from .definition import Definition, definition
from .drafting import flat
from .engine.reading import as_given, read_answers
from .english import asked_sentence, criterion_sentence


@dataclass(frozen=True)
class Changed:
    """One change in words; ``answers``: the patient it is shown by, in the new version; ``before``: in the old one."""

    text: str
    answers: Mapping[str, Any] | None = None
    before: Mapping[str, Any] | None = None


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
    people = [read_answers(before.ruleset, row["answers"]) for row in old.get("patients", {}).get("patient", [])]
    found = compare(before.ruleset, after.ruleset, people)

    def told(change):
        text, person = sentence(change, before, after, language), change.person
        if person is None:
            return Changed(text)
        return Changed(text, as_given(after.ruleset, person.new), as_given(before.ruleset, person.old))

    return Changes(
        edits=tuple(map(told, found.edits)),
        outcomes=tuple(map(told, found.outcomes)),
        words=tuple(worded(old, new)),
        reference=found.reference,
        same_outcomes=found.same_outcomes,
    )


def sentence(change, before: Definition, after: Definition, language: str) -> str:
    """A change in the questionnaire's own words."""
    about, names = change.about, change.names
    was, now = (said(one, after, language) for one in (change.before, change.after))
    if about == "disposition":
        return _("The heading can change from “{was}” to “{now}”.").format(was=was, now=now)
    if about == "path":
        part = _("What the sources describe pumps for") if names[1] == "inclusion" else _("What usually comes first")
        return _("{part}, for {path}, can change from {was} to {now}.").format(
            part=part, path=names[0], was=was, now=now
        )
    if about == "order":
        return _("The order of the questions is another.")
    title = title_of(change, before, after, language)
    if about == "finding":
        return _("“{title}” can change from {was} to {now}.").format(title=title, was=was, now=now)
    if about == "asked":
        more, less = _("“{title}” can be asked where it was not."), _("“{title}” can be left out where it was asked.")
        return (more if change.after == "yes" else less).format(title=title)
    if "absent" in (change.before, change.after):
        new, gone = _("“{title}” ({what}) is new."), _("“{title}” ({what}) is gone.")
        return (new if change.before == "absent" else gone).format(title=title, what=about)
    if names[-1] in ("rule", "enabled_when"):
        was, now = (rule_in_words(change, one, language) for one in (before, after))
        return _("“{title}”. Before: {was} Now: {now}").format(title=title, was=was, now=now)
    return _("“{title}”, {field}: {was} becomes {now}.").format(title=title, field=names[-1], was=was, now=now)


def said(value: str, whole: Definition, language: str) -> str:
    """A disposition as its heading, a status in words; anything else as it is."""
    status = {"met": _("met"), "not-met": _("not met"), "unknown": _("not known"), "absent": _("not there")}
    return status.get(value) or whole.wording(language).of("disposition", value, "heading", default=value)


def title_of(change, before: Definition, after: Definition, language: str) -> str:
    """The title of a criterion, the short name of a question (and of its option), also of one that is gone."""
    name, old, new = change.names[0], before.wording(language), after.wording(language)
    table, field = ("criterion", "title") if change.about in ("criterion", "finding") else ("question", "short")
    title = new.of(table, name, field) or old.of(table, name, field, default=name)
    if change.about != "option":
        return title
    code = change.names[1]
    labels = [words.tables["question"].get(name, {}).get("options", {}).get(code) for words in (new, old)]
    return f"{title}: {labels[0] or labels[1] or code}"


def rule_in_words(change, whole: Definition, language: str) -> str:
    """The rule a change is about, as one of the two versions has it."""
    words, name = whole.wording(language), change.names[0]
    if change.about == "question":
        return asked_sentence(whole.ruleset.by_link_id[name], words)
    return criterion_sentence(next(c for c in whole.ruleset.criteria if c.id == name), words)


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
