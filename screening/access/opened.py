"""A screening unsealed and put into words: what was said, what was judged then, and what nurses found since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from .. import published
from ..definition import Definition
from ..engine.assess import assess
from ..engine.terms import Assessment
from ..frozen import thaw
from ..keys import opened
from ..models import Review, Screening
from ..summary import Summary, summarize
from ..worklist import Noted, Point, confirmed_answers, points, still_open


@dataclass(frozen=True)
class Opened:
    """One screening, readable. The original is never replaced; what was confirmed stands beside it."""

    row: Screening
    record: dict[str, Any]
    definition: Definition
    noted: tuple[Noted, ...]

    @property
    def language(self) -> str:
        """The language the patient answered in."""
        return self.record["language"]

    @cached_property
    def answers(self) -> dict[str, tuple[str, ...]]:
        """As the patient gave them."""
        return {link_id: tuple(codes) for link_id, codes in self.record["answers"].items()}

    @cached_property
    def assessment(self) -> Assessment:
        """As it was judged when it was sent."""
        return thaw(self.definition.ruleset, self.record["assessment"])

    @cached_property
    def summary(self) -> Summary:
        return summarize(self.definition, self.answers, self.language, self.assessment)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        return points(self.definition.ruleset, self.answers, self.assessment, self.summary, self.noted)

    @property
    def open_points(self) -> int:
        return still_open(self.points)

    @cached_property
    def confirmed(self) -> dict[str, tuple[str, ...]]:
        """The answers with what nurses found in the place of what was settled."""
        return confirmed_answers(self.answers, self.points)

    @cached_property
    def confirmed_summary(self) -> Summary | None:
        """The summary with confirmed facts, by the same version; None while nothing differs from what was said."""
        if self.confirmed == self.answers:
            return None
        ruleset = self.definition.ruleset
        return summarize(self.definition, self.confirmed, self.language, assess(ruleset, self.confirmed))

    @cached_property
    def contact(self) -> dict[str, Any] | None:
        """{"name", "birth_date" (a date), "phone"} as far as given; None when nothing was."""
        if self.row.contact is None:
            return None
        given = opened(self.row.contact)
        born = given["birth_date"]
        return {**given, "birth_date": date.fromisoformat(born) if born else None}


def opened_row(row: Screening, reviews: Sequence[Review] | None = None) -> Opened:
    """Unseal a row that the caller may see. Raises InvalidToken (no key fits), NotTheSameVersion."""
    rows = row.reviews.select_related("by") if reviews is None else reviews
    version = row.questionnaire.version
    return Opened(row, opened(row.record), published.version(version), tuple(noted(review) for review in rows))


def noted(review: Review) -> Noted:
    kept = opened(review.sealed) if review.sealed else {"answer": (), "note": ""}
    return Noted(
        review.link_id,
        review.outcome,
        review.found_in,
        tuple(kept["answer"]),
        kept["note"],
        review.by.get_full_name() or review.by.get_username(),
        review.at,
    )
