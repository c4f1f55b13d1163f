"""The desk as its people use it: forms are filled in as the browser would send them."""

from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from content.models import Page
from content.publish import freeze, go_live, make_all
from content.snapshot import snapshot
from tests.content.test_snapshot import make_claim, make_page, make_term

WORDS = "<p>You can ask your team about this.</p>"


class Fields(HTMLParser):
    """Reads one form's fields as a browser would post them untouched: ``found``."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.inside, self.name, self.found, self.text = form_id, False, "", {}, None

    def handle_starttag(self, tag, attrs):
        field = dict(attrs)
        if tag == "form":
            self.inside = field.get("id") == self.form_id
        elif self.inside and tag == "option":
            if self.found.get(self.name) is None or "selected" in field:
                self.found[self.name] = field.get("value", "")
        elif self.inside and field.get("name") and field.get("type") not in ("submit", "button", "search"):
            self.begin(tag, field)

    def begin(self, tag, field):
        self.name = field["name"]
        if tag == "select":
            self.found[self.name] = None
        elif tag == "textarea":
            self.text = ""
        elif tag == "input" and (field.get("type") not in ("checkbox", "radio") or "checked" in field):
            self.found[self.name] = field.get("value", "on" if field.get("type") == "checkbox" else "")

    def handle_data(self, data):
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.text is not None:
            text = self.text.replace("\r\n", "\n").removeprefix("\n")
            self.found[self.name] = text.replace("\n", "\r\n")
            self.text = None
        elif tag == "form":
            self.inside = False


def fields_of(html, form_id="page_form"):
    """Every field of a form of the page, as a browser would post it untouched."""
    reader = Fields(form_id)
    reader.feed(html)
    return {name: value or "" for name, value in reader.found.items() if "__prefix__" not in name}


class Desk:
    """One member of staff at the desk."""

    def __init__(self, client, user):
        self.client, self.user = client, user

    def __enter__(self):
        self.client.force_login(self.user)
        return self

    def __exit__(self, *problem):
        self.client.logout()

    def opens(self, page, name="change", **query):
        return self.client.get(address(page, name), query)

    def form(self, page):
        return fields_of(self.opens(page).content.decode())

    def saves(self, page, fields=None, **changes):
        """The form as it stands (or as it was opened before), with these changes, posted."""
        given = fields if fields is not None else self.form(page)
        changes = {name.replace("__", "-"): value for name, value in changes.items()}
        return self.client.post(address(page), {**given, **changes, "_continue": "1"})

    def step(self, page, name, /, **given):
        """Opens a step's page and sends its form."""
        return self.sends(page, name, self.seen(page, name), **given)

    def seen(self, page, name):
        return fields_of(self.opens(page, name).content.decode(), "step_form")["seen"]

    def sends(self, page, name, seen, /, **given):
        return self.client.post(address(page, name), {"seen": seen, **given})


def address(page, name="change"):
    return reverse(f"admin:content_page_{name}", args=[page.pk])


@pytest.fixture
def desk(client):
    """``with desk(editor) as edith:``"""
    return lambda user: Desk(client, user)


@pytest.fixture
def both(reviewer):
    """Someone who is editor and reviewer."""
    reviewer.groups.add(Group.objects.get(name="Editor"))
    return reviewer


@pytest.fixture
def page(db):
    """A page that was never public."""
    return make_page("hazards", {"kind": "key-points", "heading": "In short", "body": "<ul><li>One.</li></ul>"}, WORDS)


def put_live(page):
    """Public without staff, as the starting content is."""
    go_live(page, freeze(page, snapshot(page), by=None, at=timezone.now(), note="Starting content", written_by=None))
    make_all(at=timezone.now())
    return Page.objects.get(pk=page.pk)


@pytest.fixture
def live(page):
    return put_live(page)


@pytest.fixture
def evidence(db):
    make_claim("dose-small", "S0", "S1")
    make_term("reservoir")


@pytest.fixture
def quiet(monkeypatch):
    """The checklist finds what a test says, at first nothing."""
    found = []
    for where in ("content.workflow", "content.publish", "content.admin.standing"):
        monkeypatch.setattr(f"{where}.checklist", lambda data, **_more: list(found))
    return found
