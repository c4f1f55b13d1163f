"""Says who? Numbers and weighing words without a claim, claims that nobody checked, links that lead nowhere."""

from collections.abc import Iterator

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ..models.page import BlockKind
from ..snapshot import missing
from .draft import Draft, Item, Place, error, quoted, warning
from .vocabulary import LANGUAGES, Vocabulary

NO_CLAIM_NEEDED = {BlockKind.CHECKLIST, BlockKind.RELATED, BlockKind.LISTING, BlockKind.STORY, "title", "fact"}
"""Questions to ask, lists of links, a story (its own note says how typical it is), and facts with a footnote."""
HOLDS_NO_MARKS = {"summary", "plain-fact"}
"""What these say can only be marked where the page says it again."""
ABOUT_THE_SITE = {"about", "privacy", "accessibility"}
"""Pages that speak of this site, not of medicine: we are the source."""
OTHER_PATHS = ("/screening/", "/search/", "/corrections/")
"""Public addresses that are not pages of the guide."""


def evidence(draft: Draft) -> Iterator[Item]:
    vocabulary = LANGUAGES.get(draft.data["language"])
    if vocabulary is not None and draft.data["key"] not in ABOUT_THE_SITE:
        told = told_in_notes(draft)
        known = figures_of(told, vocabulary), weighing_words(told, vocabulary)
        for place in draft.own:
            if place.kind not in NO_CLAIM_NEEDED:
                yield from unsourced(place, vocabulary, *known)
    yield from numbers_drawn(draft)
    yield from facts_sourced(draft, vocabulary)
    yield from unchecked_claims(draft)
    yield from overdue_sources(draft)
    yield from broken_marks(draft)
    yield from broken_paths(draft)
    yield from link_words(draft)


# --- numbers and words ---------------------------------------------------------------------------------------------


def unsourced(place: Place, vocabulary: Vocabulary, stated: set[str], weighed: set[str]) -> Iterator[Item]:
    """Sentences that state a figure or weigh something, and carry no claim. Questions and headings state nothing.

    ``stated``, ``weighed``: the figures and weighing words of the page's claims. Such a figure may be said again
    without a mark, and such a word where nothing can be marked.
    """
    for line in place.lines:
        if line.tag in ("heading", "h3", "h4", "caption"):
            continue
        for sentence in line.sentences:
            if sentence.sourced or sentence.text.endswith("?"):
                continue
            figures = figures_of(sentence.text, vocabulary) - stated
            if figures:
                text = NO_FIGURE[place.kind in HOLDS_NO_MARKS]
                found = {"word": min(figures), "sentence": quoted(sentence.text)}
                yield error("number-without-claim", text % found, place.where)
            weighing = weighing_words(sentence.text, vocabulary)
            if place.kind in HOLDS_NO_MARKS:
                weighing -= weighed
            for word in sorted(weighing):
                text = _("“%(word)s” needs a source. Mark it with a claim, or say what you mean: “%(sentence)s”")
                found = {"word": word, "sentence": quoted(sentence.text)}
                yield warning("word-without-claim", text % found, place.where)


NO_FIGURE = {
    False: lazy("Who says “%(word)s”? Mark these words with the claim they rest on: “%(sentence)s”"),
    True: lazy("Who says “%(word)s”? Say it in a text of the page too, marked with its claim: “%(sentence)s”"),
}


def figures_of(text: str, vocabulary: Vocabulary) -> set[str]:
    return {found.lower() for found in vocabulary.figures.findall(vocabulary.not_figures.sub("", text))}


def weighing_words(text: str, vocabulary: Vocabulary) -> set[str]:
    return {found.lower() for found in vocabulary.weighing.findall(vocabulary.not_weighing.sub("", text))}


def told_in_notes(draft: Draft) -> str:
    """What the page's claims say, as one text."""
    return "\n".join(line.text for place in draft.notes if place.kind == "note" for line in place.lines)


def numbers_drawn(draft: Draft) -> Iterator[Item]:
    for where, block in draft.kinds(BlockKind.NUMBER):
        if "claim:" not in block["body"]:
            text = _("Say who was counted, how and for how long, and mark it with the claim these numbers rest on.")
            yield error("number-without-claim", text, where)


def facts_sourced(draft: Draft, vocabulary: Vocabulary | None) -> Iterator[Item]:
    """Each fact names its claim. Only how long a step takes may do without, where it gives no figure: a warning."""
    for name, row in fact_rows(draft):
        told = row.get("use") or row.get("availability") or row.get("strength") or row.get("duration") or ""
        open_time = name == "step_facts" and vocabulary is not None and not figures_of(told, vocabulary)
        if "claim" in row and not row["claim"]:
            text = _("A fact has no claim that backs it: “%s”. Choose the claim.")
            yield (warning if open_time else error)("fact-without-claim", text % quoted(told), _("Facts"))


def fact_rows(draft: Draft) -> list[tuple[str, dict]]:
    uses = [("drug_uses", use) for use in draft.facts.get("drug_uses", [])]
    return [(name, row) for name, row in draft.facts.items() if name != "drug_uses"] + uses


# --- claims and sources --------------------------------------------------------------------------------------------


def unchecked_claims(draft: Draft) -> Iterator[Item]:
    unchecked = [claim["key"] for claim in draft.data["claims"] if not claim["checked"]]
    if unchecked:
        text = _(
            "%(count)s of %(all)s claims on this page were never checked by a clinician: %(keys)s. Ask for a check."
        )
        found = {"count": len(unchecked), "all": len(draft.data["claims"]), "keys": ", ".join(unchecked)}
        yield warning("claim-unchecked", text % found)


def overdue_sources(draft: Draft) -> Iterator[Item]:
    today = localdate(draft.at)
    for source in draft.data["sources"]:
        due = draft.around.recheck.get(source["key"])
        if due is not None and due < today:
            text = _("The source “%(label)s” was to be looked at again by %(due)s. Check what it says now.")
            yield warning("source-overdue", text % {"label": source["label"], "due": due.isoformat()})


# --- links ---------------------------------------------------------------------------------------------------------

LOST = {"claim": lazy("claim"), "term": lazy("glossary word"), "page": lazy("page")}


def broken_marks(draft: Draft) -> Iterator[Item]:
    pages = {*draft.around.pages, draft.data["key"]}
    for mark in missing({"facts": {}, **draft.data}, pages):
        scheme, _colon, key = mark.partition(":")
        text = _("There is no %(what)s with the key “%(key)s”. Choose another, or take the mark away.")
        yield error("broken-link", text % {"what": LOST[scheme], "key": key}, where_marked(draft, mark))
    linked = {link.href[5:] for _place, _line, link in draft.links if link.href.startswith("page:")}
    for key in sorted((linked & pages) - draft.around.public - {draft.data["key"]}):
        text = _("The page “%s” is not public yet. Publish it first, or take the link away.")
        yield warning("link-not-public", text % key, where_marked(draft, f"page:{key}"))


def where_marked(draft: Draft, mark: str) -> str:
    return next((place.where for place, _line, link in draft.links if link.href == mark), "")


def broken_paths(draft: Draft) -> Iterator[Item]:
    paths = set(draft.around.pages.values())
    for place, _line, link in draft.links:
        path = link.href.partition("#")[0]
        if path.startswith("/") and path not in paths and not path.startswith(OTHER_PATHS):
            text = _(
                "No page has the address %s. Link to the page by its key (page:…), so that the link can move along."
            )
            yield error("broken-link", text % path, place.where)


def link_words(draft: Draft) -> Iterator[Item]:
    """Links must make sense when read out alone."""
    vocabulary = LANGUAGES.get(draft.data["language"])
    empty = vocabulary.empty_links if vocabulary else frozenset()
    for place, line, link in draft.links:
        words = line.words_of(link).strip()
        bare = words.lower().strip(" .,:;!?“”‘’()")
        if not bare:
            yield error("link-words", _("A link has no words. Say where it leads, or take it away."), place.where)
        elif not link.href.startswith(("claim:", "term:")) and (bare in empty or "://" in bare):
            text = _("The link “%s” does not say where it leads. Use words such as the page’s title.")
            yield error("link-words", text % quoted(words), place.where)
