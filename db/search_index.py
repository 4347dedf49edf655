"""Keeps the search index of words behind the letters: FTS5 over Han bigrams and single characters, rowid = cases.n.

Writing a letter's 350 tokens takes as long as the rest of an action, and merging parts of the index takes many times
that. So an action only notes the letter in `to_index`; quiet moments index it (`Store.settle`), and until then a search
reads the words of the letters that wait. Invariant: index + `to_index` together find every letter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from db.search import tokens
from db.turns import AIM

if TYPE_CHECKING:
    from db.store import Store

CHUNK = 16
"""Letters a transaction when catching up: about 3 ms, so that no action waits longer for its turn."""

MERGE_PAGES, MERGES = 8, 4
"""Pages of the index rewritten in one transaction, or what one word takes, and such transactions in one quiet moment."""

CRISIS = 1_000
"""Parts of one size from which on FTS5 makes one of them all within the write that brings the last: it does so from sixteen
on, which once in some thousand writes rewrites the greater part of the index, minutes of it with a million letters, and every
action waits. Quiet moments merge from four on (`MERGE_PAGES`), so that it never comes to this.
"""


def document(texts: Iterable[str]) -> str:
    """What FTS5 is given: each token once."""
    return " ".join(tokens("\n".join(texts)))


def add(conn: Any, texts: Mapping[int, Sequence[str]]) -> None:
    """Indexes letters that are new to the index: `n` → their words. In the order of `n`, as FTS5 likes it best."""
    conn.executemany("INSERT INTO words(rowid, w) VALUES (?, ?)", ((n, document(texts[n])) for n in sorted(texts)))


def words_of(conn: Any, ns: Iterable[int]) -> dict[int, list[str]]:
    """All words of these letters' events, as they now stand: `n` → texts, the oldest event first."""
    found: dict[int, list[str]] = defaultdict(list)
    sql = (
        "SELECT case_n, words FROM event WHERE case_n IN (SELECT value FROM json_each(?)) "
        "AND words IS NOT NULL ORDER BY n"
    )
    for n, words in conn.execute(sql, (json.dumps(list(ns)),)):
        found[n] += json.loads(words).values()
    return found


def waiting(conn: Any, limit: int) -> list[int]:
    """Letters whose words are newer than the index, at most so many."""
    return [n for (n,) in conn.execute("SELECT n FROM to_index ORDER BY n LIMIT ?", (limit,))]


def catch_up(store: Store, letters: int) -> int:
    """Indexes up to so many waiting letters in short transactions; returns how many still wait. Raises StoreError."""
    done = 0
    while done < letters:
        with store.write(lasting=False) as conn:
            ns = waiting(conn, min(CHUNK, letters - done))
            if not ns:
                break
            _calm(conn)
            texts = words_of(conn, ns)
            conn.executemany("DELETE FROM words WHERE rowid = ?", [(n,) for n in ns])
            add(conn, texts)
            conn.executemany("DELETE FROM to_index WHERE n = ?", [(n,) for n in ns])
        done += len(ns)
    return int(store.rows("SELECT count(*) FROM to_index")[0][0])


def _calm(conn: Any) -> None:
    """The index of a store of any age never merges more than it is asked to (`CRISIS`)."""
    if conn.execute("SELECT v FROM words_config WHERE k = 'crisismerge'").fetchone() != (CRISIS,):
        conn.execute("INSERT INTO words(words, rank) VALUES ('crisismerge', ?)", (CRISIS,))


def merge(store: Store) -> bool:
    """Makes fewer parts of the index's many, a little at a time; whether more can be made. Raises StoreError.

    Other writes come in between, and where somebody presses keys it is one step, for the letters of one word are rewritten at
    once (a common one in a million letters takes 0.2 s). For quiet moments alone, but for as many of them as it takes: each
    letter indexed brings a part, and a search of words not yet looked for reads a page of every part.
    """
    for n in range(MERGES):
        if n and store.turns.aim != AIM:
            break
        with store.write(lasting=False) as conn:
            before = conn.total_changes
            conn.execute("INSERT INTO words(words, rank) VALUES ('merge', ?)", (MERGE_PAGES,))
            if conn.total_changes - before < 2:  # the insert alone: nothing was left to merge
                return False
    return True
