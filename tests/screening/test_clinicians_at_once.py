"""Clinicians who act at the same moment wait for each other. On SQLite in a file, and on PostgreSQL."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.http import QueryDict
from django.utils import timezone

from screening import published
from screening.actions import publish_questionnaire, start_draft, withdraw
from screening.admin.words import WordsPage
from screening.arranging import write_page
from screening.definition import read_folder
from screening.models import Questionnaire, Withdrawal
from tests.content.test_two_at_once import _database  # noqa: F401  # the tests' SQLite in a file, where writers wait

pytestmark = pytest.mark.django_db(transaction=True)
NOW = timezone.now()


def at_once(*acts):
    """What each act gave, or the ValidationError it was refused with; all begin at the same moment."""
    start, given, slips = threading.Barrier(len(acts)), [], []

    def work(act):
        try:
            start.wait()
            given.append(act())
        except ValidationError as refusal:
            given.append(refusal)
        except Exception as slip:
            slips.append(slip)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert slips == []
    return given


def test_of_ten_who_withdraw_two_versions_at_once_one_does_and_nine_are_told_why(questionnaire, reviewer):
    snapshot = read_folder()
    snapshot["rules"]["version"] = 2
    publish_questionnaire(snapshot, by=reviewer, at=NOW, note="Again")
    acts = [
        lambda version=version: withdraw(version, by=reviewer, at=NOW, reason="A slip")
        for version in [*Questionnaire.objects.all()] * 5
    ]
    given = at_once(*acts)
    assert (Withdrawal.objects.count(), sum(isinstance(one, ValidationError) for one in given)) == (1, 9)
    assert published.row_in_use() is not None


def test_of_four_who_save_one_page_of_words_at_once_one_does_and_three_are_told_of_it(questionnaire, reviewer):
    draft = start_draft(Questionnaire.objects.get(), by=reviewer, at=NOW)
    form = WordsPage(draft=draft, page="summary")
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}

    def save(number):
        posted = QueryDict(mutable=True)
        posted.update({**shown, "words:en:disposition.talk.lead": f"Words of {number}."})
        return write_page(draft, lambda: WordsPage(posted, draft=draft, page="summary"), by=reviewer, at=NOW)

    forms = at_once(*[lambda number=number: save(number) for number in range(4)])
    assert sum(not form.errors for form in forms) == 1
    assert all("after you opened the page" in str(form.errors) for form in forms if form.errors)
