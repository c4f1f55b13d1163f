"""How hard a text is to read: school grades by two formulas, and what makes it hard. Pure; English only.

Formulas: Kincaid et al., Derivation of new readability formulas, 1975 (Flesch–Kincaid grade level);
McLaughlin, SMOG grading, Journal of Reading, 1969. Formulas warn; people decide.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from .syllables import syllables

LONG_WORD = 4
"""Syllables from which we call a word long."""

WORD = re.compile(r"[^\W_]+(?:[’'.,:/-][^\W_]+)*")
ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|vs|e\.g|i\.e|approx|U\.S)\.$|^\d{1,2}\.$")
SENTENCE_END = re.compile(r"[.?!…]+[”’\")\]]*\s+(?=[“‘\"(\[]?[^\W\d_a-z]|[“‘\"(\[]?\d)|\n+")


@dataclass(frozen=True)
class Reading:
    """The figures of one text. Grades are US school years; 0 when the text has no words."""

    words: int
    sentences: int
    grade: float
    """Flesch–Kincaid grade level."""
    smog: float
    """SMOG grade; made for 30 sentences or more, and about two higher than Flesch–Kincaid."""
    longest: tuple[str, ...]
    """The longest sentences, longest first."""
    long_words: tuple[tuple[str, int], ...]
    """(word, times) of the words of four syllables or more, most used first."""


def reading(text: str, *, without: Iterable[str] = ()) -> Reading:
    """The figures of a plain text, one line for each paragraph, heading or list item.

    ``without``: words that are explained to the reader (the glossary). Each counts as one easy word.
    """
    parts = sentences(text)
    eased = easy(parts, without)
    words = [word for part in eased for word in words_of(part)]
    counts = [syllables(word) for word in words]
    hard = sum(count >= 3 for count in counts)
    long_words = Counter(word.lower() for word, count in zip(words, counts, strict=True) if count >= LONG_WORD)
    return Reading(
        words=len(words),
        sentences=len(parts),
        grade=flesch_kincaid(len(words), len(parts), sum(counts)),
        smog=smog(hard, len(parts)),
        longest=tuple(sorted(parts, key=lambda part: len(words_of(part)), reverse=True)[:3]),
        long_words=tuple(long_words.most_common(10)),
    )


def flesch_kincaid(words: int, sentence_count: int, syllable_count: int) -> float:
    if not words:
        return 0.0
    return round(0.39 * words / sentence_count + 11.8 * syllable_count / words - 15.59, 1)


def smog(hard_words: int, sentence_count: int) -> float:
    """``hard_words``: of three syllables or more."""
    return round(1.043 * sqrt(30 * hard_words / sentence_count) + 3.1291, 1) if sentence_count else 0.0


def words_of(text: str) -> list[str]:
    """The words, hyphenated ones whole, marks left out."""
    return WORD.findall(text)


def sentences(text: str) -> list[str]:
    """The sentences in order."""
    return [text[start:end] for start, end in sentence_spans(text)]


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence; a line's end ends one too. Those without a word are left out."""
    cuts = [0, *(end.end() for end in SENTENCE_END.finditer(text) if not is_abbreviation(text, end)), len(text)]
    spans = ((start, start + len(text[start:end].rstrip())) for start, end in pairwise(cuts))
    return [(start, end) for start, end in spans if WORD.search(text, start, end)]


def is_abbreviation(text: str, end: re.Match) -> bool:
    """Whether the full stop belongs to a short form or to the number of a list."""
    line = text[text.rfind("\n", 0, end.start()) + 1 : end.start() + 1]
    return "\n" not in end.group() and bool(ABBREVIATION.search(line))


def easy(parts: list[str], without: Iterable[str]) -> list[str]:
    """The sentences with each of the words ``without`` put as one easy word."""
    names = sorted({name for name in without if name}, key=len, reverse=True)
    if not names:
        return parts
    known = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})s?\b", re.IGNORECASE)
    return [known.sub("word", part) for part in parts]
