"""What someone typed, as words and groups of words, and as the query text of each database; imports neither."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

LONGEST = 200
"""Characters of a query that are read; the rest is left out."""
MOST_WORDS = 16
LONGEST_WORD = 40

WORD = re.compile(r"[^\W_]+")
FOLDS = {
    code: plain
    for code in range(0xC0, 0x250)
    if (plain := unicodedata.normalize("NFD", chr(code))[0]).isascii()
}  # fmt: skip
"""Latin letters without their accents, one for one; the index of each database does the same."""
ACCENTED = re.compile("[À-ɏ]")
ENDINGS = ("ings", "ing", "ies", "ers", "ed", "es", "er", "ly", "s", "y", "e")
ENGLISH_STOP_WORDS = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it
    its itself they them their theirs themselves what which who whom this that these those am is are was were be been
    being have has had having do does did doing a an the and but if or because as until while of at by for with about
    against between into through during before after above below to from up down in out on off over under again further
    then once here there when where why how all any both each few more most other some such no nor not only own same so
    than too very s t can will just don should now
"""
STOP_WORDS = {"en": frozenset(ENGLISH_STOP_WORDS.split())}
"""The words that PostgreSQL's English dictionary leaves out; SQLite has none of its own."""

Phrase = tuple[str, ...]
"""Words that stand side by side."""


class How(Enum):
    """How much of what was typed a page must hold; tried in this order until pages are found."""

    ALL = "all words"
    ALL_BEGINNINGS = "all words, or longer words that begin like them"
    ANY = "any of the words"


@dataclass(frozen=True, slots=True)
class Group:
    """One word (or known phrase) of the query, and the phrases that mean the same; a page may hold any of them."""

    phrases: tuple[Phrase, ...]

    @property
    def meant(self) -> "Group":
        """Without what was typed, where the pages have a word of their own for it."""
        return Group(self.phrases[1:] or self.phrases)


def fold(text: str) -> str:
    """The text in lower case without accents, letter for letter as long as before."""
    text = text.translate(FOLDS) if ACCENTED.search(text) else text
    return "".join(letter.lower()[0] for letter in text) if len(text) != len(text.lower()) else text.lower()


def words_of(text: str) -> list[str]:
    """The words of a text in lower case without accents, in order."""
    return [word[:LONGEST_WORD] for word in WORD.findall(fold(text))]


def typed(text: str) -> list[str]:
    """The words of a query; a very long one is cut."""
    return words_of(unicodedata.normalize("NFKC", text[:LONGEST]))[:MOST_WORDS]


def stem(word: str) -> str:
    """The word without a common English ending: enough to tell that "pumps" is "pump"."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def groups(text: str, language: str, synonyms: tuple[tuple[str, str], ...]) -> list[Group]:
    """The query as groups, the longest known synonym first; words that tell nothing are left out.

    ``synonyms``: pairs of what people type and what the pages say.
    """
    stops, means = STOP_WORDS.get(language, frozenset()), meanings(language, synonyms)
    longest = max(map(len, means), default=1)
    words, found = typed(text), []
    while words:
        size = next((n for n in range(longest, 0, -1) if tuple(map(stem, words[:n])) in means), 1)
        phrase, words = tuple(words[:size]), words[size:]
        others = means.get(tuple(map(stem, phrase)), [])
        if others or phrase[0] not in stops:
            found.append(Group((phrase, *others)))
    return list(dict.fromkeys(found))


@lru_cache(maxsize=4)
def meanings(language: str, synonyms: tuple[tuple[str, str], ...]) -> dict[Phrase, list[Phrase]]:
    """Stems of what people type -> what the pages say. A word that tells nothing is no synonym."""
    means: dict[Phrase, list[Phrase]] = {}
    for word, meaning in synonyms:
        words = words_of(word)
        if set(words) - STOP_WORDS.get(language, frozenset()) and words_of(meaning):
            means.setdefault(tuple(map(stem, words)), []).append(tuple(words_of(meaning)))
    return means


# --- for each database: words hold letters and digits alone, so nothing in them needs to be escaped ----------------


def for_sqlite(wanted: list[Group], how: How, *, title_only: bool = False) -> str:
    """As an FTS5 query."""
    if how == How.ANY:
        return " OR ".join(f'"{word}"*' for word in single_words(wanted))
    end = "*" if how == How.ALL_BEGINNINGS else ""
    groups = ("(" + " OR ".join(f'"{" ".join(phrase)}"{end}' for phrase in group.phrases) + ")" for group in wanted)
    return f"{'title : ' if title_only else ''}({' AND '.join(groups)})"


def for_postgresql(wanted: list[Group], how: How, *, title_only: bool = False) -> str:
    """As a tsquery; a quoted phrase becomes words that follow each other, and A is the title."""
    if how == How.ANY:
        return " | ".join(f"'{word}':*" for word in single_words(wanted))
    marks = ("*" if how == How.ALL_BEGINNINGS else "") + ("A" if title_only else "")
    end = f":{marks}" if marks else ""
    groups = ("(" + " | ".join(f"'{' '.join(phrase)}'{end}" for phrase in group.phrases) + ")" for group in wanted)
    return " & ".join(groups)


def single_words(wanted: list[Group]) -> list[str]:
    """Every word of what was typed, each once."""
    return list(dict.fromkeys(word for group in wanted for word in group.phrases[0]))
