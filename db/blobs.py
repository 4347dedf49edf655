"""Snapshot blobs (docs/sync.md, First fill): many letters as JSON columns in one zstd stream, named by their hash.

Each kind has a writer and a reader here, inverse to each other. The same letters always make the same bytes, so that a
segment that did not change keeps its name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from db import by_parts, casefile
from db.blob_columns import bare, columns, dashed, long, moment, rows, short, since
from db.casefile import CASE_COLUMNS, DISPATCH_COLUMNS
from db.ids import letter_id
from db.model import Case, CaseId, Event, Role
from db.wire import event_in, event_out

LEVEL: Final = 19
LIMIT: Final = 512_000_000
"""Most bytes of JSON in a blob."""

VERSION: Final = 1

_CASE_TIMES = frozenset({"last_at", "closed_at", "start_at", "forward_due", "answer_at", "imported_reply_at"})
_DISPATCH_TIMES = frozenset({"sign_due", "return_due", "reply_due", "signed_at", "first_reply_at", "replied_at"})
_CASE_FIELDS = tuple(CASE_COLUMNS.values())
_PLAIN = frozenset({"tags", "title", "place", "code", "number", "channel"})
"""Fields that are outside text or lists of it: never read as ids."""


class BlobError(ValueError):
    """Not a blob of that kind, or of a newer version."""


def name(blob: bytes) -> str:
    """The name of a blob: the first 32 hex digits of its SHA-256."""
    return sha256(blob).hexdigest()[:32]


def fingerprint(cases: Iterable[Case]) -> str:
    """16 hex digits that two stores with equal cases share, in whatever order they are read."""
    return f"{sum(map(mark, cases)) % (1 << 64):016x}"


def mark(case: Case) -> int:
    """A case's share of the fingerprint, 64 bits."""
    return mark_of(casefile.dump(case))


def mark_of(text: str) -> int:
    """The same of a case's text (`db/casefile.dump`)."""
    return int.from_bytes(sha256(text.encode("utf-8", "surrogatepass")).digest()[:8])


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_rows(letters: Iterable[tuple[Case, int]], level: int = LEVEL) -> bytes:
    """Cases with their dispatches, each with the number of the last event folded into it, as one blob."""
    made: list[dict[str, Any]] = []
    sent: list[dict[str, Any]] = []
    last = 0
    for case, seq in letters:
        *values, rest, dispatches = casefile.plain(case)
        places = {id_: n for n, (id_, _at) in enumerate(case.answerable)}
        row = dict(zip(_CASE_FIELDS, values, strict=True)) | rest
        row = {k: v if k in _PLAIN else short(v, places) for k, v in row.items()}
        row["answerable"] = [
            [_own(case, id_, n), since(at, case.received_at)] for n, (id_, at) in enumerate(case.answerable)
        ]
        row |= {k: since(row[k], case.received_at) for k in _CASE_TIMES & row.keys()}
        if "pauses" in row:
            row["pauses"] = [[since(a, case.received_at), since(b, case.received_at)] for a, b in rest["pauses"]]
        _leave_out(row, case)
        row["received_at"], last = case.received_at - last, case.received_at
        made.append(row | {"seq": seq, "sent": len(dispatches) or None})
        sent += [_dispatch_out(d, places, case) for d in dispatches]
    whole = {"v": VERSION, "kind": "rows", "letters": len(made), "cases": columns(made), "sent": len(sent)}
    return _pack(whole | {"dispatches": columns(sent)}, level)


def _own(case: Case, id_: str, n: int) -> str | None:
    """An answerable's id; that of the receipt is the case's own."""
    return None if n == 0 and id_ == case.id else bare(id_)


def _leave_out(row: dict[str, Any], case: Case) -> None:
    """What follows from the rest of the row: the id of a letter from its channel's number, a number from the code."""
    row["id"] = None if case.id == letter_id(case.channel, case.number) else bare(case.id)
    row["number"] = None if case.number == case.code else case.number
    if case.start == case.id and case.start_at == case.received_at:
        del row["start"]
        row.pop("start_at", None)


def _dispatch_out(values: Sequence[Any], places: Mapping[str, int], case: Case) -> dict[str, Any]:
    row = dict(zip(DISPATCH_COLUMNS, values[:-1], strict=True)) | values[-1]
    base = row["sent_at"]
    made = {k: since(v, base) if k in _DISPATCH_TIMES else short(v, places) for k, v in row.items()}
    return made | {"sent_at": since(base, case.received_at)}


def read_rows(blob: bytes) -> Iterator[tuple[Case, int]]:
    """The inverse of `write_rows`. Raises BlobError before the first row."""
    whole = _unpack(blob, "rows")
    sent = iter(rows(whole["dispatches"], whole["sent"]))
    last = 0
    for row in rows(whole["cases"], whole["letters"]):
        last += row["received_at"]
        yield _case_in(row, last, [next(sent) for _ in range(row.pop("sent", 0))]), row["seq"]


def _case_in(row: dict[str, Any], received: int, sent: Sequence[Mapping[str, Any]]) -> Case:
    number = row.get("number", row["code"])
    id_ = dashed(row["id"]) if "id" in row else letter_id(row["channel"], number)
    ids = [id_ if n is None else dashed(n) for n, _at in row["answerable"]]
    answerable = [[i, moment(at, received)] for i, (_n, at) in zip(ids, row["answerable"], strict=True)]
    got = {k: v if k in _PLAIN else long(v, ids) for k, v in row.items() if k not in ("seq", "answerable")}
    got |= {k: moment(row[k], received) for k in _CASE_TIMES & row.keys()}
    if "pauses" in row:
        got["pauses"] = [[moment(a, received), moment(b, received)] for a, b in row["pauses"]]
    if "start" not in row:
        got |= {"start": id_, "start_at": received}
    got |= {"id": id_, "number": number, "received_at": received, "answerable": answerable}
    rest = {k: v for k, v in got.items() if k not in _CASE_FIELDS}
    dispatches = [_dispatch_in(d, ids, received) for d in sent]
    return casefile.from_plain([*(got.get(f) for f in _CASE_FIELDS), rest, dispatches])


def _dispatch_in(row: Mapping[str, Any], ids: Sequence[str], received: int) -> list[Any]:
    base = moment(row["sent_at"], received)
    assert base is not None
    got = {k: moment(v, base) if k in _DISPATCH_TIMES else long(v, ids) for k, v in row.items()} | {"sent_at": base}
    return [*(got.get(c) for c in DISPATCH_COLUMNS), {k: v for k, v in got.items() if k not in DISPATCH_COLUMNS}]


# ── bodies, senders, events ──────────────────────────────────────────────────────────────────────────────────────────


def write_bodies(bodies: Iterable[tuple[CaseId, str]], level: int = LEVEL) -> bytes:
    """What the letters say, as it came."""
    return _table("bodies", ("case", "body"), ((bare(c), body) for c, body in bodies), level)


def read_bodies(blob: bytes) -> Iterator[tuple[CaseId, str]]:
    for case, body in _rows_of(blob, "bodies", ("case", "body")):
        yield dashed(case), body


SENDER = ("id", "surname", "salutation", "phone")


def write_senders(senders: Iterable[tuple[str, str, str, str]], level: int = LEVEL) -> bytes:
    """(id, surname, salutation, masked phone) of those who wrote."""
    return _table("senders", SENDER, ((bare(s[0]), *s[1:]) for s in senders), level)


def read_senders(blob: bytes) -> Iterator[tuple[str, str, str, str]]:
    for id_, surname, salutation, phone in _rows_of(blob, "senders", SENDER):
        yield dashed(id_), surname, salutation, phone


_IDS = frozenset({"id", "case", "re", "dispatch"})


class Past(NamedTuple):
    """Something that happened: an event of the log, and the other cases that it was folded over.

    `inner` stands for its words: None where they are all here, b"" where that cannot be told (it came out of a snapshot).
    """

    event: Event
    absorbed: bool = False
    touched: tuple[CaseId, ...] = ()
    inner: bytes | None = None


def write_events(events: Iterable[Past], level: int = LEVEL) -> bytes:
    """Events in their order; without salts, for reading only. Two thirds of it are their ids, which are random."""
    made: list[dict[str, Any]] = []
    last_seq = last_at = 0
    for event, absorbed, touched, _inner in events:
        row = event_out(event)
        row.pop("salt", None)
        row = {k: bare(v) if k in _IDS else v for k, v in row.items()}
        if row.get("dispatch") == row.get("re"):
            row.pop("dispatch", None)
            row["same"] = 1 if "re" in row else None
        row["case"] = None if event.case == event.id else row.get("case", "")
        seq, at = event.seq or 0, event.at
        row |= {"seq": seq - last_seq, "at": at - last_at, "absorbed": int(absorbed) or None}
        row["touched"] = [bare(id_) for id_ in touched] or None
        if event.heard is not None:
            row["heard"] = event.heard - at
        last_seq, last_at = seq, at
        made.append(row)
    return _pack({"v": VERSION, "kind": "events", "count": len(made), "events": columns(made)}, level)


def read_events(blob: bytes) -> Iterator[Past]:
    """The inverse of `write_events`; `salt` is empty, so digests do not verify."""
    whole = _unpack(blob, "events")
    last_seq = last_at = 0
    for row in rows(whole["events"], whole["count"]):
        last_seq += row["seq"]
        last_at += row["at"]
        if row.pop("same", None):
            row["dispatch"] = row["re"]
        touched = tuple(dashed(id_) for id_ in row.pop("touched", ()))
        told = {k: dashed(v) if k in _IDS else v for k, v in row.items()}
        told |= {"seq": last_seq, "at": last_at, "case": told.get("case", told["id"]) or None}
        if "heard" in told:
            told["heard"] += last_at
        yield Past(_unsalted(told), bool(told.get("absorbed")), touched, b"")


def _unsalted(row: Mapping[str, Any]) -> Event:
    event = event_in({k: v for k, v in row.items() if k != "words"})
    return Event(
        **{f: getattr(event, f) for f in event.__slots__} | {"role": Role(event.role), "words": row.get("words", {})}
    )


# ── one stream ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _table(kind: str, names: Sequence[str], found: Iterable[Sequence[Any]], level: int) -> bytes:
    made = [dict(zip(names, row, strict=True)) for row in found]
    return _pack({"v": VERSION, "kind": kind, "count": len(made), "rows": columns(made)}, level)


def _rows_of(blob: bytes, kind: str, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    whole = _unpack(blob, kind)
    for row in rows(whole["rows"], whole["count"]):
        yield tuple(row[n] for n in names)


def _pack(value: Mapping[str, Any], level: int) -> bytes:
    import zstandard

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return zstandard.ZstdCompressor(level=level).compress(text.encode("utf-8", "surrogatepass"))


def _unpack(blob: bytes, kind: str) -> Any:
    import zstandard

    try:
        if zstandard.frame_content_size(blob) > LIMIT:
            raise BlobError(kind)
        text = zstandard.ZstdDecompressor().decompress(blob, max_output_size=LIMIT).decode("utf-8", "surrogatepass")
        whole = by_parts.loads(text, 3 if kind == "bodies" else 2)
    except (zstandard.ZstdError, ValueError) as e:
        raise BlobError(kind) from e
    if not isinstance(whole, dict) or whole.get("kind") != kind or whole.get("v", 0) > VERSION:
        raise BlobError(kind)
    return whole
