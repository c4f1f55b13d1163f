"""The rich text editor: headings, bold, italic, lists and links, and nothing else."""

from django_prose_editor.widgets import AdminProseEditorWidget

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
