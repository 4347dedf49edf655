"""One running backend: its database, its news, and a bounded number of threads for work that blocks."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar

import anyio
import anyio.to_thread
from sqlalchemy import bindparam, update
from starlette.requests import Request

from backend.database import POOL, Database
from backend.news import News, Pages
from backend.people import tokens
from backend.people.person import Person
from backend.problems import ProblemError
from backend.settings import Settings
from db import clock
from db.model import Ms

P = ParamSpec("P")
T = TypeVar("T")
_SEEN = update(tokens.DEVICES).where(tokens.DEVICES.c.id == bindparam("device"))
_SEEN = _SEEN.values(cursor=bindparam("at"), seen_at=bindparam("now"))


COSTLY: Final = 3
"""Passwords that are tried at the same time."""


class Backend:
    """What every door works with."""

    def __init__(self, settings: Settings, db: Database) -> None:
        self.settings = settings
        self.db = db
        self.news = News(db)
        self._threads = anyio.CapacityLimiter(POOL)
        self._costly = anyio.CapacityLimiter(COSTLY)
        self._seen: dict[str, tuple[int, Ms]] = {}
        self.pages = Pages()

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Runs blocking work in a thread; as many at once as there are connections."""
        return await anyio.to_thread.run_sync(partial(work, *args, **kwargs), limiter=self._threads)

    async def costly(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """As `run`, for what costs a tenth of a second and 64 MiB on purpose: a flood of it leaves the rest to others."""
        return await anyio.to_thread.run_sync(partial(work, *args, **kwargs), limiter=self._costly)

    async def read(self, work: Callable[..., T], *args: Any) -> T:
        """`work(conn, …)` in a transaction that reads."""

        def inside() -> T:
            with self.db.read() as conn:
                return work(conn, *args)

        return await self.run(inside)

    async def write(self, work: Callable[..., T], *args: Any) -> T:
        """`work(conn, …)` in a durable transaction; it may run more than once."""
        return await self.run(self.db.write, lambda conn: work(conn, *args))

    def now(self) -> Ms:
        return clock.now_ms()

    def saw(self, device: str, cursor: int) -> None:
        """A device has read up to `cursor`; written down by `note_seen`."""
        self._seen[device] = (cursor, self.now())

    def note_seen(self) -> None:
        """Writes down where the devices are: an erasure's report asks which have passed it."""
        seen, self._seen = self._seen, {}
        if seen:
            rows = [{"device": d, "at": at, "now": now} for d, (at, now) in sorted(seen.items())]
            self.db.write(lambda conn: conn.execute(_SEEN, rows))


def backend(request: Request) -> Backend:
    """The backend of this request's app."""
    found: Backend = request.app.state.backend
    return found


def bearer(request: Request) -> str:
    """The token of a request. Raises ProblemError(token)."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token or len(token) > 200:
        raise ProblemError("token")
    return token.strip()


async def caller(request: Request) -> Person:
    """Who is at the door. Raises ProblemError(token, revoked, inactive)."""
    return await backend(request).read(tokens.of_person, bearer(request))


def address(request: Request) -> str:
    """Where a request came from, to count attempts by: an address, or the /64 that one subscriber has of IPv6."""
    host = request.client.host if request.client else ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(found, ipaddress.IPv4Address):
        return host
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False).network_address)


async def body(request: Request, most: int) -> bytes:
    """The body of a request, up to `most` bytes. Raises ProblemError(too_big)."""
    claimed = request.headers.get("content-length", "0")
    if claimed.isdecimal() and int(claimed) > most:
        raise ProblemError("too_big", limit=most)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise ProblemError("too_big", limit=most)
        parts.append(part)
    return b"".join(parts)
