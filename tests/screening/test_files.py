"""A version as files: what is written reads back the same, and writing it again gives the same bytes."""

from screening.definition import definition, read_folder
from screening.files import as_files, write_folder
from tests.screening.patients import by_length


def test_files_read_back_as_the_same_version(tmp_path):
    snapshot = read_folder()
    write_folder(snapshot, tmp_path)
    again = read_folder(tmp_path)
    assert again == snapshot
    assert definition(again).ruleset == definition(snapshot).ruleset


def test_writing_what_was_read_gives_the_same_bytes(tmp_path):
    first = as_files(read_folder())
    write_folder(read_folder(), tmp_path)
    assert as_files(read_folder(tmp_path)) == first


def test_files_are_the_same_however_a_database_keeps_the_words():
    snapshot = read_folder()
    words = as_files({**snapshot, "wording": by_length(snapshot["wording"])})
    assert words["en.toml"] == as_files(snapshot)["en.toml"]
