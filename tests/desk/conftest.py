"""A desk with a fixed clock, a store of its own, Chinese words, and an app on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db.opening import open_store
from db.people import own_actor
from db.store import Store
from desk.app import DeskApp

NOW_ISO = "2024-11-01T09:30:00+08:00"


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands, the words are Chinese, no settings leak in; what follows the cursor follows at once."""
    monkeypatch.setattr("desk.screens.queue.REST", 0)
    monkeypatch.setattr("desk.screens.queue_beside.ON", False)  # what comes when it comes: its own tests wait for it
    monkeypatch.setattr("desk.screens.form_hints.ON", False)
    monkeypatch.setenv("DESK_NOW", NOW_ISO)
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    monkeypatch.setenv("COLORTERM", "truecolor")
    for name in ("DESK_HOME", "NO_COLOR", "TEXTUAL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(fresh_home: Path, tmp_path: Path) -> Path:
    mine = tmp_path / "home"
    shutil.copytree(fresh_home, mine)
    return mine


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store(home) as opened:
        yield opened


@pytest.fixture
def desk(store: Store) -> Callable[[], DeskApp]:
    """Starts the app on the store, as it is at that moment."""
    return lambda: DeskApp(store, own_actor(store), store.home)
