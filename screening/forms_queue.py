"""The forms of the call-back queue, of breaking the glass, and of the audit's filters: choices, no free words."""

import re
from datetime import date, datetime, time, timedelta

from django import forms
from django.contrib.auth import get_user_model
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .access.auditing import Wanted
from .actions.glass import GlassReason
from .models import Action, CallbackAttempt, CallbackRequest

MORNING, AFTERNOON = time(9), time(14)
FURTHEST = timedelta(days=60)
SATURDAY = 5
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)  # at the very ends of the calendar there is no next day
DAY_LIKE = gettext_lazy("Write the day like 2027-03-01")
SUBJECT = re.compile(r"\s*([a-z]+)\s*(?:no\.?)?\s*(\d{1,18})?\s*", re.ASCII | re.IGNORECASE)


class Again(models.TextChoices):
    """When to try again."""

    HOUR = "hour", gettext_lazy("In an hour")
    AFTERNOON = "afternoon", gettext_lazy("This afternoon, at 2")
    NEXT_MORNING = "next-morning", gettext_lazy("Next working day, at 9 in the morning")
    NEXT_AFTERNOON = "next-afternoon", gettext_lazy("Next working day, at 2 in the afternoon")
    OTHER = "other", gettext_lazy("At another time:")


def again_at(choice: str, now: datetime) -> datetime:
    """The time a choice stands for, in the clinic's time zone; ``now`` is aware."""
    here = timezone.localtime(now)
    if choice == Again.HOUR:
        return now + timedelta(hours=1)
    if choice == Again.AFTERNOON:
        return datetime.combine(here.date(), AFTERNOON, tzinfo=here.tzinfo)
    day = here.date() + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING if choice == Again.NEXT_MORNING else AFTERNOON, tzinfo=here.tzinfo)


class AttemptForm(forms.Form):
    """A call in vain. After ``is_valid()``: ``cleaned_data["reason"]``, ``cleaned_data["again_at"]``."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        choices=CallbackAttempt.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select what happened")},
    )
    again = forms.ChoiceField(
        label=gettext_lazy("Try again"),
        choices=Again,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select when to try again")},
    )
    other = forms.DateTimeField(
        label=gettext_lazy("Day and time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "input"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": gettext_lazy("Write the day and time like 2027-03-01 10:30")},
    )

    def __init__(self, now: datetime, data=None):
        super().__init__(data, auto_id="attempt_%s")
        self.now = now
        late = timezone.localtime(now).time() >= AFTERNOON
        self.fields["again"].choices = [one for one in Again.choices if not (late and one[0] == Again.AFTERNOON)]

    def clean(self):
        given = super().clean()
        chosen = given.get("again")
        if chosen and chosen != Again.OTHER:
            given["again_at"] = again_at(chosen, self.now)
        elif chosen and "other" not in self.errors:
            given["again_at"] = self.other_time(given.get("other"))
        return given

    def other_time(self, other: datetime | None) -> datetime | None:
        if other is None:
            self.add_error("other", _("Write the day and time"))
        elif other <= self.now:
            self.add_error("other", _("Choose a time that is still to come"))
        elif other > self.now + FURTHEST:
            self.add_error("other", _("Choose a time within the next 60 days"))
        return other


class CloseForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("How it ended"),
        choices=CallbackRequest.Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select how it ended")},
    )

    def __init__(self, data=None):
        super().__init__(data, auto_id="close_%s")


class GlassForm(forms.Form):
    """A reason, and knowing that it is kept."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why you need it"),
        choices=GlassReason,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Select why you need it")},
    )
    understood = forms.BooleanField(
        label=gettext_lazy("I understand that this is recorded, with my name and everything I open."),
        error_messages={"required": gettext_lazy("Tick that you understand this is recorded")},
    )


class AuditFilter(forms.Form):
    """What to show of the audit. Anything that cannot be read is said, and the list is shown without it."""

    by = forms.ModelChoiceField(
        label=gettext_lazy("Who"), queryset=None, required=False, empty_label=gettext_lazy("Everyone")
    )
    action = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    subject = forms.CharField(
        label=gettext_lazy("Of what"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Such as: screening 12"),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(FIRST_DAY, DAY_LIKE),
            MaxValueValidator(LAST_DAY, DAY_LIKE),
        ],
        error_messages={"invalid": DAY_LIKE},
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def __init__(self, data=None):
        super().__init__(data, auto_id="filter_%s")
        self.fields["by"].queryset = get_user_model().objects.order_by("username")
        self.fields["action"].choices = [("", _("Everything")), *Action.choices]

    def clean_subject(self) -> tuple[str, int | None]:
        """(kind, number or None); ("", None) for any."""
        typed = self.cleaned_data["subject"]
        read = SUBJECT.fullmatch(typed)
        if typed and not read:
            raise forms.ValidationError(_("Write a kind and a number, such as: screening 12"))
        return (read[1].lower(), int(read[2]) if read[2] else None) if read else ("", None)

    @property
    def wanted(self) -> Wanted:
        """What could be read, after ``is_valid()``."""
        given = self.cleaned_data
        kind, number = given.get("subject") or ("", None)
        by = given.get("by")
        return Wanted(by and by.pk, given.get("action", ""), kind, number, given.get("day"), given.get("before"))
