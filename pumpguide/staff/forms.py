"""The forms of the second step. Each asks for a code; nothing else is typed."""

import re

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .codes import APP_DIGITS, RECOVERY_DIGITS

ALL_ERRORS = ("required", "shape", "max_length", "null_characters_not_allowed")
BETWEEN = re.compile(r"[\s\-‐‑‒–—]+")


class CodeField(forms.CharField):
    """A code as digits alone, from whatever stood between them. ``recovery``: whether a recovery code will do."""

    def __init__(self, *, recovery: bool = True, first: bool = True, **options):
        shown = {"class": "input", "inputmode": "numeric", "autocomplete": "one-time-code", "autocapitalize": "none"}
        if first:
            shown["autofocus"] = True
        super().__init__(max_length=60, widget=forms.TextInput(attrs=shown), **options)
        self.widget.attrs.pop("maxlength", None)
        self.lengths = (APP_DIGITS, RECOVERY_DIGITS) if recovery else (APP_DIGITS,)
        said = _("Type the 6 digits from your app, or a recovery code of 12 digits")
        said = said if recovery else _("Type the 6 digits that your app shows")
        self.error_messages.update(dict.fromkeys(ALL_ERRORS, said))

    def clean(self, value: str) -> str:
        digits = BETWEEN.sub("", super().clean(value))
        if not (digits.isascii() and digits.isdigit() and len(digits) in self.lengths):
            raise ValidationError(self.error_messages["shape"], code="shape")
        return digits


class Plain(forms.Form):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class CodeForm(Plain):
    """A code of one's own second step."""

    code = CodeField(label=_("Code"), help_text=_("The 6 digits from your app, or one of your recovery codes."))


class SetUpForm(Plain):
    """An app's first code; with ``replacing``, also a code of the app it replaces."""

    sealed = forms.CharField(widget=forms.HiddenInput, required=False)
    code = CodeField(label=_("Code from the app"), help_text=_("6 digits. The app shows new ones every 30 seconds."),
                     recovery=False)  # fmt: skip

    def __init__(self, *args, replacing: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.pop("autofocus", None)  # the steps above it come first
        if replacing:
            hint = _("A code from your present app, or one of your recovery codes.")
            self.fields["present"] = CodeField(label=_("Code you have now"), help_text=hint, first=False)
