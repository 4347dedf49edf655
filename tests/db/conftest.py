"""A store of its own for every test that asks for one: copied from one that is made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import places, topics
from db.store import Store


@pytest.fixture
def home(fresh_home: Path, tmp_path: Path) -> Path:
    """The home of a new store."""
    mine = tmp_path / "home"
    shutil.copytree(fresh_home, mine)
    return mine


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """A new store, open."""
    with Store.open(home) as opened:
        yield opened


@pytest.fixture
def undecided() -> Iterator[None]:
    """What one test decides of districts and topics is not shown to the next."""
    yield
    places.use(())
    topics.use(())
