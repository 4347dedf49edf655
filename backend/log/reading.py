"""Pages of the log from a cursor on, and whether the cursor is one of this log at all."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, bindparam, func, select

from backend.database import among
from backend.tables import Counter, Event, Newsroom, Sender, Touch
from db import chain
from db.model import EventId, EventKind, Ms
from db.text import COMPOUND_SURNAMES, mask_phone, one_line

EVENTS = Event.__table__  # type: ignore[attr-defined]
COUNTER = Counter.__table__  # type: ignore[attr-defined]
NEWSROOM = Newsroom.__table__  # type: ignore[attr-defined]
SENDERS = Sender.__table__  # type: ignore[attr-defined]
TOUCHES = Touch.__table__  # type: ignore[attr-defined]

PAGE: Final = 500
"""Most events of a page."""

PLAIN: Final = 96_000
"""Characters of citizens' words after which a page ends: about 32 kB on the line."""


_SENDER = re.compile(r'(?<!\\)"sender":("(?:[^"\\]|\\.)*")')
"""The sender's id in an event's text: facts come before words, and a quote inside a text has a backslash before it."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends."""

    seq: int
    hash: bytes
    mark: int
    heard: Ms  # of the last event, 0 where there is none

    @property
    def short(self) -> str:
        """What a cursor at the end carries."""
        return chain.short(self.hash, self.heard)


class Entry(NamedTuple):
    """An event of the log as it is kept; a row of `_PAGE` is one in all but name."""

    seq: int
    heard: Ms
    wire: str  # as it travels, without number and receipt
    kind: str
    hash: bytes = b""


def id_in(wire: str) -> EventId:
    """The id of an event: its text begins with it (`db/wire.event_text`)."""
    return wire[7:43]


def travelling(entries: Iterable[Sequence[Any]]) -> list[str]:
    """Entries ready to travel: the text ends in "}", number and receipt go before that."""
    return [f'{wire[:-1]},"seq":{seq},"heard":{heard}}}' for seq, heard, wire, *_rest in entries]


@dataclass(frozen=True, slots=True)
class Page:
    """The log behind a cursor: gapless, from the number after it on."""

    entries: Sequence[Entry]
    seq: int  # of the last entry, else the cursor's
    hash: str  # short
    more: bool


_HEAD = select(
    COUNTER.c.seq,
    COUNTER.c.hash,
    COUNTER.c.mark,
    func.coalesce(select(EVENTS.c.heard).where(EVENTS.c.seq == COUNTER.c.seq).scalar_subquery(), 0),
)


def head(conn: Connection) -> Head:
    return Head(*conn.execute(_HEAD).one())


def epoch(conn: Connection) -> str:
    return str(conn.execute(select(NEWSROOM.c.epoch)).scalar_one())


def matches(conn: Connection, cursor: int, short: str, end: Head) -> bool:
    """Whether this log had that hash at that number."""
    if cursor == 0:
        return True
    if cursor == end.seq:
        return end.short == short
    found = conn.execute(select(EVENTS.c.hash, EVENTS.c.heard).where(EVENTS.c.seq == cursor)).one_or_none()
    return found is not None and chain.short(found.hash, found.heard) == short


_E = EVENTS.c
_PAGE = (
    select(_E.seq, _E.heard, _E.wire, _E.kind, _E.hash)
    .where(_E.seq >= bindparam("cursor"), _E.seq <= bindparam("last"))
    .order_by(_E.seq)
)
"""Made once. The event at the cursor comes first: by its hash the cursor is known as one of this log."""


def page(conn: Connection, cursor: int, short: str, end: Head, most: int | None = None) -> Page | None:
    """Events after `cursor`, as many as travel well at once (`most`: what the desk thinks its line carries, as PLAIN counts);
    nothing beyond `end`, which was read first. None where this log had not that hash at the cursor.
    """
    if end.seq <= cursor:
        return Page((), cursor, short, more=False) if matches(conn, cursor, short, end) else None
    asked = {"cursor": cursor, "last": min(end.seq, cursor + PAGE)}
    rows: list[Any] = list(conn.execute(_PAGE, asked))
    if cursor:
        before = rows.pop(0)
        if before.seq != cursor or chain.short(before.hash, before.heard) != short:
            return None
    entries: Sequence[Entry] = rows[: _enough(rows, min(PLAIN, most or PLAIN))]
    last = entries[-1]
    return Page(entries, last.seq, chain.short(last.hash, last.heard), more=last.seq < end.seq)


def _enough(rows: Iterable[Sequence[Any]], most: int) -> int:
    """How many of them make a page: at least one."""
    received = EventKind.RECEIVED.value
    # a citizen's words are packed to a third, codes and ids to a fifth
    sizes = [len(wire) if kind == received else len(wire) * 2 // 5 for _seq, _heard, wire, kind, _hash in rows]
    return max(1, bisect_right(list(accumulate(sizes)), most))


def of_cases(ids: Any) -> ColumnElement[bool]:
    """Events of these cases (a query, or a list) and those of others that their folds read. Not by `OR`: no index serves that."""
    own = select(EVENTS.c.seq).where(EVENTS.c.case_id.in_(ids))
    touching = select(TOUCHES.c.seq).where(TOUCHES.c.case_id.in_(ids))
    found: ColumnElement[bool] = EVENTS.c.seq.in_(own.union(touching))
    return found


def masked_senders(conn: Connection, entries: Iterable[Sequence[Any]]) -> list[Sequence[str]]:
    """[id, surname, salutation, masked phone] of those who wrote the letters of a page."""
    received = EventKind.RECEIVED.value
    letters = [wire for _seq, _heard, wire, kind, *_hash in entries if kind == received and '"sender":"' in wire]
    ids = {json.loads(m[1]) for text in letters if (m := _SENDER.search(text))}
    if not ids:
        return []
    found = conn.execute(
        select(SENDERS.c.id, SENDERS.c.name, SENDERS.c.salutation, SENDERS.c.phone)
        .where(among(conn, SENDERS.c.id, ids))
        .order_by(SENDERS.c.id)
    )
    return [masked(*row) for row in found]


def masked(id_: str, name: str, salutation: str, phone: str) -> tuple[str, str, str, str]:
    """A sender as the screens show them without revealing: 陈, 先生, 138****1234."""
    name = one_line(name)
    compound = name[:2] in COMPOUND_SURNAMES and len(name) > 2
    surname = f"{name[:2]}*" if compound else name[:1]  # so that masking it again gives the same
    return id_, surname, one_line(salutation), mask_phone(phone) if phone else ""
