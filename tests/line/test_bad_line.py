"""Real processes and sockets: a backend, a line that cuts connections in the middle of answers, and the worker of the app."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from backend.database import Database
from backend.people import users
from backend.people.users import NewUser
from db import commands, joining, outbox, runs
from db.clock import now_ms
from db.commands import Command
from db.model import Refusal
from db.opening import open_store
from db.people import own_actor
from db.runs import Doing
from db.store import Store
from db.undo import take_back
from desk.cli import main
from desk.line import login
from desk.line.state import Brought, LineState
from desk.line.trouble import LineError
from desk.line.worker import Worker
from tests.backend.desks import PASSWORD
from tests.line.office import Office
from tools.line import Line


@pytest.fixture
def port(tmp_path: Path, made_once: Path) -> Iterator[int]:
    """A backend in a process of its own; the port it listens on."""
    file = tmp_path / "backend.db"
    shutil.copy(made_once, file)
    db = Database(f"sqlite:///{file}")
    for name in ("Li", "Zhou"):
        new = NewUser(name, "editor", PASSWORD, name.lower(), "", "")
        db.write(lambda conn, new=new: users.add(conn, new, now_ms()))
    db.close()
    words = [sys.executable, "-m", "backend", "serve", "--database", f"sqlite:///{file}", "--port", "0"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline().rsplit(":", 1)[1])
    finally:
        process.terminate()
        process.wait(20)


BOTH = [Command("received", words={"title": title, "body": "丢了"}) for title in ("井盖", "路灯")]


class Watched:
    """A worker over a store, and a bell for each thing that it tells."""

    def __init__(self, store: Store, window: float = 0.0, client: Callable[[], httpx.Client] | None = None) -> None:
        self.store = store
        self.bell = threading.Condition()
        self.said: list[LineState] = []
        self.window = window
        self.worker = Worker(store, lambda: self.window, self._told, client=client)
        self.worker.start()

    def _told(self, state: LineState, brought: Brought) -> None:
        with self.bell:
            self.said.append(state)
            self.bell.notify_all()

    def until(self, what: object, seconds: float = 60) -> None:
        """Waits until `what()` is true."""
        assert callable(what)
        with self.bell:
            assert self.bell.wait_for(what, seconds), [(s.phase, s.code, round(s.share, 2)) for s in self.said]


def test_letters_fill_and_actions_travel_over_a_line_that_is_cut_in_the_middle_of_answers(
    port: int, tmp_path: Path, fresh_home: Path
) -> None:
    homes = [tmp_path / name for name in ("first", "far")]
    for home in homes:
        shutil.copytree(fresh_home, home)
    with open_store(homes[0]) as first, open_store(homes[1]) as far:
        login.login(first, f"http://127.0.0.1:{port}", "Li", PASSWORD)
        letters = [Command("received", words={"title": f"路灯 {n}", "body": "坏了很久。" * 40}) for n in range(150)]
        commands.run(first, own_actor(first), letters)
        near = login.rounds(first)
        while near.fill_step() or near.round(None).more:
            pass
        with Line(port, rate=4_000_000, delay=0.005, within=4_000) as line:
            while True:
                try:
                    login.login(far, line.url, "Zhou", PASSWORD)
                    break
                except LineError as e:
                    assert e.code == "offline"  # noqa: PT017 - cut in the middle: once more, as a person would
            watched = Watched(far)
            watched.until(lambda: watched.worker.state.phase == "step")
            for (id_,) in far.rows("SELECT id FROM cases LIMIT 20"):
                commands.run(far, own_actor(far), [Command("noted", id_, words={"text": "已联系"})])
            watched.worker.now()
            watched.until(lambda: not outbox.waiting(far, "zhou").mine)
            watched.worker.stop()
            assert line.cuts
        while near.fill_step() or near.round(None).more:
            pass
        for store in (first, far):
            assert store.rows("SELECT count(*) FROM cases") == [(150,)]
            assert store.rows("SELECT count(*) FROM event WHERE kind = 'noted' AND seq IS NOT NULL") == [(20,)]


def test_a_desk_that_is_behind_reads_the_log_once(port: int, tmp_path: Path, fresh_home: Path) -> None:
    """The long poll would ask for the same pages beside the working thread: half of a bad line for nothing."""
    for name in ("first", "far"):
        shutil.copytree(fresh_home, tmp_path / name)
    asked: list[str] = []
    with open_store(tmp_path / "first") as first, open_store(tmp_path / "far") as far:
        login.login(first, f"http://127.0.0.1:{port}", "Li", PASSWORD)
        letters = [Command("received", words={"title": f"路灯 {n}", "body": "坏了很久。" * 800}) for n in range(60)]
        commands.run(first, own_actor(first), letters)
        near = login.rounds(first)
        while near.fill_step() or near.round(None).more:
            pass
        url = f"http://127.0.0.1:{port}"
        login.login(far, url, "Zhou", PASSWORD)

        def client() -> httpx.Client:
            made = login.client(url)
            made.event_hooks = {"request": [lambda r: asked.append(f"{r.method} {r.url.path}")]}
            return made

        watched = Watched(far, client=client)
        watched.until(lambda: watched.worker.state.phase == "step")
        before = asked.copy()
        watched.worker.stop(goodbye=False)
    polled = before.index("GET /v1/sync") if "GET /v1/sync" in before else len(before)
    assert before[:polled].count("POST /v1/sync") >= 3
    assert "POST /v1/sync" not in before[polled:]


def test_what_was_done_waits_its_undo_window_here_and_then_leaves(port: int, tmp_path: Path, fresh_home: Path) -> None:
    shutil.copytree(fresh_home, tmp_path / "home")
    with open_store(tmp_path / "home") as store:
        login.login(store, f"http://127.0.0.1:{port}", "Li", PASSWORD)
        watched = Watched(store, window=600)
        watched.until(lambda: watched.worker.state.phase == "step")
        commands.run(store, own_actor(store), [Command("received", words={"title": "井盖", "body": "丢了"})])
        watched.worker.changed()
        watched.until(lambda: watched.worker.state.pending == 1)
        assert store.rows("SELECT offered FROM outbox") == [(None,)]  # `u` can still take it back
        watched.worker.now()  # S
        watched.until(lambda: watched.worker.state.pending == 0)
        watched.worker.stop()
    phases = {state.phase for state in watched.said}
    assert {"filling", "working", "step"} <= phases


def test_what_is_done_after_an_undo_waits_its_own_window(port: int, tmp_path: Path, fresh_home: Path) -> None:
    """What was taken back leaves its places in the log to what is done next: their time is not over yet."""
    shutil.copytree(fresh_home, tmp_path / "home")
    with open_store(tmp_path / "home") as store:
        login.login(store, f"http://127.0.0.1:{port}", "Li", PASSWORD)
        watched = Watched(store, window=600)
        watched.until(lambda: watched.worker.state.phase == "step")
        commands.run(store, own_actor(store), BOTH, doing=Doing("note", {}))
        watched.worker.changed()
        watched.until(lambda: watched.worker.state.pending == 2)
        run = runs.last(store, own_actor(store).id)
        assert run is not None
        assert not isinstance(take_back(store, own_actor(store), run.n), Refusal)
        watched.window = 0  # its time is over
        watched.worker.changed()
        watched.until(lambda: watched.worker.state.pending == 0 and not watched.worker._made)
        watched.window = 600
        commands.run(store, own_actor(store), BOTH[:1])
        watched.worker.changed()
        watched.until(lambda: watched.worker.state.phase == "step" and watched.worker.state.pending == 1, 10)
        assert store.rows("SELECT offered FROM outbox") == [(None,)]
        watched.worker.stop(goodbye=False)


def test_what_is_done_while_the_line_is_waited_for_is_told_at_once(port: int, tmp_path: Path, fresh_home: Path) -> None:
    shutil.copytree(fresh_home, tmp_path / "home")
    with open_store(tmp_path / "home") as store, Line(port, rate=4_000_000, delay=0) as line:
        login.login(store, line.url, "Li", PASSWORD)
        watched = Watched(store)
        watched.until(lambda: watched.worker.state.phase == "step")
        line.down = True
        line.cut()
        watched.worker._failures = 9  # long waits: nothing is tried meanwhile
        watched.until(lambda: watched.worker.state.phase == "waiting")
        tried = watched.worker.state.until
        commands.run(store, own_actor(store), [Command("received", words={"title": "井盖", "body": "丢了"})])
        watched.worker.changed()
        watched.until(lambda: watched.worker.state.pending == 1)
        assert watched.worker.state.phase == "waiting"
        assert watched.worker.state.until >= tried
        watched.worker.stop(goodbye=False)


def test_a_verb_does_not_wait_for_an_app_whose_login_has_ended(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.cli.line.LOOKED", 0)
    li = office.desk("li")
    assert joining.take_lease(li.store, f"{socket.gethostname()}:{os.getpid()}:app", 60, now_ms())
    joining.stop(li.store, "revoked")
    li.store.close()
    office.desks.remove(li)
    assert main(["sync", "--home", str(li.store.home)]) == 5


def test_a_closed_line_is_tried_once_more_when_the_person_asks(port: int, tmp_path: Path, fresh_home: Path) -> None:
    shutil.copytree(fresh_home, tmp_path / "home")
    with open_store(tmp_path / "home") as store:
        login.login(store, f"http://127.0.0.1:{port}", "Li", PASSWORD)
        joining.stop(store, "inactive")
        watched = Watched(store)
        watched.until(lambda: watched.worker.state.phase == "stopped")
        watched.worker.now()  # S: an admin has mended it meanwhile
        watched.until(lambda: watched.worker.state.phase == "step")
        watched.worker.stop(goodbye=False)


def test_a_poll_is_not_woken_by_what_its_own_desk_sent(office: Office) -> None:
    li, zhou = office.desk("li"), office.desk("zhou")
    made, _line = office.client()
    waiting = login.rounds(li.store, made)
    got: list[int] = []
    thread = threading.Thread(target=lambda: got.append(waiting.poll(1.2).news.events))
    thread.start()
    li.letter()
    li.sync()
    thread.join()
    assert got == [0]
    thread = threading.Thread(target=lambda: got.append(waiting.poll(20).news.events))
    thread.start()
    zhou.letter("另一封")
    zhou.rounds.round(None)
    thread.join()
    assert got == [0, 1]
