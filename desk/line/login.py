"""A connection to the backend, and logging in and out over it."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from db import joining, link
from db.joining import Seat
from db.model import Role
from desk.line import token
from desk.line.rounds import Rounds
from desk.line.trouble import LineError, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from db.store import Store

MAY_SYNC = (Role.EDITOR, Role.SUPERVISOR, Role.READER)


def client(server: str) -> httpx.Client:
    """Connections to the backend, kept open well past the longest poll; patient, for bad lines (docs/sync.md)."""
    import httpx

    made = httpx.Client(
        base_url=server,
        timeout=httpx.Timeout(60, connect=30),
        limits=httpx.Limits(max_connections=4, keepalive_expiry=140),
        follow_redirects=False,
    )
    made.headers.clear()  # what is not needed costs 100 bytes a request
    return made


def address(given: str) -> str | None:
    """The server's address as it is kept; None if it is none. Without a scheme: https, on this machine http."""
    text = given.strip().rstrip("/")
    if "://" not in text:
        local = text.split(":")[0] in ("localhost", "127.0.0.1")
        text = ("http://" if local else "https://") + text
    parts = urlsplit(text)
    try:
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fine = False
    return text if fine and not parts.query and not parts.fragment else None


def rounds(store: Store, made: httpx.Client | None = None) -> Rounds:
    """What this desk syncs by. Raises LineError(token) where nobody is logged in."""
    tie = link.of(store)
    kept = token.read(store.home) if tie is not None else None
    if tie is None or kept is None:
        raise LineError(tie.stopped if tie is not None and tie.stopped else "token", stops=True)
    return Rounds(store, made or client(tie.server), kept)


def login(
    store: Store, server: str, name: str, password: str, made: httpx.Client | None = None
) -> tuple[Seat, int, str]:
    """Name and password once, then a token for this device; (seat, adopted events, where the token is kept).

    Raises LineError, OtherNewsroomError, StoreError, OSError; then nothing was changed.
    """
    asked = {"name": name, "password": password, "key": joining.terminal_key(store), "label": platform.node()[:100]}
    response = _posted(server, "/v1/login", asked, made)
    try:
        told = response.json()
        who = told["user"]
        seat = Seat(server, who["id"], who["name"], who["role"], told["device"], told["number"], told["epoch"])
        given = str(told["token"])
    except (ValueError, KeyError, TypeError) as e:
        raise LineError("not_ours") from e
    if seat.role not in MAY_SYNC:
        raise LineError("role", stops=True)
    tie = link.of(store)
    if tie is not None and tie.epoch and tie.epoch != seat.epoch:
        raise joining.OtherNewsroomError
    where = token.keep(store.home, given)
    return seat, joining.join(store, seat), where


def own_password(
    server: str, name: str, old: str, new: str, *, held: str = "", made: httpx.Client | None = None
) -> None:
    """Another password at the backend, by the one that counts until now; `held`: the token of this device, which stays.

    Every other login of this person ends. Raises LineError; then nothing was changed.
    """
    headers = {"Authorization": f"Bearer {held}"} if held else {}
    _posted(server, "/v1/password", {"name": name, "password": old, "new": new}, made, headers)


def _posted(
    server: str,
    path: str,
    asked: Mapping[str, str],
    made: httpx.Client | None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """What the backend said to it, through a client of its own where none is given. Raises LineError."""
    import httpx

    opened = made or client(server)
    try:
        response = opened.post(path, json=dict(asked), headers=headers)
    except (httpx.TransportError, httpx.InvalidURL) as e:
        raise LineError("offline") from e
    finally:
        if made is None:
            opened.close()
    if not response.is_success:
        raise refused(response)
    return response


def logout(store: Store, made: httpx.Client | None = None) -> bool:
    """The token ends, there and here; False where the backend could not be told. Raises StoreError."""
    told = True
    try:
        rounds(store, made).ask("POST", "/v1/logout")
    except LineError as e:
        told = e.code in ("token", "revoked", "inactive")
    token.drop(store.home)
    joining.leave(store)
    return told
