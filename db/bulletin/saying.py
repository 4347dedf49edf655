"""What a page says in words: told cases, open questions, what citizens wrote. Kept as where the words are, read when shown.

A page holds the event in which words were said; the words stay with the letter. So an erased letter's words are gone from
every page, an old one too, and a frozen page holds no personal data. Titles and bodies of letters are never in a page: only
words that were released for print, and what citizens wrote under their rating with everything personal in it blanked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from db.clock import day_of
from db.projection import TIE_BITS
from db.redaction import redacted
from db.text import safe

if TYPE_CHECKING:
    from db.figures import Figures
    from db.figures.facts import Said
    from db.store import Store

BEST = 5
"""The page prints what those wrote who gave five."""

PARTS = ("told", "rated", "words", "open_questions")

_HOUSE = re.compile(r"\s*[\dA-Za-z一二三四五六七八九十]+(?:号|栋|幢|座|单元|室|楼|-\d).*$")
"""A place is printed down to its road; the house number only where the words released for print name it too."""


def told(store: Store, found: Figures, page: dict[str, Any]) -> dict[str, Any]:
    """The page's parts with words, without the words: of whom, about what, by which event. Raises StoreError."""
    from db.bulletin.making import printed

    said = [*found.told, *found.words, *found.questions]
    more = _more(store, {s.n for s in said})

    def one(s: Said) -> dict[str, Any]:
        head = found.heads[s.n]
        sent_at, replied_at, _confidential = more.get(s.n, (None, None, True))
        return {
            "code": head.code,
            "district": printed(head.name) if head.name else None,
            "unit": head.unit or None,
            "topic": head.topic,
            "kind": head.kind,
            "received": day_of(s.n >> TIE_BITS).isoformat(),
            "acted": day_of(sent_at).isoformat() if sent_at is not None else None,
            "replied": day_of(replied_at).isoformat() if replied_at is not None else None,
            "on": day_of(s.at).isoformat(),
            "event": s.event,
        }

    def rating(s: Said) -> dict[str, Any]:
        how = {"rating": s.score, "solved": s.solved, "thanks": s.thanks}
        return one(s) | {"about": found.heads[s.n].topic} | how

    fastest = page["districts"]["fastest_reply"]
    if fastest and found.fastest and _more(store, {found.fastest.letter})[found.fastest.letter][-1]:
        page["districts"]["fastest_reply"] = fastest | {"topic": None, "code": None}
    words = [rating(s) for s in found.words if not s.by_desk]  # what an editor noted after a call is nobody's words
    return {
        "told": [one(s) for s in found.told],
        "rated": [w for w in words if w["rating"] == BEST],
        "words": [w for w in words if w["rating"] != BEST],
        "open_questions": [one(s) for s in found.questions],
    }


def _more(store: Store, ns: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """Of letters: when they were first forwarded, when the lead's standing reply came, whether confidential."""
    rows = store.rows(
        "SELECT c.n, (SELECT min(sent_at) FROM dispatch d WHERE d.n = c.n), "
        "(SELECT max(replied_at) FROM dispatch d WHERE d.n = c.n AND d.lead = 1), c.confidential "
        "FROM cases c WHERE c.n IN (SELECT value FROM json_each(?))",
        (json.dumps(sorted(ns)),),
    )
    return {n: tuple(rest) for n, *rest in rows}


def spoken(store: Store, page: dict[str, Any], said: Iterable[Said] = ()) -> dict[str, Any]:
    """The page with the words in it: `title`, `text` of everything told; None where they were erased or are not on this desk.

    `said`: ratings whose words were just read; the others are looked up.
    """
    found: dict[str, tuple[dict[str, str], str]] = {s.event: ({"text": s.text}, "") for s in said}
    wanted = [id_ for part in PARTS for one in page[part] if (id_ := one["event"]) not in found]
    rows = store.rows(
        "SELECT e.id, e.words, json_extract(c.rest, '$.place') FROM event e JOIN cases c ON c.n = e.case_n "
        "WHERE e.id IN (SELECT value FROM json_each(?)) AND c.confidential = 0",
        (json.dumps(wanted),),
    )
    found |= {id_: (json.loads(words) if words else {}, safe(place or "")) for id_, words, place in rows}

    def fill(part: str, one: dict[str, Any]) -> dict[str, Any]:
        held, place = found.get(one["event"], ({}, ""))
        text = safe(held.get("text", "")) or None
        if part in ("rated", "words"):
            return one | {"text": redacted(text) if text else None}
        title = safe(held.get("title", "")) or None
        return one | {"title": title, "text": text, "place": _place(place, f"{title}{text}")}

    return page | {part: [fill(part, one) for one in page[part]] for part in PARTS}


def _place(place: str, released: str) -> str:
    house = _HOUSE.search(place)
    return place if house is None or house[0].strip() in released else place[: house.start()]
