"""How often the finder of districts is right, wrong, asking or silent on letters in a CSV, and how long it takes.

    python -m bench.places LETTERS.csv [DAY]

Columns title and body, optionally place and district (the right one by name; none, or empty: the letter names none of
ours). Prints figures and names of places only, never a letter's text. DAY (default 2024-10-15) is what "valid" means.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from db import places


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__)
        return 2
    day = date.fromisoformat(sys.argv[2]) if len(sys.argv) == 3 else date(2024, 10, 15)
    divisions = places.load()
    divisions.suggest("", day)
    counts: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    spent = 0.0
    with Path(sys.argv[1]).open(encoding="utf-8-sig", newline="") as f:
        for row in csv.DictReader(f):
            text = "\n".join(row.get(column) or "" for column in ("title", "place", "body"))
            start = time.perf_counter()
            found = divisions.suggest(text, day)
            spent += time.perf_counter() - start
            said = divisions.name(found.district) if found.district else ""
            right = (row.get("district") or "").strip()
            if said:
                counts["right" if said == right else "wrong"] += 1
                if said != right:
                    wrong["、".join(sorted({because.found for because in found.because}))] += 1
            else:
                counts["asks" if found.candidates else "unknown"] += 1
    letters = sum(counts.values()) or 1
    print(f"{letters} letters: " + ", ".join(f"{counts[k]} {k}" for k in ("right", "wrong", "asks", "unknown")))
    print(f"{spent / letters * 1000:.2f} ms a letter")
    for names, times in wrong.most_common():
        print(f"  wrong by {names}: {times}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
