"""One line of JSON a request, and its figures. The route's pattern is written down, never the path: paths hold codes."""

from __future__ import annotations

import logging
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend import metrics

logger = logging.getLogger("backend.request")
QUIET = frozenset({"/health", "/ready", "/metrics"})


class Noted:
    """Middleware: writes down and counts what every request came to."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen: dict[str, Any] = {"status": 500, "in": 0, "out": 0}

        async def heard() -> Message:
            message = await receive()
            seen["in"] += len(message.get("body", b""))
            return message

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            seen["out"] += len(message.get("body", b""))
            await send(message)

        start = time.perf_counter()
        try:
            await self.app(scope, heard, said)
        finally:
            _note(scope, seen, time.perf_counter() - start)


def _note(scope: Scope, seen: dict[str, Any], took: float) -> None:
    route = getattr(scope.get("route"), "path", "other")
    method, status = scope["method"], seen["status"]
    metrics.requests.labels(route, method, status).inc()
    metrics.bytes_in.inc(seen["in"])
    metrics.bytes_out.inc(seen["out"])
    polled = route == "/v1/sync" and method == "GET"
    if not polled:
        metrics.seconds.labels(route, method).observe(took)
    if route not in QUIET:
        facts = {"route": route, "method": method, "status": status, "ms": round(took * 1000, 1)}
        logger.info("request", extra=facts | {"in": seen["in"], "out": seen["out"]})
