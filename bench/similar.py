"""How many of the repeats that were judged by reading are among the first five found, and how long a look takes.

    python -m bench.similar LETTERS.csv [HOME]

LETTERS.csv holds the letters of `bench/gold/similar.csv` by their ids (not part of this repository: real letters). They
are imported into a store of their own, or into a copy of the store in HOME (`python bench/load.py 100000 HOME`), so
that they must be found among its letters. Both letters of a pair are asked about. "few words" are repeats found by reading
the hot topics through, whose letters share few words; the others came from lists of words. Of a hot topic
(`bench/gold/hot.csv`) many letters may rightly stand among the first five, so for these it is also said how many of the
five are of the same matter. Nothing of a letter is printed.
"""

from __future__ import annotations

import csv
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from db.intake import bring_in
from db.opening import open_store
from db.similar import similar
from db.store import Store

GOLD = Path(__file__).parent / "gold" / "similar.csv"
HOT = GOLD.with_name("hot.csv")
FIRST = 5
WARM = 20
"""Looks whose time is not counted: the first in a process read cold pages."""


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        if len(sys.argv) == 3:
            shutil.copytree(sys.argv[2], home)
        with open_store(home) as store:
            bring_in(store, Path(sys.argv[1]), keep_good=True, dry_run=False)
            measure(store)
    return 0


def measure(store: Store) -> None:
    cases: dict[str, str] = {}
    for case, number in store.rows("SELECT id, number FROM cases"):
        cases.setdefault(number.split("#")[0], case)
    with GOLD.open(encoding="utf-8", newline="") as f:
        pairs = list(csv.DictReader(f))
    asked: Counter[str] = Counter()
    found: Counter[str] = Counter()
    likely: Counter[str] = Counter()
    for pair in pairs:
        for one, other in ((pair["first"], pair["second"]), (pair["second"], pair["first"])):
            hit = next((s for s in similar(store, cases[one], FIRST) if s.row.id == cases[other]), None)
            asked[pair["judged"]] += 1
            found[pair["judged"]] += hit is not None
            likely[pair["judged"]] += hit is not None and hit.likely
    letters = store.rows("SELECT count(*) FROM cases")[0][0]
    print(f"{letters:,} letters, {len(pairs)} pairs, both ways")
    for judged in asked:
        print(
            f"{judged}: {found[judged]} of {asked[judged]} among the first {FIRST}, "
            f"{likely[judged]} of them said to be likely the same"
        )
    hot(store, cases)
    times = []
    sample = [case for (case,) in store.rows("SELECT id FROM cases ORDER BY number LIMIT 120")]
    for case in sample:
        start = time.perf_counter()
        similar(store, case, FIRST)
        times.append((time.perf_counter() - start) * 1000)
    warm = sorted(times[WARM:])
    print(f"ms a letter: first {times[0]:.0f}, median {warm[len(warm) // 2]:.0f}, p90 {warm[int(len(warm) * 0.9)]:.0f}")


def hot(store: Store, cases: dict[str, str]) -> None:
    """Of the letters of each hot topic: for how many the first five hold one of the same matter, and what part of the five."""
    with HOT.open(encoding="utf-8", newline="") as f:
        matter = {cases[row["id"]]: row["matter"] for row in csv.DictReader(f)}
    with_one: Counter[str] = Counter()
    right: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for case, about in matter.items():
        found = similar(store, case, FIRST)
        same = sum(matter.get(one.row.id) == about for one in found)
        with_one[about] += same > 0
        right[about] += same
        shown[about] += len(found)
    letters = Counter(matter.values())
    for about in letters:
        print(
            f"{about}: {with_one[about]} of {letters[about]} letters have one of the same matter among the first {FIRST}; "
            f"{right[about]} of {shown[about]} shown are of it"
        )
    print(
        f"hot topics together: {sum(with_one.values())} of {len(matter)}; {sum(right.values())} of {sum(shown.values())}"
    )


if __name__ == "__main__":
    sys.exit(main())
