"""Fields for what a person may say about themselves: a name, a phone number, a date of birth."""

import re
import unicodedata
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MOST_NAME, MOST_PHONE = 120, 40  # characters
FEWEST_DIGITS, MOST_DIGITS = 7, 20
PHONE = re.compile(r"\+?[\d\s().,/\-‐‑‒–+]+(?:(?:ext\.?|x|#)\s*\d{1,8})?", re.IGNORECASE)
FIRST_YEAR = 1900
DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")  # they would turn round what stands beside them on the desk


class PlainText(forms.CharField):
    """One line of text, without what cannot be seen, its spaces single."""

    def to_python(self, value):
        text = super().to_python(value)
        seen = "".join(" " if unicodedata.category(char) == "Cc" else char for char in DIRECTIONS.sub("", text))
        return " ".join(seen.split())


def name_field(label, **options) -> PlainText:
    too_long = gettext_lazy("Write the name in %(limit_value)d characters or fewer")
    return line(label, MOST_NAME, too_long, **options)


def line(label, most: int, too_long, *, autocomplete: str = "off", kind: str = "text", **options) -> PlainText:
    attrs = {"class": "input", "autocomplete": autocomplete, "spellcheck": "false"}
    field = PlainText(label=label, widget=forms.TextInput(attrs), **options)
    field.widget.input_type = kind
    field.validators.append(MaxLengthValidator(most, too_long))
    return field


def phone_field(label, **options) -> PlainText:
    """A phone number, kept as it was typed."""
    too_long = gettext_lazy("Write the phone number in %(limit_value)d characters or fewer")
    field = line(label, MOST_PHONE, too_long, kind="tel", **options)
    field.validators.append(like_a_phone)
    return field


def like_a_phone(text: str) -> None:
    """Raises ValidationError for what nobody can dial."""
    if not PHONE.fullmatch(text):
        raise ValidationError(_("Write the phone number with digits, such as 555 010 0199"))
    digits = len(re.sub(r"\D", "", text))
    if not FEWEST_DIGITS <= digits <= MOST_DIGITS:
        raise ValidationError(_("Check the phone number. It should have at least 7 digits, with the area code first"))


# --- date of birth


class DateParts(forms.MultiWidget):
    """Month, day and year in a field each; nobody has to find a day in a calendar."""

    def __init__(self) -> None:
        attrs = {"class": "input", "inputmode": "numeric"}
        super().__init__({part: forms.TextInput(attrs) for part in ("month", "day", "year")})

    def decompress(self, value):
        return [value.month, value.day, value.year] if value else ["", "", ""]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        labels = (_("Month"), _("Day"), _("Year"))
        for part, label in zip(context["widget"]["subwidgets"], labels, strict=True):
            part["label"] = label
        return context


class BirthDate(forms.Field):
    """A day from 1900 to today, or nothing."""

    widget = DateParts

    def clean(self, value) -> date | None:
        month, day, year = (str(part or "").strip() for part in value or ("", "", ""))
        missing = [label for part, label in ((month, _("month")), (day, _("day")), (year, _("year"))) if not part]
        if len(missing) == 3:
            return self.nothing()
        if missing:
            raise ValidationError(_("The date of birth also needs a %s") % _(" and a ").join(missing))
        return real_date(month_of(month), whole(day), whole(year))

    def nothing(self) -> None:
        if self.required:
            raise ValidationError(_("Write the date of birth"))


DATE = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<us_m>\d{1,2})[/.-](?P<us_d>\d{1,2})[/.-](?P<us_y>\d{4})"
    r"|(?P<bare_m>\d\d)(?P<bare_d>\d\d)(?P<bare_y>\d{4})",
    re.ASCII,
)


class TypedBirthDate(PlainText):
    """The same in one field, for nurses, who type many: year-month-day, or month/day/year, also without the signs."""

    def clean(self, value) -> date | None:
        typed = super().clean(value)
        return typed_date(typed) if typed else None


def typed_date(text: str) -> date:
    """Raises ValidationError, with how to mend it."""
    found = DATE.fullmatch(text.replace(" ", ""))
    if not found:
        raise ValidationError(_("Write the date of birth as month/day/year, such as 02/28/1960"))
    year, month, day = (
        next(int(found[way + part]) for way in ("", "us_", "bare_") if found[way + part]) for part in "ymd"
    )
    return real_date(month, day, year)


def month_of(text: str) -> int | None:
    """A month from its number, or its name in full or short, in the language of the page."""
    if (number := whole(text)) is not None:
        return number
    wanted = text.casefold().rstrip(".")
    names = [(number, str(name).casefold()) for table in (MONTHS, MONTHS_3) for number, name in table.items()]
    return next((number for number, name in names if name == wanted), None)


def whole(text: str) -> int | None:
    """The number, or None where the text is none."""
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def real_date(month: int | None, day: int | None, year: int | None) -> date:
    """Raises ValidationError, with how to mend it, for a day that is in no calendar or was nobody's birthday."""
    if month is None or not 1 <= month <= 12:
        raise ValidationError(_("Write the month as a number from 1 to 12, or its name"))
    if day is None or not 1 <= day <= 31:
        raise ValidationError(_("Write the day as a number from 1 to 31"))
    if year is None or year < 1000:
        raise ValidationError(_("Write the year with four digits, such as 1950"))
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValidationError(_("Check the day. That month has fewer days")) from None
    if found > timezone.localdate():
        raise ValidationError(_("Check the date of birth. It is in the future"))
    if found.year < FIRST_YEAR:
        raise ValidationError(_("Check the year of birth. It should be 1900 or later"))
    return found
