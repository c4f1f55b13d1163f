"""The gate in front of publishing: everything a draft is held against, each with what was found, in words.

Pure but for reading the drafts' rows; what it finds is kept on the draft, so that it is looked at once per change.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from content.checks.vocabulary import ENGLISH, LANGUAGES, Vocabulary
from content.models import Source
from content.readability import reading as figures
from content.readability import sentences
from pumpguide.publishing import content_hash

from .definition import Definition, definition
from .drafting import flat, patient_row, snapshot_of, would_replace
from .engine.reading import AnswersError, as_given, read_answers
from .engine.terms import Ruleset, RulesetError
from .fhir import FhirError, enabling
from .models import QuestionnaireDraft
from .models.draft import OPEN
from .replay import replay
from .summary import summarize
from .text import as_text
from .urgent import help_cards

APPROVED = re.compile(r"(?<!FDA-)\bapproved\b", re.IGNORECASE)
"""Never of a person; FDA-approved, of a medicine, is a fact. All other words are those of the guide's own check."""

ENGINE = content_hash([file.read_text("utf-8") for file in sorted((Path(__file__).parent / "engine").glob("*.py"))])
MOST_GRADE = 8.0
MOST_WORDS = 20  # in a sentence
ENOUGH_TO_GRADE = 20  # words: of fewer, a formula says little
NOT_TO_GRADE = re.compile(r"^(source|name|language)\b")


@dataclass(frozen=True)
class Found:
    """One thing in the way. ``answers``: an imaginary patient who shows it; ``instead``: the same, one other answer.

    Either is None where there is no such patient.
    """

    text: str
    answers: Mapping[str, Any] | None = None
    instead: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Check:
    """One part of the gate. It is open when nothing was found."""

    id: str
    title: str
    about: str
    found: tuple[Found, ...] = field(default_factory=tuple)


def check(draft: QuestionnaireDraft) -> bool:
    """Hold the draft as it is against everything, keep what was found on the draft, and say whether it passed.

    Nobody waits meanwhile: the mark tells whether what is kept is about the draft as it is by then.
    """
    snapshot = snapshot_of(draft)
    checks = [*examine(snapshot), signatures(draft), overdue_sources(snapshot)]
    passed = not any(part.found for part in checks)
    draft.checked_hash = mark(snapshot)
    draft.outcome = {"passed": passed, "checks": [asdict(part) for part in checks]}
    still_open = QuestionnaireDraft.objects.filter(pk=draft.pk, stage__in=OPEN)
    still_open.update(checked_hash=draft.checked_hash, outcome=draft.outcome)
    return passed


def mark(snapshot: Mapping[str, Any]) -> str:
    """Names what a check looks at, as 64 hexadecimal digits: the rows, and the engine that judges them here."""
    return content_hash([ENGINE, snapshot])


def found_since(draft: QuestionnaireDraft, snapshot: Mapping[str, Any]) -> list[Found]:
    """What is found now in a draft that passed: a source fell due, say. The proofs rest on what ``mark`` names."""
    checks = [*examine(snapshot, proving=False), signatures(draft), overdue_sources(snapshot)]
    return [found for part in checks for found in part.found]


def examine(snapshot: Mapping[str, Any], *, proving: bool = True) -> Iterator[Check]:
    """Every check of a snapshot, in the order they are read; one that cannot be read stops there."""
    title, about = _("It can be read"), _("Every name used is known; everything a person may see has words.")
    try:
        whole = definition(snapshot)
    except (RulesetError, KeyError, TypeError) as error:
        yield Check("readable", title, about, (Found(str(error)),))
        return
    yield Check("readable", title, about)
    if proving:
        yield from proofs(whole)
    yield urgent_first(whole)
    yield exchange(whole)
    yield patients(whole, snapshot)
    yield summaries(whole, snapshot)
    yield sources(whole)
    yield words(whole)
    yield reading(whole)
    yield languages(whole)


def proofs(whole: Definition) -> Iterator[Check]:
    """One check for each proof of the engine."""
    from .engine.prove import prove  # the solver is loaded only where something is to be proved

    try:
        proven = prove(whole.ruleset)[1:]  # that it can be read was shown above
    except RuntimeError as gave_up:  # the solver ran out of time, or the engine does not agree with it
        title, about = _("The proofs"), _("Every proof has to be finished before a draft can be published.")
        yield Check("proofs", title, about, (Found(_("The proofs could not be finished: %s") % gave_up),))
        return
    for proof in proven:
        found = tuple(
            Found(failure.sentence, *(as_given(whole.ruleset, person) for person in failure.people))
            for failure in proof.failures
        )
        yield Check(f"proof-{proof.id}", proof.title, proof.definition, found)


def urgent_first(whole: Definition) -> Check:
    """The stop page and what is remembered of it look at the first question, and at no other."""
    found = tuple(map(Found, urgent_elsewhere(whole.ruleset)))
    about = _("What cannot wait is asked first, and every urgent rule rests on that question alone.")
    return Check("urgent-first", _("Urgent signs come first"), about, found)


def urgent_elsewhere(ruleset: Ruleset) -> Iterator[str]:
    first, urgent = next(iter(ruleset.by_link_id), ""), ruleset.of_kind("urgent")
    for criterion in urgent:
        if others := ", ".join(name for name in criterion.rule.questions if name != first):
            said = _("The urgent rule {rule} rests on {others}. Let it rest on the first question, {first}, alone.")
            yield said.format(rule=criterion.id, others=others, first=first)
    if not any(first in criterion.rule.questions for criterion in urgent):
        yield _("No urgent rule rests on the first question (%s). Let the urgent signs be asked there.") % first


def exchange(whole: Definition) -> Check:
    """When a question is asked can be said in FHIR, so that each version can be exported."""
    found = []
    for question in whole.ruleset.questions:
        try:
            enabling(question.enabled_when, whole.ruleset)
        except FhirError as mistake:
            found.append(Found(f"{question.link_id}: {mistake}"))
    about = _("When a question is asked is written so that other systems can read it, too.")
    return Check("fhir", _("Export as FHIR"), about, tuple(found))


def patients(whole: Definition, snapshot: Mapping[str, Any]) -> Check:
    rows = snapshot.get("patients", {}).get("patient", [])
    found = [
        Found(
            _("Test patient {number} ({why}): {what}").format(number=r.number, why=r.why, what="; ".join(r.differences))
        )
        for r in replay(whole.ruleset, rows)
        if not r.as_signed
    ]
    if not rows:
        found = [Found(_("There are no test patients. Add at least one."))]
    about = _("Each imaginary patient comes out as a clinician signed; a change must be signed again.")
    return Check("patients", _("Test patients"), about, tuple(found))


def summaries(whole: Definition, snapshot: Mapping[str, Any]) -> Check:
    """What each test patient would read can be made, in every language."""
    found = []
    for row in snapshot.get("patients", {}).get("patient", []):
        try:
            answers = read_answers(whole.ruleset, row["answers"])
        except AnswersError:
            continue  # told above
        for language in whole.wordings:
            try:
                as_text(summarize(whole, answers, language))
                help_cards(whole, answers, language)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                said = _("The summary of test patient {number} cannot be made ({language}): {error}")
                text = said.format(number=row["number"], language=language, error=repr(error))
                found.append(Found(text, row["answers"]))
    about = _("The summary and the stop pages of every test patient can be made.")
    return Check("summaries", _("Summaries"), about, tuple(found))


def signatures(draft: QuestionnaireDraft) -> Check:
    """A test patient who is not as in the version in use counts once a clinician has signed for it in this draft."""
    before = would_replace(draft).snapshot.get("patients", {}).get("patient", [])
    found = [
        Found(_("Test patient %s is new or was changed, and no clinician has signed for it.") % patient.number)
        for patient in draft.patients.filter(signed_by=None)
        if patient_row(patient) not in before
    ]
    about = _("What a test patient stands for is a clinician’s word.")
    return Check("signatures", _("Signatures"), about, tuple(found))


def sources(whole: Definition) -> Check:
    """Each criterion names a source, and none of them is past its date (the guide's list of sources knows)."""
    found = [
        Found(_("%s names no source.") % criterion.id) for criterion in whole.ruleset.criteria if not criterion.sources
    ]
    return Check("sources", _("Sources"), _("Every rule says who says so."), tuple(found))


def overdue_sources(snapshot: Mapping[str, Any]) -> Check:
    """No source that a rule rests on is past the date on which the guide's editors were to check it again."""
    used = {source for row in snapshot["rules"]["criterion"] for source in row["sources"]}
    late = Source.objects.filter(key__in=used, recheck_on__lt=timezone.localdate()).order_by("key")
    found = tuple(Found(_("%s is past its date. Check it again, and set a new date.") % source) for source in late)
    return Check("source-dates", _("Dates of the sources"), _("No source is past its date."), found)


def each_text(whole: Definition) -> Iterator[tuple[str, str, str]]:
    """(language, place, text) of everything that is worded."""
    for language, wording in whole.wordings.items():
        for place, text in flat(wording.tables):
            yield language, place, text


def words(whole: Definition) -> Check:
    found = tuple(
        Found(_("{place} ({language}) says “{word}”.").format(place=place, language=language, word=word))
        for language, place, text in each_text(whole)
        if not place.startswith("source.") and (word := never_said(text, LANGUAGES.get(language, ENGLISH)))
    )
    about = _("No verdict, no score, no promise; nobody is told to stop a medicine.")
    return Check("never-words", _("Words we never use"), about, found)


def never_said(text: str, vocabulary: Vocabulary) -> str:
    """The first words in a text that no patient may read, or nothing."""
    patterns = (vocabulary.never, vocabulary.approved_people, vocabulary.stop_medicine, APPROVED)
    matches = (pattern.search(sentence) for sentence in sentences(text) for pattern in patterns)
    return next((match[0] for match in matches if match), "")


def reading(whole: Definition) -> Check:
    """Over-long sentences; the grade of each long text by itself, and of each row's words together."""
    pieces: dict[str, list[str]] = {}
    found = []
    for language, place, text in each_text(whole):
        if language != "en" or NOT_TO_GRADE.match(place):
            continue
        pieces.setdefault(".".join(place.split(".")[:2]), []).append(text)
        pieces.setdefault(place, [text])
        longest = max((len(sentence.split()) for sentence in sentences(text)), default=0)
        if longest > MOST_WORDS:
            found.append(Found(_("{place}: a sentence of {words} words. Split it.").format(place=place, words=longest)))
    for piece, texts in pieces.items():
        measured = figures("\n".join(texts))
        if measured.words >= ENOUGH_TO_GRADE and measured.grade > MOST_GRADE:
            hard = _("{row}: grade {grade:.1f}. Use shorter sentences and words.")
            found.append(Found(hard.format(row=piece, grade=measured.grade)))
    about = _(
        "What patients read is at grade 8 or below (Flesch–Kincaid), in sentences of 20 words or fewer. A formula says "
        "little about a line of fewer than 20 words: it is graded only together with its row, so read it yourself. "
        "Names, sources and languages other than English are not graded."
    )
    return Check("reading", _("Plain words"), about, tuple(found))


def languages(whole: Definition) -> Check:
    found = tuple(
        Found(_("There are no words in %s yet.") % name)
        for code, name in settings.LANGUAGES
        if code not in whole.wordings
    )
    return Check("languages", _("Languages"), _("Every language that is on has all words."), found)
