"""Attachments by the hash of their content: sent in pieces, fetched in pieces, given only to those whose letter it is."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from backend import ranges
from backend.answers import Answer
from backend.doors import dispatches, documented, told
from backend.log import doing, files
from backend.people import tokens
from backend.people.person import SYNCING, Person
from backend.problems import ProblemError
from backend.running import Backend, backend, bearer, body, caller
from backend.settings import MAX_BODY
from db.model import Role

router = APIRouter(tags=["attachments"])
_HASH = re.compile(r"[0-9a-f]{64}")


@router.put(
    "/v1/attachments/{name}",
    status_code=201,
    openapi_extra=documented.BYTES,
    responses={
        201: {"model": told.Held},
        202: {"model": told.Held, "description": "More is missing"},
        **documented.problems("range", "forbidden_media"),
        **documented.KEYED,
    },
)
async def put(request: Request, name: str) -> Response:
    """A file or, with `Content-Range: bytes A-B/SIZE`, the next piece of one. `name`: its SHA-256 in hex.

    Pieces come in order; one that was sent before is passed over. 202 with `held` until it is whole, then 201.
    """
    here = backend(request)
    await _may_send(here, request)
    if not _HASH.fullmatch(name):
        raise ProblemError("field", field="name")
    piece = await body(request, MAX_BODY)
    start, size = ranges.sent(request.headers.get("content-range"), len(piece))
    held, whole = await here.write(_put, name, start, size, piece, here.now())
    if whole and not await here.write(files.is_what_it_says, name):
        raise ProblemError("hash")
    return Answer({"held": held, "bytes": size, "whole": whole}, 201 if whole else 202)


def _put(conn: Connection, name: str, start: int, size: int, piece: bytes, now: int) -> tuple[int, bool]:
    return files.put(conn, name, start, size, piece, now)


async def _may_send(here: Backend, request: Request) -> None:
    """Desks that write, units, and channels."""
    token = bearer(request)
    try:
        who = await here.read(tokens.of_person, token)
    except ProblemError as e:
        if e.code != "token":
            raise
        await here.read(tokens.of_channel, token)
        return
    if who.role in (Role.READER, Role.ADMIN):
        raise ProblemError("role")


@router.head("/v1/attachments/{name}", include_in_schema=False)
@router.get(
    "/v1/attachments/{name}",
    responses={
        200: {"content": {"*/*": {}}, "description": "The file, always as a download"},
        206: {"content": {"*/*": {}}, "description": "The part asked for"},
        **documented.problems("range"),
        **documented.KEYED,
    },
    response_class=Response,
)
async def fetch(request: Request, name: str) -> Response:
    """A file, or the part of it that is asked for. HEAD of one that is not whole: 204 with `Attachment-Held`."""
    here = backend(request)
    who = await caller(request)
    row = await here.read(files.find, name)
    if row is None or not await here.read(_may_see, name, who):
        raise ProblemError("unknown")
    if not row.whole:
        if request.method == "HEAD":
            return Response(status_code=204, headers={"Attachment-Held": str(row.held)})
        raise ProblemError("unknown")
    headers = _headers(row, next(iter((await here.read(files.letters_of, name)).values()), ""))
    if request.method == "HEAD":
        return Response(headers=headers | {"Content-Length": str(row.size)}, media_type=row.media)
    part = ranges.asked(request.headers.get("range"), row.size)
    first, behind = part or (0, row.size)
    data = await here.read(files.read, name, first, behind)
    if part is None:
        return Response(data, headers=headers, media_type=row.media)
    headers |= {"Content-Range": f"bytes {first}-{behind - 1}/{row.size}"}
    return Response(data, 206, headers=headers, media_type=row.media)


def _headers(row: Any, name: str) -> dict[str, str]:
    """Always a download, never shown as part of this site."""
    return {
        "ETag": f'"{row.hash}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name or row.hash[:16], safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }


def _may_see(conn: Connection, name: str, who: Person) -> bool:
    """Desks see all; a unit what belongs to a letter whose words it sees."""
    if who.role in SYNCING:
        return True
    if who.role is not Role.UNIT:
        return False
    found = (doing.by_id(conn, letter) for letter in files.letters_of(conn, name))
    return any(dispatches.shown_to(case, d, who) for case in found if case is not None for d in case.dispatches)
