"""For whoever looks after people: users, and the logins of everybody; and for each person their own logins."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from backend.answers import Answer
from backend.doors import documented, told
from backend.people import passwords, tokens, users
from backend.people.person import Person
from backend.problems import ProblemError
from backend.running import backend, caller
from db import places
from db.clock import to_iso
from db.model import Ms, Role

router = APIRouter(tags=["people"])
FIELDS = {
    "name": "name",
    "id": "id",
    "role": "role",
    "district": "district",
    "password": "password",
    "guessed": "password",
    "known": "name",
}


class NewUserIn(BaseModel):
    """Somebody new. `district` (and perhaps `unit`) for a unit's person only. `password` is a first one, which its person has to
    replace within a week; without it one is drawn."""

    model_config = ConfigDict(extra="forbid")
    name: str = Field(max_length=60)
    role: str
    password: str | None = Field(default=None, max_length=500)
    id: str = Field(default="", max_length=40)
    district: str = Field(default="", max_length=12)
    unit: str = Field(default="", max_length=60)


class ChangeIn(BaseModel):
    """What is to be different. A new password (a first one), or `active` false, ends every login."""

    model_config = ConfigDict(extra="forbid")
    role: str | None = None
    password: str | None = Field(default=None, max_length=500)
    active: bool | None = None


async def _admin(request: Request) -> Person:
    who = await caller(request)
    if who.role is not Role.ADMIN:
        raise ProblemError("role")
    return who


@router.get("/v1/users", responses={200: {"model": told.UserLines}, **documented.KEYED})
async def listing(request: Request) -> Response:
    """Everybody, also those who left."""
    await _admin(request)
    rows = await backend(request).read(users.everybody)
    names = ("id", "name", "role", "district", "unit")
    return Answer({"users": [{n: getattr(u, n) for n in names} | {"active": bool(u.active)} for u in rows]})


@router.post("/v1/users", status_code=201, responses={201: {"model": told.UserMade}, **documented.KEYED})
async def add(request: Request, given: NewUserIn) -> Response:
    """Adds somebody; their id, and the first password where it was drawn: it is told this once."""
    here = backend(request)
    await _admin(request)
    if given.district and places.load().get(given.district) is None:
        raise ProblemError("field", field="district")
    first = given.password if given.password is not None else passwords.drawn()
    new = users.NewUser(given.name, given.role, first, given.id, given.district, given.unit, first=True)
    try:
        id_ = await here.write(users.add, new, here.now())
        return Answer({"id": id_, "first": None if given.password is not None else first}, 201)
    except users.UserError as e:
        raise ProblemError("field", field=FIELDS[e.code]) from None


@router.patch("/v1/users/{id_}", status_code=204, responses=documented.KEYED, response_class=Response)
async def change(request: Request, id_: str, given: ChangeIn) -> Response:
    """Another role, a new password, gone, or back."""
    here = backend(request)
    await _admin(request)
    values: dict[str, Any] = given.model_dump(exclude_none=True)
    if "active" in values:
        values["active"] = int(values["active"])
    if not values:
        raise ProblemError("field", field="role")

    def work(conn: Connection, now: Ms) -> None:
        row = next((u for u in users.everybody(conn) if u.id == id_), None)
        if row is None:
            raise ProblemError("unknown")
        users.change(conn, row.name, now, first=True, **values)

    try:
        await here.write(work, here.now())
    except users.UserError as e:
        raise ProblemError("field", field=FIELDS.get(e.code, "role")) from None
    return Response(status_code=204)


@router.post(
    "/v1/users/{id_}/password", status_code=201, responses={201: {"model": told.FirstPassword}, **documented.KEYED}
)
async def first_password(request: Request, id_: str) -> Response:
    """Draws a first password for somebody who forgot theirs, and ends every login of theirs; it is told this once."""
    here = backend(request)
    await _admin(request)
    first = passwords.drawn()

    def work(conn: Connection, now: Ms) -> None:
        row = next((u for u in users.everybody(conn) if u.id == id_), None)
        if row is None:
            raise ProblemError("unknown")
        users.change(conn, row.name, now, first=True, password=first)

    await here.write(work, here.now())
    return Answer({"first": first}, 201)


@router.get("/v1/tokens", responses={200: {"model": told.TokenLines}, **documented.KEYED})
async def logins(request: Request) -> Response:
    """Logins with their devices: one's own, an admin's everybody's; how far each device has read."""
    here = backend(request)
    who = await caller(request)
    rows = await here.read(tokens.listed)
    return Answer({"tokens": [_told(row, who) for row in rows if _may_see(row, who)]})


@router.delete("/v1/tokens/{number}", status_code=204, responses=documented.KEYED, response_class=Response)
async def lock_out(request: Request, number: int) -> Response:
    """Ends a login: one's own, an admin any. Its device keeps what is unsent."""
    here = backend(request)
    who = await caller(request)
    rows = await here.read(tokens.listed)
    if not any(row.id == number and _may_see(row, who) for row in rows):
        raise ProblemError("unknown")
    await here.write(tokens.revoke, number, here.now())
    return Response(status_code=204)


def _may_see(row: Any, who: Person) -> bool:
    return who.role is Role.ADMIN or (row.user is not None and row.user == who.id)


def _told(row: Any, who: Person) -> dict[str, Any]:
    return {
        "number": row.id,
        "kind": row.kind,
        "person": row.person,
        "channel": row.channel or None,
        "district": row.district or None,
        "unit": row.unit or None,
        "label": row.label,
        "device": row.number,
        "since": to_iso(row.made_at),
        "seen": to_iso(row.seen_at) if row.seen_at else None,
        "cursor": row.cursor,
        "ended": to_iso(row.revoked_at) if row.revoked_at else None,
        "this": row.id == who.token,
    }
