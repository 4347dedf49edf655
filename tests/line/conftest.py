"""Real desks against a real backend: stores on disk, HTTP through the backend's own app."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.database import Database
from tests.backend.conftest import cheap_passwords  # noqa: F401 - a fixture
from tests.backend.conftest import db as backend_db  # noqa: F401 - a fixture
from tests.line.office import Office


@pytest.fixture
def office(tmp_path: Path, fresh_home: Path, made_once: Path) -> Iterator[Office]:
    """A backend on SQLite, and desks that may be opened at it."""
    database = tmp_path / "backend.db"
    shutil.copy(made_once, database)
    with Office(tmp_path, fresh_home, f"sqlite:///{database}") as opened:
        yield opened


@pytest.fixture
def any_office(tmp_path: Path, fresh_home: Path, backend_db: Database) -> Iterator[Office]:  # noqa: F811
    """The same on SQLite and on PostgreSQL."""
    with Office(tmp_path, fresh_home, backend_db.url) as opened:
        yield opened
