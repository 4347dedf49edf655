"""Which months are frozen, as the log's `bulletin_frozen` and `bulletin_revised` events make it; and snapshots. Pure, stdlib.

Holds on every desk and on the backend: a month is frozen once, and its revisions follow each other, each naming the hash of
the one before. Of two that freeze the same month, or revise the same revision, the first in the log holds; the second is
refused, so no bulletin is ever replaced by another of the same number. A snapshot never changes: its hash is in the facts.
"""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from db.case_turn import refuse
from db.model import Event, EventKind, Refusal, Role

KINDS = frozenset({EventKind.BULLETIN_FROZEN, EventKind.BULLETIN_REVISED})

SNAPSHOT = "snapshot"
"""The word of the event that holds the snapshot: deflated JSON as base64."""

Months = Mapping[str, tuple[int, str]]
"""Month → its last revision and that one's hash."""

_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was frozen: the page without words, and the codes behind every figure. `changes`: against the one before."""

    page: Mapping[str, Any]
    codes: tuple[str, ...]
    of: Mapping[str, tuple[int, ...]]  # figure → places in `codes`
    changes: tuple[Mapping[str, Any], ...] = ()

    def letters(self, figure: str) -> list[str]:
        return [self.codes[n] for n in self.of.get(figure, ())]


def packed(snapshot: Snapshot) -> tuple[str, str]:
    """(the word that holds it, its hash: 64 hex digits over the JSON that is packed)."""
    text = json.dumps(
        {
            "page": dict(snapshot.page),
            "codes": list(snapshot.codes),
            "of": {name: list(places) for name, places in snapshot.of.items()},
            "changes": [dict(change) for change in snapshot.changes],
        },
        ensure_ascii=False,
        separators=(",", ":"),  # keys as they stand: their order is the printed one
    ).encode("utf-8", "surrogatepass")
    return b64encode(zlib.compress(text, 9)).decode(), sha256(text).hexdigest()


def unpacked(word: str) -> tuple[Snapshot, str]:
    """(the snapshot, the hash of what is really there). Raises ValueError where it cannot be read."""
    try:
        text = zlib.decompress(b64decode(word, validate=True))
        held = json.loads(text)
        found = Snapshot(
            held["page"],
            tuple(held["codes"]),
            {name: tuple(places) for name, places in held["of"].items()},
            tuple(held["changes"]),
        )
    except (zlib.error, KeyError, TypeError, AttributeError) as e:
        raise ValueError(str(e)) from e
    return found, sha256(text).hexdigest()


def fold(events: Iterable[Event]) -> dict[str, tuple[int, str]]:
    """The months that these events froze, in the order of the log; what does not follow from the rest is passed over."""
    months: dict[str, tuple[int, str]] = {}
    for event in events:
        if why_not(months, event) is None:
            months = after(months, event)
    return months


def after(months: Months, event: Event) -> dict[str, tuple[int, str]]:
    """The months with an event that stands."""
    return {**months, str(event.facts["month"]): (int(event.facts["revision"]), str(event.facts["hash"]))}


def why_not(months: Months, event: Event) -> Refusal | None:
    """Why the event may not stand after those that made `months`. The desk asks before it writes, the backend before it accepts."""
    facts = event.facts
    month, revision = facts.get("month"), facts.get("revision")
    if event.role is not Role.SUPERVISOR:
        return refuse("supervisor_only", kind=event.kind)
    if not isinstance(month, str) or not _MONTH.fullmatch(month):
        return refuse("bad_fact", field="month")
    if not isinstance(facts.get("hash"), str) or not _HASH.fullmatch(facts["hash"]):
        return refuse("bad_fact", field="hash")
    if isinstance(revision, bool) or not isinstance(revision, int):
        return refuse("bad_fact", field="revision")
    held = months.get(month)
    if event.kind == EventKind.BULLETIN_FROZEN:
        if held is not None:
            return refuse("frozen_already", month=month)
        return None if revision == 1 else refuse("bad_fact", field="revision")
    if held is None:
        return refuse("frozen_not_yet", month=month)
    last, hash_ = held
    return None if (revision, facts.get("was")) == (last + 1, hash_) else refuse("revised_already", month=month, n=last)
