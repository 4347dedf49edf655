"""How much of what tells who somebody is the finder finds: on letters made up for it, and false alarms on letters given.

`python -m bench.redaction [CSV…]`. Of real letters only counts are printed, never a word of them.
"""

from __future__ import annotations

import csv
import re
import sys
import time
from collections import Counter
from pathlib import Path

from db import redaction

GOLD = Path(__file__).parent / "gold" / "redaction.txt"
_MARK = re.compile(r"⟦(\w+)\|([^⟧]*)⟧")


def gold() -> list[tuple[str, list[tuple[int, int, str]]]]:
    """(text, [(start, end, rule)]) of each letter."""
    made = []
    body = "\n".join(line for line in GOLD.read_text(encoding="utf-8").splitlines() if not line.startswith("# "))
    for piece in body.split("\n---\n"):
        text, spans, at = "", [], 0
        for hit in _MARK.finditer(piece):
            text += piece[at : hit.start()]
            spans.append((len(text), len(text) + len(hit[2]), hit[1]))
            text, at = text + hit[2], hit.end()
        made.append((text + piece[at:], spans))
    return made


def measured() -> tuple[Counter[str], Counter[str], list[str]]:
    """What there is and what is found of it, by rule; what is found that is nothing. Found: every character of it covered."""
    there, found, false = Counter[str](), Counter[str](), []
    for text, spans in gold():
        spots = redaction.find(text)
        for start, end, rule in spans:
            there[rule] += 1
            covered = {i for s in spots for i in range(s.start, s.end)}
            found[rule] += set(range(start, end)) <= covered
        false += [text[s.start : s.end] for s in spots if not any(a < s.end and s.start < b for a, b, _rule in spans)]
    return there, found, false


def main(files: list[str]) -> None:
    there, found, false = measured()
    for rule in sorted(there):
        print(f"{rule:10} {found[rule]:3} of {there[rule]:3}")
    print(f"{'all':10} {found.total():3} of {there.total():3}, false alarms {len(false)} in {len(gold())} letters")
    for name in files:
        spots, letters, size, began = Counter[str](), 0, 0, time.process_time()
        with Path(name).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                text = f"{row['title']}\n{row['body']}"
                letters, size = letters + 1, size + len(text)
                spots.update(s.rule for s in redaction.find(text))
        taken = 1e6 * (time.process_time() - began) / max(1, size)
        print(f"{Path(name).name}: {letters} letters, {taken:.1f} µs a character, {dict(spots)}")


if __name__ == "__main__":
    main(sys.argv[1:])
