"""Pages of the log from a cursor on, and whether the cursor is one of this log at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, select

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


class Entry(NamedTuple):
    """An event of a page, as text ready to travel."""

    seq: int
    heard: Ms
    text: str
    kind: str

    @property
    def id(self) -> EventId:
        """The text begins with it (`db/wire.event_out`)."""
        return self.text[7:43]


@dataclass(frozen=True, slots=True)
class Page:
    """The log behind a cursor: gapless, from the number after it on."""

    entries: tuple[Entry, ...]
    seq: int  # of the last entry, else the cursor's
    hash: str  # short
    more: bool


_HEAD = select(COUNTER.c.seq, COUNTER.c.hash, COUNTER.c.mark)


def head(conn: Connection) -> Head:
    return Head(*conn.execute(_HEAD).one())


def epoch(conn: Connection) -> str:
    return str(conn.execute(select(NEWSROOM.c.epoch)).scalar_one())


def matches(conn: Connection, cursor: int, short: str, end: Head) -> bool:
    """Whether this log had that hash at that number."""
    if cursor == 0:
        return True
    if cursor == end.seq:
        return chain.short(end.hash) == short
    found = conn.execute(select(EVENTS.c.hash).where(EVENTS.c.seq == cursor)).scalar()
    return found is not None and chain.short(found) == short


def page(conn: Connection, cursor: int, short: str, end: Head, most: int | None = None) -> Page:
    """Events after `cursor`, as many as travel well at once (`most`: what the desk thinks its line carries, as PLAIN counts);
    nothing beyond `end`, which was read first.
    """
    if end.seq <= cursor:
        return Page((), cursor, short, more=False)
    e = EVENTS.c
    found = conn.execute(
        select(e.seq, e.heard, e.wire, e.kind)
        .where(e.seq > cursor, e.seq <= min(end.seq, cursor + PAGE))
        .order_by(e.seq)
    ).all()
    entries: list[Entry] = []
    size = 0
    for seq, heard, wire, kind in found:
        # a citizen's words are packed to a third, codes and ids to a fifth
        size += len(wire) if kind == EventKind.RECEIVED else len(wire) * 2 // 5
        if entries and size > min(PLAIN, most or PLAIN):
            break
        entries.append(entry(seq, heard, wire, kind))
    last = entries[-1].seq
    hash_ = end.hash if last == end.seq else conn.execute(select(e.hash).where(e.seq == last)).scalar_one()
    return Page(tuple(entries), last, chain.short(hash_), more=last < end.seq)


def entry(seq: int, heard: Ms, wire: str, kind: str) -> Entry:
    """A row of the log, ready to travel: the stored text ends in "}", number and receipt go before that."""
    return Entry(seq, heard, f'{wire[:-1]},"seq":{seq},"heard":{heard}}}', kind)


def of_cases(ids: Any) -> ColumnElement[bool]:
    """Events of these cases (a query, or a list) and those of others that their folds read. Not by `OR`: no index serves that."""
    own = select(EVENTS.c.seq).where(EVENTS.c.case_id.in_(ids))
    touching = select(TOUCHES.c.seq).where(TOUCHES.c.case_id.in_(ids))
    found: ColumnElement[bool] = EVENTS.c.seq.in_(own.union(touching))
    return found


def masked_senders(conn: Connection, entries: Iterable[Entry]) -> list[Sequence[str]]:
    """[id, surname, salutation, masked phone] of those who wrote the letters of a page."""
    letters = (e.text for e in entries if e.kind == EventKind.RECEIVED and '"sender":"' in e.text)
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
