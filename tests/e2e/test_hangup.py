"""The terminal goes away under the desk: it ends, and leaves a store behind in which nothing is wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.terminal import Terminal


@pytest.fixture
def desk(home: Path) -> Iterator[Terminal]:
    env = {"DESK_HOME": str(home), "DESK_NOW": "2024-11-01T09:30", "DESK_LANG": "en"}
    with Terminal("-m", "desk", **env) as opened:
        opened.read("0/0")
        yield opened


def well(home: Path) -> bool:
    env = os.environ | {"DESK_HOME": str(home), "DESK_LANG": "en"}
    return (
        subprocess.run([sys.executable, "-m", "desk", "doctor"], env=env, capture_output=True, check=False).returncode
        == 0
    )


def test_a_line_that_drops_ends_the_desk(desk: Terminal, home: Path) -> None:
    os.close(desk._main)
    assert desk._process.wait(20) is not None
    desk._main = os.open(os.devnull, os.O_RDONLY)
    assert well(home)


def test_a_hangup_ends_the_desk_in_order(desk: Terminal, home: Path) -> None:
    os.kill(desk.pid, signal.SIGHUP)
    assert desk.ended() == 0
    assert not (home / "letters.db-wal").exists(), "closed as after q"
    assert well(home)
