"""Is it plain, and is it said the way the guide speaks? Reading level, sentences, words."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from ..models.page import BlockKind
from ..readability import reading, words_of
from .draft import LISTS_OF_THE_SITE, Draft, Item, Place, error, quoted, warning
from .vocabulary import LANGUAGES, Vocabulary

GRADE_AIM, GRADE_MOST = 6, 8
WORDS_AIM, WORDS_MOST = 20, 25
SENTENCES_IN_PARAGRAPH = 3
WORDS_IN_LABEL = 3
"""A list item may begin with a label such as “Bleeding.”; it is no sentence."""
NO_MARKS = {*LISTS_OF_THE_SITE, BlockKind.CHECKLIST, "title", "summary", "fact", "plain-fact"}
"""Parts that hold no marks, or questions to take along."""


def wording(draft: Draft) -> Iterator[Item]:
    """All checks of wording; in a language without a vocabulary, one warning that a person has to look."""
    vocabulary = LANGUAGES.get(draft.data["language"])
    yield from sentence_length(draft)
    yield from paragraph_length(draft)
    yield from shouting(draft)
    if vocabulary is None:
        text = _("The words and the reading level can be checked in English only. Let someone who reads it check both.")
        yield warning("not-measured", text)
        return
    yield from reading_level(draft)
    yield from never_words(draft, vocabulary)
    yield from hard_words(draft, vocabulary)
    yield from undefined_terms(draft)
    if draft.data["kind"] != "home" and not vocabulary.to_you.search(draft.text):
        yield warning("no-you", _("The page never says “you”. Speak to the reader."))


def reading_level(draft: Draft) -> Iterator[Item]:
    """Flesch–Kincaid of the whole page and of its paragraphs; the harder of the two counts."""
    names = glossary_names(draft)
    found = max((reading(text) for text in (draft.text, draft.running_text)), key=lambda read: read.grade)
    if found.grade <= GRADE_AIM:
        return
    eased = max(reading(text, without=names).grade for text in (draft.text, draft.running_text))
    text = _(
        "The text reads at grade %(grade)s (without the glossary words: %(eased)s). Aim for %(aim)s, never above "
        "%(most)s: cut long sentences in two, and use shorter words in place of %(words)s."
    ) % {
        "grade": found.grade,
        "eased": eased,
        "aim": GRADE_AIM,
        "most": GRADE_MOST,
        "words": ", ".join(f"“{word}”" for word, _times in found.long_words[:5]) or _("long ones"),
    }
    yield (error if found.grade > GRADE_MOST else warning)("reading-level", text)


def glossary_names(draft: Draft) -> set[str]:
    """The words and other names that the glossary explains, of this page or of the whole site."""
    own = {name for term in draft.data["terms"] for name in (term["term"], *term["also"])}
    return own | {name for names in draft.around.terms.values() for name in names}


def sentence_length(draft: Draft) -> Iterator[Item]:
    for place, sentence in all_sentences(draft):
        count = len(words_of(sentence))
        if count > WORDS_AIM:
            text = _("This sentence has %(count)s words; aim for %(aim)s or fewer. Make two of it: “%(sentence)s”") % {
                "count": count,
                "aim": WORDS_AIM,
                "sentence": quoted(sentence),
            }
            yield (error if count > WORDS_MOST else warning)("long-sentence", text, place.where)


def all_sentences(draft: Draft) -> Iterator[tuple[Place, str]]:
    """(place, sentence) of the page and its notes."""
    for place in draft.own + draft.notes:
        for line in place.lines:
            for sentence in line.sentences:
                yield place, sentence.text


def paragraph_length(draft: Draft) -> Iterator[Item]:
    for place in draft.own:
        for line in place.lines:
            count = sum(len(words_of(sentence.text)) > WORDS_IN_LABEL for sentence in line.sentences)
            if count > SENTENCES_IN_PARAGRAPH:
                text = _("This paragraph has %(count)s sentences; three are enough. Divide it: “%(text)s”")
                yield warning("long-paragraph", text % {"count": count, "text": quoted(line.text)}, place.where)


def shouting(draft: Draft) -> Iterator[Item]:
    for place, sentence in all_sentences(draft):
        if "!" in sentence:
            text = _("Exclamation marks shout. Write a full stop: “%s”") % quoted(sentence)
            yield warning("shouting", text, place.where)


def never_words(draft: Draft, vocabulary: Vocabulary) -> Iterator[Item]:
    for place, sentence in all_sentences(draft):
        for found in vocabulary.never.findall(sentence):
            text = _("“%(word)s” judges, promises or sells. Say plainly what is known instead: “%(sentence)s”")
            yield error("never-word", text % {"word": found, "sentence": quoted(sentence)}, place.where)
        if vocabulary.stop_medicine.search(sentence):
            text = _(
                "This tells people to stop or change a medicine. Write: do not stop or change it on your own; "
                "ask your team: “%s”"
            )
            yield error("stop-medicine", text % quoted(sentence), place.where)
        if vocabulary.approved_people.search(sentence):
            text = _("People are never “approved”; only a product’s label is. Say it another way: “%s”")
            yield error("approved-person", text % quoted(sentence), place.where)


def hard_words(draft: Draft, vocabulary: Vocabulary) -> Iterator[Item]:
    """Words with a plain one in their place, unless the glossary explains them."""
    explained = {name.lower() for name in glossary_names(draft)}
    looked_for = [word for word in vocabulary.plainer if word not in explained]
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, looked_for))})\b", re.IGNORECASE)
    for place in draft.own + draft.notes:
        for word in dict.fromkeys(word.lower() for line in place.lines for word in pattern.findall(line.text)):
            text = _("“%(word)s” is a hard word. Write “%(plain)s”, or explain it in the glossary.")
            yield warning("hard-word", text % {"word": word, "plain": vocabulary.plainer[word]}, place.where)


def undefined_terms(draft: Draft) -> Iterator[Item]:
    """Glossary words that the text uses and explains nowhere: not by a mark, and not by a link to their own page.

    Only words that could be marked count: those in questions, headings, or under another mark cannot.
    """
    if draft.kinds(BlockKind.GLOSSARY):
        return
    explained = {link.href.partition(":")[2] for _place, _line, link in draft.links} | {draft.data["key"]}
    text, used = unlinked_text(draft), []
    for key, (word, *_also) in sorted(draft.around.terms.items(), key=lambda term: -len(term[1][0])):
        text, times = re.subn(rf"\b{re.escape(word)}s?\b", " ", text, flags=re.IGNORECASE)  # not again in a shorter one
        if times and key not in explained:
            used.append(word)
    if used:
        told = _("These glossary words are used and not explained on this page: %s. Mark each where it comes first.")
        yield warning("undefined-term", told % ", ".join(f"“{word}”" for word in sorted(used)))


def unlinked_text(draft: Draft) -> str:
    """What the page says where a word could still be marked."""
    text = []
    for place in draft.own:
        for line in place.lines if place.kind not in NO_MARKS else ():
            if line.tag not in ("heading", "h3", "h4", "caption"):
                linked = {n for link in line.links for n in range(link.start, link.end)}
                text.append("".join(" " if n in linked else letter for n, letter in enumerate(line.text)))
    return "\n".join(text)
