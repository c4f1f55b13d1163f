"""What nurses type at the desk: a code or date of birth, and what they found out about one point."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .actions.reviewing import MOST_NOTE
from .codes import LENGTH, CodeError, read_code
from .engine.reading import AnswersError, read_answer
from .engine.terms import Question
from .fields import DATE, PlainText, typed_date
from .forms import Checkboxes, Radios
from .models import Review
from .symbols import bare
from .wording import Wording
from .worklist import Point

LIKE_A_DATE = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}|[a-z]{3,9}\.?\d{1,2}(st|nd|rd|th)?,?\d{4}", re.ASCII | re.IGNORECASE
)
NUMBER = re.compile(r"no\.?(\d{1,18})|#(\d{1,18})|(\d{1,7})", re.ASCII | re.IGNORECASE)
"""The number of a screening, as lists and sheets show it: No. 12."""
A_NAME = re.compile(r"[^\W\d_]+([ ,.'’-]+[^\W\d_]+)*\.?")
PAPER_LENGTH = 2 * LENGTH  # what is longer was never meant as a reference code
MOST_TYPED = 400
Outcome = Review.Outcome


class FindForm(forms.Form):
    """After ``is_valid()``: ``born`` is a date of birth, or ``number`` that of a screening, or ``paper`` says it is the
    code on paper; else it is a reference code.
    """

    code = forms.CharField(
        label=gettext_lazy("Code or date of birth"),
        max_length=MOST_TYPED,
        error_messages={
            "required": gettext_lazy("Type a code, such as 7KQM-2XWP-9RDT, or a date of birth"),
            "max_length": gettext_lazy("This is too long. Type one code, nothing else"),
        },
    )
    born: date | None = None
    number: int | None = None
    paper = False

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        closed_up = typed.replace(" ", "")
        if DATE.fullmatch(closed_up):
            self.born = typed_date(closed_up)
        elif found := NUMBER.fullmatch(closed_up):
            self.number = int(found[found.lastindex or 0])
        elif bare(typed).startswith("PG1:") or len(bare(typed)) > PAPER_LENGTH:
            self.paper = True
        else:
            try:
                return read_code(typed)
            except CodeError as error:
                raise forms.ValidationError(say(error, typed)) from error
        return typed


def say(error: CodeError, typed: str) -> str:
    """Which slip it is, and how to mend it. A date is no code: in every year from 1900 to 2199 is a 0 or a 1."""
    if LIKE_A_DATE.fullmatch(typed.replace(" ", "")):
        return _("Write a date of birth as month/day/year, such as 02/03/1950.")
    if error.slip == "symbol" and A_NAME.fullmatch(typed) and len(bare(typed)) != LENGTH:
        return _("Names cannot be searched. Type the code, the date of birth or the number.")
    if error.slip == "symbol":
        if error.found in "01ILO":
            return _("A code never has %s in it. It has no 0, 1, I, L or O.") % error.found
        return _("A code has only letters and digits. Take out “%s”.") % error.found
    if error.slip == "length":
        has = len(bare(typed))
        return (
            ngettext(
                "A code has 12 letters and digits; this has %d.", "A code has 12 letters and digits; this has %d.", has
            )
            % has
        )
    return _("A letter or digit is mistyped, or two changed places: the last one, a check, does not fit.")


class ReviewForm(forms.Form):
    """What was found out about one point. ``seen``: how many notes there were when the page was made."""

    point = forms.CharField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=9999)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What did you find?"),
        choices=[(one.value, one.label) for one in (Outcome.CONFIRMED, Outcome.NOT_SO, Outcome.STILL_OPEN)],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Select “Confirmed”, “Not so” or “Still open”"),
            "invalid_choice": gettext_lazy("Select “Confirmed”, “Not so” or “Still open”"),
        },
    )
    found_in = forms.ChoiceField(
        label=gettext_lazy("Found in"),
        choices=[("", gettext_lazy("Select one")), *Review.FoundIn.choices],
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Select where you found it")},
    )
    note = PlainText(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Not needed. At most 300 characters."),
        max_length=MOST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": gettext_lazy("Shorten the note to 300 characters")},
    )

    def __init__(self, point: Point, question: Question, words: Wording, *, place: int, seen: int, data=None):
        super().__init__(
            data, auto_id=f"point-{place}-%s", initial={"point": point.link_id, "seen": seen}, label_suffix=""
        )
        self.point, self.question = point, question
        self.fields["answer"] = answer_field(question, words)

    def clean(self) -> dict[str, Any]:
        """The codes as the engine reads them; none where the outcome says all."""
        given = super().clean()
        outcome, codes = given.get("outcome"), given.get("answer")
        if outcome == Outcome.STILL_OPEN or (outcome == Outcome.CONFIRMED and self.point.kind == "check"):
            given["answer"] = ()
        elif codes:
            try:
                one = self.question.type == "single" and len(codes) == 1
                given["answer"] = read_answer(self.question, codes[0] if one else codes)
            except AnswersError:
                self.add_error("answer", _("Select one answer, or some that can be true together"))
        return given


def answer_field(question: Question, words: Wording) -> forms.MultipleChoiceField:
    """The options that say something for certain."""
    codes = [code for code in question.codes if code not in question.unknown_codes]
    error = _("Select the answer you found")
    return forms.MultipleChoiceField(
        label=_("The answer you found"),
        choices=[(code, words.option(question.link_id, code)) for code in codes],
        widget=Checkboxes() if question.type == "multi" else Radios(),
        required=False,
        error_messages={"invalid_choice": error, "invalid_list": error},
    )
