"""Bytes that are fetched in pieces and kept as they come: blobs of a fill, attachments. A cut resumes behind the last of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from db import parts
from desk.line.trouble import LineError, refused

if TYPE_CHECKING:
    from desk.line.rounds import Rounds

RANGE = 64_000
"""Bytes asked for at a time: what a cut costs at most."""

AT_ONCE = 0.3
"""Seconds until the next try after a cut that left something behind: the line is there, only short."""


def fetch(
    rounds: Rounds, path: str, name: str, here: int, size: int, told: Callable[[int], None] = lambda _held: None
) -> None:
    """The next bytes of `name` behind the `here` that are held, of `size`. `told`: how many are held, as they come.

    Raises LineError, StoreError; what had come by then is kept.
    """
    import httpx

    last = min(size, here + RANGE) - 1
    headers = {"authorization": f"Bearer {rounds.token}", "range": f"bytes={here}-{last}"}
    got = bytearray()
    try:
        with rounds.client.stream("GET", path, headers=headers) as response:
            if response.status_code not in (200, 206):
                response.read()
                raise refused(response)
            if response.status_code == 200 and here:
                parts.drop(rounds.store, name)
                here = 0
            for piece in response.iter_raw():
                got += piece
                told(here + len(got))
    except (httpx.TransportError, httpx.InvalidURL) as e:
        raise LineError("offline", wait=AT_ONCE if got else None) from e
    finally:
        if got:
            parts.keep(rounds.store, name, here, bytes(got))
