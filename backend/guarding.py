"""What stands before every door: requests that two servers could read differently, paths that are no text, bodies that never end;
and the headers that every answer carries.

A body may come slowly, for lines are bad, but not without end: `PATIENCE` seconds and one more for every `SLOWEST` bytes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import HTTPException
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.problems import ProblemError, response

PATIENCE: Final = 60.0
SLOWEST: Final = 1_000
"""Bytes a second: a quarter of the worst line that is promised (32 kbit/s)."""

BARE: Final = ("/v1/sync",)
"""Where each byte of a header counts (DESIGN.md §7), and nothing is asked for by a browser."""

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Where a door does not say otherwise itself."""


class Guarded:
    """Middleware, the outermost but the one that writes requests down."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = send if scope["path"].startswith(BARE) else _sealed(send)
        if no := _unheard(scope):
            refusal = response(Request(scope), ProblemError(no))
            refusal.headers["Connection"] = "close"
            await refusal(scope, receive, said)
            return
        await self.app(scope, _hurried(receive), said)


def _unheard(scope: Scope) -> str | None:
    """Why a request is not looked at: a code of `problems.STATUS`, or None."""
    names = [name for name, _value in scope["headers"]]
    if b"transfer-encoding" in names and b"content-length" in names:  # a proxy may see another end than we do
        return "bad_request"
    if "\x00" in scope["path"]:  # no name of ours has one, and PostgreSQL has no text with one
        return "unknown"
    return None


def _sealed(send: Send) -> Send:
    async def said(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return said


def _hurried(receive: Receive) -> Callable[[], Awaitable[Message]]:
    """`receive` while the body is not whole: raises HTTPException(408) where it comes too slowly."""
    started, size, whole = asyncio.get_running_loop().time(), 0, False

    async def heard() -> Message:
        nonlocal size, whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(started + PATIENCE + size / SLOWEST):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, headers={"Connection": "close"}) from None
        size += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        return message

    return heard
