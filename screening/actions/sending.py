"""What a patient sends, and takes back. The same thing sent again, at once or after a lost reply, is one row."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from pumpguide.publishing import content_hash

from .. import journal, limits
from ..audit import record
from ..codes import code_hash, delete_secret, reference_code, secret_hash
from ..definition import Definition
from ..engine.assess import assess
from ..engine.terms import Answers
from ..keys import keyed_hash, opened, seal
from ..models import Action, AnsweredBy, ConsentWording, Questionnaire, Screening
from ..packing import pack
from ..summary import summarize
from ..worklist import points, still_open
from .keeping import leave_traces

MOST_ATTEMPTS = 5  # the first collides with another code once in about 10 ** 16 / (rows there are)


class StoredOtherwise(Exception):
    """This was stored before as ``number``, with another name, date of birth or phone; nothing of it was changed."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stored before as {number}, with another contact")
        self.number = number


@dataclass(frozen=True)
class Contact:
    """Who it is about, as far as they want to say; never needed."""

    name: str = ""
    birth_date: date | None = None
    phone: str = ""

    @property
    def given(self) -> dict | None:
        """As it is sealed; None where nothing was given."""
        given = {"name": self.name, "birth_date": self.birth_date and self.birth_date.isoformat(), "phone": self.phone}
        return given if any(given.values()) else None


@dataclass(frozen=True)
class Sent:
    """What the patient gets: the row, the code that finds it, and the secret of the link that deletes it."""

    screening: Screening
    code: str
    secret: str


def sending_of(run: str, definition: Definition, answers: Answers) -> bytes:
    """32 bytes that name one person's one set of answers: the run is random and lives in their cookie alone."""
    ruleset = definition.ruleset
    return keyed_hash("sending", bytes.fromhex(run), ruleset.canonical.encode(), pack(ruleset, answers))


def sending_hash(sending: bytes) -> str:
    return keyed_hash("sending hash", sending).hex()


def birth_hash(birth_date: date | None) -> str:
    """What is stored to find by; 64 hexadecimal digits, or nothing."""
    return keyed_hash("birth date", birth_date.isoformat().encode()).hex() if birth_date else ""


def already_sent(sending: bytes) -> Sent | None:
    """What this sending has made already, if it is still there."""
    row = Screening.objects.filter(sending_hash=sending_hash(sending)).first()
    return row and receipt(row, sending)


def receipt(row: Screening, sending: bytes) -> Sent:
    codes = (reference_code(sending, attempt) for attempt in range(MOST_ATTEMPTS))
    code = next(code for code in codes if code_hash(code) == row.code_hash)
    return Sent(row, code, delete_secret(sending))


@transaction.atomic
def send_screening(
    definition: Definition,
    answers: Answers,
    sending: bytes,
    *,
    at,
    contact: Contact,
    consent: str,
    language: str,
    address: str = "",
) -> Sent:
    """Store what the patient sends; ``consent`` is the wording they agreed to, as it stood on the page.

    ``address``: where it comes from, to be counted. Raises TooOften, but not for what was sent already.
    """
    if address:
        counted = limits.count_of(address, at)
        if found := already_sent(sending):
            return found
        limits.count_one(counted)
    other = answers.get("answering-for") == ("someone-else",)
    who = AnsweredBy.HELPER if other else AnsweredBy.PATIENT
    wording = consent_wording(ConsentWording.Purpose.SEND, consent, language, at=at)
    row = {"answered_by": who, "consent": wording, **facts(definition, answers, contact, language, at)}
    return stored(sending, row)


@transaction.atomic
def enter_screening(
    definition: Definition,
    answers: Answers,
    sending: bytes,
    *,
    by,
    at,
    contact: Contact,
    consent: str,
    answered_by: str,
    language: str,
) -> Sent:
    """Store what a nurse entered for a patient, on the phone or from paper; ``consent`` is the sentence they ticked.

    Raises ValueError for another way, and StoredOtherwise: these answers of this sheet or call are here already, but
    with another contact.
    """
    if answered_by not in (AnsweredBy.NURSE_PHONE, AnsweredBy.NURSE_PAPER):
        raise ValueError(f"{answered_by!r} is not entered by a nurse. Use nurse-phone or nurse-paper.")
    wording = consent_wording(ConsentWording.Purpose.ENTER, consent, language, at=at)
    row = {"answered_by": answered_by, "entered_by": by, "consent": wording}
    sent = stored(sending, {**row, **facts(definition, answers, contact, language, at)})
    if sent.screening.sent_at == at:
        record(Action.ENTER, by=by, at=at, subject=f"screening {sent.screening.pk}", detail=answered_by)
    elif contact.given != (sent.screening.contact and opened(sent.screening.contact)):
        raise StoredOtherwise(sent.screening.pk)
    return sent


def facts(definition: Definition, answers: Answers, contact: Contact, language: str, at) -> dict:
    """The columns that do not depend on who sends."""
    assessment = assess(definition.ruleset, answers)
    summary = summarize(definition, answers, language, assessment)
    found = points(definition.ruleset, answers, assessment, summary)
    return {
        "questionnaire": Questionnaire.objects.only("pk").get(
            url=definition.ruleset.url, version=definition.ruleset.version
        ),
        "record": seal({"answers": answers, "assessment": assessment.as_dict(), "language": language}),
        "contact": contact.given and seal(contact.given),
        "birth_hash": birth_hash(contact.birth_date),
        "disposition": assessment.disposition,
        "open_points": still_open(found),
        "sent_at": at,
    }


def stored(sending: bytes, row: dict) -> Sent:
    """The one row of a sending, made now or found."""
    names = {"sending_hash": sending_hash(sending), "secret_hash": secret_hash(delete_secret(sending))}
    for attempt in range(MOST_ATTEMPTS):
        if found := already_sent(sending):
            return found
        code = reference_code(sending, attempt)
        try:
            with transaction.atomic():
                made = Screening.objects.create(**names, code_hash=code_hash(code), **row)
        except IntegrityError:  # sent twice at the same time, or (hardly ever) the code is another's
            continue
        return Sent(made, code, delete_secret(sending))
    if found := already_sent(sending):
        return found
    raise RuntimeError("No free reference code was found. Is CLINIC_KEY the one of this database?")


def consent_wording(purpose: str, text: str, language: str, *, at) -> ConsentWording:
    """The row of a wording; the first time it is used, it is stored for good."""
    digest = content_hash([purpose, language, text])
    wording, _new = ConsentWording.objects.get_or_create(
        hash=digest, defaults={"purpose": purpose, "text": text, "language": language, "first_used_at": at}
    )
    return wording


# --- taking it back


def by_secret(secret: str) -> Screening | None:
    """The screening a delete link is for, if it is still there."""
    return Screening.objects.filter(secret_hash=secret_hash(secret)).first()


@transaction.atomic
def delete_by_link(secret: str, *, at) -> bool:
    """Delete what the link is for; False when a nurse has worked on it already, or it is gone."""
    row = Screening.objects.select_for_update().filter(secret_hash=secret_hash(secret), reviewed_at=None).first()
    if row is None:
        return False
    remove(row, by=None, at=at, detail="by the patient")
    return True


@transaction.atomic
def ask_to_delete(secret: str, *, at) -> bool:
    """Put the patient's wish on the desk, remembered for after a restore; False when the screening is gone."""
    row = Screening.objects.select_for_update().filter(secret_hash=secret_hash(secret)).first()
    if row is None:
        return False
    if row.deletion_asked_at is None:
        row.deletion_asked_at = at
        row.save(update_fields=["deletion_asked_at"])
        journal.note("wish", row.sending_hash, at)
        record(Action.DELETION_ASKED, by=None, at=at, subject=f"screening {row.pk}")
    return True


def remove(row: Screening, *, by, at, detail: str) -> None:
    """Delete one screening: remembered for after a restore, then in the audit, then gone."""
    journal.note("screening", row.sending_hash, at)
    leave_traces(at=at)
    record(Action.DELETE, by=by, at=at, subject=f"screening {row.pk}", detail=detail)
    row.delete()
