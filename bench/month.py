"""A period's figures out of a store: python -m bench.month HOME [PERIOD…]. The first read of a process, then ten more.

Budget (DESIGN.md §7): a month out of 1,000,000 letters ≤ 300 ms.
"""

import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

from db import figures
from db.clock import now_ms
from db.store import Store

ROUNDS = 10


def measure(home: Path, typed: str) -> str:
    """One line: letters, first read of this process, median and worst of the next ones."""
    took = []
    with Store.open(home, create=False) as store:
        for _ in range(ROUNDS + 1):
            start = perf_counter()
            found = figures.read(store, figures.parse(typed), now=now_ms())
            took.append((perf_counter() - start) * 1000)
    first, *more = took
    letters, carried = found.letters.total.value, found.balance.carried.value
    return (
        f"{typed}: {letters:,} letters, {found.units.sent.value:,} dispatches, {carried:,} carried on: "
        f"{first:.0f} first, {median(more):.0f} median, {max(more):.0f} worst (ms)"
    )


if __name__ == "__main__":
    home, *periods = sys.argv[1:]
    if len(periods) == 1:
        print(measure(Path(home), periods[0]))
    else:  # each in a process of its own: its first read is the first
        for typed in periods or ("2026-10", "2025-05", "2024-02"):
            subprocess.run([sys.executable, "-m", "bench.month", home, typed], check=True)
