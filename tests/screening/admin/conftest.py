"""A desk with an open draft and people at it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from screening.actions import start_draft
from screening.models import Questionnaire
from tests.conftest import person

from .page import Page


@pytest.fixture
def second_reviewer(db):
    return person("rosa", "Clinical reviewer")


@pytest.fixture
def draft(questionnaire, reviewer):
    return start_draft(Questionnaire.objects.get(), by=reviewer, at=timezone.now())


@pytest.fixture
def desk(client, reviewer):
    """The reviewer's browser: ``desk(row)`` is the row's page, its form as it stands and ways to send it."""
    client.force_login(reviewer)

    def open_page(row_or_address):
        address = row_or_address
        if not isinstance(address, str):
            meta = row_or_address._meta
            address = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row_or_address.pk])
        return Page(client, address)

    return open_page


@pytest.fixture
def rows(draft):
    """Rows of the draft by their id."""

    class Rows:
        def question(self, link_id):
            return draft.questions.get(link_id=link_id)

        def rule(self, key):
            return draft.criteria.get(key=key)

        def section(self, key):
            return draft.sections.get(key=key)

        def patient(self, number):
            return draft.patients.get(number=number)

        def text(self, place):
            return draft.texts.get(place=place, language="en").text

    return Rows()
