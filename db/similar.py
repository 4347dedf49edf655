"""The open letters most like a letter: the same place, the same matter, other words; and what they share.

Two steps. The rarest bigrams and words of the letter lead to candidates through the search index; the words of the best
candidates are then read and compared. Both are bounded, so that a million letters cost what ten thousand do.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest
from typing import TYPE_CHECKING, Any

from db import search_index
from db.clock import day_of
from db.courtesies import matter
from db.grams import grams
from db.letter_words import Text, as_received
from db.model import CLOSED, CaseId, State
from db.rarity import newest, rarity
from db.rows import COLUMNS, Row
from db.similar_shared import Shared, shared

if TYPE_CHECKING:
    from db.store import Store

GRAMS = 240
"""Bigrams and words of a letter that are looked up: the title, then the beginning of the body."""

CANDIDATES, COMPARED = 500, 40
"""Letters that the index brings; open ones of them whose words are read."""

FALLBACK = 12
"""Common bigrams, the rarest of them, whose newest letters are candidates where nothing rarer brings enough."""

TITLE = 2.0
"""How much more a bigram of a title counts."""

LIKELY = 0.2
"""Likeness from which on two letters are probably about one matter; measured on pairs judged by reading (`bench/`)."""

CHAINED = 0.5
"""A bigram that goes on where another shared one ended counts so much: five of one name are one thing in common."""

LEAST = 0.06
"""Less than this is no likeness: two letters of one desk always share a few words."""

TOLD_BY_PAIRS = 0.12
"""Likeness from which on letters are shown that share neither a place nor a passage longer than two characters."""

WAITING = 64
"""Letters not yet in the index that are compared all the same."""

_CLOSED = ", ".join(f"'{state}'" for state in sorted(CLOSED))
_ASKED = (
    "SELECT c.n, c.topic, c.sender, c.received_at, m.n FROM cases c "
    "LEFT JOIN cases m ON m.id = json_extract(c.rest, '$.merged_into') WHERE c.id = ?"
)


@dataclass(frozen=True, slots=True)
class Similar:
    """An open letter like the one asked about."""

    row: Row
    likeness: float  # 0 to 1
    shared: Shared
    days: int  # between the two receipts, in calendar days
    same_topic: bool
    same_sender: bool
    followers: int  # letters merged into it

    @property
    def likely(self) -> bool:
        """Probably the same matter, not only similar words."""
        return self.likeness >= LIKELY


def similar(store: Store, case: CaseId, limit: int = 5, stay: Callable[[], None] = lambda: None) -> list[Similar]:
    """The open letters most like it, best first; none for a letter whose words were erased. Raises StoreError.

    Each shares a place or a matter with it, or its sender, or very many words: common words and courtesies alone, or some
    pairs of characters, are no likeness.
    A letter merged into another stands for its master: the master is named, once. `stay` is called every few
    milliseconds; what it raises ends the work.
    """
    with store.view() as conn:
        found = conn.execute(_ASKED, (case,)).fetchone()
        if found is None:
            return []
        n, topic, sender, received_at, master = found
        mine = _about(as_received(conn, (n,))).get(n)
        if mine is None:
            return []
        titled, words = grams(mine.title), _looked_up(mine)
        weight, holders = rarity(store, conn, words, stay)
        stay()
        score = _scored(conn, titled, weight, holders)
        stands = _standing(conn, nlargest(CANDIDATES, score, key=score.__getitem__), {n, master})
        stay()
        compared = _compared(conn, mine, titled, weight, list(stands)[:COMPARED])
        best: dict[int, tuple[float, Text]] = {}
        for other, (likeness, text) in compared.items():
            if likeness > best.get(stands[other], (LEAST, text))[0]:
                best[stands[other]] = (likeness, text)
        ranked = sorted(best, key=lambda other: -best[other][0])
        rows = _rows(conn, ranked)
    day, found = day_of(received_at), list[Similar]()
    for other in ranked:
        row, theirs, followers = rows[other]
        both = shared(mine.whole, best[other][1].whole, weight)
        same_sender = sender is not None and theirs == sender
        if not (both.telling or same_sender or best[other][0] >= TOLD_BY_PAIRS):
            continue
        found.append(
            Similar(
                row=row,
                likeness=best[other][0],
                shared=both,
                days=abs((day_of(row.received_at) - day).days),
                same_topic=topic is not None and row.topic == topic,
                same_sender=same_sender,
                followers=followers,
            )
        )
        if len(found) == limit:
            break
    return found


def _about(texts: Mapping[int, Text]) -> dict[int, Text]:
    """Their words without what could stand in any letter."""
    return {n: Text(matter(text.title), matter(text.body)) for n, text in texts.items()}


def _scored(
    conn: Any, titled: Mapping[str, None], weight: Mapping[str, float], holders: Mapping[str, list[int]]
) -> dict[int, float]:
    """Candidates by the weight of what they share. Where little is rare, the newest holders of the rest come in too."""
    score: defaultdict[int, float] = defaultdict(float)
    more = nlargest(FALLBACK, weight.keys() - holders.keys(), key=weight.__getitem__) if _few(holders) else []
    for gram, held in (*holders.items(), *((gram, newest(conn, gram)) for gram in more)):
        worth = weight[gram] * (TITLE if gram in titled else 1)
        for other in held:
            score[other] += worth
    for other in search_index.waiting(conn, WAITING):
        score.setdefault(other, 0.0)
    return score


def _few(holders: Mapping[str, list[int]]) -> bool:
    """Whether the rare bigrams alone bring too few letters to compare."""
    return len(set().union(*holders.values())) < COMPARED if holders else True


def _looked_up(mine: Text) -> dict[str, None]:
    words = grams(mine.whole)
    return dict.fromkeys(list(words)[:GRAMS])


def _standing(conn: Any, ns: list[int], without: set[int]) -> dict[int, int]:
    """Of these letters, in their order, the open ones → themselves, and the merged ones → their open master."""
    closed = {
        n
        for (n,) in conn.execute(
            "SELECT n FROM queue_entry WHERE queue = 8 AND n IN (SELECT value FROM json_each(?))", (json.dumps(ns),)
        )
    }
    masters = dict(
        conn.execute(
            "SELECT c.n, m.n FROM cases c JOIN cases m ON m.id = json_extract(c.rest, '$.merged_into') WHERE c.n IN "  # noqa: S608
            f"(SELECT value FROM json_each(?)) AND c.state = '{State.MERGED}' AND m.state NOT IN ({_CLOSED})",
            (json.dumps(sorted(closed)),),
        )
    )
    stands = {n: masters.get(n, n) for n in ns if n not in closed or n in masters}
    return {n: top for n, top in stands.items() if n not in without and top not in without}


def _compared(
    conn: Any, mine: Text, titled: Mapping[str, None], weight: Mapping[str, float], ns: list[int]
) -> dict[int, tuple[float, Text]]:
    """`n` → likeness: the weight of what both hold over the geometric mean of what each holds."""
    usual = sum(weight.values()) / max(1, len(weight))

    def whole(words: Iterable[str], title: Mapping[str, None]) -> float:
        return sum(weight.get(g, usual) * (TITLE if g in title else 1) for g in words)

    words = dict.fromkeys(weight)
    own = whole(words, titled)
    found = {}
    for n, text in _about(as_received(conn, ns)).items():
        theirs, their_title = grams(text.whole), grams(text.title)
        both, before = 0.0, ""
        for g in words:
            if g in theirs:
                chained = CHAINED if before and before[-1] == g[0] else 1.0
                both += weight[g] * chained * (TITLE if g in titled or g in their_title else 1)
                before = g
            else:
                before = ""
        found[n] = (both / max(1e-9, (own * whole(theirs, their_title)) ** 0.5), text)
    return found


def _rows(conn: Any, ns: list[int]) -> dict[int, tuple[Row, str | None, int]]:
    sql = (
        f"SELECT 0, {COLUMNS}, c.sender, json_array_length(c.rest, '$.followers') FROM cases c "  # noqa: S608
        "WHERE c.n IN (SELECT value FROM json_each(?))"
    )
    found = {}
    for *row, sender, followers in conn.execute(sql, (json.dumps(ns),)):
        made = Row._make(row)
        found[made.n] = (made, sender, followers or 0)
    return found
