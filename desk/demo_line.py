"""The demo's own backend: started on a free loopback port, logged in to, ended with the app."""

from __future__ import annotations

import secrets
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from db import joining, link
from db.demo import NUMBERED, head
from desk.line import login
from desk.line.trouble import LineError

if TYPE_CHECKING:
    from db.store import Store

NAME = "何静"
"""Who one is in the demo: the supervisor on duty."""

PATIENCE = 120.0
"""Seconds until the demo goes on without a backend: the first time it loads October, 7 s of CPU on a machine at rest."""


class DemoBackend:
    """The process, from `start` until `stop`."""

    def __init__(self, folder: Path, mark: Path) -> None:
        self.folder, self.mark = folder, mark
        self.process: subprocess.Popen[str] | None = None

    def start(self, store: Store) -> bool:
        """Starts it and logs the demo's person in; False where it does not come up: the demo is whole without it."""
        if store.setting("demo.loaded") != NUMBERED:
            return False
        try:
            url = self._listening()
            if url is None:
                return False
            seat, _adopted, _where = login.login(store, url, NAME, self._password())
        except (OSError, LineError, joining.OtherNewsroomError):
            self.stop()
            return False
        with store.write() as conn:
            tie = link.read(conn)
            if tie is not None and tie.fill is not None and not tie.cursor:  # both hold October already
                seq, hash_ = head(store, seat.epoch)
                link.put(conn, cursor=seq, hash=hash_, fill=None, whole=0)
        return True

    def _listening(self) -> str | None:
        words = [
            sys.executable,
            "-m",
            "backend",
            "demo",
            "--database",
            f"sqlite:///{(self.folder / 'backend.db').absolute()}",
        ]
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(self._password() + "\n")
        self.process.stdin.flush()
        late = threading.Timer(PATIENCE, self.process.kill)
        late.start()
        line = self.process.stdout.readline().strip()
        late.cancel()
        return line or None

    def _password(self) -> str:
        """Drawn once for this demo; its mark keeps it."""
        kept = self.mark.read_text("ascii").strip() if self.mark.exists() else ""
        if not kept:
            kept = secrets.token_urlsafe(12)
            self.mark.write_text(kept + "\n", "ascii")
        return kept

    def stop(self) -> None:
        """Its standard input ends, and so does it."""
        if self.process is not None and self.process.stdin is not None:
            with suppress(BrokenPipeError):
                self.process.stdin.close()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
