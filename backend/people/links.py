"""Signed links: one dispatch, opened without an account until a day. 49 characters; changed by one, they open nothing."""

from __future__ import annotations

import base64
import binascii
import hmac
import uuid
from typing import Final

from sqlalchemy import Connection

from backend.log import doing
from backend.problems import ProblemError
from db.model import DispatchId, Ms

SIGNED: Final = 16
LONGEST_DAYS: Final = 180


def make(conn: Connection, dispatch: DispatchId, until: Ms) -> str:
    """The link's text for a dispatch, good until a moment (UTC ms, to the second)."""
    told = uuid.UUID(dispatch).bytes + (until // 1000).to_bytes(4)
    return base64.urlsafe_b64encode(told + _sign(conn, told)).decode().rstrip("=")


def read(conn: Connection, link: str, now: Ms) -> DispatchId:
    """The dispatch that a link opens. Raises ProblemError(link)."""
    try:
        raw = base64.urlsafe_b64decode(link.encode("ascii") + b"=" * (-len(link) % 4))
    except (ValueError, binascii.Error):
        raise ProblemError("link") from None
    told, signed = raw[:20], raw[20:]
    if len(raw) != 20 + SIGNED or not hmac.compare_digest(signed, _sign(conn, told)):
        raise ProblemError("link")
    if int.from_bytes(told[16:]) * 1000 <= now:
        raise ProblemError("link")
    return str(uuid.UUID(bytes=told[:16]))


def _sign(conn: Connection, told: bytes) -> bytes:
    return doing.keyed(doing.secret(conn), "link", told.hex())[:SIGNED]
