"""Who wrote: only for those who may reveal, and only after it is in the log that and why they look."""

from __future__ import annotations

import json
from typing import Any, Final

from fastapi import APIRouter, Request
from sqlalchemy import Connection, select
from starlette.responses import Response

from backend.doors import documented
from backend.doors.sync import framed, readable
from backend.log import doing
from backend.log.looking import EVENTS
from backend.log.reading import SENDERS
from backend.people.person import REVEALING, Person
from backend.problems import ProblemError
from backend.running import backend, caller
from db.model import EventKind, Ms
from db.wire import dumps

router = APIRouter(tags=["contacts"])
LOOK: Final[Ms] = 12 * 3_600_000
"""How long a recorded look lasts: a working day."""


@router.get(
    "/v1/contacts/{case}",
    responses={200: documented.FRAME, **documented.problems("token", "revoked", "inactive", "role", "not_revealed")},
    response_class=Response,
)
async def contact(request: Request, case: str) -> Response:
    """The sender's whole record, as a frame."""
    here = backend(request)
    who = await caller(request)
    if who.role not in REVEALING:
        raise ProblemError("role")
    told = await here.read(_record, case, who, here.now())
    answer = framed(dumps(told), readable(request))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _record(conn: Connection, case: str, who: Person, now: Ms) -> dict[str, Any]:
    held = doing.named(conn, case)
    if held is None:
        raise ProblemError("unknown")
    e = EVENTS.c
    looked = select(e.seq).where(e.case_id == held.id, e.kind == EventKind.REVEALED.value, e.actor == who.id)
    if conn.execute(looked.where(e.heard > now - LOOK)).first() is None:
        raise ProblemError("not_revealed")
    row = conn.execute(select(SENDERS).where(SENDERS.c.id == held.sender)).first() if held.sender else None
    if row is None:
        raise ProblemError("unknown")
    contact = json.loads(row.contact) if row.contact else {}
    return {"id": row.id, "name": row.name, "salutation": row.salutation, "phone": row.phone, "contact": contact}
