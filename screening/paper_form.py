"""The nurse's field for a code on paper, and what each slip is called."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .codes import CodeError, read_code
from .paper import PaperError, Read, read_paper_code


class PaperForm(forms.Form):
    """After ``is_valid()``: ``read`` is what the code held, or ``reference`` is the reference code that was given in
    its place; else ``slip`` is why the code stays shut.
    """

    code = forms.CharField(
        label=gettext_lazy("Code on the printed summary"),
        help_text=gettext_lazy(
            "Scan the square at the top of the first sheet. "
            "Or type the groups at the end of the last one; capitals and spaces do not matter."
        ),
        error_messages={"required": gettext_lazy("Scan the square, or type the groups of the code")},
        widget=forms.TextInput(
            attrs={
                "class": "input paper-input",
                "autofocus": True,
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )
    read: Read | None = None
    reference = ""
    slip: PaperError | None = None

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        try:
            self.reference = read_code(typed)  # it has 12 symbols, fewer than any code on paper
        except CodeError:
            self.read_paper(typed)
        return typed

    def read_paper(self, typed: str) -> None:
        try:
            self.read = read_paper_code(typed, timezone.localdate())
        except PaperError as error:
            self.slip = error
            raise forms.ValidationError(say(error)) from error


def say(error: PaperError) -> str:
    """What is wrong with a paper code and how to mend it."""
    match error.kind:
        case "symbol":
            return _("Read group %(group)s again. “%(found)s” stands in no code of ours.") % {
                "group": error.groups[0],
                "found": error.found,
            }
        case "length":
            return say_length(error)
        case "typed":
            return say_typed(error)
        case "expired":
            day = date_format(error.expires, "DATE_FORMAT")
            return _("This code could be read until %s. Ask the person to answer the questions once more.") % day
        case "version":
            return (
                _("This code was made with a version %s of the questions that is not here. Ask your administrator.")
                % error.version
            )
    return _(
        "This code is damaged, or another clinic’s Pump Guide made it. Only the clinic it was made for can open it."
    )


def say_length(error: PaperError) -> str:
    if not error.groups:
        return _("This is too long. Scan or type one code, nothing else.")
    group = error.groups[0]
    if group == 1:
        return _("Look at group 1. A symbol is missing or one too many. Each group has 6 symbols.")
    return _("Look at group %(group)s and the end of group %(before)s. A symbol is missing or one too many.") % {
        "group": group,
        "before": group - 1,
    }


def say_typed(error: PaperError) -> str:
    """Names the groups; all from one on are wrong where a group was left out."""
    first, last = error.groups[0], error.count
    if error.groups == (last,):
        return _("Group %s was mistyped, or what follows it is missing. It should read like on the paper.") % last
    if error.groups == tuple(range(first, last + 1)) and len(error.groups) > 2:
        return _("From group %s on, the code does not fit. Look for a group that was left out or typed twice.") % first
    names = get_text_list([str(number) for number in error.groups], _("and"))
    return ngettext(
        "Group %(groups)s was mistyped. It should read like on the paper.",
        "Groups %(groups)s were mistyped or changed places. They should read like on the paper.",
        len(error.groups),
    ) % {"groups": names}
