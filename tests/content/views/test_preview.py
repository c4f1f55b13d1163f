"""The draft by a signed link: for anyone who has it, for seven days, and for no search engine."""

import pytest
from django.core import signing
from django.utils import timezone

from content.publish import freeze, go_live, make_all
from content.snapshot import snapshot
from content.views.preview import preview_path
from tests.content.test_snapshot import make_page

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


@pytest.fixture
def page(db):
    return make_page("risks", "<p>Draft words.</p>")


def test_link_shows_the_draft_without_a_login(client, page):
    response = client.get(preview_path(page))
    assert response.status_code == 200
    assert "Draft words." in response.content.decode()
    assert "not public" in response.content.decode()
    assert not response.cookies


def test_link_shows_what_the_draft_says_by_then(client, page):
    link = preview_path(page)
    page.blocks.update(body="<p>Later words.</p>")
    assert "Later words." in client.get(link).content.decode()


def test_draft_knows_its_own_new_place_among_the_others(client, page):
    go_live(page, freeze(page, snapshot(page), by=None, at=timezone.now(), note="x", written_by=None))
    make_all(at=timezone.now())
    page.refresh_from_db()
    page.blocks.update(body='<p><a href="page:risks">here</a></p>')
    page.slug = "all-risks"
    page.save()
    assert '<a href="/all-risks/">here</a>' in client.get(preview_path(page)).content.decode()


def test_link_is_not_for_search_engines_caches_or_other_sites(client, page):
    headers = client.get(preview_path(page)).headers
    assert "noindex" in headers["X-Robots-Tag"]
    assert "no-store" in headers["Cache-Control"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_link_works_for_seven_days_and_then_says_so_kindly(client, page, monkeypatch):
    link, now = preview_path(page), signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 7 * DAY - 60)
    assert client.get(link).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + 7 * DAY + 60)
    response = client.get(link)
    assert response.status_code == 410
    assert "This link has expired" in response.content.decode()
    assert "Draft words." not in response.content.decode()


def test_link_that_is_not_ours_is_404(client, page):
    link = preview_path(page)
    for wrong in (f"{link[:-2]}x/", "/preview/nothing/", f"/preview/{signing.dumps(page.pk, salt='other')}/"):
        assert client.get(wrong).status_code == 404
    gone = preview_path(page)
    page.delete()
    assert client.get(gone).status_code == 404
