"""A new store for each test, and verbs on it as processes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def home(fresh_home: Path, tmp_path: Path) -> Path:
    """The home of a new store."""
    home = tmp_path / "home"
    shutil.copytree(fresh_home, home)
    return home
