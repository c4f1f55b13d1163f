"""Ids are contracts: what a published version called a question, an option or a rule never gets a second meaning."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models import Questionnaire, QuestionnaireDraft


def ids_of(snapshot: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """Every id: of a question, of an option (with its question's), of a rule."""
    for row in snapshot["rules"]["question"]:
        yield "question", row["link_id"]
        yield from (("option", row["link_id"], code) for code in row["options"])
    for row in snapshot["rules"]["criterion"]:
        yield "rule", row["id"]


def refuse_second_meaning(draft: QuestionnaireDraft, *id: str) -> None:
    """Raise ValidationError where a version had the id and the one the draft was made from did not.

    What that one had may come back: it was taken out of the draft by mistake.
    """
    if id in ids_of(draft.based_on.snapshot):
        return
    said = {
        "question": _("“{id}” is a question of version {number}. An id never gets a second meaning. Choose another."),
        "option": _("“{id}” is an option of this question in version {number}. Choose another code."),
        "rule": _("“{id}” is a rule of version {number}. An id never gets a second meaning. Choose another."),
    }
    for version in Questionnaire.objects.all():
        if id in ids_of(version.snapshot):
            raise ValidationError(said[id[0]].format(id=id[-1], number=version.version))
