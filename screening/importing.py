"""A questionnaire from elsewhere as a draft: our files (a folder or a zip), a snapshot, or a FHIR R4 Questionnaire.

Whatever comes in is read in full, written as rows and read back; unless both say the same, nothing is kept.
"""

import copy
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from .actions import start_draft
from .definition import read_folder, read_rules
from .drafting import snapshot_of
from .engine.terms import RulesetError
from .fhir import FhirError, read_questions
from .models import QuestionnaireDraft
from .published import row_in_use

MOST_BYTES = 5 * 1024 * 1024  # of all files of an archive, unpacked
MISSHAPEN = (KeyError, TypeError, AttributeError, ValueError, IndexError, RecursionError)


class ImportRefused(ValidationError):
    """What was given cannot be read as a questionnaire. The message says what is wrong and how to mend it."""


@transaction.atomic
def import_draft(given: bytes | Path, *, by, at) -> QuestionnaireDraft:
    """A draft of the next version from a folder, or from the bytes of a zip or JSON file.

    Raises ImportRefused, or ValidationError while another draft is open.
    """
    base = row_in_use()
    if base is None:
        raise ImportRefused(_("No version is in use here yet. Run: manage.py load_questionnaire."))
    try:
        snapshot = read(given, base.snapshot)
        rules = read_rules(snapshot["rules"], "")
        snapshot = {"patients": {"patient": []}, **snapshot}
        with transaction.atomic():
            draft = start_draft(base, by=by, at=at, snapshot=snapshot)
            refuse_what_does_not_fit(draft)
        again = snapshot_of(draft)
        same = read_rules({**again["rules"], "version": rules.version, "url": rules.url}, "") == rules
        if not same or again["wording"] != without_empty(snapshot["wording"]) or not same_patients(again, snapshot):
            raise ImportRefused(_("Some of it cannot be kept as it is: use plain texts, and ids without dots."))
    except (RulesetError, FhirError) as mistake:
        raise ImportRefused(str(mistake)) from mistake
    except IntegrityError as mistake:
        raise ImportRefused(_("Something is there twice, such as the number of a test patient.")) from mistake
    except DataError as mistake:
        raise ImportRefused(_("Something is too long: an id has at most 60 characters. Shorten it.")) from mistake
    except MISSHAPEN as mistake:
        said = _("This does not have the shape of a questionnaire (%s). Export one to see the shape.")
        raise ImportRefused(said % f"{type(mistake).__name__}: {mistake}"[:200]) from mistake
    return draft


def read(given: bytes | Path, base: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot that is given. A FHIR Questionnaire brings questions and labels; the rest is as in ``base``."""
    if isinstance(given, Path) and given.is_dir():
        return read_folder(given)
    content = given.read_bytes() if isinstance(given, Path) else given
    if content.startswith(b"PK"):
        return read_archive(content)
    try:
        data = json.loads(content)
    except ValueError as error:
        raise ImportRefused(_("Give a zip with rules.toml and wording, or a JSON file.")) from error
    if not isinstance(data, dict):
        raise ImportRefused(_("Give a FHIR Questionnaire, or a draft's own JSON."))
    return from_fhir(data, base) if "resourceType" in data else data


def read_archive(content: bytes) -> dict[str, Any]:
    """The snapshot in a zip of TOML files, at the top or in one folder. Nothing is written where a name points."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as zipped, tempfile.TemporaryDirectory() as folder:
            if sum(info.file_size for info in zipped.infolist()) > MOST_BYTES:
                raise ImportRefused(_("The files are larger than any questionnaire. Give a smaller archive."))
            for info in zipped.infolist():
                name = PurePosixPath(info.filename).name
                if re.fullmatch(r"[a-z-]{2,20}\.toml", name):
                    (Path(folder) / name).write_bytes(zipped.read(info))
            return read_folder(Path(folder))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise ImportRefused(_("This archive cannot be opened: %s.") % error) from error


def from_fhir(resource: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """The base with the questions of a FHIR Questionnaire: their order, options, labels and when they are asked."""
    questions = read_questions(resource)
    snapshot = copy.deepcopy(dict(base))
    groups = [(group["linkId"].removeprefix("section-"), group) for group in resource["item"]]
    snapshot["rules"] |= {"sections": [section for section, _group in groups], "question": questions}
    language = resource.get("language", "en")
    words = snapshot["wording"].setdefault(language, {})
    for section, group in groups:
        words.setdefault("section", {}).setdefault(section, {})["title"] = group["text"]
        for item in group.get("item", []):
            question = words.setdefault("question", {}).setdefault(item["linkId"], {})
            question["text"] = item["text"]
            question.setdefault("options", {}).update(
                {option["valueCoding"]["code"]: option["valueCoding"]["display"] for option in item["answerOption"]}
            )
    return snapshot


# --- what is kept is what was given


def refuse_what_does_not_fit(draft: QuestionnaireDraft) -> None:
    """Raise ImportRefused for a value no row may hold, such as an id with a space in it."""
    for rows in (draft.sections, draft.questions, draft.criteria, draft.texts, draft.patients):
        for row in rows.all():
            try:
                row.clean_fields(exclude=["sources"])
                for option in row.options.all() if hasattr(row, "link_id") else ():
                    option.clean_fields()
            except ValidationError as mistake:
                raise ImportRefused(f"{row}: {' '.join(mistake.messages)}") from mistake


def without_empty(words: Any) -> Any:
    """Tables and lists without empty texts, and without what is left with nothing in it."""
    if isinstance(words, Mapping):
        return {key: inside for key, value in words.items() if (inside := without_empty(value))}
    if isinstance(words, list):
        return [inside for value in words if (inside := without_empty(value))]
    return words.strip() and words


def same_patients(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    def rows(snapshot):
        return sorted(snapshot["patients"]["patient"], key=lambda row: row["number"])

    return rows(one) == rows(other)
