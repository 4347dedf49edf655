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

if TYPE_CHECKING:
    from db.store import Store

CHUNK = 16
"""Letters a transaction when catching up: about 3 ms, so that no action waits longer for its turn."""

MERGE_PAGES = 8
"""Pages of the index rewritten in one quiet moment."""


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
    """Indexes up to so many waiting letters in short transactions; returns how many still wait.

    With none left, the index is tidied a little. Raises StoreError.
    """
    done = 0
    while done < letters:
        with store.write(lasting=False) as conn:
            ns = waiting(conn, min(CHUNK, letters - done))
            if not ns:
                conn.execute("INSERT INTO words(words, rank) VALUES ('merge', ?)", (MERGE_PAGES,))
                return 0
            texts = words_of(conn, ns)
            conn.executemany("DELETE FROM words WHERE rowid = ?", [(n,) for n in ns])
            add(conn, texts)
            conn.executemany("DELETE FROM to_index WHERE n = ?", [(n,) for n in ns])
        done += len(ns)
    return int(store.rows("SELECT count(*) FROM to_index")[0][0])
