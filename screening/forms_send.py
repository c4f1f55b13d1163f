"""The two forms by which a patient turns to the clinic: send the summary, ask to be called back."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from .actions import Contact
from .actions.calling import Wish
from .clinic import Clinic
from .fields import BirthDate, PlainText, name_field, phone_field
from .models import CallbackRequest


def consent_field(wording: str, needed: str) -> forms.BooleanField:
    """A box to tick, never ticked beforehand."""
    return forms.BooleanField(label=wording, error_messages={"required": needed})


class SendForm(forms.Form):
    """Who the answers are about, as far as they want to say, and the consent.

    ``other``: someone answers for the person. ``seen``: names the answers and the wording that the page was made with.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, clinic: Clinic, *, other: bool, seen: str = "", data=None, initial=None):
        super().__init__(data, initial={**(initial or {}), "seen": seen})
        own = "" if other else "own"  # a helper's browser would fill in the helper
        self.wording = send_wording(clinic, other=other)
        self.fields["name"] = name_field(
            _("The person’s name (optional)") if other else _("Your name (optional)"),
            required=False,
            autocomplete="name" if own else "off",
        )
        self.fields["birth_date"] = birth_date = BirthDate(
            label=_("The person’s date of birth (optional)") if other else _("Your date of birth (optional)"),
            help_text=_("For example: 3 31 1950"),
            required=False,
        )
        for part, widget in zip(("month", "day", "year"), birth_date.widget.widgets, strict=True):
            widget.attrs["autocomplete"] = f"bday-{part}" if own else "off"
        self.fields["phone"] = phone_field(
            _("Phone number (optional)"), required=False, autocomplete="tel" if own else "off"
        )
        self.fields["consent"] = consent_field(self.wording, _("Tick the box if you agree. Without it nothing is sent"))

    @property
    def contact(self) -> Contact:
        return Contact(self.cleaned_data["name"], self.cleaned_data["birth_date"], self.cleaned_data["phone"])


def send_wording(clinic: Clinic, *, other: bool) -> str:
    """What people agree to; it is stored word for word."""
    words = {"clinic": clinic.title, "days": settings.SCREENING_DAYS}
    if other:
        return (
            _(
                "I send these answers, and what I filled in above, to %(clinic)s. The person they are about agrees, or "
                "I may decide this for them. The clinic may keep them for %(days)s days to prepare the visit."
            )
            % words
        )
    return (
        _(
            "I agree that my answers, and what I filled in above, are sent to %(clinic)s. The clinic may keep them for "
            "%(days)s days to prepare my visit."
        )
        % words
    )


class CallForm(forms.Form):
    """Who to call and when. ``token``: the mark of this showing. ``comment``: a field that people do not see."""

    token = forms.CharField(required=False, widget=forms.HiddenInput)
    comment = PlainText(
        required=False,
        widget=forms.TextInput(attrs={"class": "input", "tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, clinic: Clinic, *, token: str = "", data=None):
        super().__init__(data, initial={"token": token})
        self.wording = call_wording(clinic)
        self.fields["comment"].label = _("Leave this field empty")
        no_name = {"required": _("Write your name, so that we can ask for you")}
        self.fields["name"] = name_field(_("Your name"), autocomplete="name", error_messages=no_name)
        self.fields["phone"] = phone_field(
            _("Phone number"),
            autocomplete="tel",
            help_text=_("With the area code"),
            error_messages={"required": _("Write the phone number we can call")},
        )
        times = CallbackRequest.BestTime.choices
        self.fields["best_time"] = one_of(_("Best time to call"), times, _("Select the best time to call"))
        if len(settings.LANGUAGES) > 1:
            no_language = _("Select a language for the call")
            self.fields["language"] = one_of(_("Language for the call"), settings.LANGUAGES, no_language)
        self.fields["consent"] = consent_field(
            self.wording, _("Tick the box if you agree. Without it we may not call you")
        )

    @property
    def wish(self) -> Wish:
        given = self.cleaned_data
        language = given.get("language") or settings.LANGUAGES[0][0]
        return Wish(given["name"], given["phone"], given["best_time"], language)


def one_of(label: str, choices, needed: str) -> forms.ChoiceField:
    errors = {"required": needed, "invalid_choice": needed}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=errors)


def call_wording(clinic: Clinic) -> str:
    """What people agree to; it is stored word for word."""
    return _(
        "I agree that %(clinic)s keeps my name and phone number to call me. They are deleted %(days)s days after "
        "the clinic has closed this request."
    ) % {"clinic": clinic.title, "days": settings.CALLBACK_DAYS}
