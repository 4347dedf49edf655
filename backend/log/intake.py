"""Letters that come through a channel: a code of the backend's, a secret for the citizen, and the same again for the same number."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from backend.database import Database
from backend.log import doing, judging, newsroom
from backend.log.held import CASES
from backend.log.looking import Place
from backend.people.person import DOOR
from backend.problems import RefusedError
from backend.tables import CodeDay
from db import log
from db.clock import day_of
from db.codes import PREFIX
from db.ids import letter_id
from db.model import CaseId, Event, EventKind, Ms, Refusal

CODE_DAYS = CodeDay.__table__  # type: ignore[attr-defined]
ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: nothing in it is taken for anything else when it is read out over the telephone."""

SECRET: Final = 12
"""Characters of a citizen's secret: 60 bits, tried five times a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a channel brings. `facts` and `words` as `received` has them (docs/events.md); `sender` a record apart."""

    channel: str
    number: str
    received_at: Ms
    facts: Mapping[str, Any]
    words: Mapping[str, str]
    sender: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """`new` is False where the letter was here already."""

    case: CaseId
    code: str
    secret: str
    new: bool


def take(db: Database, letter: Letter, now: Ms) -> Taken:
    """Takes a letter in, or finds it. Raises RefusedError."""
    id_ = letter_id(letter.channel, letter.number)
    if (known := _known(db, id_)) is not None:
        return known
    code = db.write(lambda conn: _next_code(conn, letter.received_at))
    with db.read() as conn:
        key = doing.secret(conn)
        rules = newsroom.decided(conn)[0].book.at(letter.received_at).version
    sender = _sender(key, letter)
    facts = {"code": code, "channel": letter.channel, "number": letter.number, "source": "channel"}
    facts |= {"received_at": letter.received_at, "rules": rules} | dict(letter.facts)
    event = Event(
        id=id_,
        case=id_,
        kind=EventKind.RECEIVED.value,
        at=now,
        actor=DOOR.id,
        role=DOOR.role,
        device=DOOR.device,
        facts=facts | ({"sender": sender["id"]} if sender else {}),
        words={k: v for k, v in letter.words.items() if v},
    )
    offered = judging.offer(replace(event, salt=log.salted(event)))
    judged = judging.judge(db, [offered], DOOR, now, [sender] if sender else [])
    outcome = judged.outcomes.get(id_)
    if isinstance(outcome, Place):
        return Taken(id_, code, secret_of(key, id_), new=True)
    if id_ in judged.clashing and (known := _known(db, id_)) is not None:
        return known  # the same letter twice at once: the other request was first
    raise RefusedError(outcome.refusal if outcome is not None else Refusal("unknown_case"))


def _known(db: Database, id_: CaseId) -> Taken | None:
    with db.read() as conn:
        code = conn.execute(select(CASES.c.code).where(CASES.c.id == id_)).scalar()
        return None if code is None else Taken(id_, code, secret_of(doing.secret(conn), id_), new=False)


def _next_code(conn: Connection, received_at: Ms) -> str:
    """The next code of that day with the backend's number, 00. A number that is not used after all stays a gap."""
    date = day_of(received_at)
    day = date.year * 10_000 + date.month * 100 + date.day
    while True:
        counted = update(CODE_DAYS).where(CODE_DAYS.c.day == day).values(last=CODE_DAYS.c.last + 1)
        if not conn.execute(counted).rowcount:
            conn.execute(insert(CODE_DAYS), {"day": day, "last": 1})
        last = conn.execute(select(CODE_DAYS.c.last).where(CODE_DAYS.c.day == day)).scalar_one()
        code = f"{PREFIX}-{day}-00-{last:04d}"
        if conn.execute(select(CASES.c.id).where(CASES.c.code == code)).first() is None:  # brought by an import
            return code


def _sender(key: bytes, letter: Letter) -> dict[str, str] | None:
    """The record apart. Its id follows from name and telephone, keyed: letters of one person can be found, and nobody
    can find out by trying which number it is."""
    given = letter.sender
    if not given:
        return None
    name, phone = str(given.get("name", "")), str(given.get("phone", ""))
    who = ("person", name, phone) if phone else ("letter", letter.channel, letter.number)
    contact = given.get("contact") or {}
    return {
        "id": doing.keyed_id(key, "sender", *who),
        "name": name,
        "salutation": str(given.get("salutation", "")),
        "phone": phone,
        "contact": json.dumps(contact, ensure_ascii=False) if contact else "",
    }


def secret_of(key: bytes, case: CaseId) -> str:
    """The citizen's secret for a letter, in groups of four. It follows from the letter, so a lost answer can be given again."""
    value = int.from_bytes(doing.keyed(key, "secret", case)[:8])
    text = "".join(ALPHABET[value >> 5 * n & 31] for n in range(SECRET))
    return "-".join(text[n : n + 4] for n in range(0, SECRET, 4))


def plain_secret(typed: str) -> str:
    """A secret as typed, as it is compared: without groups, O and I and L read as what they were meant for."""
    kept = "".join(c for c in typed.upper() if c.isalnum())[:40]
    return kept.translate(str.maketrans("OIL", "011"))
