"""What may have been meant: words of the pages that are spelt much like those someone typed. No database here."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice

from .search_query import STOP_WORDS, stem, typed, words_of

MOST_SUGGESTIONS = 3
SHORTEST = 4
"""Shorter words are too much alike to guess at."""
CANDIDATES = 40


class Vocabulary:
    """The words of some texts, found again by their groups of three letters."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(words_of(text))
        self.counts = counts
        self.stems = {stem(word) for word in counts}
        self.by_trigram: dict[str, list[str]] = defaultdict(list)
        for word in counts:
            if len(word) >= SHORTEST and word.isalpha():
                for trigram in trigrams(word):
                    self.by_trigram[trigram].append(word)

    def knows(self, word: str) -> bool:
        return stem(word) in self.stems

    def nearest(self, word: str) -> list[str]:
        """Words one may have meant: those with the fewest slips between, the most often used first."""
        allowed = 1 if len(word) < 6 else 2 if len(word) < 10 else 3
        near = sorted((slips(word, other), -self.counts[other], other) for other in self.candidates(word))
        return [other for count, _often, other in near if count <= allowed and count == near[0][0]]

    def candidates(self, word: str) -> Iterable[str]:
        """The words with the most trigrams in common, and those that differ by two letters that changed places."""
        shared: Counter[str] = Counter()
        for trigram in trigrams(word):
            shared.update(self.by_trigram.get(trigram, ()))
        alike = {other: 2 * count / (len(word) + len(other) + 2) for other, count in shared.items()}
        best = sorted(alike, key=lambda other: (-alike[other], other))[:CANDIDATES]
        swapped = (word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1))
        return {*best, *(other for other in swapped if other in self.counts)}


def trigrams(word: str) -> set[str]:
    padded = f"  {word} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)}


def slips(one: str, other: str) -> int:
    """How many letters were added, left out, changed, or swapped with the next."""
    before: list[int] = []
    line = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        earlier, before, line = before, line, [row]
        for column, wanted in enumerate(other, start=1):
            least = min(before[column] + 1, line[column - 1] + 1, before[column - 1] + (letter != wanted))
            if row > 1 < column and letter == other[column - 2] and one[row - 2] == wanted:
                least = min(least, earlier[column - 2] + 1)
            line.append(least)
    return line[-1]


def corrected(text: str, language: str, vocabulary: Vocabulary) -> list[str]:
    """The words typed, each that no page holds replaced by one that a page does; none when all are known."""
    words, stops = typed(text), STOP_WORDS.get(language, frozenset())
    unknown = {
        word: vocabulary.nearest(word)
        for word in dict.fromkeys(words)
        if len(word) >= SHORTEST and word not in stops and not vocabulary.knows(word)
    }
    if not any(unknown.values()):
        return []
    return list(islice(dict.fromkeys(" ".join(line) for line in choices(words, unknown)), MOST_SUGGESTIONS))


def choices(words: list[str], unknown: dict[str, list[str]]) -> Iterator[list[str]]:
    """First the best word for each unknown one, then the second best, and so on."""
    for place in range(MOST_SUGGESTIONS):
        yield [pick(unknown[word], place, word) if word in unknown else word for word in words]


def pick(near: list[str], place: int, word: str) -> str:
    return near[min(place, len(near) - 1)] if near else word
