"""The search page: what it shows, what it keeps to itself, and that nothing in its address can break it."""

import logging
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from content.models import Page, SearchEntry, Synonym
from content.search import vocabulary
from content.search_query import LONGEST
from tests.content.test_search import ODD

pytestmark = pytest.mark.django_db
PATH = "/search/"


@pytest.fixture(autouse=True)
def _new_process():
    vocabulary.cache_clear()


@pytest.fixture
def pages():
    """Two pages of the index."""
    for key, title, words in (
        ("baclofen", "Baclofen in a pump", "It relaxes <b>muscles</b> & more.\nA pump gives it day and night."),
        ("refill", "The refill", "A nurse fills the pump."),
    ):
        page = Page.objects.create(key=key, slug=key, title=title, changed_at=timezone.now())
        SearchEntry.objects.create(
            page=page, language="en", path=f"/{key}/", title=title, summary=f"All of {key}.", words=words
        )


def get(client, typed=None, **more):
    return client.get(PATH, {} if typed is None else {"q": typed}, **more)


def text(response):
    """The main part of the page."""
    assert response.status_code == 200
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]


def test_address_is_the_one_the_menu_leads_to(client, pages):
    assert reverse("content:search") == PATH
    assert '<a href="/search/" aria-current="page">Search</a>' in get(client).content.decode()


def test_page_without_a_query_shows_the_form_and_where_to_start(client, pages):
    shown = text(get(client))
    assert '<form class="form" role="search" action="/search/" method="get">' in shown
    assert 'href="/glossary/"' in shown
    assert "found" not in shown


def test_pages_are_shown_with_title_summary_and_marked_words(client, pages):
    shown = text(get(client, "pump"))
    assert "2 pages found" in shown
    assert '<h3><a href="/baclofen/">Baclofen in a pump</a></h3>' in shown
    assert "<p>All of baclofen.</p>" in shown
    assert "A <mark>pump</mark> gives it day and night." in shown
    assert "Did you mean" not in shown


def test_what_was_typed_stays_in_the_field_and_names_the_page(client, pages):
    response = get(client, '  Pump "x" <b> ')
    assert 'value="Pump &quot;x&quot; &lt;b&gt;"' in text(response)
    assert "<title>Search: Pump &quot;x&quot; &lt;b&gt; – Pump Guide</title>" in response.content.decode()


def test_text_of_pages_is_escaped(client, pages):
    shown = text(get(client, "muscles"))
    assert "It relaxes &lt;b&gt;<mark>muscles</mark>&lt;/b&gt; &amp; more." in shown


def test_one_page_is_one_page(client, pages):
    assert "1 page found" in text(get(client, "nurse"))


@pytest.mark.parametrize(("others", "heading"), [(18, "20 pages found"), (19, "The 20 best pages are shown")])
def test_more_pages_than_are_shown_are_not_kept_silent(client, pages, others, heading):
    for number in range(others):
        page = Page.objects.create(key=f"k{number}", slug=f"k{number}", title="A pump", changed_at=timezone.now())
        SearchEntry.objects.create(page=page, language="en", path=f"/k{number}/", title="A pump", words="A pump.")
    shown = text(get(client, "pump"))
    assert heading in shown
    assert ("More words find fewer pages." in shown) == (others == 19)
    assert get(client, "pump").content.count(b'class="entry"') == 20


def test_nothing_found_is_told_kindly_with_ways_on(client, pages):
    shown = text(get(client, "unicorn"))
    assert "We found no page with these words" in shown
    for path in ("/what-is-a-pain-pump/", "/glossary/", "/safety/get-help-now/"):
        assert f'href="{path}"' in shown


def test_misspelt_word_is_one_link_away(client, pages):
    shown = text(get(client, "baklofen"))
    assert 'Did you mean:\n<a href="/search/?q=baclofen">baclofen</a>' in shown
    assert "/baclofen/" in text(get(client, "baclofen"))


def test_suggestion_of_several_words_makes_a_whole_address(client, pages):
    assert 'href="/search/?q=baclofen%20pump"' in text(get(client, "baklofen/pump"))


def test_some_of_the_words_are_told_so(client, pages):
    shown = text(get(client, "nurse unicorn"))
    assert "No page has all of your words." in shown
    assert 'href="/refill/"' in shown


def test_synonym_of_the_table_is_used(client, pages):
    Synonym.objects.create(word="Lioresal", means="baclofen")
    assert 'href="/baclofen/"' in text(get(client, "lioresal"))


def test_words_that_tell_nothing_are_answered_kindly(client, pages):
    assert "We found no page with these words" in text(get(client, "what is the"))


@pytest.mark.parametrize("typed", ODD, ids=lambda typed: ascii(typed)[:40])
def test_any_text_is_answered_with_200(client, pages, typed):
    shown = text(get(client, typed.encode("utf-8", "surrogatepass")))
    assert "<script" not in shown
    assert "\x00" not in shown


@pytest.mark.parametrize(
    "address", ["?q=%ff%fe", "?q", "?q=&q=pump", "?q=%", "?q=%00%00pump", "?q[]=pump", "?" + "q=a&" * 99]
)
def test_any_address_is_answered_with_200(client, pages, address):
    assert client.get(PATH + address).status_code == 200


def test_long_text_is_cut(client, pages):
    assert f'value="{"a" * LONGEST}"' in text(get(client, "a" * 5000))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_other_methods_are_405(client, pages, method):
    assert getattr(client, method)(PATH).status_code == 405


def test_query_is_neither_kept_nor_passed_on_nor_logged(client, pages, caplog):
    caplog.set_level(logging.DEBUG)
    response = get(client, "secretword")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert "csrfmiddlewaretoken" not in response.content.decode()
    told = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert "secretword" not in "".join(told)
    assert not SearchEntry.objects.filter(words__contains="secretword").exists()


def test_search_costs_few_queries_and_the_bare_page_none(client, pages, django_assert_max_num_queries):
    with django_assert_max_num_queries(0):
        get(client)
    with django_assert_max_num_queries(2):  # the synonyms and the pages
        get(client, "pump")
