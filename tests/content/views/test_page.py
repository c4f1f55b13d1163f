"""The public guide over HTTP: bytes that were made before, looked up by path."""

import gzip
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import brotli
import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django.utils.http import http_date, parse_http_date

from content.publish import take_down
from content.views.page import best_encoding
from tests.content.going_live import change, go, write
from tests.content.test_snapshot import make_page

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PATH = "/hazards/"


@pytest.fixture
def page():
    page = make_page("hazards", "<p>First.</p>")
    go(page)
    return page


@pytest.fixture
def clock(monkeypatch):
    """The clock by which a process asks whether something new was published."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr("pumpguide.publishing.time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@contextmanager
def database_down():
    """In here, the database does not answer."""

    def down(*args, **kwargs):
        raise OperationalError("the database is down")

    with pytest.MonkeyPatch.context() as patch:
        for name in ("cursor", "ensure_connection", "connect"):
            patch.setattr(connection, name, down)
        yield


def publish_again(page, body):
    write(page, body)
    go(page)


def get(client, accept="", **headers):
    return client.get(PATH, headers={"accept-encoding": accept, **headers})


# --- 200, 404, redirect, methods -----------------------------------------------------------------------------------


def test_published_page_is_200_html(client, page):
    response = client.get(PATH)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "First." in response.content.decode()


def test_home_page_lies_at_the_root(client):
    home = make_page("home", "<p>Welcome.</p>", kind="home", slug="")
    go(home)
    assert "Welcome." in client.get("/").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing/",
        "/hazards/more/",
        "/RISKS/",
        "/hazards//",
        "/a/b/c/d/e/",
        "/hazards/%0a",
        "/%00/",
        "/é/",
        "/hazards.html/",
    ],
)
def test_path_where_nothing_is_published_is_a_kind_404(client, page, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "We can’t find that page" in response.content.decode()
    assert not response.cookies


def test_draft_is_404(client):
    make_page("hazards", "<p>Draft.</p>")
    assert client.get(PATH).status_code == 404


def test_missing_slash_is_added(client, page):
    response = client.get("/hazards")
    assert (response.status_code, response.url) == (301, PATH)


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/hazards", "/\\evil.example"])
def test_missing_slash_never_leads_to_another_site(client, page, path):
    response = client.generic("GET", "/", PATH_INFO=path)
    location = response.headers.get("Location", "")
    assert not location.startswith(("//", "/\\", "http"))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_other_methods_are_405(client, page, method):
    assert getattr(client, method)(PATH).status_code == 405


@pytest.mark.parametrize("accept", ["", "gzip", "br"])
def test_head_has_the_headers_of_get_and_no_body(client, page, accept):
    head, full = client.head(PATH, headers={"accept-encoding": accept}), get(client, accept)
    assert (head.status_code, head.content) == (200, b"")
    names = ("Content-Type", "ETag", "Last-Modified", "Cache-Control", "Vary", "Content-Encoding", "Content-Length")
    assert {name: head.headers.get(name) for name in names} == {name: full.headers.get(name) for name in names}


# --- pages that moved ----------------------------------------------------------------------------------------------


def test_old_address_leads_to_the_new_one(client, page, clock, settings):
    client.get(PATH)
    go(change(page, slug="dangers"))
    clock.now += settings.PUBLISHED_CHECK_SECONDS
    response = client.get(PATH)
    assert (response.status_code, response.url) == (301, "/dangers/")
    assert "First." in client.get("/dangers/").content.decode()


def test_redirect_is_asked_for_each_time_as_the_page_may_move_back(client, page):
    go(change(page, slug="dangers"))
    assert client.get(PATH).headers["Cache-Control"] == "public, no-cache"
    go(change(page, slug="hazards"))
    assert client.get(PATH).status_code == 200
    assert (client.get("/dangers/").status_code, client.get("/dangers/").url) == (301, PATH)


def test_every_old_address_leads_to_where_the_page_is_now_in_one_hop(client, page):
    for slug in ("dangers", "harms", "what-can-go-wrong"):
        go(change(page, slug=slug))
    for old in ("/hazards/", "/dangers/", "/harms/"):
        assert client.get(old).url == "/what-can-go-wrong/"


def test_page_that_changed_its_kind_is_found_too(client, page):
    go(change(page, kind="safety"))
    assert client.get(PATH).url == "/safety/hazards/"


def test_address_of_a_draft_leads_nowhere(client, page):
    change(page, slug="dangers")
    assert client.get("/dangers/").status_code == 404
    assert client.get(PATH).status_code == 200


def test_redirect_to_a_page_that_was_taken_down_is_404(client, page):
    go(change(page, slug="dangers"))
    take_down(page, at=NOW)
    assert client.get(PATH).status_code == 404


def test_another_page_at_an_old_address_is_shown_itself(client, page):
    go(change(page, slug="dangers"))
    go(make_page("harms", "<p>Other.</p>", slug="hazards"))
    assert "Other." in client.get(PATH).content.decode()


@pytest.mark.parametrize("method", ["get", "head"])
def test_redirect_sets_no_cookie_and_asks_nothing_else(client, page, method, django_assert_max_num_queries):
    go(change(page, slug="dangers"))
    with django_assert_max_num_queries(3):
        response = getattr(client, method)(PATH)
    assert response.status_code == 301
    assert not response.cookies


# --- encodings -----------------------------------------------------------------------------------------------------


def test_the_three_encodings_hold_equal_text(client, page):
    plain, zipped, small = get(client), get(client, "gzip"), get(client, "gzip, deflate, br, zstd")
    assert "Content-Encoding" not in plain.headers
    assert (zipped.headers["Content-Encoding"], small.headers["Content-Encoding"]) == ("gzip", "br")
    assert gzip.decompress(zipped.content) == brotli.decompress(small.content) == plain.content
    for response in (plain, zipped, small):
        assert response.headers["Content-Length"] == str(len(response.content))
        assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", "plain"),
        ("identity", "plain"),
        ("deflate, zstd", "plain"),
        ("gzip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("br", "brotli"),
        ("BR, GZIP", "brotli"),
        ("gzip;q=1.0, br;q=0.5", "brotli"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000 , gzip;q=0", "plain"),
        ("gzip;q=banana", "gzip"),
        ("brotli", "plain"),
        (",;,", "plain"),
    ],
)
def test_encoding_is_one_the_reader_takes(accepted, chosen):
    assert best_encoding(accepted) == chosen


# --- 304 -----------------------------------------------------------------------------------------------------------


def test_each_encoding_has_an_etag_of_its_own(client, page):
    etags = {get(client, accept).headers["ETag"] for accept in ("", "gzip", "br")}
    assert len(etags) == 3
    assert all(etag.startswith('"') and etag.endswith('"') for etag in etags)


@pytest.mark.parametrize("accept", ["", "gzip", "br"])
def test_reader_who_has_the_page_gets_304_without_a_body(client, page, accept):
    first = get(client, accept)
    again = get(client, accept, **{"if-none-match": f'"other", {first.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary", "Last-Modified"):
        assert again.headers[name] == first.headers[name]


def test_reader_who_sends_no_tag_is_answered_by_the_date(client, page):
    made = get(client).headers["Last-Modified"]
    day = timedelta(days=1).total_seconds()
    old, late = (http_date(parse_http_date(made) + days * day) for days in (-1, 1))
    statuses = [get(client, **{"if-modified-since": date}).status_code for date in (made, late, old, "yesterday")]
    assert statuses == [304, 304, 200, 200]
    assert get(client, **{"if-modified-since": made, "if-none-match": '"other"'}).status_code == 200


def test_reader_who_has_another_encoding_gets_the_page(client, page):
    etag = get(client, "gzip").headers["ETag"]
    assert get(client, "br", **{"if-none-match": etag}).status_code == 200


def test_etag_that_a_proxy_made_weak_still_gives_304(client, page):
    etag = get(client, "gzip").headers["ETag"]
    assert get(client, "gzip", **{"if-none-match": f"W/{etag}"}).status_code == 304


def test_star_gives_304_and_nonsense_gives_the_page(client, page):
    assert get(client, **{"if-none-match": "*"}).status_code == 304
    for nonsense in ("nonsense", '"', "W/", ",,,", '"' + "x" * 5000 + '"'):
        assert get(client, **{"if-none-match": nonsense}).status_code == 200


def test_publish_gives_a_reader_the_new_page(client, page, clock):
    etag = get(client).headers["ETag"]
    publish_again(page, "<p>Second.</p>")
    clock.now += 60
    assert "Second." in get(client, **{"if-none-match": etag}).content.decode()


# --- nothing personal ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [PATH, "/nothing/"])
def test_page_sets_no_cookie_starts_no_session_and_varies_on_none(client, page, path):
    response = client.get(path)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_page_is_the_same_for_everyone(client, page, admin_client):
    client.cookies["answers"] = "something"
    assert client.get(PATH).content == admin_client.get(PATH).content
    assert "Cookie" not in admin_client.get(PATH).headers["Vary"]


def test_page_may_be_kept_but_is_asked_for_each_time(client, page):
    assert client.get(PATH).headers["Cache-Control"] == "public, no-cache"


def test_page_allows_nothing_from_elsewhere(client, page):
    headers = client.get(PATH).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "nonce" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


# --- queries, freshness, the database down -------------------------------------------------------------------------


def test_cold_page_costs_one_query_and_a_warm_one_none(client, page, clock, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get(PATH)
    with django_assert_num_queries(0):
        client.get(PATH)
        get(client, "br")
        client.head(PATH)


def test_after_the_check_time_one_query_looks_again(client, page, clock, settings, django_assert_num_queries):
    client.get(PATH)
    clock.now += settings.PUBLISHED_CHECK_SECONDS
    with django_assert_num_queries(1):
        client.get(PATH)
        client.get(PATH)


def test_publish_shows_after_the_check_time(client, page, clock, settings):
    client.get(PATH)
    publish_again(page, "<p>Second.</p>")
    assert "First." in client.get(PATH).content.decode()
    clock.now += settings.PUBLISHED_CHECK_SECONDS
    assert "Second." in client.get(PATH).content.decode()


def test_check_time_is_within_the_five_seconds_promised(settings):
    assert settings.PUBLISHED_CHECK_SECONDS <= 5


def test_publish_of_one_page_makes_every_copy_in_memory_old(client, page, clock, settings):
    other = make_page("about", "<p>We.</p>")
    go(other)
    client.get("/about/"), client.get(PATH)
    publish_again(other, "<p>You.</p>")
    publish_again(page, "<p>Second.</p>")
    clock.now += settings.PUBLISHED_CHECK_SECONDS
    assert "Second." in client.get(PATH).content.decode()  # this look finds the new edition
    assert "You." in client.get("/about/").content.decode()


def test_page_published_where_nothing_was_shows_at_once(client, page, clock):
    assert client.get("/about/").status_code == 404
    go(make_page("about", "<p>We.</p>"))
    assert client.get("/about/").status_code == 200


def test_taken_down_page_is_404_after_the_check_time(client, page, clock, settings):
    client.get(PATH)
    take_down(page, at=NOW)
    assert client.get(PATH).status_code == 200
    clock.now += settings.PUBLISHED_CHECK_SECONDS
    assert client.get(PATH).status_code == 404


def test_warm_page_is_served_while_the_database_is_down(client, page, clock, settings):
    before = client.get(PATH).content
    with database_down():
        for _hour in range(3):
            clock.now += 3600
            assert client.get(PATH).content == before
    publish_again(page, "<p>Second.</p>")
    clock.now += settings.PUBLISHED_CHECK_SECONDS
    assert "Second." in client.get(PATH).content.decode()


def test_cold_page_with_the_database_down_is_a_plain_error_page(client, page):
    client.raise_request_exception = False
    with database_down():
        response = client.get(PATH)
    assert response.status_code in (500, 503)
    assert "Something went wrong on our side" in response.content.decode()
