"""From a figure to its letters: what is shown of them where a person of the desk looks, and what may leave the desk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from db import held, places
from db.clock import day_of
from db.model import Ms
from db.words import term

if TYPE_CHECKING:
    from db.store import Store

CHUNK = 5_000


def letters_of(store: Store, codes: Sequence[str]) -> list[dict[str, Any]]:
    """Of each letter: code, received_on, kind, state, district, topic, title; in the order of `codes`. A confidential
    letter's title is not told, here as in every list of figures. Raises StoreError.
    """
    known: dict[str, Any] = {}
    for start in range(0, len(codes), CHUNK):
        rows = store.rows(
            "SELECT code, received_at, kind, state, district, topic, title, confidential FROM cases "
            "WHERE code IN (SELECT value FROM json_each(?))",
            (json.dumps(codes[start : start + CHUNK]),),
        )
        known |= {row[0]: row for row in rows}
    found = []
    for code in codes:
        if code not in known:  # of an old page, not on this desk
            found.append(dict.fromkeys(COLUMNS) | {"code": code, "title": ""})
            continue
        _code, received, kind, state, district, topic, title, confidential = known[code]
        found.append(
            {
                "code": code,
                "received_on": day_of(received).isoformat(),
                "kind": kind,
                "state": state,
                "district": places.load().name(district) if district else None,
                "topic": topic,
                "title": term("confidential", "title") if confidential else title,
            }
        )
    return found


def hold(store: Store, asked: str, ns: Iterable[int]) -> None:
    """Hands over the letters behind a figure as the page counted them: a search for it shows these, whatever comes in while
    somebody works through them, and counts nothing. Looking at the page again hands over what is so then.
    """
    held.hold(store, asked, ns)


def numbers(store: Store, asked: str, now: Ms) -> frozenset[int]:
    """The letters' numbers behind `PERIOD[#REVISION]/NAME`: those held, else counted now; none where there is no such figure.
    Raises StoreError."""
    known = held.of(store, asked)
    if known is None:
        known = count(store, asked, now)
        hold(store, asked, known)
    return known


def count(store: Store, asked: str, now: Ms) -> frozenset[int]:
    """As `numbers`, counted anew: a month's figures at worst, which no key may wait for. Raises StoreError."""
    return _numbers(store, asked, now)


def _numbers(store: Store, asked: str, now: Ms) -> frozenset[int]:
    from db import figures
    from db.bulletin import frozen_rows

    of, _stroke, name = asked.partition("/")
    typed, _hash, revision = of.partition("#")
    period = figures.parse(typed)
    if not revision:
        figure = figures.read(store, period, now=now).find(name)
        return frozenset(figure.letters) if figure else frozenset()
    frozen = next((one for one in frozen_rows.revisions(store, period.name) if str(one.revision) == revision), None)
    return of_codes(store, frozen.snapshot.letters(name) if frozen else [])


def of_codes(store: Store, codes: Sequence[str]) -> frozenset[int]:
    """The numbers of the letters of these codes that are here. Raises StoreError."""
    rows = store.rows("SELECT n FROM cases WHERE code IN (SELECT value FROM json_each(?))", (json.dumps(list(codes)),))
    return frozenset(n for (n,) in rows)


COLUMNS = ("code", "received_on", "kind", "state", "district", "topic", "title")
