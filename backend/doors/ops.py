"""For those who run it: alive, ready, figures."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from backend import metrics
from backend.answers import Answer
from backend.doors import told
from backend.log import reading
from backend.running import backend

router = APIRouter(tags=["operations"])


@router.get("/health")
async def health() -> dict[str, str]:
    """The process is alive."""
    return {"status": "alive"}


@router.get("/ready", responses={200: {"model": told.Ready}, 503: {"model": told.Ready, "description": "Not now"}})
async def ready(request: Request) -> Response:
    """The database answers and has this version's tables, and the backend is not stopping."""
    here = backend(request)
    found: dict[str, Any] = {"database": False, "migrations": False, "stopping": here.news.closing}
    try:
        revision = await here.read(_revision)
        found |= {"database": True, "migrations": revision == request.app.state.revision}
    except SQLAlchemyError:
        pass
    fine = found["database"] and found["migrations"] and not found["stopping"]
    return Answer({"status": "ready" if fine else "not ready", **found}, 200 if fine else 503)


def _revision(conn: Connection) -> str | None:
    revision: str | None = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return revision


@router.get("/metrics", responses={200: {"content": {"text/plain": {}}}}, response_class=Response)
async def figures(request: Request) -> Response:
    """Prometheus."""
    here = backend(request)
    metrics.waiting.set(here.news.waiting)
    head = await here.read(reading.head)
    metrics.log_seq.set(head.seq)
    return Response(metrics.text(), media_type=metrics.MEDIA)
