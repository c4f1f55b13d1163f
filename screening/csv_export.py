"""Several screenings as one CSV file, safe to open in a spreadsheet: no cell can begin a formula.

Source of the rules for cells: owasp.org/www-community/attacks/CSV_Injection.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .engine.terms import Answers, Assessment, Ruleset

FORMULA = re.compile(r"(^|[;,\"])(?=[\s\ufeff\u200b]*[=+\-@\t\r\n\0＝＋－＠])")
"""Where a formula could begin: at a cell's start, and after a sign at which another country's spreadsheet splits."""

HEADER = (
    "reference",
    "sent",
    "reviewed",
    "answered_by",
    "questionnaire",
    "content_hash",
    "disposition",
    "talk_first",
    "open",
    "earlier_steps",
)


@dataclass(frozen=True)
class Row:
    """What one screening gives to the file; plain values, read and audited by who calls. Times are aware."""

    reference: str
    sent: datetime
    reviewed: datetime | None
    answered_by: str
    ruleset: Ruleset
    assessment: Assessment
    answers: Answers


def csv_export(rows: Iterable[Row]) -> bytes:
    """The file: ids and codes as in the rules, one column ``answer:<link_id>`` for each question of the versions used.

    Several codes in a cell are joined by a blank. UTF-8 with a byte-order mark, CRLF, every cell quoted.
    """
    rows = list(rows)
    questions = list(dict.fromkeys(link_id for row in rows for link_id in row.ruleset.by_link_id))
    header = (*HEADER, *(f"answer:{link_id}" for link_id in questions))
    return as_csv(header, (cells(row, questions) for row in rows))


def cells(row: Row, questions: Iterable[str]) -> list[str]:
    return [
        row.reference,
        time(row.sent),
        time(row.reviewed),
        row.answered_by,
        row.assessment.questionnaire,
        row.assessment.hash,
        row.assessment.disposition,
        found(row.assessment, "met", "exclusion", "caution"),
        found(row.assessment, "unknown", "exclusion", "caution", "prerequisite", "inclusion", "note"),
        found(row.assessment, "not-met", "prerequisite"),
        *(" ".join(row.answers[q]) if q in row.answers and q not in row.assessment.ignored else "" for q in questions),
    ]


def found(assessment: Assessment, status: str, *kinds: str) -> str:
    """The ids of the criteria of these kinds that stand so."""
    return " ".join(f.criterion.id for f in assessment.findings if f.status == status and f.criterion.kind in kinds)


def time(moment: datetime | None) -> str:
    return moment.isoformat(sep=" ", timespec="minutes") if moment else ""


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Any table as CSV, each cell made safe."""
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe(name) for name in header])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def safe(cell: object) -> str:
    """The cell as text that no spreadsheet takes for a formula: an apostrophe before it, line breaks as blanks."""
    text = "" if cell is None else str(cell)
    return re.sub(r"[\t\r\n\v\f\0\x85\u2028\u2029]+", " ", FORMULA.sub(r"\1'", text))
