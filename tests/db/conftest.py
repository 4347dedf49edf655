"""A store of its own for every test that asks for one: copied from one that is made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import places, topics
from db.opening import open_store
from db.store import Store
from tests.db.told import Desk, Log


@pytest.fixture
def home(fresh_home: Path, tmp_path: Path) -> Path:
    """The home of a new store."""
    mine = tmp_path / "home"
    shutil.copytree(fresh_home, mine)
    return mine


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """A new store, open."""
    with open_store(home) as opened:
        yield opened


@pytest.fixture
def undecided() -> Iterator[None]:
    """What one test decides of districts and topics is not shown to the next."""
    yield
    places.use(())
    topics.use(())


@pytest.fixture
def log() -> Log:
    """What the newsroom's backend would tell."""
    return Log()


@pytest.fixture
def li(store: Store, log: Log) -> Desk:
    """The desk that news come to."""
    return Desk(store, log)


@pytest.fixture
def zhou(fresh_home: Path, tmp_path: Path, log: Log) -> Iterator[Desk]:
    """A colleague's desk: what happens there becomes news."""
    shutil.copytree(fresh_home, tmp_path / "zhou")
    with open_store(tmp_path / "zhou") as store:
        yield Desk(store, log, "zhou")
