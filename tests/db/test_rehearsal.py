"""What is made beforehand for the first change leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

from db.commands import rehearse
from db.opening import open_store
from db.people import own_actor
from db.store import Store
from tests.db.store_letters import bring, receipt


def everything(store: Store) -> dict[str, list[object]]:
    """Every row of every table."""
    tables = store.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
    return {name: store.rows(f"SELECT * FROM {name}") for (name,) in tables if not name.startswith("words_")}


def test_a_rehearsed_note_is_in_no_table(tmp_path: Path) -> None:
    with open_store(tmp_path / "home") as store:
        bring(store, receipt("1"), receipt("2"))
        store.put_setting("draft", "kept")
        before = everything(store)
        rehearse(store, own_actor(store))
        assert everything(store) == before
        assert len(before["event"]) == 2


def test_an_empty_desk_has_nothing_to_rehearse(tmp_path: Path) -> None:
    with open_store(tmp_path / "home") as store:
        before = everything(store)
        rehearse(store, own_actor(store))
        assert everything(store) == before
