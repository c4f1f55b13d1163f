"""Words in the desk: which texts belong to a row or a page of words, and a field for each place and language."""

import re
from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pumpguide.publishing import content_hash

from ..engine.terms import PATHS
from ..models import QuestionnaireDraft, Text

QUESTION_WORDS = {
    "text": gettext_lazy("Question"),
    "text_other": gettext_lazy("Question, when someone answers for another person"),
    "hint": gettext_lazy("Hint"),
    "hint_other": gettext_lazy("Hint, for another person"),
    "why": gettext_lazy("Why we ask"),
    "why_other": gettext_lazy("Why we ask, for another person"),
    "short": gettext_lazy("Short name, for lists and the summary"),
    "short_other": gettext_lazy("Short name, for another person"),
    "error": gettext_lazy("What to do when nothing was chosen"),
    "error_other": gettext_lazy("What to do when nothing was chosen, for another person"),
}
CRITERION_WORDS = {
    "title": gettext_lazy("Title"),
    "met": gettext_lazy("Line when it is met"),
    "not_met": gettext_lazy("Line when it is not met"),
    "unknown": gettext_lazy("Line when it is not known"),
    "ask": gettext_lazy("Question to ask the doctor"),
    "source_note": gettext_lazy("Note on the sources"),
}
SECTION_WORDS = {
    "title": gettext_lazy("Title"),
    "title_other": gettext_lazy("Title, when someone answers for another person"),
}
OPTION_WORDS = {
    "options": gettext_lazy("label"),
    "options_other": gettext_lazy("label for another person"),
    "option_hints": gettext_lazy("hint"),
}
NEEDED = {"text", "why", "short", "error", "title", "met", "not_met", "unknown", "options"}
PAGES = {
    "summary": (
        gettext_lazy("Words of the summary"),
        ("name", "disclaimer", "disposition", "gate", "general_question", "earlier_step"),
    ),
    "stop-pages": (gettext_lazy("Stop pages"), ("urgent", "under_18")),
    "sources": (gettext_lazy("Sources"), ("source",)),
}
"""Name of a page of words -> its title and the tables on it. All other words stand with their row."""

OPEN_LISTS = re.compile(r"\.(?:steps|points|sources)\.#\d+$")
QUESTIONS = re.compile(r"^general_question\.#(\d+)\.")
NEW_SOURCE = ("key", "title", "label")


def label(name: str, language: str) -> str:
    """The name of a field; with more than one language on, which one it is in."""
    return f"{name} ({dict(settings.LANGUAGES)[language]})" if len(settings.LANGUAGES) > 1 else str(name)


def known_texts(draft: QuestionnaireDraft, base: str = "") -> dict[tuple[str, str], str]:
    """(language, place) -> text, of one place and all below it, in their order."""
    texts = Text.objects.filter(draft=draft, place__startswith=base)
    return {(text.language, text.place): text.text for text in texts}


def text_field(name: str, language: str, text: str, *, required: bool = False, rows: int = 2) -> forms.CharField:
    return forms.CharField(
        label=label(name, language),
        initial=text,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows, "class": "vLargeTextField", "lang": language}),
    )


def columns(places: Iterable[str]) -> list:
    """Field names, those of one place side by side: a language is a column."""
    languages = [code for code, _name in settings.LANGUAGES]
    return [
        tuple(f"words:{language}:{place}" for language in languages) if len(languages) > 1 else f"words:en:{place}"
        for place in places
    ]


def split(name: str) -> tuple[str, str]:
    """Language and place of a field named words:en:question.age.text"""
    _words, language, place = name.split(":", 2)
    return language, place


class WordsPage(forms.Form):
    """All texts of some tables of the draft; a list has one free line more, and an emptied line is gone.

    What a colleague saved meanwhile is never overwritten unseen.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, draft: QuestionnaireDraft, page: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft, self.page = draft, page
        tables = PAGES[page][1]
        self.texts = {key: text for key, text in known_texts(draft).items() if key[1].split(".")[0] in tables}
        self.now = content_hash(sorted([*key, text] for key, text in self.texts.items()))
        self.initial["seen"] = self.now
        for place in self.places():
            for language, _name in settings.LANGUAGES:
                text = self.texts.get((language, place), "")
                self.fields[f"words:{language}:{place}"] = text_field(readable(place), language, text)
        if page == "sources":
            for part in NEW_SOURCE:
                self.fields[f"new:{part}"] = forms.CharField(label=new_source_label(part), required=False)

    def places(self) -> list[str]:
        """Every place that has a text, and the free ones, in the order of the tables."""
        here = list(dict.fromkeys(place for _language, place in self.texts))
        every = list(dict.fromkeys([*here, *free_lines(here), *self.stop_lines(here), *self.steps()]))
        order = {group: number for number, group in enumerate(dict.fromkeys(map(group_of, every)))}
        tables = PAGES[self.page][1]
        return sorted(every, key=lambda place: (tables.index(place.split(".")[0]), order[group_of(place)]))

    def stop_lines(self, here: list[str]) -> list[str]:
        """Free lines for the stop page of a rule that has none, and on each page for signs that have no words yet."""
        if self.page != "stop-pages":
            return []
        rules = list(self.draft.criteria.filter(kind="urgent").prefetch_related("conditions"))
        cards = list(dict.fromkeys(place.split(".")[1] for place in here if place.startswith("urgent.")))
        new = [name for rule in rules if (name := rule.key.removeprefix("urgent-")) not in cards]
        said = {place.rsplit(".", 1)[1] for (_lang, place), text in self.texts.items() if ".signs." in place and text}
        named = dict.fromkeys(code for rule in rules for row in rule.conditions.all() for code in row.options)
        pages = [f"urgent.{card}.{part}" for card in new for part in ("title", "lead", "steps.#1")]
        signs = [f"urgent.{card}.signs.{code}" for card in (*cards, *new) for code in named if code not in said]
        return [*pages, *signs]

    def steps(self) -> list[str]:
        """A line on what to ask for each kind of care that the rules on earlier steps know."""
        if self.page != "summary":
            return []
        rules = self.draft.criteria.filter(kind="prerequisite").prefetch_related("conditions__question__options")
        return [
            f"earlier_step.{path}.{option.code}"
            for rule in rules
            for path in (PATHS if rule.path == "both" else (rule.path,))
            for question in dict.fromkeys(row.question for row in rule.conditions.all() if row.question.type == "multi")
            for option in question.options.all()
            if not option.unknown and not option.exclusive
        ]

    def groups(self):
        """(title, rows of bound fields) for the page, a row holding one place in every language."""
        found: dict[str, list] = {}
        for place in self.places():
            row = [self[f"words:{language}:{place}"] for language, _name in settings.LANGUAGES]
            found.setdefault(group_of(place), []).append(row)
        if self.page == "sources":
            found[_("A new source")] = [[self[f"new:{part}"]] for part in NEW_SOURCE]
        return found.items()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seen") != self.now:
            self.data = {**self.data.dict(), "seen": self.now}  # saving again is then done knowingly
            said = _("Someone saved these words after you opened the page. Yours stand below, unsaved. Save again.")
            self.add_error(None, said)
        new = [cleaned.get(f"new:{part}", "").strip() for part in NEW_SOURCE] if self.page == "sources" else []
        if any(new) and not all(new):
            raise forms.ValidationError(_("A new source needs its key, title and label."))
        if any(new) and not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", new[0]):
            self.add_error("new:key", _("Use letters, digits and hyphens, such as S5."))
        if any(new) and ("en", f"source.{new[0]}.title") in self.texts:
            self.add_error("new:key", _("There is a source with this key already. Use another."))
        return cleaned

    def changed_texts(self) -> dict[tuple[str, str], str]:
        """(language, place) -> text, of all that was changed. A question that is emptied loses its sources too."""
        texts = {split(name): self.cleaned_data[name] for name in self.changed_data if name.startswith("words:")}
        for (language, place), text in list(texts.items()):
            found = QUESTIONS.match(place)
            if found and place.endswith(".text") and not text.strip():
                beside = [key for key in self.texts if key[0] == language and key[1].startswith(found[0])]
                texts |= dict.fromkeys(beside, "")
        if self.cleaned_data.get("new:key"):
            for part in NEW_SOURCE[1:]:
                texts["en", f"source.{self.cleaned_data['new:key']}.{part}"] = self.cleaned_data[f"new:{part}"]
        return texts


def free_lines(places: list[str]) -> list[str]:
    """One place after the last of each list of lines, and one for a question to ask more."""
    lists: dict[str, int] = {}
    for place in places:
        if OPEN_LISTS.search(place):
            base, number = place.rsplit(".#", 1)
            lists[base] = max(lists.get(base, 0), int(number))
    numbers = [int(found[1]) for place in places if (found := QUESTIONS.match(place))]
    more = [f"general_question.#{max(numbers) + 1}.text"] if numbers else []
    return [*(f"{base}.#{number + 1}" for base, number in lists.items()), *more]


def group_of(place: str) -> str:
    """What a text stands under on its page: the table, and the row in it."""
    table, *path = place.split(".")
    titles = {
        "name": _("Name and note"),
        "disclaimer": _("Name and note"),
        "disposition": _("Heading"),
        "gate": _("What everyone meets"),
        "general_question": _("Question to ask"),
        "earlier_step": _("Earlier steps"),
        "urgent": _("Stop page"),
        "under_18": _("Under 18"),
        "source": _("Source"),
    }
    row = path[0] if path and table not in ("disclaimer", "under_18", "name") else ""
    return f"{titles[table]}: {row.removeprefix('#')}" if row else str(titles[table])


def readable(place: str) -> str:
    """The last parts of a place, as a label: “steps 2”, “lead”."""
    table, *path = place.split(".")
    if table == "disclaimer":
        return _("note at the top")
    rest = path[1:] if len(path) > 1 and table != "under_18" else path
    return " ".join(part.removeprefix("#") for part in rest).replace("_", " ") or table


def new_source_label(part: str) -> str:
    return {"key": _("key, such as S5"), "title": _("title"), "label": _("short label")}[part]
