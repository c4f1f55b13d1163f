"""The forms of what a nurse enters for a patient: the whole sheet at once, and who it is about."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .actions import Contact
from .definition import Definition
from .engine.reading import AnswersError, read_answer
from .engine.terms import Question
from .fields import TypedBirthDate, name_field, phone_field
from .forms import Checkboxes, Radios
from .wording import Wording


class StoreForm(forms.Form):
    """Who it is about, as far as they want to say, and that they agreed.

    ``agreed``: how they did, as the nurse confirms it; ``wording`` afterwards. After ``is_valid()``: ``contact``.
    """

    name = name_field(gettext_lazy("Name"), required=False)
    birth_date = TypedBirthDate(
        label=gettext_lazy("Date of birth"),
        help_text=gettext_lazy("Month, day, year, such as 02/28/1960"),
        required=False,
        widget=forms.TextInput({"class": "input", "autocomplete": "off", "inputmode": "numeric"}),
    )
    phone = phone_field(gettext_lazy("Phone"), required=False)
    consent = forms.BooleanField(widget=forms.CheckboxInput)

    def __init__(self, agreed: str, data=None, initial=None):
        super().__init__(data, initial=initial)
        self.wording = self.fields["consent"].label = agreed
        self.fields["consent"].error_messages["required"] = _(
            "Confirm that the patient agreed. Without it, nothing can be stored"
        )

    @property
    def contact(self) -> Contact:
        given = self.cleaned_data
        return Contact(given["name"], given["birth_date"], given["phone"])


class SheetForm(forms.Form):
    """Every question of one version, each of which may stay blank. After ``is_valid()``: ``answers``."""

    def __init__(self, definition: Definition, language: str, data=None):
        super().__init__(data, prefix="q")
        self.questions = definition.ruleset.questions
        words = definition.wording(language)
        for question in self.questions:
            self.fields[question.link_id] = sheet_field(question, words)
        self.answers: dict[str, tuple[str, ...]] = {}

    def clean(self):
        for question in self.questions:
            codes = [code for code in self.cleaned_data.get(question.link_id, ()) if code]
            if codes:
                self.read(question, codes)
        if not self.answers and not self.errors:
            raise ValidationError(_("Nothing is entered yet. Enter at least one answer"))
        return self.cleaned_data

    def read(self, question: Question, codes: list[str]) -> None:
        single = question.type == "single" and len(codes) == 1
        try:
            self.answers[question.link_id] = read_answer(question, codes[0] if single else codes)
        except AnswersError:
            self.add_error(question.link_id, self.instruction(question))

    def instruction(self, question: Question) -> str:
        place = 1 + self.questions.index(question)
        if question.type == "single":
            return _("Question %s: select one answer, or “Blank” where it cannot be told") % place
        return _("Question %s: an answer that stands alone is selected with others. Leave one or the other out") % place


def sheet_field(question: Question, words: Wording) -> forms.MultipleChoiceField:
    """A list of codes, whichever the type; "" stands for blank, since a chosen radio cannot be taken back."""
    choices = [(code, words.option(question.link_id, code)) for code in question.codes]
    several = question.type == "multi"
    wrong = _("“%s”: select from the answers shown") % words.of("question", question.link_id, "short")
    return forms.MultipleChoiceField(
        label=words.of("question", question.link_id, "text"),
        choices=choices if several else [("", _("Blank")), *choices],
        initial=None if several else [""],
        required=False,
        widget=Checkboxes() if several else Radios(),
        error_messages={"invalid_choice": wrong, "invalid_list": wrong},
    )
