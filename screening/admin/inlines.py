"""The rows under a question or a rule in the desk: options with their labels, and conditions."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..arranging import base_of, forget_option, in_the_way, write_texts
from ..models import Condition, Option
from .ids import refuse_second_meaning
from .words import OPTION_WORDS, known_texts, label


def partial_form(form, **more):
    """The same form class, made with ``more``."""
    return type(form.__name__, (form,), {"__init__": lambda self, *a, **k: form.__init__(self, *a, **more, **k)})


class NamedInputs(BaseInlineFormSet):
    """A table's inputs have no labels of their own: each is named for those who cannot see the head of the table."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        row = _("row %s") % (index + 1) if index is not None else _("new row")
        for field in form.fields.values():
            if not field.widget.is_hidden and not isinstance(field.widget, forms.CheckboxSelectMultiple):
                field.widget.attrs.setdefault("aria-label", f"{field.label}, {row}")


# --- options


class OptionForm(forms.ModelForm):
    """One option and its words in every language that is on."""

    class Meta:
        model = Option
        fields = ("position", "code", "unknown", "exclusive", "for_the_record")

    def __init__(self, *args, question, texts, **kwargs):
        super().__init__(*args, **kwargs)
        self.question = question
        self.fields["position"].required = False
        self.fields["code"].disabled = self.instance.pk is not None
        for table, name in OPTION_WORDS.items():
            for language, _name in settings.LANGUAGES:
                place = f"{base_of(question)}.{table}.{self.instance.code}"
                self.fields[f"{table}:{language}"] = forms.CharField(
                    label=label(name, language),
                    initial=texts.get((language, place), "") if self.instance.pk else "",
                    required=table == "options",
                    widget=forms.Textarea(attrs={"rows": 2, "cols": 24, "lang": language}),
                )
        self.order_fields(["position", "code", *(name for name in self.fields if ":" in name)])

    def clean_code(self):
        code = self.cleaned_data["code"]
        if self.instance.pk is None:
            refuse_second_meaning(self.question.draft, "option", self.question.link_id, code)
        return code

    def clean_position(self):
        """Left empty: the last place."""
        given = self.cleaned_data["position"]
        return given if given is not None else max((o.position for o in self.question.options.all()), default=0) + 1

    def save_words(self) -> None:
        base, code = base_of(self.question), self.instance.code
        texts = {}
        for name in self.changed_data:
            if ":" in name:
                table, language = name.split(":")
                texts[language, f"{base}.{table}.{code}"] = self.cleaned_data[name]
        write_texts(self.question.draft, texts)


class OptionFormSet(NamedInputs):
    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            names = in_the_way(self.instance, form.instance.code) if form.instance.pk else []
            if names:
                said = _("“{code}” is named by: {names}. Take it out there first. Nothing was saved or lost.")
                raise forms.ValidationError(said.format(code=form.instance.code, names=", ".join(names)))

    def save_words(self) -> None:
        for form in self.forms:
            if form.instance.pk and form.has_changed() and form not in self.deleted_forms:
                form.save_words()
        for option in self.deleted_objects:
            forget_option(self.instance, option.code)


class OptionInline(admin.TabularInline):
    model = Option
    form = OptionForm
    formset = OptionFormSet
    template = "admin/screening/tabular.html"
    extra = 1

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **{**kwargs, "fields": OptionForm.Meta.fields})
        formset.form = partial_form(formset.form, question=obj, texts=known_texts(obj.draft, f"{base_of(obj)}."))
        return formset

    def get_fields(self, request, obj=None):
        languages = [code for code, _name in settings.LANGUAGES]
        words = [f"{table}:{language}" for table in OPTION_WORDS for language in languages]
        return ["position", "code", *words, "unknown", "exclusive", "for_the_record"]


# --- conditions


def choices_of(questions, texts) -> dict[int, list[tuple[str, str]]]:
    """Each question's id -> its options, as (code, label)."""
    found = {}
    for question in questions:
        base = base_of(question)
        codes = [option.code for option in question.options.all()]
        found[question.pk] = [(code, texts.get(("en", f"{base}.options.{code}")) or code) for code in codes]
    return found


class QuestionChoice(forms.ModelChoiceField):
    """A question by its short name."""

    shorts: dict = {}

    def label_from_instance(self, question):
        return self.shorts.get(("en", f"{base_of(question)}.short")) or question.link_id


class AnyOptions(forms.MultipleChoiceField):
    """Option codes; the form judges them, as it knows which question they belong to."""

    def valid_value(self, value):
        return True


class ConditionForm(forms.ModelForm):
    """One row: this question, any of these options. Another question brings its own options."""

    options = AnyOptions(
        label=gettext_lazy("any of these options"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Condition
        fields = ("question", "options")

    def __init__(self, *args, questions, options, texts, **kwargs):
        super().__init__(*args, **kwargs)
        field = QuestionChoice(queryset=questions, label=_("question"))
        field.shorts = texts
        self.fields["question"], self.by_question = field, options
        asked = self.data.get(self.add_prefix("question")) if self.is_bound else self.instance.question_id
        known = int(asked) if str(asked or "").isdecimal() else None
        self.fields["options"].choices = options.get(known, [])

    def clean(self):
        cleaned = super().clean()
        question = cleaned.get("question")
        if question is None:
            return cleaned
        own, chosen = [code for code, _label in self.by_question[question.pk]], cleaned.get("options") or []
        if not chosen or not set(chosen) <= set(own):
            self.add_error("options", _("Choose among the options of this question; they stand here now."))
        held = self.instance.options if self.instance.pk else []
        stay = [code for code in held if code in chosen]
        cleaned["options"] = [*stay, *(code for code in own if code in chosen and code not in stay)]
        return cleaned

    def save(self, commit=True):
        if self.instance.pk is None:  # a new row comes after the others
            siblings = Condition.objects.filter(criterion=self.instance.criterion, asked=self.instance.asked)
            self.instance.position = max(siblings.values_list("position", flat=True), default=0) + 1
        return super().save(commit)


class ConditionInline(admin.TabularInline):
    model = Condition
    form = ConditionForm
    formset = NamedInputs
    template = "admin/screening/tabular.html"
    fields = ("question", "options")
    extra = 1

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        questions, texts = self.questions(obj).prefetch_related("options"), known_texts(obj.draft, "question.")
        options = choices_of(questions, texts)
        formset.form = partial_form(formset.form, questions=questions, options=options, texts=texts)
        formset.options = options
        return formset

    def questions(self, obj):
        """The questions a condition may name."""
        return obj.draft.questions.all()


class AskedWhenInline(ConditionInline):
    fk_name = "asked"
    verbose_name = gettext_lazy("condition")
    verbose_name_plural = gettext_lazy("asked when (no rows: always)")

    def questions(self, obj):
        """Only questions that come before, and those it names already."""
        before = obj.draft.questions.filter(position__lt=obj.position)
        return (before | obj.draft.questions.filter(named_in__asked=obj)).distinct()


class CriterionConditionInline(ConditionInline):
    fk_name = "criterion"
    verbose_name_plural = gettext_lazy("conditions")
