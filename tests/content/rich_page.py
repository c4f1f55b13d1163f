"""One page that holds every kind of block and fact, each text of it recognizable."""

from datetime import date
from itertools import count

from content.models import Block, ConditionFacts, DrugFacts, DrugUse, Page, Person, Picture, PumpTypeFacts, StepFacts
from content.models.page import BlockKind
from content.snapshot import snapshot

from .test_snapshot import make_claim, make_page, make_term

HOLD = "Hold"
"""Each text of the page is this and a number; a test puts what it likes in its place."""
DAY = date(2026, 11, 2)
SUBJECTS = {"care-card": "today", "figure": "anatomy", "listing": "article", "differ": "dose"}


def rich_page() -> Page:
    """The rows of such a page, with a claim, a source, a topic and a word of the glossary."""
    number = (f"{HOLD} {n}." for n in count(1))
    make_claim("x", "S0", certainty="differ")
    make_term("x")
    page = make_page("x", reviewed_by="Dr. A, physician", reviewed_on=DAY, next_review=DAY)
    DrugFacts.objects.create(page=page, boxed_warning=next(number), emergency_signs=f"{next(number)}\n{next(number)}")
    DrugUse.objects.create(page=page, position=1, use=next(number), status="on-label", as_of=DAY, claim="x")
    PumpTypeFacts.objects.create(page=page, availability=next(number), as_of=DAY, claim="x")
    ConditionFacts.objects.create(page=page, named_by="S0", strength=next(number), claim="x")
    step = {name: next(number) for name in ("duration", "before", "during", "after", "ask")}
    StepFacts.objects.create(page=page, claim="x", **step)
    person = Person.objects.create(**{name: next(number) for name in ("name", "credentials", "role", "interests")})
    shown = {"data": b"x", "width": 4, "height": 3, "hash": "a" * 64}
    picture = Picture.objects.create(title="x", alt=next(number), **shown)
    for place, kind in enumerate(BlockKind.values, start=1):
        block(page, place, kind, person, picture, number)
    return page


def block(page, place, kind, person, picture, number) -> None:
    words = [next(number) for _ in range(4)]
    body = f'<p>{words[0]} <a href="claim:x">{words[1]}</a> <a href="term:x">{words[2]}</a></p>'
    more: dict = {"numerator": 3, "denominator": 4} if kind == BlockKind.NUMBER else {}
    if kind == BlockKind.STORY:
        more = {"typical": next(number), "consent_on": DAY}
    if kind == BlockKind.CALLOUT:
        more = {"person": person}
    if kind == BlockKind.DO_DONT:
        body = f"<h3>Do</h3>{body}<h3>Don’t</h3>{body}"
    given = {"kind": kind, "heading": words[3], "body": body, "subject": SUBJECTS.get(kind, ""), **more}
    Block.objects.create(page=page, position=place, **given)
    if kind == BlockKind.FIGURE:
        Block.objects.create(page=page, position=place, **{**given, "subject": "", "picture": picture})


def rich_data(page: Page) -> dict:
    """Its snapshot, the texts of the page and of what it rests on recognizable too."""
    data, number = snapshot(page), (f"{HOLD} {n}." for n in count(1001))
    for field in ("title", "menu_title", "summary", "reviewed_by"):
        data[field] = next(number)
    for claim in data["claims"]:
        claim["text"] = next(number)
        for says in claim["says"]:
            says["text"] = next(number)
    for source in data["sources"]:
        for field in ("label", "title", "publisher", "kind", "says", "interests", "reference", "dated"):
            source[field] = next(number)
    for term in data["terms"]:
        term.update(term=next(number), also=[next(number)], definition=next(number))
    for topic in data["topics"]:
        topic["title"] = next(number)
    return data


FACTS_OF = {
    "drug": ("drug_facts", "drug_uses"),
    "pump-type": ("pump_type_facts",),
    "condition": ("condition_facts",),
    "step": ("step_facts",),
}


def as_kind(data: dict, kind: str) -> dict:
    """The same as a page of another kind, with the facts of that kind alone."""
    facts = {name: data["facts"][name] for name in FACTS_OF.get(kind, ())}
    return {**data, "kind": kind, "slug": "" if kind == "home" else "x", "facts": facts}
