"""Who may open what: every address × every role × every method is held against addresses.py; an unlisted one fails."""

import logging
from datetime import date

import pytest
from django.apps import apps
from django.db import transaction
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils import timezone

from content.models import Correction, Feedback, Page, PageRevision, Person, Picture, Redirect, SiteSettings, Synonym
from screening.actions import start_draft
from screening.models import Questionnaire, Screening
from tests.content.going_live import go
from tests.content.test_snapshot import make_claim, make_page, make_term
from tests.screening.test_sending import send

from .addresses import DESK, OPEN, Row

ROLES = ("visitor", "editor", "reviewer", "nurse", "administrator")
CHANGING = ("PUT", "PATCH", "DELETE", "OPTIONS")
TODAY = date(2026, 11, 2)


@pytest.fixture
def site(questionnaire, editor, settings, tmp_path):
    """One row of everything that an address may speak of."""
    page = make_page("morphine", "<p>x</p>")
    go(page)
    make_claim("x")
    make_term("x")
    Person.objects.create(name="x", role="x", interests="None")
    Picture.objects.create(title="x", alt="x", data=b"x", width=4, height=3, hash="a" * 64)
    Correction.objects.create(page=page, corrected_on=TODAY, was="x", now="y")
    Redirect.objects.create(path="/x/", page=page)
    Feedback.objects.create(page=page, day=TODAY, helpful=True, count=1)
    Synonym.objects.create(word="x", means="y")
    SiteSettings.objects.create(clinic_name="x")
    start_draft(Questionnaire.objects.get(), by=editor, at=timezone.now())
    settings.DELETIONS_LOG = tmp_path / "deletions.log"
    send()


@pytest.fixture
def people(site, editor, reviewer, nurse, administrator):
    """Role -> a browser in which such a person is logged in."""
    browsers = {role: Client() for role in ROLES}
    for role, user in zip(ROLES[1:], (editor, reviewer, nurse, administrator), strict=True):
        browsers[role].force_login(user)
    return browsers


@pytest.fixture
def unseen(monkeypatch):
    """Nobody looks at these pages: what would be drawn of them is left out, the rest is as ever."""
    monkeypatch.setattr(SimpleTemplateResponse, "render", lambda page: setattr(page, "_is_rendered", True) or page)
    refused = lambda request, template, context=None, status=200: HttpResponse(status=status)  # noqa: E731
    monkeypatch.setattr("pumpguide.errors.render", refused)
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)


def address(name: str, row: Row) -> str:
    """Made with the row's arguments, or with none, or with the number of a row of the model in the name."""
    tries = [row.args] if row.args is not None else [(), ("number",), ("number", "summary")]
    for args in tries:
        try:
            return reverse(name, args=[number(name) if arg == "number" else arg for arg in args])
        except NoReverseMatch:
            continue
    raise AssertionError(f"{name}: say with ``args`` how its address is made")


def number(name: str) -> int:
    if not name.startswith("admin:"):
        return Screening.objects.get().pk
    label, model = name.removeprefix("admin:").split("_")[:2]
    if model == "pagerevision":
        return PageRevision.objects.get().pk
    return apps.get_model(label, model).objects.first().pk


def ask(browser, method: str, path: str) -> HttpResponse:
    """One request; what it changed is undone."""
    if method != "POST":
        return browser.generic(method, path)
    with transaction.atomic():
        given = {"content_type": "application/x-www-form-urlencoded", "HTTP_SEC_FETCH_SITE": "same-origin"}
        session = browser.cookies.get("sessionid")
        response = browser.generic(method, path, "", **given)
        transaction.set_rollback(True)
        if session:  # whoever logged out is still there
            browser.cookies["sessionid"] = session.value
    return response


def outcome(response) -> str:
    if response.status_code == 302 and response.url.startswith("/admin/login/"):
        return "to log in"
    return {403: "refused", 405: "no such method"}.get(response.status_code) or (
        "let in" if response.status_code < 500 else "broken"
    )


def expected(row: Row, role: str, method: str) -> set[str]:
    """What may come of it: first the door, then the right, then whether the page knows the method at all."""
    if method in CHANGING:
        return {"no such method"}
    if role == "visitor":
        return {"to log in"}
    reads = method in ("GET", "HEAD")
    if role in (row.read or {} if reads else row.posters):
        return {"let in"}
    if reads:
        return {"no such method"} if row.read is None and role in row.posters else {"refused", "no such method"}
    return {"refused", "no such method"}


def held_against_the_table(people, methods):
    wrong = []
    for name, row in DESK.items():
        path = address(name, row)
        for role, browser in people.items():
            for method in methods:
                if (method == "GET" and role == shown_to(row)) or (method == "HEAD" and role in others(row)):
                    continue  # really shown in a test below; and HEAD differs from GET in nothing but length
                if (found := outcome(ask(browser, method, path))) not in expected(row, role, method):
                    wrong.append((name, role, method, found))
    return wrong


def shown_to(row: Row) -> str | None:
    return next(reversed(row.read or {}), None)


def others(row: Row) -> set[str]:
    return set(row.read or {}) - {shown_to(row)}


@pytest.mark.usefixtures("unseen")
@pytest.mark.parametrize("methods", [("GET",), ("HEAD",), ("POST",), CHANGING], ids=" ".join)
def test_each_role_does_at_the_desk_what_the_table_says(people, methods):
    wrong = held_against_the_table(people, methods)
    assert not wrong, "\n".join(map(str, wrong[:30]))


def test_each_page_of_the_desk_is_really_shown_to_those_who_may(people):
    wrong = []
    for name, row in DESK.items():
        if role := shown_to(row):
            status = people[role].get(address(name, row)).status_code
            if status != row.read[role]:
                wrong.append((name, role, status))
    assert not wrong, "\n".join(map(str, wrong[:30]))


@pytest.mark.usefixtures("unseen")
def test_statuses_are_those_of_the_table(people):
    wrong = []
    for name, row in DESK.items():
        if set((row.read or {}).values()) - {200}:
            found = {role: people[role].get(address(name, row)).status_code for role in row.read}
            if found != row.read:
                wrong.append((name, found))
    assert not wrong, "\n".join(map(str, wrong[:30]))


def test_open_addresses_take_their_methods_from_everyone_and_no_other(people):
    wrong = []
    for name, (path, methods) in OPEN.items():
        for role in ("visitor", "nurse"):
            for method in ("GET", "HEAD", "POST", *CHANGING):
                found = outcome(ask(people[role], method, path))
                if found != ("let in" if method in methods else "no such method"):
                    wrong.append((name, role, method, found))
    assert not wrong, "\n".join(map(str, wrong[:30]))


def test_every_address_is_in_the_table():
    assert set(names(get_resolver())) - {*OPEN, *DESK} == set()


def test_table_names_no_address_that_is_gone():
    assert {*OPEN, *DESK} - set(names(get_resolver())) == set()


def names(resolver, space=""):
    """Names of all addresses. One without a name could be in no table, so there may be none but Django's catch-all."""
    for pattern in resolver.url_patterns:
        if not isinstance(pattern, URLPattern):
            yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            yield f"{space}{pattern.name}"
        elif space != "admin:":
            yield f"{space}{pattern.pattern}"


def test_only_a_reviewer_publishes_and_takes_down(people):
    for role in ROLES:
        for act in ("page_take_down", "pagerevision_restore"):
            pk = (Page if act.startswith("page_") else PageRevision).objects.first().pk
            before = PageRevision.objects.count(), Page.objects.get().live_id
            response = ask(people[role], "POST", reverse(f"admin:content_{act}", args=[pk]))
            assert (outcome(response) == "let in") == (role == "reviewer")
            assert (PageRevision.objects.count(), Page.objects.get().live_id) == before


def test_nobody_changes_a_published_questionnaire_in_the_admin(client, questionnaire, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("root"))
    version = Questionnaire.objects.get()
    path = reverse("admin:screening_questionnaire_change", args=[version.pk])
    client.post(path, {"note": "something else", "hash": "0" * 64})
    assert Questionnaire.objects.get().note == "Starting questionnaire"
    assert client.get(reverse("admin:screening_questionnaire_delete", args=[version.pk])).status_code == 403
