"""Search over letters: the newest first, by page, within a queue or over the whole store.

Words are asked of the FTS5 index, filters of the indexes of their columns. Both give `n` in order; where both are
asked, the sparser of the two leads and the other is only probed where the first has been, so a rare word in a big
queue and a common word in a small queue are both quick. What is found is then verified on the text: bigrams in the
right number are not yet the passage.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from db import search_index
from db.finding_filter import conditions
from db.finding_lists import chosen
from db.finding_senders import called, letters_of
from db.finding_sources import Both, Chosen, Either, Everything, Facet, Source, Words
from db.model import Ms, Refusal
from db.people import own_actor
from db.queues import ALL
from db.rows import COLUMNS, BadQueryError, Page, page_of
from db.search_words import may_look_for_senders

if TYPE_CHECKING:
    from db.search import Query
    from db.search_query import Word
    from db.store import Store

FIRST, MOST, MORE = 64, 4096, 4
"""Letters looked at in the first step, at most in one, and how many times more in the next.

Of a common word the first few dozen fill the screen: looking at 256 at once took 20 ms of a key."""

READ = 16
"""Letters whose words are read at least at once: each costs a page or two of a cold, encrypted file."""

WAITING = 1_000
"""More letters than this waiting for the index are indexed before a search instead of being read one by one."""


def find_rows(
    store: Store,
    queue: int,
    query: str | Query,
    *,
    key: tuple[int, int] | None,
    back: bool,
    limit: int,
    now: Ms,
    me: str | None = None,
) -> Page:
    """A page of letters that match, newest first; `key` = (-n, n) of the row it begins behind. Raises BadQueryError."""
    asked = _parsed(query, now)
    sees = may_look_for_senders(own_actor(store).role)
    if asked.names_senders and not sees:
        raise BadQueryError(Refusal("search_sender"))
    with store.view() as conn:
        waiting = search_index.waiting(conn, WAITING + 1) if asked.words else []
    if len(waiting) > WAITING:
        search_index.catch_up(store, 10 * WAITING)
        waiting = []
    with store.view() as conn:
        only = chosen(store, conn, asked, now, me)
        wrote = called(conn, asked.words) if sees else {}
        source = _source(conn, queue, asked, waiting, now) if only is None else Chosen(only)
        if wrote and only is None:
            source = Either(source, Chosen(set().union(*wrote.values())))
        if sees and asked.without:
            wrote |= called(conn, (word for out in asked.without for word in out.words))
        found: list[Any] = []
        bound, step = key[1] if key else None, max(FIRST, limit)
        while len(found) <= limit:
            ns, bound, done = source.step(bound, step, back)
            while ns and len(found) <= limit:  # read no more texts than fill the page
                some = max(READ, limit + 1 - len(found))
                found += _matching(
                    conn, _standing(conn, ns[:some], asked, now), asked, wrote, queue, now, me, back=back
                )
                ns = ns[some:]
            if done:
                break
            step = min(step * MORE, MOST)
    return page_of(found, limit, back=back)


def _parsed(query: str | Query, now: Ms) -> Query:
    from db.search import Query as Parsed
    from db.search import parse

    if isinstance(query, Parsed):
        return query
    parsed = parse(query, now)
    if isinstance(parsed, Refusal):
        raise BadQueryError(parsed)
    return parsed


def _source(conn: Any, queue: int, query: Query, waiting: list[int], now: Ms) -> Source:
    """What gives the letters to look at: never fewer than match, in order of `n`."""
    if query.senders:
        return Chosen(letters_of(conn, query.senders))
    words = Words(conn, query, waiting) if query.words else None
    facet = Facet.of(conn, queue, query, now)
    if words and facet:
        return Both(words, facet)
    return words or facet or Everything(conn)


def _standing(conn: Any, ns: list[int], query: Query, now: Ms) -> list[int]:
    """Without those that have left the board's figure since it was counted."""
    if not query.board:
        return ns
    from db.board import still

    here = still(conn, query.board, ns, now)
    return [n for n in ns if n in here]


def _matching(
    conn: Any,
    ns: list[int],
    query: Query,
    wrote: Mapping[Word, set[int]],
    queue: int,
    now: Ms,
    me: str | None,
    *,
    back: bool,
) -> list[Any]:
    """Of these letters the rows that fit every filter and hold every word, in reading direction. A word also holds in the letters
    that `wrote` has for it."""
    if not ns:
        return []
    where, values = conditions(query, queue if queue != ALL else None, now, me)
    values |= {"ns": json.dumps(ns)}
    rows = conn.execute(
        f"SELECT -c.n, {COLUMNS} FROM cases c WHERE c.n IN (SELECT value FROM json_each(:ns)) {where} "  # noqa: S608
        f"ORDER BY c.n {'ASC' if back else 'DESC'}",
        values,
    ).fetchall()
    if not query.reads or not rows:
        return list(rows)
    texts = search_index.words_of(conn, [r[1] for r in rows])
    return [r for r in rows if _holds(query, wrote, r[1], texts.get(r[1], ()))]


def _holds(query: Query, wrote: Mapping[Word, set[int]], n: int, texts: Sequence[str]) -> bool:
    """Whether the letter `n` with these words is one that the query's words ask for."""
    of_them = [word for word, ns in wrote.items() if n in ns]

    def fits(asked: Query) -> bool:
        rest = replace(asked, words=tuple(w for w in asked.words if w not in of_them)) if of_them else asked
        return rest.verify(*texts)

    return fits(query) and not any(out.words and fits(out) for out in query.without)
