"""Canonical JSON, its hash, and the shelf on which each process keeps what is published."""

import json
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from hypothesis import given
from hypothesis import strategies as st

from pumpguide.publishing import Shelf, canonical_json, content_hash, refuse_own_change

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


# --- canonical JSON ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "written"),
    [
        ({"b": 1, "a": [1, 2]}, '{"a":[1,2],"b":1}'),
        ({"z": {"b": None, "a": True}}, '{"z":{"a":true,"b":null}}'),
        (["Größe", "“so”"], '["Größe","“so”"]'),
        ([], "[]"),
    ],
)
def test_equal_content_is_written_one_way(data, written):
    assert canonical_json(data) == written


@given(JSON)
def test_canonical_json_reads_back_as_what_it_was(data):
    assert json.loads(canonical_json(data)) == data


@given(st.dictionaries(st.text(max_size=6), JSON, max_size=6))
def test_order_of_keys_changes_nothing(data):
    turned = dict(reversed(data.items()))
    assert content_hash(turned) == content_hash(data)


def test_hash_is_sha_256_in_hexadecimal_and_never_changes_by_itself():
    known = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert content_hash({}) == known


@pytest.mark.parametrize(
    ("one", "other"), [({"a": 1}, {"a": 2}), ({"a": "1"}, {"a": 1}), ([1, 2], [2, 1]), ({"a": None}, {}), ("é", "e")]
)
def test_different_content_has_a_different_hash(one, other):
    assert content_hash(one) != content_hash(other)


def test_what_is_not_json_is_refused():
    with pytest.raises(TypeError):
        canonical_json({"when": object()})


# --- one's own change ----------------------------------------------------------------------------------------------


def test_author_cannot_approve_and_anyone_else_can():
    edith, ravi = SimpleNamespace(pk=1), SimpleNamespace(pk=2)
    for authors in ({1}, {1, 3}):
        with pytest.raises(PermissionDenied, match="Ask a colleague"):
            refuse_own_change(authors, edith)
        assert refuse_own_change(authors, ravi) is None


def test_installation_itself_approves_what_it_brings():
    assert refuse_own_change({1}, None) is None
    assert refuse_own_change(set(), SimpleNamespace(pk=1)) is None


# --- the shelf -----------------------------------------------------------------------------------------------------


@pytest.fixture
def world(monkeypatch, settings):
    """What is published (key -> item), the mark of the newest publish, how often it was asked, and the clock."""
    settings.PUBLISHED_CHECK_SECONDS = 3
    world = SimpleNamespace(published={"a": "A1", "b": "B1"}, mark=1, asked=[], now=50.0, error=None)
    monkeypatch.setattr("pumpguide.publishing.time", SimpleNamespace(monotonic=lambda: world.now))

    def load(key):
        world.asked.append(key)
        if world.error:
            raise world.error
        return (world.mark, world.published[key]) if key in world.published else None

    world.shelf = Shelf(load)
    return world


def publish(world, **items):
    world.published.update(items)
    world.mark += 1


def test_cold_item_is_asked_for_once_and_then_kept(world):
    assert [world.shelf.get("a") for _ in range(3)] == ["A1"] * 3
    assert world.asked == ["a"]


def test_each_item_is_asked_for_when_it_is_first_wanted(world):
    world.shelf.get("a"), world.shelf.get("b"), world.shelf.get("a"), world.shelf.get("b")
    assert world.asked == ["a", "b"]


def test_publish_shows_after_the_check_time_and_not_before(world):
    world.shelf.get("a")
    publish(world, a="A2")
    world.now += 2.9
    assert world.shelf.get("a") == "A1"
    world.now += 0.2
    assert world.shelf.get("a") == "A2"


def test_one_look_renews_the_time_for_all_items_while_nothing_is_published(world):
    world.shelf.get("a"), world.shelf.get("b")
    world.now += 3
    world.shelf.get("a"), world.shelf.get("b")
    assert world.asked == ["a", "b", "a"]


def test_new_mark_makes_every_other_copy_old(world):
    world.shelf.get("a"), world.shelf.get("b")
    publish(world, a="A2", b="B2")
    world.now += 3
    assert (world.shelf.get("a"), world.shelf.get("b")) == ("A2", "B2")


def test_cold_item_also_brings_word_of_a_publish(world):
    world.shelf.get("a")
    publish(world, a="A2", b="B2")
    assert world.shelf.get("b") == "B2"
    assert world.shelf.get("a") == "A2"


def test_what_is_not_there_is_asked_for_each_time_and_shows_as_soon_as_it_is(world):
    assert world.shelf.get("c") is None
    publish(world, c="C1")
    assert world.shelf.get("c") == "C1"


def test_what_was_taken_down_is_gone_after_the_check_time(world):
    world.shelf.get("a"), world.shelf.get("b")
    del world.published["a"]
    world.mark += 1
    world.now += 3
    assert world.shelf.get("b") == "B1"
    assert world.shelf.get("a") is None


def test_taking_down_one_item_never_hides_news_of_the_others(world):
    world.shelf.get("a"), world.shelf.get("b")
    del world.published["a"]
    publish(world, b="B2")
    world.now += 3
    assert world.shelf.get("a") is None
    assert world.shelf.get("b") == "B2"


@pytest.mark.parametrize("error", [OperationalError("down"), InterfaceError("closed")])
def test_copies_serve_while_the_database_is_down(world, error, caplog):
    world.shelf.get("a")
    world.error = error
    world.now += 3600
    assert world.shelf.get("a") == "A1"
    assert "does not answer" in caplog.text


def test_database_that_is_down_is_asked_only_once_in_a_while(world):
    world.shelf.get("a")
    world.error = OperationalError("down")
    world.now += 3600
    for _ in range(5):
        world.shelf.get("a")
    assert world.asked == ["a", "a"]


def test_shelf_looks_again_when_the_database_is_back(world):
    world.shelf.get("a")
    world.error = OperationalError("down")
    world.now += 3
    world.shelf.get("a")
    world.error = None
    publish(world, a="A2")
    world.now += 3
    assert world.shelf.get("a") == "A2"


def test_what_was_never_seen_cannot_be_served_without_the_database(world):
    world.error = OperationalError("down")
    with pytest.raises(OperationalError):
        world.shelf.get("a")


def test_fault_that_is_not_the_databases_is_not_hidden(world):
    world.shelf.get("a")
    world.error = RuntimeError("a fault of ours")
    world.now += 3
    with pytest.raises(RuntimeError):
        world.shelf.get("a")


def test_forgetting_starts_anew(world):
    world.shelf.get("a")
    world.shelf.forget()
    world.shelf.get("a")
    assert world.asked == ["a", "a"]
