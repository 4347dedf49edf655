"""People of the newsroom and of the units: added and changed on the backend's command line and by admins.

A password that an admin gives, or that is drawn, is a first one: it opens nothing but the choice of one's own, and that for a week.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from backend.people import passwords
from backend.people.person import Person
from backend.people.person import unit as unit_person
from backend.tables import Newsroom, Token, User
from db.clock import DAY
from db.model import Ms, Role
from db.text import one_line

USERS = User.__table__  # type: ignore[attr-defined]
NEWSROOM = Newsroom.__table__  # type: ignore[attr-defined]
TOKENS = Token.__table__  # type: ignore[attr-defined]

ROLES = (Role.EDITOR, Role.SUPERVISOR, Role.UNIT, Role.READER, Role.ADMIN)
_ID = re.compile(r"[A-Za-z0-9._-]{1,40}")
FIRST: Ms = 7 * DAY
"""How long a first password may wait for its person."""

RESERVED = frozenset({"local", "import", "system", "backend", "citizen"})


class UserError(ValueError):
    """Somebody who cannot be added or changed so. `code`: name, id, role, district, password, guessed, known, unknown."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class NewUser:
    name: str
    role: str
    password: str
    id: str = ""
    district: str = ""
    unit: str = ""
    first: bool = False  # to be replaced by the person's own


def add(conn: Connection, new: NewUser, now: Ms) -> str:
    """Adds somebody; their id. Raises UserError."""
    name = one_line(new.name).strip()
    if not name or name != new.name.strip() or len(name) > 60:
        raise UserError("name")
    if new.role not in ROLES:
        raise UserError("role")
    if (new.role == Role.UNIT) != bool(new.district):
        raise UserError("district")
    _good(new.password, name, new.id)
    if conn.execute(select(USERS.c.id).where(USERS.c.name == name)).first() is not None:
        raise UserError("known")
    id_ = new.id or _free_id(conn)
    if not _ID.fullmatch(id_) or id_ in RESERVED:
        raise UserError("id")
    if conn.execute(select(USERS.c.id).where(USERS.c.id == id_)).first() is not None:
        raise UserError("known")
    row = {"id": id_, "name": name, "role": str(new.role), "password": passwords.hashed(new.password), "active": 1}
    conn.execute(
        insert(USERS),
        row | {"district": new.district, "unit": one_line(new.unit), "made_at": now} | _first(new.first, now),
    )
    changed(conn)
    return id_


def _first(first: bool, now: Ms) -> dict[str, Ms | None]:
    return {"first_until": now + FIRST if first else None}


def _good(password: str, *names: str) -> None:
    """Raises UserError(password, guessed)."""
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise UserError("password")
    if passwords.guessed(password, *names):
        raise UserError("guessed")


def _free_id(conn: Connection) -> str:
    """u1, u2 …: short, because every event carries it."""
    used = {id_ for (id_,) in conn.execute(select(USERS.c.id))}
    return next(f"u{n}" for n in range(1, len(used) + 2) if f"u{n}" not in used)


def change(conn: Connection, name: str, now: Ms, *, first: bool = False, **values: Any) -> None:
    """Gives somebody another role, password (`first`: to be replaced by their own) or standing; who leaves, or has another
    password, loses every token. Raises UserError."""
    row = conn.execute(select(USERS.c.id, USERS.c.district).where(USERS.c.name == name)).first()
    if row is None:
        raise UserError("unknown")
    if "role" in values and (values["role"] not in ROLES or (values["role"] == Role.UNIT) != bool(row.district)):
        raise UserError("role")
    if "password" in values:
        _good(values["password"], name, row.id)
        values |= {"password": passwords.hashed(values["password"])} | _first(first, now)
    conn.execute(update(USERS).where(USERS.c.id == row.id).values(**values))
    if values.get("active") == 0 or "password" in values:
        conn.execute(
            update(TOKENS).where(TOKENS.c.user == row.id, TOKENS.c.revoked_at.is_(None)).values(revoked_at=now)
        )
    changed(conn)


def chosen(password: str, *names: str) -> str:
    """The hash of a password that somebody chose for themselves. Takes a tenth of a second. Raises UserError."""
    _good(password, *names)
    return passwords.hashed(password)


def own(conn: Connection, id_: str, hash_: str, now: Ms, keep: int = 0) -> None:
    """Their own password from now on; every login of theirs ends but the one numbered `keep`."""
    conn.execute(update(USERS).where(USERS.c.id == id_).values(password=hash_, first_until=None))
    others = update(TOKENS).where(TOKENS.c.user == id_, TOKENS.c.revoked_at.is_(None), TOKENS.c.id != keep)
    conn.execute(others.values(revoked_at=now))


def changed(conn: Connection) -> None:
    """What /v1/newsroom tells is no longer what it was."""
    conn.execute(update(NEWSROOM).values(people=NEWSROOM.c.people + 1))


def everybody(conn: Connection) -> list[Any]:
    """All, by name; also those who left, whose names stand in old letters."""
    u = USERS.c
    return list(conn.execute(select(u.id, u.name, u.role, u.active, u.district, u.unit).order_by(u.name)))


def named(conn: Connection, name: str) -> Any:
    """The row of a person by their name, or None."""
    return conn.execute(select(USERS).where(USERS.c.name == name)).first()


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a user's row, what tells whom they may be."""

    id: str
    name: str
    role: str
    district: str
    unit: str


def person_of(row: Any, device: str, token: int) -> Person:
    """The person of a user's row, or of a Standing, at a device."""
    role = Role(row.role)
    if role is Role.UNIT:
        return unit_person(row.district, row.unit, device, token)
    return Person(row.id, row.name, role, device, token)
