"""The sentence of a page that tells most of what was searched for, with the words that were found marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .search_query import ENDINGS, Group, How, fold, stem

LENGTH = 200
"""About as many characters are shown."""
SHORT = 40
"""A sentence this short is a heading or a label; a longer one that holds as much is shown instead."""
SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a snippet; ``found``: it is one of the words that were searched for."""

    text: str
    found: bool


class Finder:
    """Finds the words of a query in a text."""

    def __init__(self, wanted: list[Group], how: How) -> None:
        ending = r"[^\W_]*" if how != How.ALL else f"(?:{'|'.join(ENDINGS)})?"
        groups = []
        for group in wanted:
            words = ([stem(word) + ending for word in phrase] for phrase in group.phrases)
            groups.append("|".join(r"[\W_]+".join(phrase) for phrase in words))
        self.count = len(wanted)
        self.beginnings = {stem(phrase[0]) for group in wanted for phrase in group.phrases}
        self.pattern = re.compile("|".join(rf"\b({group})\b" for group in groups))

    def may_be_in(self, folded: str) -> bool:
        """A quick look that spares the slow one for most of a page."""
        return any(beginning in folded for beginning in self.beginnings)

    def held(self, sentence: str) -> int:
        """How many of the groups the sentence holds."""
        return len({match.lastindex for match in self.pattern.finditer(fold(sentence))})

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in self.pattern.finditer(fold(text))]


def snippet(words: str, finder: Finder) -> tuple[Piece, ...]:
    """The first of the sentences with the most of the words, cut to size; empty when the text holds none."""
    best, most = "", (0, False)
    for line in words.split("\n"):
        if finder.may_be_in(fold(line)):
            for sentence in SENTENCE_END.split(line):
                told = (finder.held(sentence), len(sentence) > SHORT)
                if told[0] and told > most:
                    best, most = sentence, told
            if most == (finder.count, True):
                break
    return tuple(pieces(cut(best, finder), finder)) if best else ()


def cut(sentence: str, finder: Finder) -> str:
    """Whole words, at most about LENGTH characters, from a little before the first word that was found."""
    if len(sentence) <= LENGTH:
        return sentence
    start = max(0, min(finder.spans(sentence)[0][0] - LENGTH // 4, len(sentence) - LENGTH))
    end = start + LENGTH
    part = sentence[start:end]
    if start:
        part = "… " + (part.partition(" ")[2] or part)
    if end < len(sentence):
        part = (part.rpartition(" ")[0] or part) + " …"
    return part


def pieces(text: str, finder: Finder) -> Iterator[Piece]:
    """The text in order, the words that were found apart from the rest."""
    end = 0
    for start, stop in finder.spans(text):
        if start > end:
            yield Piece(text[end:start], False)
        yield Piece(text[start:stop], True)
        end = stop
    if end < len(text):
        yield Piece(text[end:], False)
