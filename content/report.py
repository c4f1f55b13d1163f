"""The figures of every page in one list; for manage.py guide_report."""

from datetime import datetime

from .checklist import around, checklist
from .checks.build import WORDS_A_MINUTE
from .checks.draft import Around, Draft
from .checks.scores import scores
from .checks.wording import glossary_names
from .models import Page
from .readability import reading, words_of
from .snapshot import snapshots


def report(language: str, *, live: bool, at: datetime) -> list[dict]:
    """One JSON-ready row for each page of the language, in the order of their keys; ``live``: of what is public."""
    pages = Page.objects.filter(language=language).select_related("live").order_by("key")
    site = around(language)
    if live:
        return [row(page.live.snapshot, site, at) for page in pages if page.live]
    return [row(data, site, at) for _page, data in snapshots(pages)]


def row(data: dict, site: Around, at: datetime) -> dict:
    """The figures of one snapshot. ``eased_grade``: the harder of the two grades with glossary words taken as easy."""
    draft, found = Draft(data, at, site), checklist(data, at=at, site=site)
    whole, running = reading(draft.text), reading(draft.running_text)
    names = glossary_names(draft)
    return {
        "page": data["key"],
        "kind": data["kind"],
        "words": whole.words,
        "minutes": max(1, round(whole.words / WORDS_A_MINUTE)),
        "grade": whole.grade,
        "running_grade": running.grade,
        "eased_grade": max(reading(text, without=names).grade for text in (draft.text, draft.running_text)),
        "smog": whole.smog,
        "longest_sentence": max((len(words_of(sentence)) for sentence in whole.longest), default=0),
        "longest": list(whole.longest),
        "long_words": [word for word, _times in whole.long_words],
        "errors": sum(item.level == "error" for item in found),
        "warnings": sum(item.level == "warning" for item in found),
        "points": scores(data, found),
        "found": [dict(vars(item)) for item in found],
    }
