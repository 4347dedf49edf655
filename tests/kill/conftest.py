"""A stage for all that is killed."""

from __future__ import annotations

import pytest

from tests.forked import Nest
from tests.kill.stage import Stage


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, nest: Nest) -> Stage:
    """One for the session: what is made once is made once."""
    return Stage(tmp_path_factory.mktemp("kill"), nest)
