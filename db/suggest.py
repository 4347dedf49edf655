"""Topic, kind, urgency and district of a letter, as its words and the desk's own decisions suggest; each with its reason.

Nothing is ever applied here: a suggestion is shown, and a person takes it or does not. Where little speaks for anything
there is none; of districts and 特急 a wrong one costs more than none at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from db import places, topics
from db.clock import day_of
from db.letter_words import Text, as_received
from db.model import CaseId, Kind, Ms
from db.rarity import rarity
from db.search_fold import fold
from db.suggest_cues import SAID, cues
from db.suggest_features import FEATURES, place_names, weights
from db.suggest_model import Learned, Scored, scored
from db.suggest_spoken import spoken
from db.suggest_store import districts_of, learned, turned_out
from db.suggest_urgency import urgency

if TYPE_CHECKING:
    from db.store import Store

LEAST_SCORE = {"topic": 0.09, "kind": 0.04}
LEAST_LEAD = {"topic": 0.045, "kind": 0.03}
"""What the best label must reach, and its lead over the second, per unit of the letter's weight: below, 19 of 20 real
letters that were suggested wrongly lie (`bench/suggest.py`)."""

GRAMS = 240
"""Bigrams looked up in the index for how telling they are: title first, then the beginning of the body."""

EVIDENCE = 200
"""Letters of a topic that are read to say how many of them hold a word."""

AGREED = 2
"""Letters that must have put an estate into one district, and none into another, before its name says it."""

DOUBTED, ENOUGH = 0.25, 4
"""A rule of urgency is silent where the desk followed it in less than this part of at least so many letters."""

SEVERAL = 3
"""Letters classified so, of which their likeness alone is a reason."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One suggestion: a code, and what it rests on. What the pieces mean depends on `why` (`db/suggest_words.py`).

    `value` None: nothing is suggested, but the reason is worth reading (two districts come into question).
    """

    field: str
    value: str | None
    why: str  # learned, cue, like, rule, named, unsure, estate
    found: tuple[str, ...] = ()  # words of the letter, folded
    times: int = 0  # letters that bear it out, …
    of: int = 0  # … of so many
    rule: str = ""  # of urgency
    among: tuple[str, ...] = ()  # districts that come into question


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a letter suggests; a field is missing where nothing speaks for anything."""

    hints: Mapping[str, Hint]

    def value(self, field: str) -> str | None:
        hint = self.hints.get(field)
        return hint.value if hint else None


FIELDS = ("kind", "topic", "urgency", "district")
"""In the order a person classifies."""


def suggest(store: Store, case: CaseId, now: Ms) -> Suggestions:
    """What this letter suggests, whatever was decided of it; nothing for one that was erased. Raises StoreError."""
    with store.view() as conn:
        found = conn.execute("SELECT n FROM cases WHERE id = ?", (case,)).fetchone()
        text = as_received(conn, found).get(found[0]) if found else None
        if text is None:
            return Suggestions({})
        hints = _of_words(store, conn, text)
        if cue := _urgency(conn, text):
            hints.append(cue)
        if place := _district(conn, text, now):
            hints.append(place)
    return Suggestions({hint.field: hint for hint in sorted(hints, key=lambda h: FIELDS.index(h.field))})


def unlearned(text: Text, field: str, rarities: Mapping[str, float], held: Mapping[str, Learned]) -> list[Scored]:
    """The labels of a field for a letter, from what is held of each and its cue words; likeliest first. Pure."""
    labels: Iterable[str] = topics.load().all if field == "topic" else [kind.value for kind in Kind]
    return scored(weights(FEATURES[field](text.title, text.body), rarities), held, cues(field, labels))


def clear(field: str, ranked: list[Scored]) -> bool:
    """Whether the first label is far enough ahead to be suggested."""
    lead = ranked[0].score - ranked[1].score
    return ranked[0].score >= LEAST_SCORE[field] and lead >= LEAST_LEAD[field]


def _of_words(store: Store, conn: Any, text: Text) -> list[Hint]:
    """Topic and kind."""
    grams = list(FEATURES["topic"](text.title, ""))
    grams = [g for g in dict.fromkeys([*grams, *FEATURES["topic"]("", text.body)]) if not g.startswith(SAID)]
    rarities = rarity(store, conn, grams[:GRAMS]).weight
    hints = []
    for field in ("topic", "kind"):
        held = learned(store, conn, field)
        ranked = unlearned(text, field, rarities, held)
        if clear(field, ranked) and (hint := _because(conn, field, ranked[0], text, held)):
            hints.append(hint)
    return hints


def _because(conn: Any, field: str, best: Scored, text: Text, held: Mapping[str, Learned]) -> Hint | None:
    """The words that say most for a label, and in how many of its letters one of them stands."""
    folded = fold(text.whole)
    others: list[str] = []
    if best.label in held:
        ns = conn.execute(_BORNE_OUT[field], (best.label, EVIDENCE))
        others = [fold(other.whole) for other in as_received(conn, [n for (n,) in ns]).values()]
    listed, found = spoken(field, best, folded, others)
    times = sum(any(word in other for word in listed or found) for other in others)
    if times > 1:
        return Hint(field, best.label, "learned", listed or found, times, len(others))
    if listed:
        return Hint(field, best.label, "cue", listed)
    if len(others) >= SEVERAL:  # no one word tells it, their mixture does
        return Hint(field, best.label, "like", times=len(others))
    return None


_BORNE_OUT = {
    field: f"SELECT n FROM learned_letter WHERE {field} = ? ORDER BY n DESC LIMIT ?"  # noqa: S608 - names are ours
    for field in ("topic", "kind")
}


def _urgency(conn: Any, text: Text) -> Hint | None:
    silent = [
        rule
        for rule, came in turned_out(conn).items()
        if sum(came.values()) >= ENOUGH and came.get("normal", 0) > (1 - DOUBTED) * sum(came.values())
    ]
    cue = urgency(text.whole, silent)
    return Hint("urgency", cue.level, "rule", (cue.found,), rule=cue.id) if cue else None


def _district(conn: Any, text: Text, now: Ms) -> Hint | None:
    """As the places it names say; where they say nothing, as the desk put letters about the same estates."""
    divisions = places.load()
    named = divisions.suggest(text.whole, day_of(now))
    found = tuple(dict.fromkeys(because.found for because in named.because))
    if named.district:
        return Hint("district", named.district, "named", found)
    known = districts_of(conn, place_names(text.whole))
    agreed = {name: by for name, by in known.items() if len(by) == 1 and sum(by.values()) >= AGREED}
    codes = {code for by in agreed.values() for code in by}
    if len(codes) == 1 and len(agreed) == len(known) and not _elsewhere(text):
        [code] = codes
        today = {d.code for d in divisions.districts(day_of(now))}
        if code in today and (not named.candidates or code in named.candidates):
            name = max(agreed, key=lambda n: sum(agreed[n].values()))
            return Hint("district", code, "estate", (name,), sum(agreed[name].values()))
    if named.candidates:
        return Hint("district", None, "unsure", found, among=named.candidates)
    return None


def _elsewhere(text: Text) -> bool:
    from db.place_mentions import cities_elsewhere

    return bool(re.search("|".join(map(re.escape, cities_elsewhere())), text.whole))
