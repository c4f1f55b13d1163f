"""manage.py import_questionnaire and export_questionnaire: what goes out comes in again as the same draft."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from screening.actions import start_draft
from screening.definition import read_folder
from screening.drafting import snapshot_of
from screening.models import Questionnaire, QuestionnaireDraft, Withdrawal


def run(name, *options, **more):
    printed = io.StringIO()
    call_command(name, *options, stdout=printed, **more)
    return printed.getvalue()


def version_2_of(snapshot):
    return {**snapshot, "rules": {**snapshot["rules"], "version": 2}}


def test_exported_folder_comes_in_again_as_the_same_draft(questionnaire, editor, tmp_path):
    printed = run("export_questionnaire", "1", str(tmp_path / "out"))
    assert [Path(line).name for line in printed.splitlines()] == ["rules.toml", "patients.toml", "en.toml"]
    assert "Draft of version 2 made" in run("import_questionnaire", str(tmp_path / "out"), user="edith")
    draft = QuestionnaireDraft.objects.get()
    assert snapshot_of(draft) == version_2_of(read_folder())
    assert draft.authors == [editor.pk]


def test_open_draft_is_exported_as_it_stands(questionnaire, editor, tmp_path):
    draft = start_draft(Questionnaire.objects.get(), by=editor, at=timezone.now())
    draft.criteria.filter(key="pain-care-tried").update(count=3)
    run("export_questionnaire", "draft", str(tmp_path))
    assert read_folder(tmp_path) == snapshot_of(draft)


def test_withdrawn_version_is_exported_as_retired(questionnaire, editor, tmp_path):
    file = tmp_path / "questionnaire.json"
    Withdrawal.objects.create(
        questionnaire=Questionnaire.objects.get(), reason="A slip", withdrawn_by=editor, withdrawn_at=timezone.now()
    )
    run("export_questionnaire", "1", str(file), "--fhir")
    assert json.loads(file.read_text())["status"] == "retired"


def test_fhir_file_comes_in_again(questionnaire, editor, tmp_path):
    file = tmp_path / "questionnaire.json"
    run("export_questionnaire", "1", str(file), "--fhir")
    assert json.loads(file.read_text())["status"] == "active"
    run("import_questionnaire", str(file), user="edith")
    assert snapshot_of(QuestionnaireDraft.objects.get()) == version_2_of(read_folder())


@pytest.mark.parametrize(
    ("path", "user", "said"),
    [
        ("/nowhere", "edith", "Cannot read /nowhere"),
        ("here", "nobody", "nobody may not make drafts"),
        ("here", "nora", "nora may not make drafts"),
        ("here", "edith", "no rules.toml"),
    ],
)
def test_import_that_cannot_be_says_why(questionnaire, editor, nurse, tmp_path, path, user, said):
    with pytest.raises(CommandError, match=said):
        run("import_questionnaire", path if path != "here" else str(tmp_path), user=user)
    assert not QuestionnaireDraft.objects.exists()


@pytest.mark.django_db
def test_import_waits_for_a_first_version(editor, tmp_path):
    with pytest.raises(CommandError, match="No version is in use here yet"):
        run("import_questionnaire", str(tmp_path), user="edith")


@pytest.mark.parametrize(("which", "said"), [("draft", "No draft is open"), ("7", "Version 7 is not published")])
def test_export_of_what_is_not_there_says_so(questionnaire, tmp_path, which, said):
    with pytest.raises(CommandError, match=said):
        run("export_questionnaire", which, str(tmp_path))


def test_export_to_where_nothing_can_be_written_says_so(questionnaire, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="Cannot write"):
        run("export_questionnaire", "1", str(tmp_path / "file" / "inside"))
