"""Takes a page of a test through the workflow: what an editor and a reviewer do, in one line."""

from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.utils import timezone

from content.models import Page
from content.models.page import Stage
from content.publish import publish
from content.workflow import approve

NOW = timezone.now()


def colleague():
    """Someone who wrote nothing and so may approve and publish anything."""
    return get_user_model().objects.get_or_create(username="a-colleague")[0]


def approved(page, *, by=None, at=NOW):
    """The page, approved as it is now. What the checklist says of a test's few words does not matter here."""
    Page.objects.filter(pk=page.pk).update(stage=Stage.IN_REVIEW)
    with patch("content.workflow.checklist", return_value=[]):
        approve(page, by=by or colleague(), at=at)
    page.refresh_from_db()
    return page


def go(page, by=None, note="A test", at=NOW):
    """Approve and publish the draft as it is now; its new revision."""
    approved(page, by=by, at=at)
    return publish(page, by=by or colleague(), at=at, note=note)


def change(row, by=None, **fields):
    """Change a working row, as a member of staff would; nobody: as the starting content would."""
    row.refresh_from_db()
    for field, value in fields.items():
        setattr(row, field, value)
    if by is not None:
        row.stamp(by, timezone.now())
    row.save()
    return row


def write(page, body, by=None):
    """Write another text into the page's blocks."""
    page.blocks.update(body=body)
    return change(page, by=by)
