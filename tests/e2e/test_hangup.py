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


READS_AT_THE_END = """
import sys
from concurrent.futures import ThreadPoolExecutor
from desk import app
from desk.__main__ import main

LONG = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 2000000000) SELECT count(*) FROM c"

class Reading(app.DeskApp):
    def _warm(self):
        super()._warm()
        self.pool = ThreadPoolExecutor(3, "beside")
        for _ in range(3):
            self.pool.submit(self.store.rows, LONG)

app.DeskApp = Reading
sys.exit(main(sys.argv[1:]))
"""


def test_q_in_the_middle_of_long_reads_beside_the_screen_ends_the_desk_without_a_word(home: Path) -> None:
    env = {"DESK_HOME": str(home), "DESK_NOW": "2024-11-01T09:30", "DESK_LANG": "en"}
    with Terminal("-c", READS_AT_THE_END, **env) as desk:
        desk.read("0/0")
        before = len(desk.text)
        desk.press(b"q")
        assert desk.ended() == 0
        after = desk.text[before:]
    assert "Traceback" not in after
    assert "Error" not in after
    assert not (home / "desk.log").exists()
    assert well(home)
