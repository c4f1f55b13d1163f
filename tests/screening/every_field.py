"""Fills in every field of every form on a page, as a person would and as nobody should."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

FREE = ("text", "tel", "search", "email", "password", "number")


@dataclass
class Form:
    """One form: where it goes, and name -> (kind of field, values it offers)."""

    action: str
    method: str
    fields: dict[str, tuple[str, list[str]]] = field(default_factory=dict)

    @property
    def typed(self) -> list[str]:
        """The fields that take any words."""
        return [name for name, (kind, _values) in self.fields.items() if kind in (*FREE, "textarea")]

    def filled(self, words: dict[str, str], otherwise: str) -> dict[str, str]:
        """Every field: typed ones with the words for them; of the rest the first choice, each box ticked."""
        given = {}
        for name, (kind, values) in self.fields.items():
            if kind in (*FREE, "textarea"):
                given[name] = words.get(name, otherwise)
            elif choices := [value for value in values if value]:
                given[name] = choices[0]
        return given

    def spoiled(self, otherwise: str) -> dict[str, str]:
        """Every field, hidden ones too, with words that do not belong there."""
        return dict.fromkeys(self.fields, otherwise)


class Forms(HTMLParser):
    """All forms of a page; ``title``: what stands in its title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: dict[str, Form] = {}
        self.found: list[Form] = []
        self.now: Form | None = None
        self.select = ""
        self.in_title, self.title = False, ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        self.in_title = tag == "title" or (self.in_title and tag != "body")
        if tag == "form":
            self.now = Form(given.get("action", ""), given.get("method", "get").lower())
            self.found.append(self.now)
            self.forms[given.get("id", "")] = self.now
        form = self.forms.get(given["form"]) if "form" in given else self.now
        if form is None:
            return
        if tag == "option":
            form.fields.get(self.select, ("", []))[1].append(given.get("value", ""))
        elif tag in ("input", "select", "textarea", "button") and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else tag
            self.select = given["name"]
            form.fields.setdefault(given["name"], (kind, []))[1].append(given.get("value", "on"))
            if tag == "select":
                form.fields[given["name"]][1].clear()

    def handle_endtag(self, tag):
        if tag == "form":
            self.now = None
        if tag == "title":
            self.in_title = False

    def handle_data(self, data):
        if self.in_title:
            self.title += data
