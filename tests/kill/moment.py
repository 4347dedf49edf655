"""Where the blow falls: after a while, or when the files of a folder have changed so many times."""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

from tests.forked import Running

LONGEST = 30.0
"""Seconds after which nothing more is expected of a process that was not struck."""


@dataclass(frozen=True)
class Usual:
    """One run that nobody disturbed: how long it took (s), how often the files changed."""

    seconds: float
    changes: int


def look(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the files there: another value after each write that is seen."""
    seen = []
    try:
        for entry in os.scandir(folder):
            at = entry.stat(follow_symlinks=False)
            seen.append((entry.name, at.st_size, at.st_mtime_ns))
    except FileNotFoundError:  # a file that went while it was looked at
        seen.append(("", 0, time.monotonic_ns()))
    return tuple(sorted(seen))


def undisturbed(process: Running, folder: Path) -> Usual:
    """Watches a run to its end."""
    begun, changes, last = time.monotonic(), 0, look(folder)
    while not process.ended() and time.monotonic() - begun < LONGEST:
        now = look(folder)
        changes += now != last
        last = now
    return Usual(time.monotonic() - begun, changes)


def strike(process: Running, folder: Path, usual: Usual, rng: random.Random) -> bool:
    """SIGKILL at a moment drawn from `rng`: a share of the usual time, or the n-th change of the files there and up to
    three milliseconds. Returns whether it came before the end.
    """
    if rng.random() < 0.4 or not usual.changes:
        end = time.monotonic() + rng.uniform(0.01, 1.0) * usual.seconds
        while time.monotonic() < end and not process.ended():
            time.sleep(0.0005)
    else:
        wanted, changes, last = rng.randint(1, usual.changes), 0, look(folder)
        behind = rng.choice((0.0, rng.uniform(0, 0.003)))
        begun = time.monotonic()
        while changes < wanted and not process.ended() and time.monotonic() - begun < LONGEST:
            now = look(folder)
            changes += now != last
            last = now
        end = time.monotonic() + behind
        while time.monotonic() < end:
            pass
    middle = not process.ended()
    process.kill()
    return middle
