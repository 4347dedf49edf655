"""The backend as an ASGI app: doors, what runs beside them, and what is written down about each request."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine

from fastapi import FastAPI
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from backend import problems
from backend.database import Database
from backend.doors import (
    admin,
    attachments,
    contacts,
    documented,
    letters,
    ops,
    people,
    snapshot,
    surveys,
    sync,
    unit_page,
    units,
)
from backend.guarding import Guarded
from backend.log import files, judging, timer
from backend.migrate import head
from backend.people import tokens
from backend.requests import Noted
from backend.running import Backend
from backend.settings import MAX_FORM, Settings
from backend.snapshot import manifest
from backend.surveys import counting
from db.model import Ms

logger = logging.getLogger("backend.app")
FRAMED = ("/v1/sync", "/v1/snapshot", "/v1/blobs", "/v1/attachments", "/v1/newsroom", "/v1/cases")
"""What is packed already, or must not be."""


def create(settings: Settings, db: Database | None = None) -> FastAPI:
    """The app over a database that has its tables."""
    opened = db or Database(settings.database)
    here = Backend(settings, opened)
    app = FastAPI(
        title="Letters desk backend",
        version="1",
        description="What desks, districts and citizens talk to. Frames and events: docs/sync.md.",
        lifespan=_lifespan,
        docs_url=None,  # both load scripts from elsewhere; /openapi.json says it all
        redoc_url=None,
        redirect_slashes=False,  # its answer would lead to whatever host the request names
        responses=documented.ANY,
    )
    app.state.backend = here
    app.state.revision = head()
    problems.install(app)
    documented.describe(app)
    for framed in (sync, snapshot, contacts, attachments):  # these bound their bodies themselves
        app.include_router(framed.router)
    for door in (people, admin, letters, units, unit_page, surveys, ops):
        app.include_router(door.router, max_body_size=MAX_FORM)
    app.add_middleware(_Zipped)
    app.add_middleware(Guarded)
    app.add_middleware(Noted)
    return app


class _Zipped:
    """gzip for whoever asks, but on what travels as frames."""

    def __init__(self, app: ASGIApp) -> None:
        self.plain = app
        self.zipped = GZipMiddleware(app, minimum_size=600)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        framed = scope["type"] != "http" or scope["path"].startswith(FRAMED)
        await (self.plain if framed else self.zipped)(scope, receive, send)


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    here: Backend = app.state.backend
    beside = [asyncio.create_task(one) for one in _beside(here)]
    try:
        yield
    finally:
        here.news.close()
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await asyncio.to_thread(_quietly, here.note_seen)
        here.db.close()


def _beside(here: Backend) -> tuple[Coroutine[None, None, None], ...]:
    return (
        here.news.watch(),
        _every(5.0, lambda: here.run(here.note_seen)),
        _every(3600.0, lambda: here.write(_tidy, here.now())),
        _every(3600.0, lambda: here.run(here.db.empty_log)),
        _every(here.settings.timers, lambda: here.run(timer.write_due, here.db, here.now())),
        _every(here.settings.timers, lambda: here.run(counting.run, here.db, here.now())),
    )


def _tidy(conn: Connection, now: Ms) -> None:
    """Lets go of what nobody needs any more."""
    manifest.tidy(conn, now)
    files.tidy(conn, now)
    judging.tidy(conn, now)
    tokens.tidy(conn, now)


async def _every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    """Does it again and again; a failure is written down and tried again the next time."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except SQLAlchemyError as e:
            logger.warning("will be tried again", extra={"error": type(e).__name__})


def _quietly(work: Callable[[], None]) -> None:
    with contextlib.suppress(SQLAlchemyError):
        work()
