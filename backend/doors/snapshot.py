"""What a new desk is filled from: the manifest, its blobs by range, and single letters whole (docs/sync.md, First fill)."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection, func, select
from starlette.responses import Response

from backend import metrics, ranges
from backend.doors import documented
from backend.doors.sync import framed, may_sync, readable
from backend.log import doing, reading
from backend.log.held import CASES
from backend.people.person import REVEALING, Person
from backend.problems import ProblemError
from backend.running import Backend, backend, caller
from backend.snapshot import cutting, manifest
from backend.sync import newsroom_tag
from db import casefile, chain
from db.wire import dumps

router = APIRouter(tags=["first fill"])
BLOBS, EVENTS = cutting.BLOBS, cutting.EVENTS
PATIENCE = 20.0
"""Seconds that a desk waits for a first snapshot before it is told to ask again."""


@router.get("/v1/snapshot", responses={200: documented.FRAME, **documented.KEYED}, response_class=Response)
async def snapshot(request: Request) -> Response:
    """The manifest: what there is to fetch, all of one moment of the log."""
    here = backend(request)
    who = may_sync(await caller(request))
    kept = await here.read(manifest.stand, here.now())
    if not kept.usable or kept.old:
        cut = _cutting(request.app.state, here)
        if not kept.usable:
            try:
                await asyncio.wait_for(asyncio.shield(cut), PATIENCE)
            except TimeoutError:
                raise ProblemError("not_ready") from None
            kept = await here.read(manifest.stand, here.now())
    told = await here.read(_manifest, kept.row, who)
    return framed(dumps(told | {"t": here.now()}), readable(request))


def _cutting(state: Any, here: Backend) -> asyncio.Task[None]:
    """The one cut under way in this process."""
    task: asyncio.Task[None] | None = getattr(state, "cutting", None)
    if task is None or task.done():
        task = state.cutting = asyncio.create_task(_cut(here))
    return task


async def _cut(here: Backend) -> None:
    with metrics.snapshot_seconds.time():
        await here.run(cutting.cut, here.db, here.now())


def _manifest(conn: Connection, row: Any, who: Person) -> dict[str, Any]:
    entries = [e for e in json.loads(row.body) if e["kind"] != "senders" or who.role in REVEALING]
    told = {"epoch": reading.epoch(conn), "seq": row.seq, "h": row.hash, "blobs": entries}
    there = conn.execute(select(EVENTS.c.hash, EVENTS.c.heard).where(EVENTS.c.seq == row.seq)).one_or_none()
    hash_, told["heard"] = there or (chain.genesis(told["epoch"]), 0)
    told["hash"] = hash_.hex()
    return told | {"n": newsroom_tag(conn)}


@router.head("/v1/blobs/{name}", include_in_schema=False)
@router.get(
    "/v1/blobs/{name}",
    responses={
        200: documented.FRAME | {"description": "The blob, zstd"},
        206: documented.FRAME | {"description": "The part asked for"},
        **documented.problems("gone", "range"),
        **documented.KEYED,
    },
    response_class=Response,
)
async def blob(request: Request, name: str) -> Response:
    """A blob, or the part of it that is asked for."""
    here = backend(request)
    who = may_sync(await caller(request))
    row = await here.read(_blob, name)
    if row is None or (row.kind == "senders" and who.role not in REVEALING):
        raise ProblemError("unknown")
    if row.dropped:
        raise ProblemError("gone")
    headers = {"ETag": f'"{name}"', "Accept-Ranges": "bytes", "Cache-Control": "private, max-age=604800, immutable"}
    if request.method == "HEAD":
        return Response(headers=headers | {"Content-Length": str(row.bytes)})
    part = ranges.asked(request.headers.get("range"), row.bytes)
    first, behind = part or (0, row.bytes)
    body = await here.read(_part, name, first, behind)
    if part is None:
        return Response(body, headers=headers, media_type=documented.FRAME_MEDIA)
    headers |= {"Content-Range": f"bytes {first}-{behind - 1}/{row.bytes}"}
    return Response(body, 206, headers=headers, media_type=documented.FRAME_MEDIA)


def _blob(conn: Connection, name: str) -> Any:
    query = select(BLOBS.c.kind, BLOBS.c.dropped, func.length(BLOBS.c.body).label("bytes"))
    return conn.execute(query.where(BLOBS.c.hash == name)).first()


def _part(conn: Connection, name: str, first: int, behind: int) -> bytes:
    query = select(func.substr(BLOBS.c.body, first + 1, behind - first)).where(BLOBS.c.hash == name)
    return bytes(conn.execute(query).scalar_one())


@router.get("/v1/cases/{named}", responses={200: documented.FRAME, **documented.KEYED}, response_class=Response)
async def one_case(request: Request, named: str) -> Response:
    """One letter whole, by id or code: its row and everything that happened to it, as a frame."""
    here = backend(request)
    who = may_sync(await caller(request))
    text = await here.read(_case, named, who)
    if text is None:
        raise ProblemError("unknown")
    return framed(text, readable(request))


def _case(conn: Connection, named: str, who: Person) -> str | None:
    c, e = CASES.c, EVENTS.c
    by = c.id == named if doing.ID.fullmatch(named) else c.code == named
    row = conn.execute(select(c.id, c.row, c.seq).where(by)).first()
    if row is None:
        return None
    head = reading.head(conn)
    query = select(e.seq, e.heard, e.wire, e.kind).where(reading.of_cases([row.id]))
    entries = conn.execute(query.order_by(e.seq)).all()
    senders = reading.masked_senders(conn, entries) if who.role in REVEALING else []
    plain = dumps(casefile.plain(casefile.restore(row.row)))
    told = f'{{"c":{head.seq},"seq":{row.seq},"row":{plain},"e":[{",".join(reading.travelling(entries))}]'
    return told + (f',"p":{dumps(senders)}}}' if senders else "}")
