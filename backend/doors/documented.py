"""What the OpenAPI says of each door beyond its form: the problems it may answer with, frames, and who has to show a key.

`tests/backend/test_hostile_openapi.py` and `make fuzz` hold the doors to it.
"""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from backend.problems import MEDIA, STATUS

Responses = dict[int | str, dict[str, Any]]
"""What FastAPI takes as `responses`."""

FRAME_MEDIA: Final = "application/octet-stream"
FRAME: Final[dict[str, Any]] = {
    "content": {FRAME_MEDIA: {"schema": {"type": "string", "format": "binary"}}},
    "description": "A frame, docs/sync.md",
}
BYTES: Final[dict[str, Any]] = {"requestBody": {"content": FRAME["content"], "required": True}}
"""`openapi_extra` of a door that takes bytes."""

_REFERENCE: Final = {"$ref": "#/components/schemas/Problem"}
_PROBLEM: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "RFC 9457. `code` is for programs, `detail` for people, in their language; `field` where one is wrong.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {name: {"type": "string"} for name in ("type", "title", "detail", "code", "field", "reason")}
    | {
        "status": {"type": "integer"},
        "facts": {"type": "object"},
        "held": {"type": "integer"},
        "v": {"type": "integer"},
    }
    | {"d": {"type": "array", "items": {"type": "integer"}}},
}


def problems(*codes: str, refused: bool = False) -> Responses:
    """`responses` of a door: each status with its codes; `refused`: a rule may say no (409)."""
    found: dict[int | str, list[str]] = {}
    for code in codes:
        found.setdefault(STATUS[code], []).append(code)
    if refused:
        found[409] = ["a rule's own code, docs/events.md"]
    return {
        status: {"description": ", ".join(of), "content": {MEDIA: {"schema": _REFERENCE}}}
        for status, of in found.items()
    }


ANY: Final = problems("bad_request", "bad_json", "unknown", "slow", "too_big", "field", "not_ready")
"""What every door may say."""

KEYED: Final = problems("token", "revoked", "inactive", "role")
"""What one for holders of a key says besides."""


def describe(app: FastAPI) -> None:
    """Makes `app.openapi` tell all of it. A door whose 401 speaks of tokens asks for one."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            parts = made["components"]
            parts["schemas"]["Problem"] = _PROBLEM
            for unused in ("HTTPValidationError", "ValidationError"):  # ours are problems
                parts["schemas"].pop(unused, None)
            parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
            for path in made["paths"].values():
                for door in path.values():
                    if "token" in door["responses"].get("401", {}).get("description", "").split(", "):
                        door["security"] = [{"bearer": []}]
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
