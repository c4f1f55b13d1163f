"""Forms of the questionnaire's desk: a draft's rows with their words in every language, and test patients."""

from django import forms
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pumpguide.publishing import content_hash

from ..arranging import base_of, write_texts
from ..definition import read_question
from ..drafting import criterion_row, patient_row, question_row
from ..engine.reading import AnswersError, read_answer
from ..engine.terms import DISPOSITIONS
from ..models import Criterion, Question, Section, TestPatient, Text
from .ids import refuse_second_meaning
from .words import (
    CRITERION_WORDS,
    NEEDED,
    QUESTION_WORDS,
    SECTION_WORDS,
    columns,
    known_texts,
    split,
    text_field,
)


def fingerprint(row) -> str:
    """A hash of all that stands on the row's page: it differs when a colleague saved the page in between."""
    if row.pk is None:
        return ""
    if isinstance(row, Text):
        return content_hash(row.text)
    if isinstance(row, TestPatient):
        return content_hash(patient_row(row))
    told = {Question: question_row, Criterion: criterion_row, Section: lambda section: section.key}[type(row)](row)
    texts = known_texts(row.draft, f"{base_of(row)}.")
    return content_hash([told, sorted([*key, text] for key, text in texts.items())])


class RowForm(forms.ModelForm):
    """A row of a draft. What a colleague saved meanwhile is never overwritten unseen."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, draft, **kwargs):
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.instance.draft = draft
        self.now = fingerprint(self.instance)
        self.initial["seen"] = self.now

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and cleaned.get("seen") != self.now:
            self.data = self.data.copy()
            self.data["seen"] = self.now  # saving again is then done knowingly
            self.add_error(None, self.told_of_colleague())
        return cleaned

    def told_of_colleague(self):
        ours = ContentType.objects.get_for_model(self.instance)
        last = LogEntry.objects.filter(content_type=ours, object_id=str(self.instance.pk)).order_by("-pk").first()
        said = _(
            "{name} saved this page after you opened it. Nothing of yours is lost: it stands below, unsaved. "
            "{link} in a new tab. Then save again to put yours in its place."
        )
        link = format_html('<a href="" target="_blank">{}</a>', _("Look at what was saved"))
        return format_html(said, name=last.user if last else _("Someone"), link=link)

    def fieldsets(self):
        """(title, names) of the parts of the page."""
        return [(None, {"fields": list(self.fields)})]


class WordsForm(RowForm):
    """A row and its texts: one field for each place and language that is on. A new row gets its words next."""

    words: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        texts = known_texts(self.draft, f"{base_of(self.instance)}.")
        for word, name in self.words.items():
            for language, _name in settings.LANGUAGES:
                place = f"{base_of(self.instance)}.{word}"
                text = texts.get((language, place), "")
                field = text_field(name, language, text, required=word in NEEDED)
                self.fields[f"words:{language}:{place}"] = field

    def fieldsets(self):
        plain = [name for name in self.fields if not name.startswith("words:")]
        if self.instance.pk is None:
            return [(None, {"fields": plain})]
        places = [f"{base_of(self.instance)}.{word}" for word in self.words]
        return [(None, {"fields": plain}), (_("Words"), {"fields": columns(places)})]

    def save_words(self) -> None:
        names = [name for name in self.changed_data if name.startswith("words:")]
        write_texts(self.draft, {split(name): self.cleaned_data[name] for name in names})

    def clean_new_key(self, name: str, taken, what: str) -> str:
        """The id of a new row, refused where the draft has it already or a version had it (``what``: see ids)."""
        key = self.cleaned_data[name]
        if self.instance.pk is None:
            if taken.filter(**{name: key}).exists():
                raise forms.ValidationError(_("“%s” is used in this draft already. Choose another.") % key)
            refuse_second_meaning(self.draft, what, key)
        return key


class SectionForm(WordsForm):
    words = SECTION_WORDS

    class Meta:
        model = Section
        fields = ("key",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"].disabled = self.instance.pk is not None

    def clean_key(self):
        return self.clean_new_key("key", self.draft.sections, "section")


def how_many(cleaned: dict, mode: str, count: str, form: forms.ModelForm) -> None:
    """A number with “at least”, and only there."""
    if cleaned.get(mode) != "at least":
        cleaned[count] = None
    elif not cleaned.get(count) and count not in form.errors:
        form.add_error(count, _("Write how many it has to be, such as 2."))


class QuestionForm(WordsForm):
    words = QUESTION_WORDS

    class Meta:
        model = Question
        fields = ("link_id", "section", "type", "enabled_mode", "enabled_count")
        help_texts = {
            "link_id": gettext_lazy("Lower-case words and hyphens, such as pain-duration. It never changes."),
            "enabled_mode": gettext_lazy("How the rows under “Asked when” count together. No rows: always asked."),
            "enabled_count": gettext_lazy("Only for “at least”."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        titles = known_texts(self.draft, "section.")
        self.fields["section"].queryset = self.draft.sections.all()
        self.fields["section"].empty_label = None
        self.fields["section"].label_from_instance = lambda section: (
            titles.get(("en", f"{base_of(section)}.title")) or section.key
        )
        if self.instance.pk is None:
            del self.fields["enabled_mode"], self.fields["enabled_count"]
            self.initial.setdefault("type", "single")
        else:
            self.fields["link_id"].disabled = True

    def clean_link_id(self):
        return self.clean_new_key("link_id", self.draft.questions, "question")

    def clean(self):
        cleaned = super().clean()
        if "enabled_mode" in self.fields:
            how_many(cleaned, "enabled_mode", "enabled_count", self)
        return cleaned


class CriterionForm(WordsForm):
    words = CRITERION_WORDS
    sources = forms.MultipleChoiceField(
        label=gettext_lazy("Sources"), widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("Who says so.")
    )

    class Meta:
        model = Criterion
        fields = ("key", "kind", "path", "mode", "count", "sources")
        help_texts = {
            "key": gettext_lazy("Lower-case words and hyphens, such as cancer-pain. It never changes."),
            "mode": gettext_lazy("How the rows under “Conditions” count together."),
            "count": gettext_lazy("Only for “at least”."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.held = [key.strip() for key in self.instance.sources.split(",") if key.strip()]
        labels = {
            place.split(".")[1]: text
            for (language, place), text in known_texts(self.draft, "source.").items()
            if language == "en" and place.endswith(".label") and text
        }
        self.fields["sources"].choices = [*labels.items(), *((key, key) for key in self.held if key not in labels)]
        self.initial["sources"] = self.held
        self.fields["key"].disabled = self.instance.pk is not None

    def clean_key(self):
        return self.clean_new_key("key", self.draft.criteria, "rule")

    def clean_sources(self):
        """As it is kept: the keys with commas, those that stay in the order they had."""
        chosen = self.cleaned_data["sources"]
        stay = [key for key in self.held if key in chosen]
        return ", ".join([*stay, *(key for key in chosen if key not in stay)])

    def clean(self):
        cleaned = super().clean()
        how_many(cleaned, "mode", "count", self)
        return cleaned


class TextForm(RowForm):
    class Meta:
        model = Text
        fields = ("text",)

    def clean_text(self):
        return self.cleaned_data["text"].replace("\r\n", "\n").strip()


class TestPatientForm(RowForm):
    """An imaginary patient: one field for each question of the draft, even of one that cannot be read as a whole."""

    __test__ = False

    class Meta:
        model = TestPatient
        fields = ("number", "why", "disposition")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        headings = known_texts(self.draft, "disposition.")
        self.fields["disposition"] = forms.ChoiceField(
            label=_("Expected heading"),
            choices=[(name, headings.get(("en", f"disposition.{name}.heading")) or name) for name in DISPOSITIONS],
        )
        if self.instance.pk is None:
            numbers = self.draft.patients.values_list("number", flat=True)
            self.initial.setdefault("number", max(numbers, default=0) + 1)
        words, answers = known_texts(self.draft, "question."), self.instance.answers or {}
        rows = self.draft.questions.select_related("section").prefetch_related("options", "enabled_when__question")
        self.questions = {row.link_id: row for row in rows}
        for link_id, row in self.questions.items():
            self.fields[f"answer:{link_id}"] = answer_field(row, words, answers.get(link_id))

    def clean_number(self):
        number = self.cleaned_data["number"]
        if self.draft.patients.filter(number=number).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is a test patient %s already. Use another number.") % number)
        return number

    def clean(self):
        cleaned = super().clean()
        given = {name.removeprefix("answer:"): value for name, value in cleaned.items() if name.startswith("answer:")}
        self.instance.answers = {link_id: value for link_id, value in given.items() if value}
        for link_id, value in self.instance.answers.items():
            asked = question_row(self.questions[link_id])
            asked.pop("enabled_when", None)  # an imaginary patient may answer what is not asked: it is ignored
            try:
                read_answer(read_question(asked), value)
            except AnswersError as mistake:
                self.add_error(f"answer:{link_id}", str(mistake))
        if not self.instance.answers:
            self.add_error(None, _("Give at least one answer."))
        return cleaned

    def fieldsets(self):
        answers = [name for name in self.fields if name.startswith("answer:")]
        shown = ["outcome_now", "signed"] if self.instance.pk else []
        return [
            (None, {"fields": ["number", "why", "disposition", *shown, "seen"]}),
            (_("Answers"), {"fields": answers}),
        ]


def answer_field(question: Question, words: dict, given) -> forms.Field:
    base = base_of(question)

    def said(place, otherwise):
        return words.get(("en", f"{base}.{place}")) or otherwise

    options = [(option.code, said(f"options.{option.code}", option.code)) for option in question.options.all()]
    several = question.type == "multi"
    if not several:
        options, given = [("", _("not answered")), *options], given[0] if isinstance(given, list) else given
    field = forms.MultipleChoiceField if several else forms.ChoiceField
    return field(
        label=said("short", question.link_id),
        choices=options,
        initial=given,
        required=False,
        widget=forms.CheckboxSelectMultiple if several else forms.Select,
    )
