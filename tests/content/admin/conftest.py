"""The desk as its people use it: forms are filled in as the browser would send them."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from html5lib import parse

from content.models import Page
from content.publish import freeze, go_live, make_all
from content.snapshot import snapshot
from tests.content.test_snapshot import make_claim, make_page, make_term

WORDS = "<p>You can ask your team about this.</p>"


def names(field):
    return field.get("name") and field.get("type") not in ("submit", "button", "search")


def fields_of(html, form_id="page_form"):
    """Every field of a form of the page, as a browser would post it untouched."""
    tree = parse(html, namespaceHTMLElements=False)
    form = next(form for form in tree.iter("form") if form_id is None or form.get("id") == form_id)
    found = {}
    for field in form.iter():
        if field.tag == "input" and names(field):
            if field.get("type") not in ("checkbox", "radio") or field.get("checked") is not None:
                found[field.get("name")] = field.get("value", "on" if field.get("type") == "checkbox" else "")
        elif field.tag == "textarea" and names(field):
            found[field.get("name")] = (field.text or "").removeprefix("\n").replace("\n", "\r\n")
        elif field.tag == "select" and names(field):
            chosen = [option for option in field.iter("option") if option.get("selected") is not None]
            found[field.get("name")] = (chosen or list(field.iter("option")))[0].get("value", "")
    return {name: value for name, value in found.items() if "__prefix__" not in name}


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
    return make_page("risks", {"kind": "key-points", "heading": "In short", "body": "<ul><li>One.</li></ul>"}, WORDS)


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
