"""Callers below HTTP: heads and bodies that drip, requests that two servers read differently, forwarded addresses that lie.

A real socket, and `serve`'s own uvicorn with a shorter patience.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn

from backend import serve
from backend.app import create
from backend.patient import Patient
from backend.people import throttle
from backend.settings import Settings


class Hasty(Patient):
    head = 0.3


@pytest.fixture
def port(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    with serving(database, monkeypatch) as port:
        yield port


@contextlib.contextmanager
def serving(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server in a thread of its own; its port."""
    made: list[uvicorn.Server] = []
    begun = threading.Event()

    class Known(serve._Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            begun.set()

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            made.append(self)  # signals belong to the main thread
            yield

    monkeypatch.setattr(serve, "Patient", Hasty)
    monkeypatch.setattr(serve, "_Server", Known)
    monkeypatch.setattr(serve, "_as_many_files_as_allowed", lambda: None)
    listening = serve.Listening("127.0.0.1", 0)
    thread = threading.Thread(target=serve.run, args=(Settings(database=database), listening))
    thread.start()
    assert begun.wait(30)
    try:
        yield listening.port
    finally:
        made[0].should_exit = True
        thread.join(30)
        listening.socket.close()


def say(port: int, *parts: bytes) -> bytes:
    """Sends the parts and reads until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        for part in parts:
            line.sendall(part)
        return _rest(line)


def _rest(line: socket.socket) -> bytes:
    got = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := line.recv(65_536):
            got += piece
    return got


CLOSE = b"Connection: close\r\n\r\n"
GET = b"GET /health HTTP/1.1\r\nHost: a\r\n"

sqlite_only = pytest.mark.parametrize("db", ["sqlite"], indirect=True)


@sqlite_only
def test_who_never_ends_a_head_is_hung_up_on_and_others_go_on(port: int) -> None:
    assert say(port) == b"", "no byte at all"
    assert say(port, b"GET /hea") == b""
    assert say(port, GET) == b"", "a head without its end"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as dripping:
        dripping.sendall(GET + b"\r\n")
        got = b""
        while not got.endswith(b"}"):
            got += dripping.recv(4096)
        assert got.startswith(b"HTTP/1.1 200")
        assert say(port, GET + CLOSE).startswith(b"HTTP/1.1 200"), "meanwhile"
        for letter in b"GET /he":  # the next request, byte for byte: each one used to begin the time anew
            dripping.sendall(bytes([letter]))
        assert _rest(dripping) == b""


@sqlite_only
def test_who_goes_on_after_a_refusal_is_hung_up_on(port: int) -> None:
    head = b"POST /v1/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 90000000\r\n\r\n"
    answer = say(port, head, b"{" * 100)
    assert b" 413 " in answer.split(b"\r\n")[0]


@sqlite_only
def test_a_request_with_two_ends_is_refused_and_its_connection_closed(port: int) -> None:
    smuggled = GET + b"\r\n"
    both = b"POST /v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    answer = say(port, both + smuggled)
    assert answer.count(b"HTTP/1.1 ") == 1, "what follows is not answered"
    assert b" 400 " in answer.split(b"\r\n")[0]
    odd = [
        b"POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
        b"POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\nhello",
        b"POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        b"POST /health HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nX: a\r\n b\x00\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET /health\r\n\r\n" + b"\x16\x03\x01",
        b"GET /health HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
    ]
    for request in odd:
        answer = say(port, request + smuggled)
        assert b" 200 " not in answer.split(b"\r\n")[0], request
        assert answer.count(b"HTTP/1.1 ") <= 1, request


@sqlite_only
def test_a_forwarded_address_is_believed_of_the_proxy_alone(port: int) -> None:
    """The last address is what the proxy saw; whatever its caller wrote before that is no other caller."""
    body = b'{"name":"Li","password":"x","key":"kkkkkkkkkkkkkkkk"}'

    def login(forwarded: bytes) -> bytes:
        head = b"POST /v1/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        head += b"X-Forwarded-For: %s\r\nContent-Length: %d\r\n" % (forwarded, len(body))
        return say(port, head + CLOSE + body).split(b" ")[1]

    said = [login(b"10.0.0.%d, 192.0.2.7" % n) for n in range(throttle.PAIR + 1)]
    assert said == [b"401"] * throttle.PAIR + [b"429"]
    assert login(b"192.0.2.8") == b"401"


@sqlite_only
def test_more_callers_than_there_is_room_for_are_told_so(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "MOST_CONNECTIONS", 3)
    with serving(database, monkeypatch) as port, contextlib.ExitStack() as stack:
        for _ in range(4):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        assert b" 503 " in say(port, GET + CLOSE).split(b"\r\n")[0]


def test_the_app_is_served_with_its_limits() -> None:
    """What the others test is what `desk-backend serve` runs: the class, and a bound on connections."""
    assert serve.MOST_CONNECTIONS <= 10_000
    assert issubclass(Hasty, serve.Patient)
    assert create(Settings("sqlite:///never.db")).openapi_url == "/openapi.json"
