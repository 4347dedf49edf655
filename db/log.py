"""Events ⇄ rows, and the digest that makes each of them provable (DESIGN.md §4).

digest = SHA-256(canonical event without words ‖ inner), inner = SHA-256(salt ‖ words). Erasing blanks words and salt
and keeps `inner`, so a digest still verifies afterwards. `seq` and `heard` are the backend's and not part of it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from typing import Any

from db.compact import encoder
from db.model import Event, Role

EVENT_COLUMNS = (
    "n",
    "id",
    "case_n",
    "kind",
    "at",
    "happened",
    "actor",
    "role",
    "device",
    "re",
    "dispatch",
    "facts",
    "words",
    "salt",
    "inner",
    "digest",
    "seq",
    "heard",
    "absorbed",
)
_MARKS = ", ".join("?" * len(EVENT_COLUMNS))
INSERT = f"INSERT INTO event({', '.join(EVENT_COLUMNS)}) VALUES ({_MARKS})"  # noqa: S608 - column names are ours
SELECT = (
    "e.id, c.id, e.kind, e.at, e.happened, e.actor, e.role, e.device, e.re, e.dispatch, e.facts, e.words, e.salt, "
    "e.seq, e.heard"
)
"""What `load` reads, of `event e LEFT JOIN cases c ON c.n = e.case_n`."""

ORDER = "e.seq IS NULL, e.seq, e.n"
"""The order in which events are folded: the backend's numbers, then what is pending, as it came."""

_dumps = encoder(sort_keys=True)


def canonical(value: Any) -> str:
    """JSON with sorted keys and no blanks: the same text for the same value on every desk."""
    return _dumps(value)


def inner(salt: str, words: Mapping[str, str]) -> bytes:
    """The hash that stands for the words: 32 bytes that outlive their erasure."""
    return sha256(bytes.fromhex(salt) + _utf8(_dumps(dict(words)))).digest() if words else _wordless(salt)


@lru_cache(16)
def _wordless(salt: str) -> bytes:
    """The same for an event without words, as most are."""
    return sha256(bytes.fromhex(salt) + b"{}").digest()


def digest(event: Event, inner_hash: bytes, facts: str | None = None) -> bytes:
    """32 bytes that stand for the whole event. `facts`: those of the event as `canonical` writes them, where that is known."""
    return sha256(_utf8(_bare(event, canonical(dict(event.facts)) if facts is None else facts)) + inner_hash).digest()


def _bare(event: Event, facts: str) -> str:
    """`canonical` of the event's fields but `words`, `salt`, `seq`, `heard`: the names are known, so nothing is sorted each time."""
    return (
        f'{{"actor":{quoted(event.actor)},"at":{event.at},"case":{_or_null(event.case)},"device":{quoted(event.device)},'
        f'"dispatch":{_or_null(event.dispatch)},"facts":{facts},"id":{quoted(event.id)},"kind":{quoted(event.kind)},'
        f'"re":{_or_null(event.re)},"role":{quoted(event.role)},"when":{"null" if event.when is None else event.when}}}'
    )


def _or_null(value: str | None) -> str:
    return "null" if value is None else quoted(value)


def _utf8(text: str) -> bytes:
    """A lone surrogate from a broken import must not stop a letter from being kept."""
    return text.encode("utf-8", "surrogatepass")


def storable(words: Mapping[str, str]) -> dict[str, str]:
    """Words without lone surrogates, which no UTF-8 can hold: a broken import or paste must not stop a letter."""
    return {k: v.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for k, v in words.items()}


def salted(event: Event) -> str:
    """The event's salt; a new one where it carries words and has none. 16 random bytes as hex, "" without words."""
    return event.salt or (new_salt() if event.words else "")


def new_salt() -> str:
    """16 random bytes as hex."""
    return secrets.token_hex(16)


def values(
    n: int, event: Event, case_n: int | None, *, absorbed: bool = False, inner_hash: bytes | None = None
) -> tuple[Any, ...]:
    """The row of an event in the order of EVENT_COLUMNS. `inner_hash` stands for words that were erased before it came;
    b"": it came out of a snapshot, without what its digest is made of, and cannot be verified here.
    """
    hashed = inner(event.salt, event.words) if inner_hash is None else inner_hash
    facts = canonical(dict(event.facts)) if event.facts else "{}"
    return (
        n,
        event.id,
        case_n,
        event.kind,
        event.at,
        event.when,
        event.actor,
        event.role,
        event.device,
        event.re,
        event.dispatch,
        facts,
        _dumps(dict(event.words)) if event.words else None,
        event.salt,
        hashed,
        digest(event, hashed, facts) if hashed else b"",
        event.seq,
        event.heard,
        int(absorbed),
    )


def load(row: Sequence[Any]) -> Event:
    """An event from the columns of SELECT."""
    id_, case, kind, at, when, actor, role, device, re, dispatch, facts, words, salt, seq, heard = row
    return Event(
        id=id_,
        case=case,
        kind=kind,
        at=at,
        when=when,
        actor=actor,
        role=Role(role),
        device=device,
        re=re,
        dispatch=dispatch,
        facts=json.loads(facts),
        words=json.loads(words) if words else {},
        salt=salt,
        seq=seq,
        heard=heard,
    )
