"""What a load balancer is told."""

from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.utils import timezone

from screening.models import Upkeep


def last_purge(ago):
    Upkeep.objects.update_or_create(pk=1, defaults={"purged_at": timezone.now() - ago})


@pytest.mark.django_db
def test_healthy_process_says_ok(client):
    last_purge(timedelta(hours=1))
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "purge": "ok", "sweep": "ok"})
    assert client.get("/healthz?strict").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("ran", [True, False])
def test_late_purge_is_an_alarm_but_turns_no_visitor_away(client, ran):
    if ran:
        last_purge(timedelta(hours=4))
    for address, status in (("/healthz", 200), ("/healthz?strict", 503)):
        response = client.get(address)
        assert (response.status_code, response.json()) == (status, {"database": "ok", "purge": "late", "sweep": "ok"})


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "said", "status"), [(1, "ok", 200), (3, "late", 503)])
def test_traces_left_in_the_files_for_days_are_an_alarm(client, days, said, status):
    last_purge(timedelta(hours=1))
    Upkeep.objects.update(unswept_since=timezone.now() - timedelta(days=days))
    assert client.get("/healthz").json()["sweep"] == said
    assert client.get("/healthz?strict").status_code == status


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_database_that_does_not_answer_is_503(client, monkeypatch, error):
    def down(*args, **kwargs):
        raise error("secret-host refused user secret-name")

    monkeypatch.setattr(connection, "cursor", down)
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"database": "does not answer"})
    assert "secret" not in response.content.decode()


@pytest.mark.django_db
def test_health_is_never_kept_and_needs_no_cookie(client):
    response = client.get("/healthz")
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
def test_health_costs_one_query(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/healthz")


@pytest.mark.django_db
def test_head_is_enough_and_post_is_refused(client):
    assert client.head("/healthz").status_code == 200
    assert client.post("/healthz").status_code == 405


@pytest.mark.usefixtures("questionnaire")
def test_health_is_not_sent_to_https_and_other_pages_are(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/screening/").status_code == 301
