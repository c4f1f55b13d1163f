"""manage.py compare: what an edit changes, in text or JSON; 0 when it is proven that no outcome can."""

import copy
import io
import json

import pytest
from django.core.management import CommandError, call_command

from screening.definition import read_folder
from screening.files import write_folder


def run(*options):
    """The exit code and what was printed."""
    printed = io.StringIO()
    try:
        call_command("compare", *options, stdout=printed)
    except SystemExit as end:
        return end.code, printed.getvalue()
    return 0, printed.getvalue()


@pytest.fixture
def changed(tmp_path, questionnaire):
    """A folder with version 1 after a change."""

    def write(change):
        snapshot = copy.deepcopy(read_folder())
        change(snapshot)
        write_folder(snapshot, tmp_path / "changed")
        return str(tmp_path / "changed")

    return write


def three(snapshot):
    next(row for row in snapshot["rules"]["criterion"] if row["id"] == "pain-care-tried")["count"] = 3


def renamed(snapshot):
    snapshot["wording"]["en"]["criterion"]["crps"]["title"] = "CRPS"


def test_same_questionnaire_has_no_change(changed):
    code, printed = run("1", changed(lambda snapshot: None))
    assert code == 0
    assert printed.startswith("outcomes: 0\nedits: 0\nwords: 0\n")


def test_words_alone_end_with_0_and_are_told(changed):
    code, printed = run("1", changed(renamed))
    assert code == 0
    assert "“Complex regional pain syndrome” becomes “CRPS”" in printed


def test_change_of_a_rule_ends_with_1_and_names_people(changed):
    code, printed = run("1", changed(three), "--format", "json")
    told = json.loads(printed)
    assert (code, told["same_outcomes"], len(told["edits"])) == (1, False, 1)
    headings = [one for one in told["outcomes"] if "to “Other care usually comes first”" in one["text"]]
    assert all(len(one["patient"]["pain-treatments-failed"]) == 2 for one in headings)
    assert ("talk", "earlier-steps") in {tuple(row[:2]) for row in told["reference"]}


def test_text_and_json_tell_the_same_changes(changed):
    folder = changed(three)
    told = json.loads(run("1", folder, "--format", "json")[1])
    printed = run("1", folder)[1]
    assert all(one["text"] in printed for one in told["outcomes"] + told["edits"])


def test_versions_may_have_no_test_patients(changed):
    def alone(snapshot):
        snapshot["patients"] = {"patient": []}

    assert run(changed(alone), "1")[0] == 0


def test_what_cannot_be_read_ends_with_2(changed, tmp_path):
    (tmp_path / "x.json").write_text("[]")

    def broken(snapshot):
        snapshot["rules"]["criterion"][0]["conditions"] = ["nobody: yes"]

    others = {"9": "Version 9", "/nowhere": "Cannot read", str(tmp_path / "x.json"): "shape", changed(broken): "nobody"}
    for other, said in others.items():
        with pytest.raises(CommandError, match=said) as refusal:
            run("1", other)
        assert refusal.value.returncode == 2
