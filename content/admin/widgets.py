"""The rich text editor: headings, bold, italic, lists and links, and nothing else; and tables as plain lines."""

from django import forms
from django_prose_editor.widgets import AdminProseEditorWidget

from ..html import clean
from ..tables import from_lines, to_lines

EDITOR = {
    "extensions": {
        "Bold": True,
        "Italic": True,
        "BulletList": True,
        "OrderedList": True,
        "ListItem": True,
        "HardBreak": True,
        "Heading": {"levels": [3, 4]},
        "Link": {"enableTarget": False, "protocols": ["claim", "term", "page", "tel", "sms", "mailto", "https"]},
        "History": True,
    }
}


class RichText(AdminProseEditorWidget):
    """Marks are links: ``claim:key``, ``term:key`` and ``page:key``."""

    def __init__(self, attrs=None):
        super().__init__(attrs, config=EDITOR, preset="configurable")


class CleanText(forms.CharField):
    """What ``clean`` leaves of the text, so that writing the same thing another way is no change."""

    widget = RichText

    def to_python(self, value):
        return clean(super().to_python(value))

    def prepare_value(self, value):
        return clean(value or "")  # the editor reads it as HTML, so a row that came past the cleaning is cleaned first


class TableText(forms.CharField):
    """A table as lines that people can write; see content/tables.py."""

    widget = forms.Textarea

    def to_python(self, value):
        return clean(from_lines(super().to_python(value)))

    def prepare_value(self, value):
        return to_lines(value or "")
