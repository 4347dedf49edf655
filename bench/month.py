"""A month's bulletin out of a store: python -m bench.month HOME [PERIOD…]. The first read of a process, then some more.

Without periods: every month in which the store has letters; each is read first by a process of its own.
Budget (DESIGN.md §7): a month out of 1,000,000 letters ≤ 300 ms. A store with full histories: `bench/histories.py`.
"""

import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time

from db import bulletin, figures
from db.clock import now_ms
from db.opening import open_store
from db.projection import TIE_BITS

ROUNDS = 5


def measure(home: Path, typed: str) -> str:
    """One line: letters, first read of this process, the best of the next ones, of processor time and by the clock (ms)."""
    took = []
    with open_store(home, create=False) as store:
        for _ in range(ROUNDS + 1):
            clock, cpu = perf_counter(), process_time()
            page = bulletin.read(store, figures.parse(typed), now=now_ms()).page
            took.append(((process_time() - cpu) * 1000, (perf_counter() - clock) * 1000))
    first, *more = took
    cpu, clock = map(min, zip(*more, strict=True))
    return (
        f"{typed}: {page['counts']['total']:,} letters, {page['figures']['sent']['value']:,} dispatches, "
        f"{page['balance']['carried']:,} carried on: CPU {first[0]:.0f} first, {cpu:.0f} then; clock {first[1]:.0f}, {clock:.0f}"
    )


def months(home: Path) -> list[str]:
    """Every month from the first letter's to the last one's."""
    with open_store(home, create=False) as store:
        [(low, high)] = store.rows("SELECT min(n), max(n) FROM cases")
    found = [figures.month_of(low >> TIE_BITS)]
    while found[-1].end <= high >> TIE_BITS:
        found.append(found[-1].after())
    return [period.name for period in found]


if __name__ == "__main__":
    home, *periods = sys.argv[1:]
    if len(periods) == 1:
        print(measure(Path(home), periods[0]))
    else:
        for typed in periods or months(Path(home)):
            subprocess.run([sys.executable, "-m", "bench.month", home, typed], check=True)
