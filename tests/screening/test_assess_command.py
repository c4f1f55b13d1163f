"""manage.py assess: one result a person, in order; what cannot be read ends with 2 and one line that helps."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from screening.engine.assess import assess
from screening.engine.reading import read_answers
from tests.screening.patients import RULES, changed, patient, patients

ROOT = Path(__file__).resolve().parents[2]
PATIENTS = patients()


@pytest.fixture
def run(questionnaire, tmp_path):
    """Runs the command on the text of a file; gives what it prints."""

    def run(text, *options):
        file = tmp_path / "answers.json"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        printed = io.StringIO()
        call_command("assess", "--answers", str(file), *options, stdout=printed)
        return printed.getvalue()

    return run


@pytest.fixture
def refused(run):
    """Runs the command on what cannot be read; gives the one line it says."""

    def refused(text, *options):
        with pytest.raises(CommandError) as refusal:
            run(text, *options)
        assert refusal.value.returncode == 2
        assert len(str(refusal.value).splitlines()) == 1
        return str(refusal.value)

    return refused


def with_answer(**answers):
    return json.dumps({name.replace("_", "-"): said for name, said in answers.items()})


def json_lines():
    return "".join(json.dumps(answers) + "\n" for _number, answers, _disposition in PATIENTS)


# --- what comes out


def test_all_test_patients_come_out_as_signed_in_order(run):
    outcomes = [json.loads(line) for line in run(json_lines()).splitlines()]
    assert [outcome["disposition"] for outcome in outcomes] == [disposition for _n, _a, disposition in PATIENTS]


def test_one_person_is_one_line_of_json(run):
    printed = run(json.dumps(patient(6)))
    assert printed.count("\n") == 1
    assert json.loads(printed) == assess(RULES, read_answers(RULES, patient(6))).as_dict()


def test_one_object_may_stand_on_many_lines(run):
    assert run(json.dumps(patient(6), indent=2)) == run(json.dumps(patient(6)))


def test_same_answers_give_the_same_bytes(run):
    backwards = dict(reversed(patient(12).items()))
    assert run(json.dumps(backwards)) == run(json.dumps(patient(12)))


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n", "\n  \n"])
def test_empty_lines_and_windows_lines_are_no_people(run, between):
    text = between.join(json.dumps(patient(number)) for number in (1, 6)) + between
    assert [json.loads(line)["disposition"] for line in run(text).splitlines()] == ["talk", "talk-first"]


def test_person_without_answers_is_unfinished(run):
    outcome = json.loads(run("{}"))
    assert outcome["disposition"] == "unfinished"
    assert outcome["unanswered"] == ["urgent-signs", "answering-for", "age"]


def test_hidden_answers_are_listed_as_ignored(run):
    outcome = json.loads(run(json.dumps(changed({"main-problem": "neither"}))))
    assert outcome["ignored"][:2] == ["pain-duration", "pain-severity"]


def test_dash_reads_standard_input(questionnaire, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO(json_lines()))
    call_command("assess", "--answers", "-")
    assert len(capsys.readouterr().out.splitlines()) == len(PATIENTS)


def test_text_format_is_a_summary_to_read(run):
    printed = run(json.dumps(patient(6)), "--format", "text")
    assert printed.startswith("SOME THINGS TO TALK ABOUT FIRST\n")
    assert "The answers name a blood thinner." in printed
    assert "Blood thinners: Yes" in printed
    assert RULES.hash in printed


def test_text_format_gives_every_person_in_order(run):
    printed = run(json_lines(), "--format", "text")
    assert printed.count(RULES.canonical) == len(PATIENTS)
    assert printed.index("PLEASE GET HELP FIRST") < printed.index("A CHILDREN’S TEAM")


def test_version_can_be_named(run):
    assert run("{}", "--version", "1") == run("{}")


# --- what is refused, with exit 2 and one line


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (with_answer(agee="under-18"), "Unknown question 'agee'; allowed: urgent-signs, answering-for, age, "),
        (with_answer(age="17"), "age has no option '17'; allowed: under-18, 18-or-over."),
        (with_answer(age=["under-18"]), "age takes one code, not ['under-18']; allowed: under-18, 18-or-over."),
        (with_answer(age=17), "age takes one code, not 17; allowed: under-18, 18-or-over."),
        (with_answer(age=None), "age takes one code, not None; allowed: under-18, 18-or-over."),
        (with_answer(urgent_signs="none"), "urgent-signs takes a list of one or more codes; allowed: breathing, "),
        (with_answer(urgent_signs=[]), "urgent-signs takes a list of one or more codes; allowed: breathing, "),
        (with_answer(urgent_signs=["fine"]), "urgent-signs has no option 'fine'; allowed: breathing, "),
        (with_answer(urgent_signs=["none", "breathing"]), "urgent-signs: 'none' stands alone; leave out the other"),
        (with_answer(urgent_signs=["breathing"] * 2), "urgent-signs names an option twice; name each once."),
        ('{"age": "under-18", "age": "18-or-over"}', "a name is given twice in one object"),
        ('{"age": ', "Malformed JSON: "),
        ("{'age': 'under-18'}", "Malformed JSON: "),
        ('{"age": "under-18"} {"age": "under-18"}', "Malformed JSON: "),
        ("", "Malformed JSON: "),
        (" \n\n", "Malformed JSON: "),
        ('"under-18"', 'must be one JSON object such as {"age": "18-or-over"}'),
        ("[{}, {}]", "must be one JSON object"),
        ("null", "must be one JSON object"),
        (b'{"age": "\xff"}', "it is not UTF-8 text. Name a file of JSON answers, or - for standard input."),
    ],
)
def test_answers_that_cannot_be_read_are_refused_saying_what_is_allowed(refused, text, says):
    assert says in refused(text)


@pytest.mark.parametrize("text", ['{"age": ', "{", ""])
def test_malformed_json_names_what_is_allowed(refused, text):
    assert refused(text).endswith("Allowed: one object, or one object a line.")


@pytest.mark.parametrize(
    ("second", "says"),
    [
        (with_answer(age="17"), "Line 2: age has no option '17'; allowed: under-18, 18-or-over."),
        ('{"age": ', "Line 2: malformed JSON: "),
        ('{"age": "under-18", "age": "under-18"}', "Line 2: malformed JSON: a name is given twice in one object"),
        ("[]", "Line 2: The answers must be one JSON object"),
    ],
)
def test_wrong_line_of_several_is_named(refused, second, says):
    assert refused(f"{{}}\n{second}\n{{}}\n").startswith(says)


@pytest.mark.parametrize(
    ("second", "says"), [(with_answer(age="17"), "Line 3: age has no option"), ("{", "Line 3: malformed JSON")]
)
def test_named_line_is_the_line_of_the_file(refused, second, says):
    assert refused(f"{{}}\n\n{second}\n").startswith(says)


def test_mistake_in_one_object_on_many_lines_is_named_where_it_is(refused):
    text = '{\n  "age": "18-or-over",\n  "infection": no\n}\n'
    assert "line 3" in refused(text)


def test_name_given_twice_in_one_object_on_many_lines_is_said(refused):
    text = '{\n  "age": "18-or-over",\n  "age": "under-18"\n}\n'
    assert "a name is given twice in one object" in refused(text)


def test_absurdly_nested_json_is_refused_too(refused):
    assert "alformed JSON" in refused("[" * 200_000)


def test_nobody_is_assessed_when_one_line_is_wrong(questionnaire, tmp_path):
    file, printed = tmp_path / "answers.json", io.StringIO()
    file.write_text("{}\n{}\n" + with_answer(age="17"))
    with pytest.raises(CommandError):
        call_command("assess", "--answers", str(file), stdout=printed)
    assert printed.getvalue() == ""


@pytest.mark.parametrize("name", ["missing.json", "missing/answers.json", "."])
def test_file_that_cannot_be_read_is_named(questionnaire, tmp_path, name):
    with pytest.raises(CommandError, match=r"^Cannot read .*\. Name a file of JSON answers, or - for") as refusal:
        call_command("assess", "--answers", str(tmp_path / name))
    assert refusal.value.returncode == 2


@pytest.mark.parametrize("number", ["2", "0", "-1", "99999999999999999999"])
def test_unknown_version_is_refused_naming_the_published_ones(refused, number):
    assert refused("{}", f"--version={number}") == f"Version {number} is not published here. Published: 1."


@pytest.mark.django_db
def test_without_a_published_version_the_line_says_what_to_run(tmp_path):
    file = tmp_path / "answers.json"
    file.write_text("{}")
    with pytest.raises(CommandError, match=r"No questionnaire is published yet. Run: manage\.py ") as refusal:
        call_command("assess", "--answers", str(file))
    assert refusal.value.returncode == 2


# --- as a command, from outside


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    """Runs Python in a new process with a database of its own, in which version 1 is published."""
    var = tmp_path_factory.mktemp("outside")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PUMPGUIDE_MODE")},
        "PUMPGUIDE_VAR": str(var),
        "DJANGO_SETTINGS_MODULE": "pumpguide.settings",
    }

    def python(*arguments, given="", **more):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**environment, **more},
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    prepared = python(
        "-c",
        "import django; django.setup(); from django.core.management import call_command as call; "
        "call('migrate', 'screening', verbosity=0); call('load_questionnaire')",
    )
    assert prepared.returncode == 0, prepared.stderr
    return python


def test_command_reads_standard_input_and_prints_json_lines_only(outside):
    done = outside("manage.py", "assess", "--answers", "-", given=json_lines())
    assert (done.returncode, done.stderr) == (0, "")
    assert [json.loads(line)["disposition"] for line in done.stdout.splitlines()] == [d for _n, _a, d in PATIENTS]


def test_command_ends_with_2_and_one_line_without_a_traceback(outside):
    done = outside("manage.py", "assess", "--answers", "-", given=with_answer(age="17"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "CommandError: age has no option '17'; allowed: under-18, 18-or-over.\n"


def test_option_that_is_not_there_ends_with_2_and_names_what_is_allowed(outside):
    done = outside("manage.py", "assess", "--answers", "-", "--format", "xml", given="{}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'xml' (choose from" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_command_before_any_database_says_what_to_run(outside, tmp_path):
    done = outside("manage.py", "assess", "--answers", "-", given="{}", PUMPGUIDE_VAR=str(tmp_path / "new"))
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "Run: manage.py" in done.stderr
