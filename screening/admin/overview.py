"""A draft in words, row by row: each is told as well as it can be, even where the draft as a whole cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from ..definition import Definition, definition, read_criterion, read_question
from ..drafting import criterion_row, patient_row, question_row, snapshot_of, would_replace
from ..engine.terms import KINDS, RulesetError
from ..english import asked_sentence, criterion_sentence
from ..gate import mark
from ..models import Criterion, Question, Questionnaire, QuestionnaireDraft, TestPatient
from ..replay import Replay, replay_one
from ..wording import Wording

LANGUAGE = "en"


def whole_of(snapshot: Mapping[str, Any]) -> tuple[Definition | None, str]:
    """What a snapshot says; or nothing, and why it cannot be read."""
    try:
        return definition(snapshot), ""
    except (RulesetError, KeyError, TypeError, ValueError) as mistake:
        return None, str(mistake)


@dataclass(frozen=True)
class Line:
    """A row of the draft as the page shows it. ``asked``: of a question, the sentence when it is asked."""

    row: Any
    title: str
    sentence: str
    parts: tuple[str, ...] = field(default_factory=tuple)


class Overview:
    """A draft's rows in words. Made anew for each page; it reads the rows once."""

    def __init__(self, draft: QuestionnaireDraft) -> None:
        self.draft = draft
        self.snapshot = snapshot_of(draft)

    @cached_property
    def read(self) -> tuple[Definition | None, str]:
        return whole_of(self.snapshot)

    @property
    def whole(self) -> Definition | None:
        return self.read[0]

    @property
    def mistake(self) -> str:
        """Why the draft cannot be read, or nothing."""
        return self.read[1]

    @cached_property
    def would_replace(self) -> Questionnaire:
        return would_replace(self.draft)

    @cached_property
    def mark(self) -> str:
        return mark(self.snapshot)

    @cached_property
    def words(self) -> Wording:
        return Wording(LANGUAGE, self.snapshot["wording"].get(LANGUAGE, {}))

    # --- rules and questions

    @property
    def sections(self) -> list[tuple[Any, str, list[Line]]]:
        """(section, its title, its questions)."""
        questions = self.draft.questions.select_related("section").prefetch_related("options", "enabled_when__question")
        lines: dict[int, list[Line]] = {}
        for row in questions:
            lines.setdefault(row.section_id, []).append(self.question(row))
        return [
            (section, self.words.of("section", section.key, "title", default=section.key), lines.get(section.pk, []))
            for section in self.draft.sections.all()
        ]

    def question(self, row: Question) -> Line:
        labels = self.words.tables.get("question", {}).get(row.link_id, {}).get("options", {})
        options = tuple(labels.get(option.code, option.code) for option in row.options.all())
        title = self.words.of("question", row.link_id, "text", default=row.link_id)
        try:
            sentence = asked_sentence(read_question(question_row(row)), self.words)
        except (RulesetError, KeyError):
            sentence = _("Asked by: %s") % "; ".join(str(condition) for condition in row.enabled_when.all())
        return Line(row, title, sentence, options)

    @property
    def rules(self) -> list[tuple[str, list[Line]]]:
        """(kind, its rules), in the order of the engine."""
        rows = list(self.draft.criteria.prefetch_related("conditions__question"))
        kinds = ((kind, [self.rule(row) for row in rows if row.kind == kind]) for kind in KINDS)
        return [(kind, lines) for kind, lines in kinds if lines]

    def rule(self, row: Criterion) -> Line:
        title = self.words.of("criterion", row.key, "title", default=row.key)
        sources = criterion_row(row)["sources"]
        labels = tuple(self.words.of("source", source, "label", default=source) for source in sources)
        return Line(row, title, self.sentence_of(row), labels)

    def sentence_of(self, row: Criterion) -> str:
        """The rule as one sentence, made from its rows."""
        conditions = list(row.conditions.all())
        if not conditions:
            return _("It has no conditions yet.")
        try:
            return criterion_sentence(read_criterion(criterion_row(row)), self.words)
        except (RulesetError, KeyError):
            return f"{row.mode}: " + "; ".join(str(condition) for condition in conditions)

    # --- test patients

    @property
    def patients(self) -> list[tuple[TestPatient, tuple[str, ...], str, str, str]]:
        """(patient, differences, the heading signed for, who signed, what a signature would be for)."""
        return [
            (row, self.differences(row), self.heading(row.disposition), self.signed(row), self.seen(row))
            for row in self.draft.patients.select_related("signed_by")
        ]

    def heading(self, disposition: str) -> str:
        return self.words.of("disposition", disposition, "heading", default=disposition)

    def differences(self, patient: TestPatient) -> tuple[str, ...]:
        """In words, what comes out otherwise than signed; nothing when all is as signed."""
        if self.whole is None:
            return (_("Not known: the draft cannot be read yet."),)
        return told(replay_one(self.whole.ruleset, patient_row(patient)), patient, self)

    def seen(self, patient: TestPatient) -> str:
        return replay_one(self.whole.ruleset, patient_row(patient)).seen if self.whole is not None else ""

    def signed(self, patient: TestPatient) -> str:
        if patient.signed_by is not None:
            return str(patient.signed_by)
        before = self.would_replace.snapshot.get("patients", {}).get("patient", [])
        if patient_row(patient) in before:
            return _("as in version %s") % self.would_replace.version
        return _("not yet by a clinician")

    @property
    def authors(self) -> str:
        people = get_user_model().objects.filter(pk__in=self.draft.authors)
        return ", ".join(person.get_full_name() or person.get_username() for person in people)


def told(found: Replay, patient: TestPatient, overview: Overview) -> tuple[str, ...]:
    if found.findings is None:
        return found.differences
    lines = []
    if found.disposition != patient.disposition:
        said = _("Heading: signed “{was}”, now “{now}”")
        lines.append(said.format(was=overview.heading(patient.disposition), now=overview.heading(found.disposition)))
    signed = found.findings if patient.findings is None else patient.findings
    for key in sorted({*signed, *found.findings}):
        was, now = signed.get(key, "not-met"), found.findings.get(key, "not-met")
        if was != now:
            title = overview.words.of("criterion", key, "title", default=key)
            lines.append(_("“{title}”: signed {was}, now {now}").format(title=title, was=was, now=now))
    return tuple(lines)
