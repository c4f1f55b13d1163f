"""When something goes wrong: the site's own look, what to do next, and no details."""

import re
from contextlib import contextmanager

import pytest
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, connection
from django.http import Http404
from django.test import Client

from pumpguide import errors


@contextmanager
def broken(error):
    """In here, every page of the guide fails with this error."""

    def fail(key):
        raise error

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("content.views.page.shelf.get", fail)
        yield


def failing(error, **options):
    client = Client(raise_request_exception=False, **options)
    with broken(error):
        return client.get("/risks/")


CASES = {
    "bad request": (BadRequest("secret detail"), 400, "We could not read that"),
    "not allowed": (PermissionDenied("secret detail"), 403, "This page is closed to you"),
    "not found": (Http404("secret detail"), 404, "We can’t find that page"),
    "our fault": (RuntimeError("secret detail"), 500, "Something went wrong on our side"),
    "no database": (OperationalError("secret detail"), 500, "Something went wrong on our side"),
}


@pytest.mark.parametrize("what", CASES)
def test_error_has_its_status_its_words_and_what_to_do(what):
    error, status, words = CASES[what]
    response = failing(error)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert "What you can do" in page
    assert re.search(r'href="/"', page)
    assert 'href="tel:911"' in page


@pytest.mark.parametrize("what", CASES)
def test_error_tells_no_details_and_sets_no_cookie(what):
    error, _status, _words = CASES[what]
    response = failing(error)
    page = response.content.decode()
    assert "secret" not in page
    assert "Traceback" not in page
    assert type(error).__name__ not in page
    assert not response.cookies


@pytest.mark.parametrize("what", CASES)
def test_error_page_needs_no_database(what):
    error, status, _words = CASES[what]

    def down(*args, **kwargs):
        raise OperationalError("down")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "cursor", down)
        assert failing(error).status_code == status


@pytest.mark.parametrize("what", CASES)
def test_error_page_is_safe_in_a_browser(what):
    error, _status, _words = CASES[what]
    headers = failing(error).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_path_is_never_shown_back(client):
    with broken(Http404()):
        page = client.get("/risks/?q=<script>alert(1)</script>").content.decode()
    assert "alert(1)" not in page


def test_other_host_is_a_plain_400(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()
    assert "evil.example" not in response.content.decode()


@pytest.mark.usefixtures("questionnaire")
@pytest.mark.parametrize("path", ["/screening/", "/admin/login/", "/screening/leave/"])
def test_form_without_a_token_is_a_plain_page_with_one_way_on(path):
    client = Client(enforce_csrf_checks=True)
    response = client.post(path)
    page = response.content.decode()
    assert response.status_code == 403
    assert "Please try once more" in page
    back = re.findall(r'class="button" href="([^"]+)"', page.split("<main")[1])
    assert len(back) == 1
    assert client.get(back[0], follow=True).status_code == 200


@pytest.mark.parametrize(
    ("referrer", "back"),
    [
        ("http://testserver/admin/content/page/1/change/?a=b", "/admin/content/page/1/change/?a=b"),
        ("http://testserver//evil.example/", "/admin/content/page/1/back/"),
        ("http://evil.example/", "/admin/content/page/1/back/"),
    ],
)
def test_expired_form_leads_back_to_the_page_it_stood_on(db, referrer, back):
    sent = Client(enforce_csrf_checks=True).post("/admin/content/page/1/back/", headers={"referer": referrer})
    assert sent.status_code == 403
    assert f'class="button" href="{back}"' in sent.content.decode()
    assert "What you sent just now was not taken in." in sent.content.decode()


@pytest.mark.parametrize(
    "handler", ["bad_request", "permission_denied", "page_not_found", "server_error", "form_expired"]
)
def test_every_handler_works_on_a_request_that_met_no_middleware(rf, handler):
    response = getattr(errors, handler)(rf.get("/x/"))
    assert response.status_code in (400, 403, 404, 500)
    assert b"Pump Guide" in response.content


def test_error_pages_use_no_script_or_style_of_their_own():
    for error, _status, _words in CASES.values():
        page = failing(error).content.decode()
        assert " style=" not in page
        assert re.findall(r"<script[^>]*>", page) == ['<script src="/static/js/site.js" defer>']
