"""Is the page built so that it can be understood and acted on? Key message, order, pictures, balance, facts."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..models.page import BlockKind, PageKind
from ..readability import words_of
from .draft import Draft, Item, error, quoted, warning
from .text import lines
from .vocabulary import LANGUAGES

SUMMARY_WORDS = 50
WORDS_ON_PAGE = 1200
WORDS_A_MINUTE = 150
"""A careful reader of health texts, on the safe side."""
WORDS_IN_SECTION = 350
NO_WEIGHT = {BlockKind.CARE_CARD, BlockKind.CHECKLIST, BlockKind.RELATED, BlockKind.LISTING, "fact", "plain-fact"}
"""Signs, questions and links: they do not speak for or against."""
ONE_SIDED = 4
"""How many times as often one side may be told as the other."""


def build(draft: Draft) -> Iterator[Item]:
    yield from key_message(draft)
    yield from key_points(draft)
    yield from next_step(draft)
    yield from headings(draft)
    yield from sections(draft)
    yield from figures(draft)
    yield from tables(draft)
    yield from halves(draft)
    yield from stories(draft)
    yield from reading_length(draft)
    yield from balance(draft)
    yield from kind_facts(draft)


# --- message and actions -------------------------------------------------------------------------------------------


def key_message(draft: Draft) -> Iterator[Item]:
    count = len(words_of(draft.data["summary"]))
    if not count:
        text = _("The main message is missing. Say in one or two short sentences what matters most.")
        yield error("no-message", text, _("Main message"))
    elif count > SUMMARY_WORDS:
        text = _("The main message has %(count)s words. Keep what matters most, in at most %(most)s.")
        yield warning("long-message", text % {"count": count, "most": SUMMARY_WORDS}, _("Main message"))


def key_points(draft: Draft) -> Iterator[Item]:
    if draft.data["kind"] == PageKind.HOME:
        return
    found = draft.kinds(BlockKind.KEY_POINTS)
    if not found:
        yield error("no-key-points", _("The key points are missing. Put three to five short ones first on the page."))
        return
    where, block = found[0]
    if draft.blocks[0] is not block:
        yield warning("key-points-place", _("Put the key points first on the page."), where)
    count = sum(line.tag == "li" for line in lines(block["body"]))
    if not 3 <= count <= 5:
        text = _("There are %s key points. Three to five can be kept in mind.")
        yield warning("key-points-count", text % count, where)


def next_step(draft: Draft) -> Iterator[Item]:
    """Something to do: a checklist, questions to ask, or a heading that says so."""
    vocabulary = LANGUAGES.get(draft.data["language"])
    told = draft.kinds(BlockKind.CHECKLIST) or draft.facts.get("step_facts", {}).get("ask")
    headed = vocabulary and any(vocabulary.next_step.search(block["heading"]) for block in draft.blocks)
    if draft.data["kind"] != PageKind.HOME and not told and not headed:
        text = _("The page does not say what to do next. Add a checklist, such as “What you can do next”.")
        yield error("no-next-step", text)


# --- order ---------------------------------------------------------------------------------------------------------


def headings(draft: Draft) -> Iterator[Item]:
    """No level is left out: a block's own heading, then h3, then h4. Two headings are never the same."""
    vocabulary = LANGUAGES.get(draft.data["language"])
    seen: set[str] = set()
    headed = False
    for where, block in draft.named:
        headed = headed or bool(block["heading"]) or block["kind"] == BlockKind.KEY_POINTS
        level = 2 if headed else 1
        inside = [line for line in lines(block["body"]) if line.tag in ("h3", "h4")]
        for line in inside if block["kind"] != BlockKind.DO_DONT else []:
            if int(line.tag[1]) > level + 1:
                text = _("The heading “%s” leaves a level out. Give the block a heading, or use the larger heading.")
                yield error("heading-order", text % quoted(line.text), where)
            level = int(line.tag[1])
        name = block["heading"].strip().lower()
        if name and name in seen:
            text = _("Two headings are “%s”. Say in each what its part is about.")
            yield warning("same-heading", text % block["heading"], where)
        if vocabulary and name in vocabulary.empty_headings:
            text = _("The heading “%s” says little. Say what the reader will learn.")
            yield warning("vague-heading", text % block["heading"], where)
        seen.add(name)


def sections(draft: Draft) -> Iterator[Item]:
    """Long stretches without a heading."""
    count, started = 0, ""
    for (where, block), place in zip(draft.named, draft.own[2:], strict=False):
        own_headings = sum(line.tag in ("h3", "h4") for line in place.lines)
        if block["heading"] or own_headings:
            count, started = 0, where
        before = count
        count += sum(len(words_of(line.text)) for line in place.lines)
        if before <= WORDS_IN_SECTION < count and own_headings < 2:
            text = _("This part has more than %s words under one heading. Divide it with another heading.")
            yield warning("long-section", text % WORDS_IN_SECTION, started or where)


def reading_length(draft: Draft) -> Iterator[Item]:
    count = len(words_of(draft.text))
    if count > WORDS_ON_PAGE:
        text = _(
            "The page has %(count)s words: about %(minutes)s minutes of reading. Leave out what is told elsewhere."
        )
        yield warning("too-long", text % {"count": count, "minutes": round(count / WORDS_A_MINUTE)})


# --- pictures, tables, lists ---------------------------------------------------------------------------------------


def figures(draft: Draft) -> Iterator[Item]:
    for where, block in draft.named:
        picture = block.get("picture")
        if picture and not picture["alt"].strip() and not picture["decorative"]:
            text = _("The picture has no alternative text. Say what it shows, or tick that it only decorates.")
            yield error("no-alternative", text, where)
        if block["kind"] == BlockKind.FIGURE:
            if not block["subject"] and not picture:
                yield error("no-picture", _("Choose a drawing or a picture for this block."), where)
            if not lines(block["body"]):
                text = _("The picture has no caption. Say in a sentence what to see in it.")
                yield error("no-caption", text, where)


def tables(draft: Draft) -> Iterator[Item]:
    for where, block in draft.named:
        if "<table" in block["body"]:
            if "<caption>" not in block["body"]:
                text = _("The table has no caption. Say above it what it compares.")
                yield error("table-caption", text, where)
            if "<th" not in block["body"]:
                yield error("table-headings", _("The table has no heading cells. Make its first row headings."), where)
        elif block["kind"] == BlockKind.TABLE:
            yield error("no-table", _("There is no table in this block. Add one, or choose another kind."), where)


def halves(draft: Draft) -> Iterator[Item]:
    for where, block in draft.kinds(BlockKind.DO_DONT):
        tags = [line.tag for line in lines(block["body"])]
        parts = " ".join(tags).split("h3")
        if len(parts) != 3 or "li" not in parts[1] or "li" not in parts[2]:
            text = _("Give both halves: a heading “Do” with a list, then a heading “Don’t” with a list.")
            yield error("do-dont-halves", text, where)


def stories(draft: Draft) -> Iterator[Item]:
    for where, block in draft.kinds(BlockKind.STORY):
        if not block.get("consent_on"):
            text = _("A story needs the person’s recorded consent. Enter since when it is on record.")
            yield error("story-consent", text, where)
        if not (block.get("typical") or "").strip():
            text = _("Say how typical this story is, and that others may fare otherwise.")
            yield error("story-typical", text, where)


# --- balance and facts ---------------------------------------------------------------------------------------------


def balance(draft: Draft) -> Iterator[Item]:
    """Good and harm are both told. Counted in sentences; safety pages tell of harm alone."""
    vocabulary = LANGUAGES.get(draft.data["language"])
    if vocabulary is None or draft.data["kind"] == PageKind.SAFETY:
        return
    told = [place for place in draft.own if place.kind not in NO_WEIGHT]
    said = [sentence.text for place in told for line in place.lines for sentence in line.sentences]
    good = sum(bool(vocabulary.good.search(sentence)) for sentence in said)
    harm = sum(bool(vocabulary.harm.search(sentence)) for sentence in said)
    both_needed = draft.data["kind"] in (PageKind.DRUG, PageKind.PUMP_TYPE)
    if both_needed and not (good and harm):
        lost = _("what may be good") if harm else _("what may go wrong")
        yield error("one-sided", _("The page does not tell %s. Give both, with equal care.") % lost)
    elif good > ONE_SIDED * max(1, harm):
        text = _("%(good)s sentences tell of good and %(harm)s of harm. Give both with equal care.")
        yield warning("one-sided", text % {"good": good, "harm": harm})
    elif both_needed and harm > ONE_SIDED * good:
        text = _("%(harm)s sentences tell of harm and %(good)s of good. Give both with equal care.")
        yield warning("one-sided", text % {"good": good, "harm": harm})


def kind_facts(draft: Draft) -> Iterator[Item]:
    """A medicine says for which uses it is approved, and which signs are an emergency; the other kinds likewise."""
    needed = {
        PageKind.DRUG: (
            "drug_uses",
            _("Say for each use whether the medicine is FDA-approved for it, and as of when."),
        ),
        PageKind.PUMP_TYPE: ("pump_type_facts", _("Say whether this pump can be had, and as of when.")),
        PageKind.CONDITION: ("condition_facts", _("Say which sources name this condition, and how strongly.")),
        PageKind.STEP: ("step_facts", _("Say how long the step takes, what happens, and what to ask.")),
    }
    name, text = needed.get(draft.data["kind"], ("", ""))
    if name and not draft.facts.get(name):
        yield error("no-facts", text, _("Facts"))
    if draft.data["kind"] == PageKind.DRUG and not draft.facts.get("drug_facts", {}).get("emergency_signs"):
        yield error("no-emergency-signs", _("Name the signs that are an emergency with this medicine."), _("Facts"))
