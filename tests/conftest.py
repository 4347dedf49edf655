"""What tests of every room share: a new store and the demo's two months, made once a session and copied; a process to fork from."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import demo
from db.clock import to_iso
from db.opening import open_store
from db.store import Store
from tests.backend.databases import made_once, pool, postgres  # noqa: F401 - fixtures
from tests.forked import Nest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are processors: tests of screens wait for a tick after each key, those of terminals for a process."""
    return (os.cpu_count() or 1) + 2


NOW_ISO = "2024-11-01T09:30:00+08:00"


@pytest.fixture(scope="session")
def nest() -> Iterator[Nest]:
    """Where verbs begin as processes of their own, without an interpreter's start for each."""
    made = Nest()
    yield made
    made.close()


@pytest.fixture(scope="session")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a new store. Its tables take a second to make, a copy milliseconds: tests open copies only."""
    home = tmp_path_factory.mktemp("fresh") / "home"
    with pytest.MonkeyPatch.context() as patch:  # this session's first test may have an odd clock
        patch.setenv("DESK_NOW", NOW_ISO)
        open_store(home).close()
    return home


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a store with the demo's letters. Loading takes seconds, a copy milliseconds: tests open copies only."""
    home = tmp_path_factory.mktemp("demo") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESK_NOW", to_iso(demo.DEMO_NOW))
        with open_store(home) as store:
            demo.prepare(store)
    return home


@pytest.fixture(scope="module")
def demo_read(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A copy for the tests of one file that only read."""
    home = tmp_path_factory.mktemp("read") / "home"
    shutil.copytree(demo_home, home)
    with open_store(home) as store:
        yield store


@pytest.fixture
def demo_store(demo_home: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of one's own, to write to."""
    home = tmp_path / "demo"
    shutil.copytree(demo_home, home)
    with open_store(home) as store:
        yield store
