"""What tests of every room share: the demo's two months in a store, loaded once a session and copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import demo
from db.clock import to_iso
from db.store import Store


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a store with the demo's letters. Loading takes seconds, a copy milliseconds: tests open copies only."""
    home = tmp_path_factory.mktemp("demo") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESK_NOW", to_iso(demo.DEMO_NOW))
        with Store.open(home) as store:
            demo.prepare(store)
    return home


@pytest.fixture(scope="module")
def demo_read(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A copy for the tests of one file that only read."""
    home = tmp_path_factory.mktemp("read") / "home"
    shutil.copytree(demo_home, home)
    with Store.open(home) as store:
        yield store


@pytest.fixture
def demo_store(demo_home: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of one's own, to write to."""
    home = tmp_path / "demo"
    shutil.copytree(demo_home, home)
    with Store.open(home) as store:
        yield store
