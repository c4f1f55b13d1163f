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


def answer_until(client, last, here=""):
    here = here or client.post("/screening/").url
    while "/question/" in here and not here.endswith(f"/{last}/"):
        page = client.get(here).content.decode()
        run = re.search(r'name="run" value="([0-9a-f]+)"', page)[1]
        here = client.post(here, {"run": run, "answer": BASE[here.split("/")[-2]]}).url
    return here


def test_person_in_the_middle_keeps_the_version_they_began_with(client, questionnaire):
    here = answer_until(client, "pain-severity")
    publish_2()
    assert client.get(here).status_code == 200
    end = answer_until(client, "", here)
    assert "with version 1 of the questions" in client.get("/screening/summary/").content.decode()
    assert end == "/screening/check/"


def test_who_starts_now_gets_the_new_version(client, questionnaire):
    publish_2()
    answer_until(client, "")
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
    first = client.post("/screening/renew/").url
    assert first.endswith("/urgent-signs/")
    assert answer_until(client, "pain-duration", first).endswith("/pain-duration/")  # the one question that changed
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


ANSWERS = {"urgent-signs": ("none",), "pain-treatments-failed": ("none",), "refills": ("yes",), "gone": ("x",)}


def kept(change):
    return carried(definition(read_folder()), definition(version_2(change)), ANSWERS)


def row(snapshot, link_id):
    return next(row for row in snapshot["rules"]["question"] if row["link_id"] == link_id)


def test_answers_go_along_where_the_question_is_the_same_but_never_to_signs_that_cannot_wait():
    assert kept(lambda snapshot: None) == {"pain-treatments-failed": ("none",), "refills": ("yes",)}


def test_option_that_means_otherwise_is_asked_again():
    assert "refills" not in kept(lambda snapshot: row(snapshot, "refills").update(unknown=["not-sure", "yes"]))


def test_none_of_these_is_asked_again_when_there_is_more_to_choose_from():
    def more(snapshot):
        row(snapshot, "pain-treatments-failed")["options"].insert(0, "massage")
        snapshot["wording"]["en"]["question"]["pain-treatments-failed"]["options"]["massage"] = "Massage"

    assert kept(more) == {"refills": ("yes",)}


@pytest.mark.parametrize("language", ["en", "es"])
def test_question_whose_words_changed_is_asked_again(language):
    def reword(snapshot):
        snapshot["wording"].setdefault(language, {**snapshot["wording"]["en"]})
        snapshot["wording"][language]["question"]["refills"]["hint"] = "Other words."

    old = read_folder()
    old["wording"].setdefault(language, read_folder()["wording"]["en"])
    assert carried(definition(old), definition(version_2(reword)), ANSWERS) == {"pain-treatments-failed": ("none",)}


def test_how_this_works_lists_every_rule_in_words_with_its_sources(client, questionnaire):
    page = client.get("/screening/how-this-works/").content.decode()
    for criterion in definition(read_folder()).ruleset.criteria:
        assert f'id="rule-{criterion.id}"' in page
    assert "names at least 2 of:" in page
    assert "<svg" in page


def test_how_this_works_shows_the_version_that_judged_and_the_pages_lead_there(client, questionnaire):
    publish_2(lambda snapshot: snapshot["wording"]["en"]["criterion"]["crps"].update(title="Another title"))
    assert "Another title" in client.get("/screening/how-this-works/").content.decode()
    old = client.get("/screening/how-this-works/1/").content.decode()
    assert ("Another title" in old, "Version 1 of the questions" in old) == (False, True)
    for unknown in (7, 10**30):
        assert client.get(f"/screening/how-this-works/{unknown}/").status_code == 404
    assert 'href="/screening/how-this-works/"' in client.get("/screening/").content.decode()
    answer_until(client, "")
    assert 'href="/screening/how-this-works/2/"' in client.get("/screening/summary/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path"), [("get", "/screening/"), ("post", "/screening/"), ("get", "/screening/how-this-works/")]
)
def test_site_without_questions_says_so_kindly(client, method, path):
    response = getattr(client, method)(path)
    assert response.status_code == 503
    assert "The questions are not ready yet" in response.content.decode()
