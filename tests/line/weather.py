"""What the line of a desk in `world.py` does to a request: drops it, loses or cuts its answer, sends it twice, changes a bit."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

import httpx


class There(Protocol):
    """The backend that is asked, and its clock."""

    @property
    def transport(self) -> httpx.BaseTransport: ...

    def at_backend(self) -> AbstractContextManager[None]: ...


class Net(httpx.BaseTransport):
    """The line of one desk: what happens to the next request is said beforehand."""

    def __init__(self, world: There) -> None:
        self.world = world
        self.next = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        fate, self.next = self.next, ""
        if fate == "drop":
            raise httpx.ConnectError("drop", request=request)
        with self.world.at_backend():
            response = self._through(request)
            if fate == "twice":
                response = self._through(request)
        if fate == "lose":
            raise httpx.ReadError("lose", request=request)
        body = response.read()
        if fate == "cut":
            body = body[: len(body) // 2]
        elif fate == "flip" and body:
            body = bytes([body[0] ^ 0x40]) + body[1:]
        return httpx.Response(
            response.status_code, headers=response.headers, stream=httpx.ByteStream(body), request=request
        )

    def _through(self, request: httpx.Request) -> httpx.Response:
        return self.world.transport.handle_request(request)
