"""A page that the checklist has nothing to say about; tests change one thing at a time."""

from copy import deepcopy
from datetime import date

from content.checks.draft import Around

CLAIM = {
    "key": "dose-small", "topic": "dose", "text": "The dose is about 1 percent of the dose by mouth.",
    "certainty": "agree", "checked": True, "says": [{"source": "S0", "text": "Says about 1 percent."}],
}  # fmt: skip
SOURCE = {
    "key": "S0", "label": "Clinic page", "title": "Pumps", "publisher": "A clinic", "kind": "Web page",
    "says": "How pumps work.", "interests": "It sells pumps.", "reference": "", "dated": "2020", "checked": True,
}  # fmt: skip
TERM = {"key": "catheter", "term": "Catheter", "also": ["tube"], "definition": "A thin, soft tube."}
SITE = Around(
    pages={"morphine": "/medicines/morphine/", "risks": "/risks/"},
    public=frozenset({"morphine", "risks"}),
    recheck={"S0": date(2030, 1, 1)},
    terms={"catheter": ("Catheter", "tube"), "bolus": ("Bolus",)},
)
LIST = "<ul><li>It may help you.</li><li>It can harm you.</li><li>You can say no.</li></ul>"
CITED = '<p>You get <a href="claim:dose-small">about 1 percent of the dose by mouth</a>.</p>'


def block(kind="prose", body="", heading="", subject="", **fields):
    given = {"numerator": None, "denominator": None, "typical": "", "person": None, "picture": None, "consent_on": ""}
    return {"kind": kind, "heading": heading, "body": body, "subject": subject, **given, **fields}


def sound(*more, **fields):
    """A sound article with these blocks added before its checklist, and these fields in place of its own."""
    blocks = [
        block("key-points", LIST),
        block("prose", CITED, "What a pump does"),
        *more,
        block("checklist", "<ul><li>What are my other options?</li></ul>", "What to ask your team"),
    ]
    given = {
        "key": "dose", "language": "en", "kind": "article", "slug": "dose", "title": "The dose", "menu_title": "Dose",
        "summary": "A pump gives you a small dose.", "position": 1, "reviewed_by": "", "reviewed_on": "",
        "next_review": "", "facts": {}, "blocks": blocks, "claims": [CLAIM], "sources": [SOURCE], "terms": [],
        "topics": [{"key": "dose", "title": "The dose"}],
    }  # fmt: skip
    return deepcopy({**given, **fields})
