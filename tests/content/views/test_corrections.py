"""The public log of corrections."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from content.models import Correction, SiteSettings
from content.publish import take_down
from tests.content.going_live import NOW, change, go
from tests.content.test_snapshot import make_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    page = make_page("hazards", "<p>Words.</p>")
    go(page)
    return page


def correct(page, on=None, was="It said one hour.", now="It says two hours."):
    given = {"page": page, "corrected_on": on or timezone.localdate(), "was": was, "now": now}
    return Correction.objects.create(**given, public_at=NOW)


def corrections(client):
    return client.get("/corrections/").content.decode()


def test_correction_says_where_when_what_was_wrong_and_what_it_says_now(client, page):
    correct(page, on=datetime(2026, 11, 2, tzinfo=UTC).date())
    text = corrections(client)
    assert '<a href="/hazards/">Hazards</a>' in text
    assert '<time datetime="2026-11-02">' in text
    assert "It said one hour." in text
    assert "It says two hours." in text


def test_newest_correction_comes_first_and_none_from_tomorrow(client, page):
    today = timezone.localdate()
    correct(page, on=today - timedelta(days=2), was="The older one.")
    correct(page, on=today, was="The newer one.")
    correct(page, on=today + timedelta(days=1), was="Not yet.")
    text = corrections(client)
    assert text.index("The newer one.") < text.index("The older one.")
    assert "Not yet." not in text


def test_correction_shows_the_public_title_never_that_of_a_draft(client, page):
    correct(page)
    change(page, title="Secret title", slug="secret")
    assert "ecret" not in corrections(client)
    take_down(page, at=NOW)
    assert "ecret" not in corrections(client)
    assert "A page that is no longer here" in corrections(client)


def test_correction_leads_to_where_the_page_is_now(client, page):
    correct(page)
    go(change(page, slug="dangers"))
    assert 'href="/dangers/"' in corrections(client)


def test_hostile_words_stay_words_in_a_correction(client, page):
    correct(page, was="<script>alert(1)</script>", now='<img src=x onerror="alert(1)">')
    text = corrections(client)
    assert "<script>alert" not in text
    assert "<img" not in text


def test_page_of_corrections_says_so_when_there_are_none(client, page):
    assert "There are no corrections so far." in corrections(client)


def test_page_of_corrections_says_whom_to_tell(client, page):
    assert "tell a member of the clinic" in corrections(client)
    SiteSettings(clinic_name="Riverside <Clinic>", phone="555 0100").save()
    assert "Please tell Riverside &lt;Clinic&gt;: 555 0100." in corrections(client)


def test_corrections_cost_few_queries_however_many_there_are(client, page, django_assert_max_num_queries):
    for _number in range(5):
        correct(page)
    with django_assert_max_num_queries(3):
        client.get("/corrections/")
