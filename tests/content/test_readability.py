"""How hard a text is to read: our own counts, against texts counted by hand and against textstat 0.7.4."""

import pytest
import textstat

from content.readability import flesch_kincaid, reading, sentences, smog, words_of
from content.syllables import syllables
from tests.content.test_guide_text import CLAIMS, PAGES, page_text, paragraphs

BY_HAND = {
    1: "don't we're care whole through strength asked moved times league eyes clothes the she me pump walked lines",
    2: "able table people needed handled doses changes safely movement lonely being trying lion quiet fuel fluid spasm "
    "rhythm doctor over after other little breathing safety lifestyle timeline sometimes someone careful evening rated "
    "eighteen science client cruel ruin poem isn't didn't playing higher region nation special ocean George's houses",
    3: "medicine baclofen area idea video usual actual easier everything diary opium opioid media united hospital "
    "another beautiful addiction remember museum pacemaker company procedure holiday natural syllable injury "
    "catheter MRI FDA",
    4: "ziconotide hydromorphone information usually operation emergency variable material experience reality "
    "community spasticity intrathecal diabetes",
    5: "administration university electricity inflammatory opportunity cerebrospinal pancreatitis",
    6: "rehabilitation responsibility accessibility",
}
HAND_COUNTED = [(word, count) for count, words in BY_HAND.items() for word in words.split()]

GETTYSBURG = """
Four score and seven years ago our fathers brought forth, on this continent, a new nation, conceived in Liberty, and
dedicated to the proposition that all men are created equal.
Now we are engaged in a great civil war, testing whether that nation, or any nation so conceived and so dedicated, can
long endure. We are met on a great battle-field of that war. We have come to dedicate a portion of that field, as a
final resting place for those who here gave their lives that that nation might live. It is altogether fitting
and proper that we should do this.
""".replace("\n", " ")


@pytest.mark.parametrize(("word", "count"), HAND_COUNTED)
def test_syllables_are_those_counted_by_hand(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize(("word", "count"), [("follow-up", 3), ("2018", 1), ("", 1), ("—", 1), ("doctor’s", 2)])
def test_odd_words_are_counted_too(word, count):
    assert syllables(word) == count


@pytest.mark.parametrize(
    ("text", "words", "count", "grade"),
    [
        ("The cat sat on the mat.", 6, 6, -1.4),
        ("This sentence, taken as a reading passage unto itself, is being used to prove a point.", 16, 23, 7.6),
        ("The Australian platypus is seemingly a hybrid of a mammal and reptilian creature.", 13, 24, 11.3),
    ],
)
def test_grade_of_texts_that_are_known(text, words, count, grade):
    assert len(words_of(text)) == words
    assert sum(syllables(word) for word in words_of(text)) == count
    assert reading(text).grade == pytest.approx(grade, abs=0.06)


def test_gettysburg_address_reads_as_textstat_reads_it():
    ours = reading(GETTYSBURG)
    assert ours.sentences == 5
    assert ours.words == textstat.lexicon_count(GETTYSBURG)
    assert ours.grade == pytest.approx(textstat.flesch_kincaid_grade(GETTYSBURG), abs=1)
    assert ours.smog == pytest.approx(textstat.smog_index(GETTYSBURG), abs=1)


def test_formulas_are_those_of_the_papers():
    assert flesch_kincaid(100, 10, 150) == 6.0  # 0.39 × 10 + 11.8 × 1.5 − 15.59
    assert smog(30, 30) == 8.8  # 1.043 × √30 + 3.1291
    assert (flesch_kincaid(0, 0, 0), smog(0, 0)) == (0.0, 0.0)


@pytest.mark.parametrize("key", PAGES)
@pytest.mark.parametrize("part", [page_text, paragraphs])
def test_every_page_reads_about_as_textstat_reads_it(key, part):
    """textstat counts where a word may be hyphenated: it misses syllables of "medicine" and spelled letters (CRPS)."""
    text = part(PAGES[key])
    ours, theirs = reading(text), textstat.flesch_kincaid_grade(text)
    assert ours.words == pytest.approx(textstat.lexicon_count(text), rel=0.03)
    assert theirs - 1 <= ours.grade <= theirs + 2.5


def test_our_syllables_are_not_fewer_than_textstats():
    text = "\n".join(claim["text"] for claim in CLAIMS.values())
    ours = sum(syllables(word) for word in words_of(text))
    assert textstat.syllable_count(text) <= ours <= 1.2 * textstat.syllable_count(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two? Three.", ["One.", "Two?", "Three."]),
        ("Ask Dr. Lee first. Then rest.", ["Ask Dr. Lee first.", "Then rest."]),
        ("It is 0.33 percent, e.g. less. Good.", ["It is 0.33 percent, e.g. less.", "Good."]),
        ("“Is it safe?” Ask.", ["“Is it safe?”", "Ask."]),
        ("A heading\nA sentence.", ["A heading", "A sentence."]),
        ("1. Evaluation", ["1. Evaluation"]),
        ("It took 12. 13 were left.", ["It took 12.", "13 were left."]),
        ("Wait … and see.", ["Wait … and see."]),
        ("  \n — \n", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text, parts):
    assert sentences(text) == parts


def test_longest_sentences_come_longest_first():
    assert reading("One. One two three. One two.").longest == ("One two three.", "One two.", "One.")


def test_long_words_are_counted_most_used_first():
    found = reading("Information helps. Rehabilitation helps. More information, more help.").long_words
    assert found == (("information", 2), ("rehabilitation", 1))


def test_words_the_glossary_explains_count_as_easy():
    text = "Ziconotide and hydromorphone are intrathecal medicines."
    assert reading(text, without=["Ziconotide", "hydromorphone", "intrathecal"]).grade < reading(text).grade - 5
    assert reading(text, without=["zico"]).grade == reading(text).grade


@pytest.mark.parametrize("text", ["", " ", "—", "…\n\n"])
def test_nothing_to_read_is_no_error(text):
    assert (reading(text).words, reading(text).grade, reading(text).smog) == (0, 0.0, 0.0)
