"""Changing under people's feet: who began with a version keeps it; a withdrawn one is left with the answers carried."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from screening import published
from screening.actions import publish_questionnaire, withdraw
from screening.carry import carried
from screening.definition import definition, read_folder
from screening.models import Questionnaire
from tests.conftest import BASE

NOW = timezone.now()


def version_2(change=lambda snapshot: None):
    snapshot = read_folder()
    snapshot["rules"]["version"] = 2
    change(snapshot)
    return snapshot


def publish_2(change=lambda snapshot: None):
    publish_questionnaire(version_2(change), by=None, at=NOW, note="Second")
    published.in_use_shelf.forget()


def answer_until(client, last):
    response = client.post("/screening/")
    while "/question/" in response.url and f"/{last}/" not in response.url:
        page = client.get(response.url).content.decode()
        run = re.search(r'name="run" value="([0-9a-f]+)"', page)[1]
        response = client.post(response.url, {"run": run, "answer": BASE[response.url.split("/")[-2]]})
    return response.url


def test_person_in_the_middle_keeps_the_version_they_began_with(client, questionnaire):
    here = answer_until(client, "pain-severity")
    publish_2()
    assert client.get(here).status_code == 200
    end = answer_rest(client, here)
    assert "with version 1 of the questions" in client.get("/screening/summary/").content.decode()
    assert end == "/screening/check/"


def answer_rest(client, here):
    while "/question/" in here:
        page = client.get(here).content.decode()
        run = re.search(r'name="run" value="([0-9a-f]+)"', page)[1]
        here = client.post(here, {"run": run, "answer": BASE[here.split("/")[-2]]}).url
    return here


def test_who_starts_now_gets_the_new_version(client, questionnaire):
    publish_2()
    answer_rest(client, client.post("/screening/").url)
    assert "with version 2 of the questions" in client.get("/screening/summary/").content.decode()


def test_withdrawn_version_gives_a_kind_page_and_carries_the_answers_over(client, questionnaire, reviewer):
    here = answer_until(client, "pain-causes")

    def shorter(snapshot):
        row = next(row for row in snapshot["rules"]["question"] if row["link_id"] == "pain-duration")
        row["for_the_record"] = []
        row["type"] = "multi"

    publish_2(shorter)
    withdraw(Questionnaire.objects.get(version=1), by=reviewer, at=NOW, reason="A rule was wrong")
    published.in_use_shelf.forget()
    page = client.get(here)
    assert page.status_code == 409
    assert "Your answers are kept where the new questions are the same" in page.content.decode()
    assert client.post("/screening/renew/").url.endswith("/pain-duration/")  # the one question that changed
    assert client.get("/screening/question/pain-severity/").status_code == 200


def test_only_version_in_use_cannot_be_withdrawn(questionnaire, reviewer):
    with pytest.raises(ValidationError, match="only version in use"):
        withdraw(Questionnaire.objects.get(), by=reviewer, at=NOW, reason="No")


def test_withdrawn_newest_version_leads_to_the_one_before(client, questionnaire, reviewer):
    publish_2()
    withdraw(Questionnaire.objects.get(version=2), by=reviewer, at=NOW, reason="A slip")
    published.in_use_shelf.forget()
    assert published.current().ruleset.version == 1


def test_renewing_without_answers_leads_to_the_start(client, questionnaire):
    assert client.post("/screening/renew/").url == "/screening/"
    assert client.get("/screening/renew/").url == "/screening/"


def test_option_that_is_gone_or_means_otherwise_is_not_carried():
    old = definition(read_folder()).ruleset

    def change(snapshot):
        for row in snapshot["rules"]["question"]:
            if row["link_id"] == "infection":
                row["unknown"] = ["not-sure", "no"]

    new = definition(version_2(change)).ruleset
    kept = carried(old, new, {"infection": ("no",), "refills": ("yes",), "gone": ("x",)})
    assert kept == {"refills": ("yes",)}


def test_how_this_works_lists_every_rule_in_words_with_its_sources(client, questionnaire):
    page = client.get("/screening/how-this-works/").content.decode()
    for criterion in definition(read_folder()).ruleset.criteria:
        assert f'id="rule-{criterion.id}"' in page
    assert "names at least 2 of:" in page
    assert "<svg" in page
