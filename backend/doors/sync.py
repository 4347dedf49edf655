"""`/v1/sync`: both directions in one request, and the poll for news (docs/sync.md)."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection, select
from starlette.responses import Response

from backend import metrics, sync
from backend.doors import documented
from backend.log import reading
from backend.people import tokens
from backend.people.person import REVEALING, SYNCING, Person
from backend.problems import ProblemError
from backend.running import Backend, backend, bearer, body, caller
from backend.settings import LONGEST_POLL, MAX_BODY
from backend.sync import Ask
from db import frames
from db.wire import LAST_MS, OLDEST, SCHEMA

MOST_OWN = 50
"""Events behind a waiting desk's cursor that are looked through for others'."""

SMALL: Final = 64_000
"""Bytes of a body that is read before it is known who sends it: a desk's are 16 kB. Four thousand of them are no danger."""

router = APIRouter(tags=["sync"])

ANSWERS: Final[documented.Responses] = {
    200: documented.FRAME,
    204: {"description": "Nothing new"},
    **documented.KEYED,
    **documented.problems("bad_frame", "dictionary", "too_old"),
}


def unframed(raw: bytes) -> object:
    """The value of a frame. Raises ProblemError."""
    try:
        return frames.unpack(raw)
    except frames.FrameError as e:
        if e.code == "dictionary":
            raise ProblemError("dictionary", more={"d": list(frames.DICTIONARIES)}) from None
        if e.code == "too_big":
            raise ProblemError("too_big", limit=frames.LIMIT) from None
        raise ProblemError(e.code) from None


def framed(text: str | None, dictionaries: tuple[int, ...]) -> Response:
    """JSON text as a frame; 204 without any."""
    if text is None:
        return Response(status_code=204)
    return Response(frames.pack_text(text, dictionaries), media_type=documented.FRAME_MEDIA)


def readable(request: Request) -> tuple[int, ...]:
    """What the asker of a GET can read besides JSON and zstd (`?d=1`: dictionary 1), or instead of zstd (`?d=31`: gzip)."""
    return tuple(int(x) for x in request.query_params.get("d", "").split(",") if x.isdecimal() and len(x) < 4)


def may_sync(who: Person) -> Person:
    if who.role not in SYNCING:
        raise ProblemError("role")
    return who


@router.post("/v1/sync", responses=ANSWERS, openapi_extra=documented.BYTES, response_class=Response)
async def push_and_pull(request: Request) -> Response:
    """Judges the events sent and answers with what is new. May be sent any number of times."""
    here = backend(request)
    token, header = bearer(request), request.headers.get("desk-schema")
    if _small(request):
        return _told(here, *await here.run(_unknown_yet, here, token, await body(request, SMALL), header))
    who = may_sync(await caller(request))
    raw = await body(request, MAX_BODY)
    return await _round(here, who, sync.read(unframed(raw), header))


def _small(request: Request) -> bool:
    """Whether a body may be read before its sender is known: then all the rest is one piece of work."""
    claimed = request.headers.get("content-length", "")
    return claimed.isdecimal() and len(claimed) < 9 and int(claimed) <= SMALL


def _unknown_yet(here: Backend, token: str, raw: bytes, header: str | None) -> _Done:
    with here.db.read() as conn:
        who = may_sync(tokens.of_person(conn, token))
    return _answer(here, who, sync.read(unframed(raw), header))


@router.get("/v1/sync", responses=ANSWERS, response_class=Response)
async def poll(
    request: Request,
    c: Annotated[int, Query(ge=0, lt=LAST_MS)] = 0,
    h: Annotated[str, Query(max_length=64)] = "",
    w: Annotated[float, Query(allow_inf_nan=False)] = 0.0,
    v: Annotated[int, Query(ge=0, lt=LAST_MS)] = SCHEMA,
    n: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Answers as soon as there is something new behind cursor `c`, at the latest after `w` seconds."""
    here = backend(request)
    who = may_sync(await caller(request))
    if v < OLDEST:
        raise ProblemError("too_old", more={"v": OLDEST})
    ask = sync.read({"c": c, "h": h, "d": list(readable(request)), "n": n, "v": v})
    wait = min(max(w, 0.0), LONGEST_POLL)
    first = await _round(here, who, ask)
    if first.status_code != 204 or not wait:
        return first
    if not await _others(here, who, ask.cursor, wait):
        return framed(None, ())
    who = may_sync(await caller(request))  # it may have been locked out meanwhile
    return await _news(here, who, replace(ask, newsroom=None))


async def _others(here: Backend, who: Person, cursor: int, wait: float) -> bool:
    """Whether somebody else's events come behind the cursor before `wait` seconds are over: its own ones a desk is told by the
    request that brought them.
    """
    end, seen = time.monotonic() + wait, cursor
    while await here.news.beyond(seen, max(0.0, end - time.monotonic())):
        seen, all_own = await here.read(_own_only, who.device, cursor)
        if not all_own:
            return True
    return False


def _own_only(conn: Connection, device: str, cursor: int) -> tuple[int, bool]:
    """The last number there is, and whether everything behind the cursor came from that device."""
    e = reading.EVENTS.c
    found = conn.execute(select(e.seq, e.wire).where(e.seq > cursor).order_by(e.seq).limit(MOST_OWN)).all()
    own = f'"device":"{device}"'
    return (found[-1].seq if found else cursor), len(found) < MOST_OWN and all(own in row.wire for row in found)


async def _news(here: Backend, who: Person, ask: Ask) -> Response:
    """News that many wait for at once: who asks alike gets the same answer."""
    key = (ask.cursor, ask.hash, ask.dictionaries, ask.schema, who.role in REVEALING, here.news.seq)
    if (frame := here.pages.get(key)) is not None:
        here.saw(who.device, ask.cursor)
        return Response(frame, media_type=documented.FRAME_MEDIA)
    answer = await _round(here, who, ask)
    if answer.status_code == 200:
        here.pages.put(key, bytes(answer.body))
    return answer


_Done = tuple[Person, Ask, sync.Answer, Response]


async def _round(here: Backend, who: Person, ask: Ask) -> Response:
    return _told(here, *await here.run(_answer, here, who, ask))


def _told(here: Backend, who: Person, ask: Ask, answer: sync.Answer, packed: Response) -> Response:
    """Notes what became of a round, where nothing waits."""
    here.news.reached(answer.seq)
    if answer.judged.accepted or answer.judged.refused:
        metrics.judged(answer.judged)
    if who.device:
        here.saw(who.device, ask.cursor)
    return packed


def _answer(here: Backend, who: Person, ask: Ask) -> _Done:
    answer = sync.sync(here.db, who, ask, here.now())
    return who, ask, answer, framed(answer.text, ask.dictionaries)
