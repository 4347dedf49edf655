"""The backend beside bare endpoints on the same database, in one run: `python -m bench.backend [--letters 2000] [--only sqlite]`.

Events a second pushed in batches of 100 by one desk, one request after the other, and pulled in pages; bytes on the
wire of a poll, an action, a fill; actions and batches of one desk and of eight at once (`bench/backend_writers.py`).
PostgreSQL is the embedded one with its defaults (fsync on). Budgets: DESIGN.md §7.
"""

import argparse
import json
import shutil
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import zstandard

from bench.backend_desks import Bare, Desk, batches, both, database, push, texts, timed
from bench.backend_writers import WRITERS, at_once
from db import casefile, frames
from db.blobs import read_bodies, read_rows
from db.ids import letter_id


def measure(url: str, bare_url: str, letters: list[dict]) -> dict[str, Any]:
    """Ours and the bare one by turns, so that what else the machine does meets both; medians."""
    with both(url, bare_url) as (port, bare_port):
        base, bare_base = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{bare_port}"
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
        return figures | wire(port, reader, desk) | fill(reader) | at_once(base, bare_base, letters)


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
        for n in WRITERS:
            for what in ("action", "batch"):
                ours, plain = got[f"{what} by {n}"], got[f"bare {what} by {n}"]
                print(
                    f"  {n} at once, {what}: p50 {ours.p50:.1f}, p95 {ours.p95:.1f} ms, {ours.rate:,.0f} events/s "
                    f"(bare {plain.p50:.1f}, {plain.p95:.1f} ms, {plain.rate:,.0f}/s)"
                )
    shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
