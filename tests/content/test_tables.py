"""A table as lines that people can write, and back."""

import tomllib

import pytest

from content.guide_files import GUIDE
from content.html import clean
from content.tables import from_lines, to_lines

TABLE = (
    "<table><caption>Ways</caption><thead><tr><th>Way</th><th>Good</th></tr></thead>"
    '<tbody><tr><th>Pump</th><td><a href="claim:dose-small">Less</a> <strong>pain</strong></td></tr></tbody></table>'
)


def starting_tables():
    for file in sorted((GUIDE / "pages").glob("*.toml")):
        for block in tomllib.loads(file.read_text()).get("block", []):
            if block["kind"] == "table":
                yield pytest.param(clean(block["body"]), id=f"{file.stem}")


def test_table_as_lines_and_back():
    text = "Ways\nWay | Good\nPump | [Less](claim:dose-small) **pain**"
    assert to_lines(TABLE) == text
    assert from_lines(text) == TABLE
    assert from_lines(text.replace("\n", "\r\n")) == TABLE


@pytest.mark.parametrize("html", list(starting_tables()))
def test_every_table_of_the_guide_is_written_as_lines_and_comes_back(html):
    assert clean(from_lines(to_lines(html))) == html
    assert "<table" not in to_lines(html)


def test_lines_typed_in_the_rich_text_editor_become_a_table():
    assert from_lines("<p>Way | Good</p><p>Pump | Less</p>") == (
        "<table><thead><tr><th>Way</th><th>Good</th></tr></thead><tbody><tr><th>Pump</th><td>Less</td></tr></tbody></table>"
    )


@pytest.mark.parametrize("text", ["", "No table here", TABLE.replace("<td>", '<td colspan="2">'), "<p>Words</p>"])
def test_what_lines_cannot_say_stays_as_it_is(text):
    assert from_lines(to_lines(text)) == text


def test_html_in_a_cell_is_text():
    assert "<script>" not in from_lines("A | <script>alert(1)</script>")
    assert '<a href="" onclick' not in from_lines('A | [y](" onclick="alert)')
    assert "javascript" not in clean(from_lines("A | [x](javascript:alert)"))
