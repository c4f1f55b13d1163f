"""An assessment as it is kept with a sent screening, and back: what was judged then is never judged anew."""

from typing import Any

from .engine.terms import Assessment, AssessmentAsDict, Finding, PathStanding, Ruleset


class NotTheSameVersion(ValueError):
    """The kept assessment speaks of other rules than this version has: the database was changed past the guards."""


def thaw(ruleset: Ruleset, kept: AssessmentAsDict | dict[str, Any]) -> Assessment:
    """The opposite of ``Assessment.as_dict``. Raises NotTheSameVersion."""
    if kept["hash"] != ruleset.hash:
        raise NotTheSameVersion(f"Kept under {kept['hash'][:12]}; version {ruleset.version} is {ruleset.hash[:12]}.")
    criteria = {criterion.id: criterion for criterion in ruleset.criteria}
    return Assessment(
        questionnaire=kept["questionnaire"],
        hash=kept["hash"],
        disposition=kept["disposition"],
        paths={path: PathStanding(**standing) for path, standing in kept["paths"].items()},
        findings=tuple(
            Finding(criteria[finding["criterion"]], finding["status"], tuple(finding["answers"]))
            for finding in kept["findings"]
        ),
        unanswered=tuple(kept["unanswered"]),
        ignored=tuple(kept["ignored"]),
    )
