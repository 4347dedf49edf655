"""How telling a bigram or word is in this store, and which letters hold the rare ones: asked of the search index.

What few letters hold is found whole. How common the others are is told by the newest `WINDOW` letters, and remembered
by this process for a while: most bigrams of a letter are common, so from the second letter on only its own are asked.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from db.store import Store

RARE = 100
"""Letters from which on a bigram is common: its holders are not worth reading."""

WINDOW = 2_000
"""Newest letters that stand for all of them where something is common."""

UNSEEN = 300
"""Letters imagined that hold none of it: in a new store of five letters nothing is common yet."""

REMEMBERED_SECONDS = 900
"""How long a weight stands: it moves only with thousands of letters."""

MOST_REMEMBERED = 30_000

_READ = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?"


class Rarity(NamedTuple):
    """`weight`: ln(letters ÷ letters that hold it). `holders`: `n` of the letters that hold a rare one."""

    weight: Mapping[str, float]
    holders: Mapping[str, list[int]]


@dataclass(slots=True)
class _Known:
    """What this process has learned of one store."""

    window: list[int]  # `n` of the newest letters, ascending
    letters: int
    until: float
    common: dict[str, float] = field(default_factory=dict)


_known: WeakKeyDictionary[Store, _Known] = WeakKeyDictionary()


def rarity(store: Store, conn: Any, wanted: Iterable[str], stay: Callable[[], None] = lambda: None) -> Rarity:
    """Weights of bigrams and words, holders of the rare among them. What the index does not hold is rarest of all.

    `stay` is called before each question to the index, a millisecond or two on a cold file.
    """
    known = _of(store, conn)
    weight: dict[str, float] = {}
    holders: dict[str, list[int]] = {}
    for gram in wanted:
        if (common := known.common.get(gram)) is not None:
            weight[gram] = common
            continue
        stay()
        held = newest(conn, gram)
        weight[gram] = math.log((known.letters + UNSEEN) / (_share(held, known) + 0.5))
        if len(held) < RARE:
            holders[gram] = held
        elif len(known.common) < MOST_REMEMBERED:
            known.common[gram] = weight[gram]
    return Rarity(weight, holders)


def newest(conn: Any, gram: str) -> list[int]:
    """`n` of the newest letters that hold it, at most `RARE`."""
    return [n for (n,) in conn.execute(_READ, (f'"{gram}"', RARE))]


def _of(store: Store, conn: Any) -> _Known:
    known, now = _known.get(store), time.monotonic()
    if known is None or known.until < now or len(known.window) < WINDOW:
        window = sorted(n for (n,) in conn.execute("SELECT n FROM cases ORDER BY n DESC LIMIT ?", (WINDOW,)))
        letters = len(window) if len(window) < WINDOW else max(WINDOW, _letters(conn))
        known = _known[store] = _Known(window, letters, now + REMEMBERED_SECONDS)
    return known


def _letters(conn: Any) -> int:
    """About how many letters there are: those of every queue but the overdue one and the last, which are others' too."""
    found = conn.execute("SELECT sum(letters) FROM queue_count WHERE queue NOT IN (4, 9)").fetchone()[0]
    return int(found or 0)


def _share(held: list[int], known: _Known) -> float:
    """About how many of the letters hold it."""
    window = known.window
    if len(held) < RARE or not window:
        return float(len(held))
    if held[-1] < window[0]:
        return known.letters * sum(n >= window[0] for n in held) / len(window)
    return known.letters * RARE / (len(window) - bisect_left(window, held[-1]))
