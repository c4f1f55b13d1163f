"""Version 1 as files: ids and codes are contracts, it is whole in words, a broken one is refused with the mend."""

import copy
import shutil

import pytest

from pumpguide.publishing import content_hash
from screening.definition import FOLDER, definition, read_condition, read_folder, read_question, read_rule
from screening.engine.terms import RulesetError
from screening.urgent import all_cards
from tests.screening.patients import RULES, VERSION_1, by_length

PAIN = "main-problem: pain, both, not-sure"
SPASTICITY = "main-problem: spasticity, both, not-sure"
ADULT = "age: 18-or-over"
YES_NO = "yes no not-sure(u)"
MENTAL = "now-untreated now-in-treatment past no not-sure(u) prefer-not-to-say(u)"

# link_id, type, when it is asked ("" is always), options: (u) is unknown, ! stands alone
QUESTIONS = [
    (
        "urgent-signs",
        "multi",
        "",
        "breathing new-leg-weakness bladder-bowel fever-stiff-neck seizure-or-confusion self-harm pump-problem !none",
    ),
    ("answering-for", "single", "", "myself someone-else"),
    ("age", "single", "", "under-18 18-or-over"),
    ("main-problem", "single", ADULT, "pain spasticity both neither not-sure(u)"),
    ("pain-duration", "single", PAIN, "under-3-months 3-to-6-months 6-to-12-months over-1-year not-sure(u)"),
    ("pain-severity", "single", PAIN, "mild moderate severe not-sure(u)"),
    (
        "pain-causes",
        "multi",
        PAIN,
        "failed-back-surgery spine-condition cancer crps peripheral-nerve-injury chronic-pancreatitis arachnoiditis "
        "cp-or-ms other-nerve-pain joint-or-tissue-pain other !none-named !not-sure(u)",
    ),
    (
        "surgery-outlook",
        "single",
        "pain-causes: failed-back-surgery, spine-condition",
        "had-still-hurts told-wont-help told-might-help not-discussed not-sure(u)",
    ),
    ("opioid-history", "single", PAIN, "helped did-not-help never-taken not-sure(u)"),
    (
        "opioid-now",
        "single",
        "opioid-history: helped",
        "still-enough wearing-off side-effects no-longer-taking not-sure(u)",
    ),
    ("opioid-switched", "single", "opioid-now: wearing-off, side-effects", YES_NO),
    ("around-the-clock", "single", PAIN, YES_NO),
    (
        "pain-treatments-failed",
        "multi",
        PAIN,
        "medicines injections physical-therapy talking-therapy relaxation acupuncture-or-other chiropractic surgery "
        "!none !not-sure(u)",
    ),
    ("pain-control", "single", PAIN, "controlled not-controlled not-sure(u)"),
    (
        "spasticity-causes",
        "multi",
        SPASTICITY,
        "cerebral-palsy multiple-sclerosis stroke brain-injury spinal-cord-injury other !none-named !not-sure(u)",
    ),
    ("spasticity-severity", "single", SPASTICITY, "mild moderate severe not-sure(u)"),
    (
        "spasticity-treatments-failed",
        "multi",
        SPASTICITY,
        "spasm-medicines physical-therapy injections braces-or-casts surgery !none !not-sure(u)",
    ),
    ("spasticity-control", "single", SPASTICITY, "controlled not-controlled not-sure(u)"),
    ("infection", "single", ADULT, YES_NO),
    ("intracranial-hypertension", "single", ADULT, YES_NO),
    ("blood-thinners", "single", ADULT, YES_NO),
    ("bleeding-problem", "single", ADULT, YES_NO),
    ("blood-clots", "single", ADULT, YES_NO),
    (
        "substance-use",
        "single",
        ADULT,
        "active-untreated in-treatment past no not-sure(u) prefer-not-to-say(u)",
    ),
    ("depression", "single", ADULT, MENTAL),
    ("other-mental-health", "single", ADULT, MENTAL),
    ("serious-illness", "single", ADULT, "yes no not-sure(u) prefer-not-to-say(u)"),
    (
        "life-expectancy",
        "single",
        "serious-illness: yes",
        "under-6-months 6-months-or-more not-discussed(u) not-sure(u) prefer-not-to-say(u)",
    ),
    ("refills", "single", ADULT, "yes with-help no not-willing not-sure(u)"),
    ("trial-willing", "single", ADULT, YES_NO),
    ("psychological-evaluation-willing", "single", ADULT, YES_NO),
    ("other-conditions", "single", ADULT, YES_NO),
]


@pytest.fixture
def snapshot():
    """Version 1 as data, for each test its own."""
    return copy.deepcopy(read_folder())


@pytest.fixture
def folder(tmp_path):
    """Version 1 as files, for each test its own."""
    return shutil.copytree(FOLDER, tmp_path / "ruleset")


def row(snapshot, table, key, name="link_id"):
    return next(row for row in snapshot["rules"][table] if row[name] == key)


# --- version 1


def test_the_questions_are_those_of_the_specification_in_order():
    assert [question.link_id for question in RULES.questions] == [link_id for link_id, *_rest in QUESTIONS]


@pytest.mark.parametrize(("link_id", "type", "asked_when", "options"), QUESTIONS)
def test_question_is_as_specified(link_id, type, asked_when, options):
    question = RULES.by_link_id[link_id]
    marked = [f"{'!' * option.exclusive}{option.code}{'(u)' * option.unknown}" for option in question.options]
    assert (question.type, marked) == (type, options.split())
    if asked_when:
        assert question.enabled_when.conditions == (read_condition(asked_when),)
        assert question.enabled_when.mode != "none of"
    else:
        assert question.enabled_when is None


def test_not_sure_and_prefer_not_to_say_are_always_unknown():
    unsure = {"not-sure", "prefer-not-to-say"}
    assert all(unsure.intersection(question.codes) <= question.unknown_codes for question in RULES.questions)


def test_version_1_has_an_address_a_number_and_the_hash_of_its_content():
    assert RULES.canonical == "https://pumpguide.example/fhir/Questionnaire/pain-pump-screening|1"
    assert RULES.hash == content_hash(read_folder())


def test_hash_changes_with_a_single_word(snapshot):
    snapshot["wording"]["en"]["disclaimer"]["text"] += " "
    assert definition(snapshot).ruleset.hash != RULES.hash


# --- wording


@pytest.mark.parametrize("question", RULES.questions, ids=lambda question: question.link_id)
def test_question_has_no_words_for_options_it_does_not_have(question):
    words = VERSION_1.wordings["en"].tables["question"][question.link_id]
    assert list(words["options"]) == list(question.codes)
    assert set(words.get("options_other", {})) | set(words.get("option_hints", {})) <= set(question.codes)


def test_every_worded_criterion_and_question_is_in_the_rules():
    tables = VERSION_1.wordings["en"].tables
    assert list(tables["question"]) == list(RULES.by_link_id)
    assert set(tables["criterion"]) == {criterion.id for criterion in RULES.criteria}


def test_words_for_someone_else_are_used_where_there_are_any():
    words = VERSION_1.wording("en")
    assert words.of("question", "age", "text", other=True) == "How old are they?"
    assert words.of("question", "age", "short", other=True) == "Age"
    assert words.option("surgery-outlook", "had-still-hurts", other=True) == "They had surgery, and it still hurts"
    assert words.option("surgery-outlook", "not-sure", other=True) == "Not sure"


def test_missing_words_are_empty_and_a_default_can_be_given():
    words = VERSION_1.wording("en")
    assert words.of("question", "age", "nothing") == ""
    assert words.of("question", "nobody", "text", default="Unknown") == "Unknown"
    assert words.option_hint("age", "under-18") == ""


def test_unknown_language_falls_back_to_english():
    assert VERSION_1.wording("tlh") is VERSION_1.wording("en")


def test_every_urgent_sign_has_its_help_on_one_card():
    cards = VERSION_1.wording("en").tables["urgent"].values()
    signs = [code for card in cards for code in card["signs"]]
    assert sorted(signs) == sorted(set(RULES.by_link_id["urgent-signs"].codes) - {"none"})


def test_words_come_in_the_order_of_the_rules_however_a_database_keeps_them(snapshot):
    kept = definition(by_length(snapshot))
    signs = [code for card in all_cards(kept, "en") for code in card["signs"]]
    assert signs == [code for code in RULES.by_link_id["urgent-signs"].codes if code != "none"]
    steps = kept.wording("en").tables["earlier_step"]["spasticity"]
    assert list(steps) == ["spasm-medicines", "physical-therapy", "injections", "braces-or-casts", "surgery"]


# --- reading


@pytest.mark.parametrize("line", ["age: a, b", "age:a,b", " age : a , b ,"])
def test_condition_is_one_line(line):
    assert (read_condition(line).question, read_condition(line).any_of) == ("age", {"a", "b"})


def test_condition_without_a_colon_is_refused():
    with pytest.raises(RulesetError, match="condition 'age under-18': write it as question: option, option"):
        read_condition("age under-18")


def test_rule_counts_one_unless_it_says_more():
    assert read_rule({"mode": "any of", "conditions": ["age: a"]}).count == 1
    assert read_rule({"mode": "at least", "conditions": ["age: a"] * 3, "count": 2}).count == 2


@pytest.mark.parametrize("mark", ["unknown", "exclusive"])
def test_marked_option_must_be_an_option(mark):
    question = {"link_id": "q", "section": "s", "type": "single", "options": ["a"], mark: ["b"]}
    with pytest.raises(RulesetError, match="question q: 'b' is not one of its options; add or remove it"):
        read_question(question)


def test_folder_is_read_as_rules_and_one_wording_a_language(folder):
    shutil.copy(folder / "en.toml", folder / "es.toml")
    snapshot = read_folder(folder)
    assert list(snapshot) == ["rules", "wording", "patients"]
    assert list(snapshot["wording"]) == ["en", "es"]


def test_broken_file_is_named(folder):
    (folder / "en.toml").write_text("language = ")
    with pytest.raises(RulesetError, match=r"^en\.toml: .*Mend that line"):
        read_folder(folder)


def test_file_in_another_encoding_is_named(folder):
    (folder / "en.toml").write_bytes(b'language = "\xe9"')
    with pytest.raises(RulesetError, match=r"^en\.toml: .*utf-8"):
        read_folder(folder)


def test_folder_without_rules_is_named(tmp_path):
    with pytest.raises(RulesetError, match=rf"{tmp_path} has no rules\.toml"):
        read_folder(tmp_path)


# --- a definition that is not whole


@pytest.mark.parametrize("key", ["url", "version", "sections", "question", "criterion"])
def test_rules_without_a_part_are_refused_naming_it(snapshot, key):
    del snapshot["rules"][key]
    with pytest.raises(RulesetError, match=f"The rules lack '{key}'; add it"):
        definition(snapshot)


@pytest.mark.parametrize("key", ["section", "type", "options"])
def test_question_without_a_part_is_refused_naming_question_and_part(snapshot, key):
    del row(snapshot, "question", "refills")[key]
    with pytest.raises(RulesetError, match=f"refills.*'{key}'"):
        definition(snapshot)


@pytest.mark.parametrize("key", ["kind", "path", "mode", "conditions", "sources"])
def test_criterion_without_a_part_is_refused_naming_criterion_and_part(snapshot, key):
    del row(snapshot, "criterion", "crps", "id")[key]
    with pytest.raises(RulesetError, match=f"crps.*'{key}'"):
        definition(snapshot)


@pytest.mark.parametrize(
    ("table", "key", "field"),
    [
        ("section", "pain", "title"),
        ("question", "age", "text"),
        ("question", "age", "why"),
        ("question", "age", "short"),
        ("question", "age", "error"),
        ("criterion", "crps", "title"),
        ("criterion", "crps", "met"),
        ("criterion", "crps", "not_met"),
        ("criterion", "crps", "unknown"),
        ("source", "S4", "label"),
        ("source", "S4", "title"),
        ("disposition", "talk", "heading"),
        ("disposition", "urgent", "lead"),
        ("disposition", "not-described", "next"),
        ("gate", "trial", "title"),
        ("gate", "trial", "text"),
        ("gate", "psychological-evaluation", "sources"),
        ("urgent", "emergency", "title"),
        ("urgent", "emergency", "lead"),
        ("urgent", "emergency", "steps"),
        ("urgent", "pump", "signs"),
    ],
)
def test_wording_that_misses_words_is_refused_naming_them(snapshot, table, key, field):
    del snapshot["wording"]["en"][table][key][field]
    with pytest.raises(RulesetError, match=f"wording en: {table} {key} has no {field}; add it"):
        definition(snapshot)


def test_option_without_a_label_is_refused(snapshot):
    del snapshot["wording"]["en"]["question"]["age"]["options"]["under-18"]
    with pytest.raises(RulesetError, match="wording en: question age, option under-18 has no label; add it"):
        definition(snapshot)


@pytest.mark.parametrize(
    "table",
    [
        "section",
        "question",
        "criterion",
        "source",
        "disposition",
        "disclaimer",
        "gate",
        "urgent",
        "under_18",
        "general_question",
        "earlier_step",
    ],
)
def test_wording_without_a_whole_table_is_refused(snapshot, table):
    del snapshot["wording"]["en"][table]
    with pytest.raises(RulesetError, match="wording en: "):
        definition(snapshot)


def test_words_of_a_source_that_no_rule_names_are_whole_too(snapshot):
    snapshot["wording"]["en"]["source"]["S5"] = {"title": "A review"}
    with pytest.raises(RulesetError, match="source S5 has no label; add it"):
        definition(snapshot)


@pytest.mark.parametrize(("table", "row"), [("gate", "trial"), ("under_18", None)])
def test_words_name_sources_that_are_known(snapshot, table, row):
    words = snapshot["wording"]["en"][table]
    (words[row] if row else words)["sources"] = ["S2, S4"]
    with pytest.raises(RulesetError, match=f"{table}.*: there is no source 'S2, S4'"):
        definition(snapshot)


def test_question_for_everyone_without_a_text_is_refused(snapshot):
    del snapshot["wording"]["en"]["general_question"][1]["text"]
    with pytest.raises(RulesetError, match="general_question 2 has no text; add it"):
        definition(snapshot)


def test_urgent_sign_without_help_is_refused(snapshot):
    del snapshot["wording"]["en"]["urgent"]["crisis"]
    with pytest.raises(RulesetError, match="self-harm"):
        definition(snapshot)


def test_definition_without_english_words_is_refused(snapshot):
    snapshot["wording"] = {"es": snapshot["wording"]["en"]}
    with pytest.raises(RulesetError, match=r"\ben\b"):
        definition(snapshot)
