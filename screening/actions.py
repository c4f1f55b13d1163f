"""The only writers of the screening's tables. Each takes who (``by``) and when (``at``) and is one transaction."""

from typing import Any

from django.db import transaction

from .definition import definition, read_folder
from .models import Questionnaire


@transaction.atomic
def publish_questionnaire(snapshot: dict[str, Any], *, by, at, note: str) -> Questionnaire:
    """Freeze a definition as a published version. Raises RulesetError where it is not whole."""
    ruleset = definition(snapshot).ruleset
    return Questionnaire.objects.create(
        url=ruleset.url, version=ruleset.version, snapshot=snapshot, approved_by=by, published_at=at, note=note
    )


def load_starting_questionnaire(*, at) -> bool:
    """Publish version 1 from screening/ruleset/ where nothing is published yet; whether it did."""
    if Questionnaire.objects.exists():
        return False
    publish_questionnaire(read_folder(), by=None, at=at, note="Starting questionnaire")
    return True
