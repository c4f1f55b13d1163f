"""Forms of the questionnaire's desk: rows with their words in every language, conditions, test patients."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ..engine.reading import AnswersError, read_answers
from ..engine.terms import DISPOSITIONS
from ..models import Condition, Criterion, Option, Question, TestPatient, Text

QUESTION_WORDS = ("text", "text_other", "hint", "hint_other", "why", "why_other", "short", "error", "error_other")
CRITERION_WORDS = ("title", "met", "not_met", "unknown", "ask", "source_note")
MAY_BE_EMPTY = ("_other", "hint", "ask", "source_note", "option_hints")


class WordsForm(forms.ModelForm):
    """A row and its texts: one field for each place and language that is on."""

    def places(self) -> list[str]:
        """The places (paths in the wording file) whose texts belong to this row."""
        raise NotImplementedError

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        known = {(text.language, text.place): text.text for text in self.draft_texts()}
        for place in self.places():
            for language, name in settings.LANGUAGES:
                self.fields[f"words:{language}:{place}"] = forms.CharField(
                    label=f"{place.split('.', 2)[-1]} ({name})",
                    initial=known.get((language, place), ""),
                    required=not any(part in place for part in MAY_BE_EMPTY),
                    widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
                )

    def draft_texts(self):
        return Text.objects.filter(draft_id=self.instance.draft_id, place__in=self.places())

    def save_words(self) -> None:
        """Write the texts that changed. An emptied text is kept as an empty row and left out of the snapshot."""
        for name in self.changed_data:
            if name.startswith("words:"):
                _words, language, place = name.split(":", 2)
                Text.objects.update_or_create(
                    draft_id=self.instance.draft_id,
                    language=language,
                    place=place,
                    defaults={"text": self.cleaned_data[name].strip()},
                    create_defaults={"text": self.cleaned_data[name].strip(), "position": 10_000},
                )


class QuestionForm(WordsForm):
    class Meta:
        model = Question
        fields = ("section", "position", "type", "enabled_mode", "enabled_count")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["section"].queryset = self.instance.draft.sections.all()

    def places(self):
        base = f"question.{self.instance.link_id}"
        codes = list(self.instance.options.values_list("code", flat=True))
        return [
            *(f"{base}.{word}" for word in QUESTION_WORDS),
            *(f"{base}.{table}.{code}" for code in codes for table in ("options", "option_hints")),
        ]


class CriterionForm(WordsForm):
    class Meta:
        model = Criterion
        fields = ("kind", "path", "position", "mode", "count", "sources")

    def places(self):
        return [f"criterion.{self.instance.key}.{word}" for word in CRITERION_WORDS]


class ConditionForm(forms.ModelForm):
    """One row: this question, any of these options."""

    options = forms.MultipleChoiceField(label=_("any of these options"), widget=forms.SelectMultiple(attrs={"size": 6}))

    class Meta:
        model = Condition
        fields = ("position", "question", "options")

    def __init__(self, *args, draft=None, **kwargs):
        super().__init__(*args, **kwargs)
        questions = Question.objects.filter(draft=draft).prefetch_related("options")
        self.fields["question"].queryset = questions
        self.by_question = {q.pk: [option.code for option in q.options.all()] for q in questions}
        if self.instance.pk:
            codes = self.by_question.get(self.instance.question_id, [])
            self.fields["options"].choices = [(code, code) for code in codes]
        else:
            self.fields["options"].choices = [
                (q.link_id, [(option.code, option.code) for option in q.options.all()]) for q in questions
            ]
        if self.is_bound:  # a row may be moved to another question: judge the options by the question that was sent
            every = {code for codes in self.by_question.values() for code in codes}
            self.fields["options"].choices = [(code, code) for code in sorted(every)]

    def clean(self):
        cleaned = super().clean()
        question, chosen = cleaned.get("question"), cleaned.get("options") or []
        if question is not None:
            own = self.by_question.get(question.pk, [])
            if not set(chosen) <= set(own):
                self.add_error(
                    "options",
                    _("%(question)s has these options: %(own)s.") % {"question": question, "own": ", ".join(own)},
                )
        return cleaned


class OptionForm(forms.ModelForm):
    class Meta:
        model = Option
        fields = ("position", "code", "unknown", "exclusive", "for_the_record")


class TestPatientForm(forms.ModelForm):
    """An imaginary patient: one field for each question of the draft."""

    __test__ = False

    class Meta:
        model = TestPatient
        fields = ("number", "why", "disposition")

    def __init__(self, *args, definition=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.definition = definition
        self.fields["disposition"].widget = forms.Select(choices=[(name, name) for name in DISPOSITIONS])
        answers = self.instance.answers or {}
        words = definition.wording("en")
        for question in definition.ruleset.questions:
            labels = [(code, words.option(question.link_id, code)) for code in question.codes]
            field = forms.MultipleChoiceField if question.type == "multi" else forms.ChoiceField
            self.fields[f"answer:{question.link_id}"] = field(
                label=words.of("question", question.link_id, "short"),
                choices=labels if question.type == "multi" else [("", _("not answered")), *labels],
                initial=answers.get(question.link_id),
                required=False,
                widget=forms.CheckboxSelectMultiple if question.type == "multi" else forms.Select,
            )

    def clean(self):
        cleaned = super().clean()
        named = {name.removeprefix("answer:"): value for name, value in cleaned.items() if name.startswith("answer:")}
        given = {link_id: value for link_id, value in named.items() if value}
        try:
            read_answers(self.definition.ruleset, given)
        except AnswersError as mistake:
            raise forms.ValidationError(str(mistake)) from mistake
        self.instance.answers = given
        return cleaned
