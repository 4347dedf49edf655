"""Key times with a thousand hostile letters in the list, beside a thousand plain ones, in one run.

    python -m bench.hostile [LETTERS] [KEYS]

Two stores are made (a minute), then a terminal each: `j` through the whole list and back, the pane closed and open; the two
take turns. Times from the key to the last byte of its repaint, in milliseconds; CPU of the app a key beside them.
"""

from __future__ import annotations

import os
import select
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DESK_NOW", "2024-11-01T09:30:00+08:00")
os.environ.setdefault("DESK_LANG", "zh_CN")

from db.opening import open_store
from db.upkeep import settle
from tests.desk.terminal import Terminal
from tests.hostile.furnished import furnish

QUIET = 0.012
"""Seconds without a byte that end a repaint."""


def main() -> int:
    letters = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    keys = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    with tempfile.TemporaryDirectory() as folder:
        homes = {name: Path(folder) / name for name in ("plain", "hostile")}
        for name, home in homes.items():
            with open_store(home) as store:
                furnish(store, letters, wild=name == "hostile")
                while settle(store):  # what is learned from a letter is no key's cost
                    pass
        for says, opened in (("pane closed", ""), ("pane open", "\r")):
            for name, home in homes.items():
                times, cpu = _walk(home, opened, keys)
                times.sort()
                middle, late = times[len(times) // 2], times[len(times) * 99 // 100]
                print(
                    f"{says}, {letters:,} {name} letters: p50 {middle:.1f} ms, p99 {late:.1f} ms, CPU a key {cpu:.1f} ms"
                )
    return 0


def _walk(home: Path, opened: str, keys: int) -> tuple[list[float], float]:
    with Terminal("-m", "desk", columns=120, rows=40, DESK_HOME=str(home), COLORTERM="truecolor") as terminal:
        terminal.read("收件", quiet=1)
        for key in ("0", *opened):
            os.write(terminal._main, key.encode())
            terminal.read(quiet=1)
        before = _cpu(terminal.pid)
        times = [_pressed(terminal, "j" if n < keys // 2 else "k") for n in range(keys)]
        return times, (_cpu(terminal.pid) - before) / keys * 1000


def _pressed(terminal: Terminal, key: str) -> float:
    """Milliseconds to the last byte that came of it."""
    start = last = time.perf_counter()
    os.write(terminal._main, key.encode())
    while time.perf_counter() - last < (QUIET if last > start else 1):
        if select.select([terminal._main], [], [], 0.002)[0]:
            terminal.seen = os.read(terminal._main, 1 << 16)
            last = time.perf_counter()
    time.sleep(0.1)  # as somebody who looks: what follows the cursor follows
    while select.select([terminal._main], [], [], 0.02)[0]:
        os.read(terminal._main, 1 << 16)
    return (last - start) * 1000


def _cpu(pid: int) -> float:
    """Seconds of CPU of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    sys.exit(main())
