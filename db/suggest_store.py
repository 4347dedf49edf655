"""What was learned, as it lies in the store: labels with their counts, names of places, how urgent letters turned out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from db.suggest_model import NOTHING, Learned, key

if TYPE_CHECKING:
    from db.store import Store

COUNTED = ("topic", "kind")
"""Fields whose labels are learned by bigrams."""

CUE = "cue"
"""Field under which rules of urgency are counted: label = rule:urgency as decided."""

MARK = "learned.mark"
"""Setting: changes with everything learned, so that what is held in memory is known to be old."""

_read: WeakKeyDictionary[Store, tuple[str, dict[str, dict[str, Learned]]]] = WeakKeyDictionary()


def learned(store: Store, conn: Any, field: str) -> Mapping[str, Learned]:
    """Label → what was learned of it; held in memory until something new is learned."""
    mark = conn.execute("SELECT value FROM setting WHERE name = ?", (MARK,)).fetchone()
    now = str(mark[0]) if mark else ""
    held = _read.get(store)
    if held is None or held[0] != now:
        held = _read[store] = (now, {})
    if field not in held[1]:
        rows = conn.execute("SELECT label, letters, grams, counts FROM learned WHERE field = ?", (field,))
        held[1][field] = {label: Learned.read(letters, grams, counts) for label, letters, grams, counts in rows}
    return held[1][field]


def shift(conn: Any, by: Mapping[tuple[str, str], tuple[int, Counter[int]]]) -> None:
    """(field, label) → letters more and bigrams more (less where negative), into an open write transaction."""
    for (field, label), (letters, counts) in sorted(by.items()):
        row = conn.execute(
            "SELECT letters, grams, counts FROM learned WHERE field = ? AND label = ?", (field, label)
        ).fetchone()
        now = (Learned.read(*row) if row else NOTHING).changed(letters, counts)
        if now.letters <= 0:
            conn.execute("DELETE FROM learned WHERE field = ? AND label = ?", (field, label))
        else:
            conn.execute(
                "INSERT OR REPLACE INTO learned(field, label, letters, grams, counts) VALUES (?, ?, ?, ?, ?)",
                (field, label, now.letters, now.grams, now.stored()),
            )


def shift_places(conn: Any, by: Mapping[tuple[int, str], int]) -> None:
    """(hash of a name, district) → letters more or less."""
    conn.executemany(
        "INSERT INTO learned_place(name, district, letters) VALUES (?, ?, ?) "
        "ON CONFLICT(name, district) DO UPDATE SET letters = letters + excluded.letters",
        [(name, district, times) for (name, district), times in by.items() if times],
    )
    conn.executemany(
        "DELETE FROM learned_place WHERE name = ? AND district = ? AND letters <= 0",
        [*by] if min(by.values(), default=0) < 0 else [],
    )


def districts_of(conn: Any, names: Iterable[str]) -> dict[str, dict[str, int]]:
    """Name of a place → district → letters about it that the desk put there."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for name in names:
        rows = conn.execute("SELECT district, letters FROM learned_place WHERE name = ?", (key(name),))
        for district, letters in rows:
            found[name][district] = letters
    return found


def turned_out(conn: Any) -> dict[str, dict[str, int]]:
    """Rule of urgency → urgency as the desk decided → letters."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for label, letters in conn.execute("SELECT label, letters FROM learned WHERE field = ?", (CUE,)):
        rule, _colon, urgency = label.partition(":")
        found[rule][urgency] = letters
    return found
