"""For units: their dispatches by token, or one of them by a signed link. List, show, sign, return, reply, ask for an extension."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection
from starlette.responses import Response

from backend.answers import Answer
from backend.doors import dispatches, documented, told
from backend.doors.forms import ExtensionIn, ReplyIn, ReturnIn
from backend.doors.letters import attachments
from backend.log import doing
from backend.log.doing import Deed
from backend.people import links, person
from backend.people.person import REVEALING, Person
from backend.problems import ProblemError, language
from backend.running import Backend, backend, caller
from db.clock import DAY, to_iso
from db.model import DispatchId, EventKind, Ms, Role
from db.wire import LAST_MS

router = APIRouter(tags=["units"])
NO_STORE = {"Cache-Control": "no-store"}


async def _unit(request: Request) -> Person:
    who = await caller(request)
    if who.role is not Role.UNIT:
        raise ProblemError("role")
    return who


DONE: Final[documented.Responses] = {
    200: {"model": told.DispatchOut},
    **documented.KEYED,
    **documented.problems(refused=True),
}


@router.get("/v1/unit/dispatches", responses={200: {"model": told.DispatchLines}, **documented.KEYED})
async def listing(
    request: Request,
    done: bool = False,
    before: Annotated[int | None, Query(ge=0, lt=LAST_MS)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """The unit's dispatches that wait for it, or with `done` the others; newest first, `before`: `sent` of the last one seen."""
    here = backend(request)
    who = await _unit(request)
    now = here.now()
    rows = await here.run(_listed, here, who, done, before, limit, now)
    return Answer({"dispatches": rows}, headers=NO_STORE)


def _listed(here: Backend, who: Person, done: bool, before: int | None, limit: int, now: Ms) -> list[dict[str, Any]]:
    with here.db.read() as conn:
        return dispatches.listed(conn, who, done=done, before=before, limit=limit, now=now)


@router.get("/v1/unit/dispatches/{id_}", responses={200: {"model": told.DispatchOut}, **documented.KEYED})
async def show(request: Request, id_: str) -> Response:
    """One dispatch with its letter."""
    here = backend(request)
    who = await _unit(request)
    return Answer(await here.read(_shown, id_, who, here.now(), language(request)), headers=NO_STORE)


def _shown(conn: Connection, id_: DispatchId, who: Person, now: Ms, lang: str) -> dict[str, Any]:
    return dispatches.whole(conn, dispatches.find(conn, id_, who), who, now, lang)


@router.post("/v1/unit/dispatches/{id_}/sign", responses=DONE)
async def sign(request: Request, id_: str) -> Response:
    """签收."""
    return await _do(request, id_, EventKind.SIGNED, {}, {})


@router.post("/v1/unit/dispatches/{id_}/return", responses=DONE)
async def give_back(request: Request, id_: str, given: ReturnIn) -> Response:
    """退单, within its window."""
    return await _do(request, id_, EventKind.RETURNED, {"reason": given.reason}, {"text": given.text})


@router.post("/v1/unit/dispatches/{id_}/reply", responses=DONE)
async def reply(request: Request, id_: str, given: ReplyIn) -> Response:
    """回复. A newer one takes the place of one that was not checked yet."""
    here = backend(request)
    facts, words = await here.read(attachments, given.attachments)
    if given.outcomes:
        facts["outcomes"] = [o.model_dump() for o in given.outcomes]
    return await _do(request, id_, EventKind.REPLIED, facts, {"text": given.text} | words)


@router.post("/v1/unit/dispatches/{id_}/extension", responses=DONE)
async def extension(request: Request, id_: str, given: ExtensionIn) -> Response:
    """申请延期: asked before the term ends, granted once."""
    return await _do(request, id_, EventKind.EXTENSION_ASKED, {}, {"text": given.text})


async def _do(request: Request, id_: str, kind: EventKind, facts: dict[str, Any], words: dict[str, str]) -> Response:
    here = backend(request)
    who = await _unit(request)
    await act(here, who, id_, kind, facts, words)
    return Answer(await here.read(_shown, id_, who, here.now(), language(request)), headers=NO_STORE)


async def act(
    here: Backend, who: Person, id_: DispatchId, kind: EventKind, facts: dict[str, Any], words: dict[str, str]
) -> None:
    """Does it to that dispatch, or finds it done. Raises ProblemError, RefusedError."""
    sent = await here.read(dispatches.find, id_, who)
    deed = Deed(kind.value, sent.case.id, facts, words, sent.dispatch.id)
    place = await here.run(doing.do, here.db, who, deed, here.now())
    here.news.reached(place.seq)


# ── signed links ─────────────────────────────────────────────────────────────────────────────────────────────────────


class LinkIn(BaseModel):
    """How many days the link opens its dispatch."""

    model_config = ConfigDict(extra="forbid")
    days: int = Field(default=30, ge=1, le=links.LONGEST_DAYS)


@router.post("/v1/dispatches/{id_}/link", status_code=201, responses={201: {"model": told.LinkOut}, **documented.KEYED})
async def link(request: Request, id_: str, given: LinkIn | None = None) -> Response:
    """A link for the unit of a dispatch, made by the desk: opens this dispatch without an account."""
    here = backend(request)
    who = await caller(request)
    if who.role not in REVEALING:
        raise ProblemError("role")
    sent = await here.read(dispatches.find, id_, None)
    until = here.now() + (given.days if given else 30) * DAY
    text = await here.read(links.make, sent.dispatch.id, until)
    base = here.settings.public_url or str(request.base_url).rstrip("/")
    return Answer({"url": f"{base}/d/{text}", "expires_at": to_iso(until)}, 201, headers=NO_STORE)


def opened(conn: Connection, text: str, now: Ms) -> tuple[Person, dispatches.Sent]:
    """As whom, and what, a link opens. Raises ProblemError(link)."""
    try:
        sent = dispatches.find(conn, links.read(conn, text, now), None)
    except ProblemError:
        raise ProblemError("link") from None
    return person.unit(sent.dispatch.district, sent.dispatch.unit, device="link"), sent
