"""A desk that was furnished once: every test works on a copy of it, or only reads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.opening import open_store
from db.store import Store
from db.words import speak
from tests.backend.conftest import cheap_passwords  # noqa: F401 - a fixture
from tests.desk.conftest import NOW_ISO
from tests.hostile.furnished import furnish


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands, the words are Chinese."""
    monkeypatch.setenv("DESK_NOW", NOW_ISO)
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    monkeypatch.delenv("DESK_HOME", raising=False)
    speak("zh_CN")


@pytest.fixture(scope="session")
def wild_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home full of hostile letters."""
    home = tmp_path_factory.mktemp("wild") / "home"
    with pytest.MonkeyPatch.context() as only_here:
        only_here.setenv("DESK_NOW", NOW_ISO)
        with open_store(home) as store:
            furnish(store)
    return home


@pytest.fixture
def home(wild_home: Path, tmp_path: Path) -> Path:
    mine = tmp_path / "home"
    shutil.copytree(wild_home, mine)
    return mine


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store(home) as opened:
        yield opened
