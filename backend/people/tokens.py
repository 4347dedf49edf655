"""Tokens: 16 random bytes, kept only as a hash. A device's is a person's; a channel's lets letters in; a unit's opens its list."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from backend.people import users
from backend.people.person import Person
from backend.people.person import unit as unit_person
from backend.problems import ProblemError
from backend.tables import Device, Token
from db.clock import DAY
from db.model import Ms

TOKENS = Token.__table__  # type: ignore[attr-defined]
DEVICES = Device.__table__  # type: ignore[attr-defined]
USERS = users.USERS

UNSEEN: Ms = 30 * DAY
LONGEST: Ms = 180 * DAY
"""A login ends then, however much it is used: its person types the password again, nothing unsent is lost by it."""

FIRST_DEVICE = 1
"""00 is the backend."""


@dataclass(frozen=True, slots=True)
class Known:
    """A terminal as the backend knows it."""

    id: str
    number: int


def hashed(token: str) -> bytes:
    """What is kept of a token. It has 128 random bits: a plain hash cannot be tried out."""
    return sha256(token.encode("utf-8", "replace")).digest()


def new_text() -> str:
    """22 characters."""
    return secrets.token_urlsafe(16)


def device(conn: Connection, key: str, label: str, now: Ms) -> Known:
    """The terminal with that key of its own: the same number as ever, or the next free one."""
    found = conn.execute(select(DEVICES.c.id, DEVICES.c.number).where(DEVICES.c.key == hashed(key))).first()
    if found is not None:
        conn.execute(update(DEVICES).where(DEVICES.c.number == found.number).values(seen_at=now, label=label))
        return Known(found.id, found.number)
    last = conn.execute(select(func.max(DEVICES.c.number))).scalar() or FIRST_DEVICE - 1
    row = {"number": last + 1, "id": f"d{last + 1}", "key": hashed(key), "label": label}
    conn.execute(insert(DEVICES), row | {"since": now, "seen_at": now, "cursor": 0})
    return Known(f"d{last + 1}", last + 1)


def give(conn: Connection, kind: str, now: Ms, **values: Any) -> str:
    """Makes a token and tells it, this once."""
    text = new_text()
    row = {"kind": kind, "hash": hashed(text), "made_at": now, "user": None, "device": None}
    conn.execute(insert(TOKENS), row | {"channel": "", "district": "", "unit": "", "label": ""} | values)
    return text


def of_person(conn: Connection, token: str) -> Person:
    """Who holds this token: somebody on a device, or a unit. Raises ProblemError(token, revoked, inactive)."""
    row = _row(conn, token)
    if row.kind == "unit":
        return unit_person(row.district, row.unit, token=row.id)
    if row.kind != "device":
        raise ProblemError("token")
    if not row.active:
        raise ProblemError("inactive")
    person = users.Standing(row.user, row.name, row.role, row.user_district, row.user_unit)
    return users.person_of(person, row.device, row.id)


def of_channel(conn: Connection, token: str) -> str:
    """The channel that this key lets letters in for. Raises ProblemError(token, revoked)."""
    row = _row(conn, token)
    if row.kind != "channel":
        raise ProblemError("token")
    return str(row.channel)


_PERSON = (
    *(USERS.c.name, USERS.c.role, USERS.c.active),
    *(USERS.c.district.label("user_district"), USERS.c.unit.label("user_unit")),
)
_HOLDER = select(TOKENS, *_PERSON).join_from(TOKENS, USERS, TOKENS.c.user == USERS.c.id, isouter=True)
_HOLDER = _HOLDER.where(TOKENS.c.hash == bindparam("given"))
"""Asked with every request: made once."""


def _row(conn: Connection, token: str) -> Any:
    row = conn.execute(_HOLDER, {"given": hashed(token)}).first()
    if row is None:
        raise ProblemError("token")
    if row.revoked_at is not None:
        raise ProblemError("inactive" if row.active == 0 else "revoked")
    return row


def revoke(conn: Connection, id_: int, now: Ms) -> bool:
    """Ends a token; False if there is none or it had ended."""
    ended = update(TOKENS).where(TOKENS.c.id == id_, TOKENS.c.revoked_at.is_(None)).values(revoked_at=now)
    return bool(conn.execute(ended).rowcount)


def tidy(conn: Connection, now: Ms) -> None:
    """A device that was not seen for 30 days must log in anew: it may hold what has been erased since. So must each after half a
    year."""
    lost = select(DEVICES.c.id).where(DEVICES.c.seen_at < now - UNSEEN)
    old = update(TOKENS).where(
        TOKENS.c.device.in_(lost), TOKENS.c.revoked_at.is_(None), TOKENS.c.made_at < now - UNSEEN
    )
    conn.execute(old.values(revoked_at=now))
    aged = update(TOKENS).where(
        TOKENS.c.kind == "device", TOKENS.c.revoked_at.is_(None), TOKENS.c.made_at < now - LONGEST
    )
    conn.execute(aged.values(revoked_at=now))


def listed(conn: Connection) -> list[Any]:
    """Every token with whose it is and when its device was last seen, newest first."""
    t, d, u = TOKENS.c, DEVICES.c, USERS.c
    query = select(t.id, t.kind, t.channel, t.district, t.unit, t.label, t.made_at, t.revoked_at, t.device, t.user)
    query = query.add_columns(u.name.label("person"), u.role, d.number, d.seen_at, d.cursor)
    joined = TOKENS.outerjoin(USERS, t.user == u.id).outerjoin(DEVICES, t.device == d.id)
    return list(conn.execute(query.select_from(joined).order_by(t.id.desc())))
