"""A store of an older version is brought up to date, and whoever waits hears about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from db import birth, migrate
from db.store import SCHEMA, Store


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store as version 5 of the schema left it."""
    home = tmp_path / "home"
    upgrade = migrate.upgrade
    with monkeypatch.context() as then:
        then.setattr(migrate, "SCHEMA", 5)
        then.setattr(birth, "upgrade", upgrade)
        then.setattr("db.store.SCHEMA", 5)
        from db.keys import keeper
        from db.store_file import make_home

        make_home(home)
        birth.make_store(home / "letters.db", keeper(home))
    return home


def test_whoever_opens_an_old_store_hears_how_long_it_takes(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(birth, "SPEAK", 0.0)
    monkeypatch.setattr(birth, "STEPS", 10)
    heard: list[int] = []
    with Store.open(old, told=heard.append) as store:
        assert store.rows("PRAGMA user_version")[0][0] == SCHEMA
    assert heard
    again: list[int] = []
    Store.open(old, told=again.append).close()
    assert again == []
