"""The forms of the screening. One form serves every question: what it asks comes from the definition."""

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext as _

from .engine.reading import AnswersError, read_answer
from .engine.terms import Question
from .wording import Wording


class Choices:
    """Adds to each option its hint, and the word "or" before the first one that stands alone."""

    hints: dict[str, str] = {}
    first_alone = ""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(value, "")
        option["divider"] = _("or") if value == self.first_alone else ""
        return option


class Radios(Choices, forms.RadioSelect):
    """One option of several, read as a list like any other answer."""

    def value_from_datadict(self, data, files, name):
        return data.getlist(name)


class Checkboxes(Choices, forms.CheckboxSelectMultiple):
    """Any number of options."""


class QuestionForm(forms.Form):
    """One question of the questionnaire.

    ``chosen``: the codes answered before. ``run``: the number of this screening, so that a page left open in another
    tab cannot write into one that was started anew. After ``is_valid()``, ``cleaned_data["answer"]`` holds the codes.
    """

    run = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, question: Question, words: Wording, *, other=False, run="", chosen=(), data=None):
        super().__init__(data, initial={"run": run, "answer": chosen})
        self.question = question
        self.fields["answer"] = self.answer_field(question, words, other)
        self.helper = FormHelper()
        self.helper.form_tag = False  # the page puts "Why we ask" between the question and the button
        self.helper.disable_csrf = True

    def answer_field(self, question, words, other):
        """Always a list of codes, whichever the type, so that there is one way to read an answer."""
        link_id = question.link_id
        alone = [code for code in question.codes if code in question.exclusive_codes]
        widget = Checkboxes() if question.type == "multi" else Radios()
        widget.hints = {code: words.option_hint(link_id, code) for code in question.codes}
        widget.first_alone = alone[0] if alone else ""
        error = words.of("question", link_id, "error", other=other)
        return forms.MultipleChoiceField(
            label=words.of("question", link_id, "text", other=other),
            help_text=words.of("question", link_id, "hint", other=other),
            choices=[(code, words.option(link_id, code, other=other)) for code in question.codes],
            widget=widget,
            error_messages={"required": error, "invalid_choice": error, "invalid_list": error},
        )

    def clean_answer(self):
        """The codes as the engine reads them; an option that stands alone refuses company, and the ticks stay."""
        codes = self.cleaned_data["answer"]
        try:
            return read_answer(self.question, codes[0] if self.question.type == "single" and len(codes) == 1 else codes)
        except AnswersError:
            alone = self.question.exclusive_codes.intersection(codes)
            labels = dict(self.fields["answer"].choices)
            if alone:
                raise forms.ValidationError(
                    _("Select “%s” alone, or leave it out and keep the others") % labels[min(alone)]
                ) from None
            raise forms.ValidationError(_("Select one answer")) from None
