"""Learns from what the desk decides: topic, kind, urgency and district of letters, as editors classified them.

An action only notes the letter (`to_learn`); quiet moments count it, as they index its words. What a letter was counted
as is kept beside it (`learned_letter`), so a decision that is changed, undone or refused is unlearned exactly.
Invariant, once nothing waits: what is learned is what the decisions that stand now say, whatever came before them.
Bigrams and names are kept as hashes: an erased letter is unlearned, and no words of anybody lie in what was learned.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from db.model import Case, EventKind, Role

if TYPE_CHECKING:
    from db.projection import Held
    from db.store import Store

CHUNK = 8
"""Letters a transaction: some ten milliseconds."""

VERSION = 2
"""Of the features (`db/suggest_features.py`): whoever changes what they are raises it, and all is learned anew."""

AS_OF = "learned.version"
"""Setting: `version:n`: the version of the features that was learned, and down to which letter older ones were noted."""

SWEEP = 500
"""Older letters looked at in one quiet moment, where the features are new to the store."""

FIELDS = ("topic", "kind", "urgency", "district")

DECIDING = (EventKind.CLASSIFIED, EventKind.CORRECTED, EventKind.ACCEPTED, EventKind.FORWARDED)
_BY = (Role.EDITOR, Role.SUPERVISOR)


class Decided(NamedTuple):
    """A letter as the desk decided it; None where nobody did."""

    topic: str | None = None
    kind: str | None = None
    urgency: str | None = None
    district: str | None = None


UNDECIDED = Decided()


def _labels(case: Case | None) -> Decided:
    if case is None:
        return UNDECIDED
    lead = case.lead_dispatch
    district = case.district or (lead.district if lead else None)
    return Decided(case.topic, case.kind, None if case.urgency == "normal" else case.urgency, district)


def note(conn: Any, held: Iterable[Held]) -> None:
    """Letters whose labels a change touched wait to be learned; part of that change's transaction."""
    waiting = [(h.n,) for h in held if _labels(h.case) != _labels(h.before)]
    conn.executemany("INSERT OR IGNORE INTO to_learn(n) VALUES (?)", waiting)


def catch_up(store: Store, letters: int) -> int:
    """Learns up to so many waiting letters in short transactions; returns how many still wait. Raises StoreError."""
    swept = _swept(store)
    done = 0
    while done < letters:
        limit = min(CHUNK, letters - done)
        ns = [n for (n,) in store.rows("SELECT n FROM to_learn ORDER BY n DESC LIMIT ?", (limit,))]
        if not ns:
            return 0 if swept else 1
        with store.write(lasting=False) as conn:
            _learn(conn, ns)
            conn.executemany("DELETE FROM to_learn WHERE n = ?", [(n,) for n in ns])
        done += len(ns)
    return int(store.rows("SELECT count(*) FROM to_learn")[0][0])


def forget(conn: Any, n: int) -> None:
    """Unlearns a letter while its words are still there: it is about to be erased."""
    if _counted(conn, (n,)).get(n):
        _shift(conn, [(n, _counted(conn, (n,))[n], UNDECIDED)])
    conn.execute("DELETE FROM to_learn WHERE n = ?", (n,))


def _swept(store: Store) -> bool:
    """Notes the next older letters where the features are new to this store; True once there are none.

    Features of another version mean other counts: what was learned goes, and every decided letter is noted anew.
    """
    version, _colon, below = (store.setting(AS_OF) or "").partition(":")
    fresh = version != str(VERSION)
    if not fresh and not below:
        return True
    bound = (1 << 62) if fresh else int(below)
    by_the_desk = (  # placeholders only
        f"EXISTS (SELECT 1 FROM event e WHERE e.case_n = c.n AND e.kind IN ({', '.join('?' * len(DECIDING))}) "  # noqa: S608
        f"AND e.role IN ({', '.join('?' * len(_BY))}))"
    )
    rows = store.rows(
        f"SELECT n, (kind IS NOT NULL OR topic IS NOT NULL) AND {by_the_desk} FROM cases c "  # noqa: S608 - ours alone
        "WHERE n < ? ORDER BY n DESC LIMIT ?",
        (*DECIDING, *_BY, bound, SWEEP),
    )
    with store.write() as conn:
        if fresh:
            for table in ("learned", "learned_place", "learned_letter"):
                conn.execute(f"DELETE FROM {table}")  # noqa: S608 - ours alone
        conn.executemany("INSERT OR IGNORE INTO to_learn(n) VALUES (?)", [(n,) for n, decided in rows if decided])
        reached = f"{VERSION}:{rows[-1][0]}" if len(rows) == SWEEP else f"{VERSION}:"
        conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (AS_OF, reached))
    return len(rows) < SWEEP


def _learn(conn: Any, ns: list[int]) -> None:
    counted, decided = _counted(conn, ns), _decided(conn, ns)
    _shift(conn, [(n, counted.get(n, UNDECIDED), decided.get(n, UNDECIDED)) for n in ns])


def _counted(conn: Any, ns: Iterable[int]) -> dict[int, Decided]:
    """What letters are counted as."""
    sql = "SELECT n, topic, kind, urgency, district FROM learned_letter WHERE n IN (SELECT value FROM json_each(?))"
    return {n: Decided(*labels) for n, *labels in conn.execute(sql, (json.dumps(list(ns)),))}


def _decided(conn: Any, ns: Iterable[int]) -> dict[int, Decided]:
    """What the desk's people decided of letters: fields their events name, as they stand now."""
    asked = json.dumps(list(ns))
    named: defaultdict[int, set[str]] = defaultdict(set)
    rows = conn.execute(
        f"SELECT case_n, facts FROM event WHERE case_n IN (SELECT value FROM json_each(?)) AND absorbed = 0 "  # noqa: S608
        f"AND kind IN ({', '.join('?' * len(DECIDING))}) AND role IN ({', '.join('?' * len(_BY))})",
        (asked, *DECIDING, *_BY),
    )
    for n, facts in rows:
        named[n].update(FIELDS & json.loads(facts).keys())
    rows = conn.execute(
        "SELECT n, topic, kind, urgency, district FROM cases WHERE n IN (SELECT value FROM json_each(?))", (asked,)
    )
    return {
        n: Decided(*(label if field in named[n] else None for field, label in zip(FIELDS, labels, strict=True)))
        for n, *labels in rows
    }


def _shift(conn: Any, letters: Iterable[tuple[int, Decided, Decided]]) -> None:
    """From what letters are counted as to what they now are; a letter without words is counted as nothing."""
    moved = [(n, was, now) for n, was, now in letters if was != now]
    if not moved:
        return
    from db.letter_words import as_received
    from db.suggest_features import FEATURES, place_names
    from db.suggest_model import key
    from db.suggest_store import COUNTED, CUE, MARK, shift, shift_places
    from db.suggest_urgency import urgency

    texts = as_received(conn, [n for n, _was, _now in moved])
    by: defaultdict[tuple[str, str], tuple[int, Counter[int]]] = defaultdict(lambda: (0, Counter()))
    places: Counter[tuple[int, str]] = Counter()
    for n, was, now in moved:
        if (text := texts.get(n)) is None:
            continue
        for decided, sign in ((was, -1), (now, 1)):
            for field in COUNTED:
                if label := getattr(decided, field):
                    letters_, counts = by[field, label]
                    counts.update(dict.fromkeys(map(key, FEATURES[field](text.title, text.body)), sign))
                    by[field, label] = (letters_ + sign, counts)
            cue = urgency(text.whole) if decided.urgency else None
            if cue:
                letters_, counts = by[CUE, f"{cue.id}:{decided.urgency}"]
                by[CUE, f"{cue.id}:{decided.urgency}"] = (letters_ + sign, counts)
            if decided.district:
                places.update(dict.fromkeys(((key(p), decided.district) for p in place_names(text.whole)), sign))
        if now == UNDECIDED:
            conn.execute("DELETE FROM learned_letter WHERE n = ?", (n,))
        else:
            conn.execute(
                "INSERT OR REPLACE INTO learned_letter(n, topic, kind, urgency, district) VALUES (?, ?, ?, ?, ?)",
                (n, *now),
            )
    shift(conn, by)
    shift_places(conn, places)
    conn.execute(
        "INSERT OR REPLACE INTO setting(name, value) VALUES (?, 1 + coalesce("
        "(SELECT CAST(value AS INTEGER) FROM setting WHERE name = ?), 0))",
        (MARK, MARK),
    )
