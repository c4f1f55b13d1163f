"""Two texts side by side."""

import pytest

from content.diff import lines, passages, same, side_by_side


def page(*bodies, **fields):
    blocks = [{"kind": "prose", "heading": "", "body": body, "subject": ""} for body in bodies]
    return {"title": "Risks", "summary": "About.", "blocks": blocks, "claims": [], **fields}


def shown(rows):
    """(kind, words only the left has, words only the right has) of each row that differs."""
    return [(row.kind, changed(row.left), changed(row.right)) for row in rows if row.kind not in ("same", "gap")]


def changed(pieces):
    return [piece.text for piece in pieces if piece.changed]


def test_equal_texts_have_no_row_that_differs():
    rows = side_by_side(page("<p>One.</p>"), page("<p>One.</p>"))
    assert same(rows)
    assert [(row.kind, row.count) for row in rows] == [("gap", 3)]


def test_changed_words_are_marked_on_both_sides():
    rows = side_by_side(page("<p>It is very small.</p>"), page("<p>It is quite small.</p>"))
    assert shown(rows) == [("changed", ["very"], ["quite"])]


def test_whole_row_gives_both_texts_in_full():
    row = next(row for row in side_by_side(page("<p>A b c d.</p>"), page("<p>A b c e.</p>")) if row.kind == "changed")
    assert ["".join(piece.text for piece in side) for side in (row.left, row.right)] == ["A b c d.", "A b c e."]


def test_added_and_removed_passages():
    one, two = "<p>One stays here.</p>", "<p>Two comes later on.</p>"
    assert shown(side_by_side(page(one), page(one, two))) == [("added", [], ["Two comes later on."])]
    assert shown(side_by_side(page(one, two), page(one))) == [("removed", ["Two comes later on."], [])]


def test_nothing_on_one_side_is_all_added():
    assert {row.kind for row in side_by_side(None, page("<p>One.</p>"))} == {"added"}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (page(title="A"), page(title="B")),
        (page(reviewed_by=""), page(reviewed_by="Dr. A")),
        (page("<p>A <strong>b</strong></p>"), page("<p>A b</p>")),
        (page('<p><a href="claim:a">A</a></p>'), page('<p><a href="claim:b">A</a></p>')),
        (page("<h3>A</h3>"), page("<h4>A</h4>")),
        (page("<ul><li>A</li></ul>"), page("<p>A</p>")),
        (page(facts={"drug_uses": [{"status": "on-label"}]}), page(facts={"drug_uses": [{"status": "off-label"}]})),
        (
            page(claims=[{"key": "a", "text": "X", "says": [{"source": "S0", "text": "1"}]}]),
            page(claims=[{"key": "a", "text": "X", "says": [{"source": "S0", "text": "2"}]}]),
        ),
        (page(terms=[{"key": "a", "also": ["b"]}]), page(terms=[{"key": "a", "also": ["c"]}])),
    ],
)
def test_every_kind_of_change_shows(one, two):
    assert not same(side_by_side(one, two))


def test_long_equal_runs_become_a_gap_that_counts_them():
    bodies = [f"<p>Paragraph {number}.</p>" for number in range(20)]
    rows = side_by_side(page(*bodies), page(*bodies[:-1], "<p>Paragraph last.</p>"))
    assert [row.kind for row in rows] == ["gap", "same", "changed"]
    assert rows[0].count == 20


def test_place_of_each_passage_is_named():
    data = page("<p>One.</p>", claims=[{"key": "dose", "text": "Small."}])
    assert [(one.where, one.text) for one in passages(data)] == [
        ("Title", "Risks"), ("Main message", "About."), ("Text", "One."), ("Claim dose", "text: Small."),
    ]  # fmt: skip


def test_lines_of_a_table_and_of_a_list():
    table = "<table><caption>C</caption><thead><tr><th>A</th><th>B</th></tr></thead></table>"
    assert lines(table) == ["C", "A | B"]
    assert lines("<ul><li>One</li><li>Two &amp; three</li></ul>") == ["• One", "• Two & three"]
