"""manage.py guide_report: every page's readability figures and checklist in one table."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from content.report import report


class Command(BaseCommand):
    help = "One table of all pages: readability, what the checklist finds, and how many of its points each page meets."

    def add_arguments(self, parser):
        parser.add_argument("--live", action="store_true", help="the published revisions instead of the drafts")
        parser.add_argument("--format", choices=("text", "json"), default="text")
        parser.add_argument("--items", action="store_true", help="also each thing found, below the table")
        parser.add_argument("--language", default="en")
        parser.add_argument("--strict", action="store_true", help="fail when the checklist shows an error anywhere")

    def handle(self, *args, **options):
        rows = report(options["language"], live=options["live"], at=timezone.now())
        if options["format"] == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join([*table(rows), *(items(rows) if options["items"] else [])]))
        faulty = [row["page"] for row in rows if row["errors"]]
        if options["strict"] and faulty:
            raise CommandError(f"The checklist shows errors on: {', '.join(faulty)}.")


COLUMNS = {
    "page": "page", "words": "words", "minutes": "min", "grade": "grade", "running_grade": "running",
    "eased_grade": "eased", "smog": "SMOG", "longest_sentence": "longest", "long_words": "long w.",
    "errors": "err", "warnings": "warn", "points": "points",
}  # fmt: skip
LEGEND = (
    "grade: Flesch–Kincaid of the whole page; running: of its paragraphs alone; eased: the harder of the two, glossary "
    "words counted as easy.\nSMOG runs about two grades higher. longest: words of the longest sentence. points: of the "
    "checklist’s points that a machine can see and that apply, how many are met."
)


def table(rows: list[dict]) -> list[str]:
    """Aligned lines: a head, the pages, the legend."""
    cells = [list(COLUMNS.values())]
    cells += [[shown(row[name]) for name in COLUMNS] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(COLUMNS))]
    lines = [
        "  ".join(cell.ljust(width) if not place else cell.rjust(width) for place, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(row, widths, strict=True)) for row in cells)
    ]
    errors, warnings = (sum(row[name] for row in rows) for name in ("errors", "warnings"))
    total = f"{len(rows)} pages, {errors} errors, {warnings} warnings."
    return [*lines, "", total, LEGEND]


def shown(value) -> str:
    if isinstance(value, dict):  # the points: number -> met
        return f"{sum(value.values())} of {len(value)}"
    return str(len(value) if isinstance(value, list) else value)


def items(rows: list[dict]) -> list[str]:
    found = [(row["page"], item) for row in rows for item in row["found"]]
    return ["", *(f"{page}: {item['level']}: {item['where'] or '-'}: {item['text']}" for page, item in found)]
