"""`SIGKILL` under a backend that is busy, and under its PostgreSQL: what was told as taken is there, once; `verify` finds nothing."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from tests.forked import SCRIPT, Running
from tests.kill.server import Postgres, Server
from tests.kill.stage import Stage
from tests.kill.test_kill import KILLS, SEED

BATCH = 20
"""Answers to a survey in one request: one transaction."""


@dataclass
class Busy:
    """An app that brings letters and answers to a survey until the backend no longer answers. What it was told as taken, in
    order; the one after that was on its way.
    """

    server: Server
    word: str
    letters: int = 0
    batches: int = 0
    faults: list[str] = field(default_factory=list)

    def letter(self, n: int) -> httpx.Response:
        sender = {"name": "陈晓明", "phone": "13812341234"}
        given = {"number": f"{self.word}-{n}", "title": "路灯不亮", "body": "已经一个月。", "sender": sender}
        return httpx.post(f"{self.server.url}/v1/letters", json=given, headers=self.server.channel, timeout=30)

    def batch(self, n: int) -> httpx.Response:
        given = [{"number": f"{self.word}-{n}-{k}", "answers": {"q1": "abc"[k % 3]}} for k in range(BATCH)]
        url = f"{self.server.url}/v1/surveys/lifts/answers"
        return httpx.post(url, json={"batch": given}, headers=self.server.channel, timeout=30)

    def bring(self) -> None:
        while self._taken(self.letter(self.letters)):
            self.letters += 1

    def answer(self) -> None:
        while self._taken(self.batch(self.batches)):
            self.batches += 1

    def _taken(self, response: httpx.Response) -> bool:
        if response.status_code not in (200, 201, 503):
            self.faults.append(f"{response.status_code} {response.text}")
        return response.status_code in (200, 201)

    def start(self) -> list[threading.Thread]:
        def until_it_is_gone(work: object) -> None:
            try:
                work()  # type: ignore[operator]
            except httpx.TransportError:
                return

        threads = [threading.Thread(target=until_it_is_gone, args=(w,)) for w in (self.bring, self.answer)]
        for thread in threads:
            thread.start()
        return threads


def notes(stage: Stage, home: object, word: str) -> tuple[SCRIPT, ...]:
    """Notes and syncs by turns."""
    code = stage.codes(home)[0]  # type: ignore[arg-type]
    return tuple(("sync",) if n % 2 else ("note", code, "--text", f"{word}-{n:02d}") for n in range(40))


def judged(server: Server, busy: Busy, desk: Running, home: object) -> None:
    """Everything that was told is there, once; of what was on its way all or nothing; the desk sends what is left."""
    assert busy.faults == []
    assert "Traceback" not in desk.said
    for n in range(busy.letters + 1):
        status = busy.letter(n).status_code
        assert status == 200 if n < busy.letters else status in (200, 201), (n, status)
    for n in range(busy.batches + 1):
        told = busy.batch(n).json()
        assert told["known"] == BATCH if n < busy.batches else told["known"] in (0, BATCH), (n, told)
        assert told["taken"] + told["known"] == BATCH
    server.stage.desk(home, "sync")  # type: ignore[arg-type]
    shown = desk.shown()
    there = server.notes(busy.word)
    assert set(there.values()) <= {1}
    assert {f"{busy.word}-{n:02d}" for n in range(0, len(shown), 2)} <= set(there)
    assert set(shown) <= {0, 3}
    server.sound()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    made = Postgres()
    yield made
    made.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_backend_killed_at_any_moment_has_all_it_told_as_taken(
    stage: Stage, kind: str, request: pytest.FixtureRequest
) -> None:
    database = f"sqlite:///{stage.aside() / 'backend.db'}"
    under: Postgres | None = None
    if kind == "postgres":
        under = request.getfixturevalue("postgres")
        database = under.address
    server = Server(stage, database)
    try:
        home = stage.aside() / "home"
        server.desk(home, "he")
        server.survey(home)
        Busy(server, "first").letter(0)
        stage.desk(home, "sync")
        told = 0
        for seed in range(SEED, SEED + KILLS * (2 if under else 1)):
            rng = random.Random(f"{kind} {seed}")
            busy = Busy(server, f"w{rng.getrandbits(48):012x}")
            desk = stage.begin(home, *notes(stage, home, busy.word))
            threads = busy.start()
            end = time.monotonic() + 20
            while not (busy.letters and busy.batches) and time.monotonic() < end:
                time.sleep(0.001)
            time.sleep(rng.uniform(0.0, 1.0))
            if under is not None and seed % 2:
                under.kill()
                under.begin()
                server.look_anew()
            else:
                server.kill()
            for thread in threads:
                thread.join()
            desk.kill()
            if not (under is not None and seed % 2):
                server.begin()
            told += busy.letters + busy.batches
            try:
                judged(server, busy, desk, home)
                stage.sound(home)
            except BaseException as e:
                again = f"KILL_SEED={seed} KILLS=1 python -m pytest -n 0 tests/kill/test_kill_backend.py -k {kind}"
                e.add_note(
                    f"{again}\nat {stage.folder}, told {busy.letters} letters, {busy.batches} batches\n{desk.said}"
                )
                raise
        print(f"{kind}: {KILLS * (2 if under else 1)} moments, {told} things told as taken")
    finally:
        server.close()
