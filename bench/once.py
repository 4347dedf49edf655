"""Figures of one process each, its first read the first: bench.once similar|month|unlock HOME. One line of JSON."""

import json
import sys
from pathlib import Path
from time import perf_counter

from db.clock import now_ms
from db.opening import open_store


def ms(begin: float) -> float:
    return (perf_counter() - begin) * 1000


def similar(home: Path) -> dict[str, float]:
    """The first look for similar letters of a process, and the median of thirty more (budget 100 ms at 100,000)."""
    from db import queries
    from db.similar import similar as look

    took = []
    with open_store(home, create=False) as store:
        for row in queries.page(store, 1, limit=31, now=now_ms()).rows:
            begin = perf_counter()
            look(store, row.id)
            took.append(ms(begin))
    return {"first": took[0], "median": sorted(took[1:])[len(took) // 2 - 1]}


def month(home: Path) -> dict[str, float]:
    """A month in figures, read for the first time (budget 300 ms out of a million)."""
    from db import figures

    with open_store(home, create=False) as store:
        begin = perf_counter()
        figures.read(store, figures.parse("2026-10"), now=now_ms())
        return {"first": ms(begin)}


def unlock(_home: Path) -> dict[str, float]:
    """What a passphrase adds to opening: Argon2id, the same for any number of letters."""
    from db import passphrase

    line = passphrase.seal(b"0" * 32, "correct horse battery")
    begin = perf_counter()
    passphrase.unseal(line, "correct horse battery")
    return {"first": ms(begin)}


WHAT = {"similar": similar, "month": month, "unlock": unlock}

if __name__ == "__main__":
    print(json.dumps(WHAT[sys.argv[1]](Path(sys.argv[2]))))
