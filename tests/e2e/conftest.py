"""A new store for each test, as for tests of the store itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.store import Store


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of a new store."""
    home = tmp_path / "home"
    Store.open(home).close()
    return home
