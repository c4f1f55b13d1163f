"""manage.py prove: every proof in text or JSON; exit 1 where one fails, 2 where nothing can be read or finished."""

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from screening.definition import read_folder
from screening.engine.reading import read_answers
from screening.files import write_folder
from tests.screening.patients import RULES


def run(*options):
    """The exit code and what was printed."""
    printed = io.StringIO()
    try:
        call_command("prove", *options, stdout=printed)
    except SystemExit as end:
        return end.code, printed.getvalue()
    return 0, printed.getvalue()


def refused(*options):
    with pytest.raises(CommandError) as refusal:
        run(*options)
    assert refusal.value.returncode == 2
    return str(refusal.value)


@pytest.fixture
def dead_option(tmp_path):
    """Version 1 with an option that changes nothing, as a folder."""
    snapshot = read_folder()
    row = next(row for row in snapshot["rules"]["question"] if row["link_id"] == "refills")
    row["for_the_record"] = []
    write_folder(snapshot, tmp_path / "rules")
    return tmp_path / "rules"


def test_newest_version_holds(questionnaire):
    code, printed = run()
    assert code == 0
    assert printed.splitlines()[0].startswith(RULES.canonical)
    assert all(line.startswith("holds ") for line in printed.splitlines()[1:])


def test_version_named_by_number_and_folder_say_the_same(questionnaire, tmp_path):
    write_folder(read_folder(), tmp_path)
    numbered, folder = run("--version", "1", "--format", "json"), run("--file", str(tmp_path), "--format", "json")
    assert numbered == folder
    assert len(json.loads(numbered[1])) >= 10


@pytest.mark.django_db
def test_failed_proof_ends_with_1_and_names_a_patient(dead_option):
    code, printed = run("--file", str(dead_option))
    assert code == 1
    person = re.search(r"^FAILS .*\n {9}.*  (\{.*\})$", printed, re.MULTILINE)
    assert read_answers(RULES, json.loads(person[1]))["refills"] in [("yes",), ("with-help",)]


@pytest.mark.django_db
def test_failure_as_json_has_the_same_patient(dead_option):
    code, printed = run("--file", str(dead_option), "--format", "json")
    (failed,) = [proof for proof in json.loads(printed) if not proof["holds"]]
    assert (code, failed["proof"]) == (1, "options")
    assert failed["failures"][0]["patient"]["refills"] in ("yes", "with-help")


@pytest.mark.django_db
def test_failure_shown_by_one_other_answer_names_both(tmp_path):
    snapshot = read_folder()
    row = next(row for row in snapshot["rules"]["criterion"] if row["id"] == "infection")
    row["conditions"] = ["infection: yes, not-sure"]
    write_folder(snapshot, tmp_path)
    (failed,) = [p for p in json.loads(run("--file", str(tmp_path), "--format", "json")[1]) if not p["holds"]]
    failure = failed["failures"][0]
    assert (failed["proof"], failure["patient"]["infection"]) == ("known-stays", "not-sure")
    assert f"{json.dumps(failure['patient'])} or {json.dumps(failure['instead'])}" in run("--file", str(tmp_path))[1]


@pytest.mark.django_db
def test_snapshot_of_a_draft_can_be_proven(tmp_path):
    (tmp_path / "draft.json").write_text(json.dumps(read_folder()))
    assert run("--file", str(tmp_path / "draft.json"))[0] == 0


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"rules": 3}', '"x"', "null"])
def test_file_that_is_no_questionnaire_ends_with_2(tmp_path, text):
    (tmp_path / "draft.json").write_text(text)
    assert "draft.json" in refused("--file", str(tmp_path / "draft.json"))


@pytest.mark.django_db
def test_rules_that_cannot_be_read_end_with_2_and_the_mend(tmp_path):
    snapshot = read_folder()
    snapshot["rules"]["criterion"][0]["conditions"] = ["nobody: yes"]
    write_folder(snapshot, tmp_path)
    assert "no question 'nobody' before it; name one that is asked earlier" in refused("--file", str(tmp_path))


def test_version_that_is_not_here_ends_with_2(questionnaire):
    assert "Version 9 is not published here" in refused("--version", "9")
    assert "Cannot read /nowhere" in refused("--file", "/nowhere")


def test_database_that_is_not_ready_ends_with_2(monkeypatch, db):
    def missing(*args, **kwargs):
        raise OperationalError("no such table")

    monkeypatch.setattr("screening.models.Questionnaire.objects.filter", missing)
    monkeypatch.setattr("screening.published.now", missing)
    for options in ([], ["--version", "1"], ["--file", "1"]):
        assert "The database is not ready. Run: manage.py quickstart" in refused(*options)
    with pytest.raises(CommandError, match="not ready") as refusal:
        call_command("compare", "1", "2")
    assert refusal.value.returncode == 2


def test_solver_that_gives_up_ends_with_2(questionnaire, monkeypatch):
    def gives_up(ruleset):
        raise RuntimeError("The solver gave up: timeout. Nothing is proven.")

    monkeypatch.setattr("screening.engine.prove.prove", gives_up)
    assert "Nothing is proven" in refused()
