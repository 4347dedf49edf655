"""The app itself in a terminal, driven by keys and killed at a seeded moment: every note that it said was saved is there, once."""

from __future__ import annotations

import os
import random
import threading
from contextlib import suppress
from pathlib import Path

from tests.desk.terminal import Terminal
from tests.kill.stage import Stage
from tests.kill.test_kill import KILLS, SEED

NOTES = 12


def worked(stage: Stage, home: Path, word: str, last: int, delay: float) -> int:
    """Notes by keys, one letter after the other, until the blow falls, that long (s) after the last one was begun; how many of
    them the app said were saved.
    """
    saved = 0
    with Terminal("-m", "desk", **stage.env(home)) as terminal:
        terminal.read("1/40")
        blow = threading.Timer(delay, os.kill, (terminal.pid, 9))
        with suppress(OSError):  # its terminal, once the app is gone
            for n in range(NOTES):
                if n == last:
                    blow.start()
                terminal.seen = b""
                terminal.press(b"n")
                terminal.read("note  RMLX", quiet=0.0, within=30)
                terminal.press(f"{word}-{n:02d}".encode())
                terminal.seen = b""
                os.write(terminal._main, b"\x13")
                terminal.read("Saved here", quiet=0.0, within=30)
                if "Saved here" not in terminal.drawn:
                    break
                saved += 1
                terminal.press(b"j")
        blow.join()
        terminal.ended()
        assert "Traceback" not in terminal.text
    return saved


def test_the_app_killed_at_any_moment_has_every_note_that_it_said_was_saved(stage: Stage) -> None:
    told = 0
    for seed in range(SEED, SEED + KILLS):
        rng = random.Random(f"app {seed}")
        home = stage.home("working", stage.working)
        word = f"w{rng.getrandbits(48):012x}"
        saved = worked(stage, home, word, rng.randint(0, 4), rng.uniform(0.0, 1.0))
        told += saved
        again = f"KILL_SEED={seed} KILLS=1 python -m pytest -n 0 tests/kill/test_kill_app.py"
        stage.sound(home)
        for n in range(saved):
            assert stage.events(home, f"{word}-{n:02d}") == 1, f"{again}\n{n} of {saved} at {home}"
        assert stage.events(home, word) - saved in (0, 1), again
        stage.clear(home.parent)
    print(f"app: {KILLS} moments, {told} notes that were said to be saved")
