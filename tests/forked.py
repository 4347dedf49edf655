"""Verbs of `desk` and `desk-backend` as real processes that begin at once: forked from one that has imported what they need.

A started interpreter costs a third of a second before the verb's first line; who starts hundreds of them (`tests/kill`,
`tests/e2e`) wants that once. What runs in the forked process is the programs' own `main`, verb by verb, on a file system that is
nobody's mock. What an interpreter makes of its arguments, its streams and its environment is for tests that start one.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SCRIPT = tuple[str, ...]


@dataclass
class Running:
    """A process that runs some verbs one after the other."""

    nest: Nest
    pid: int
    folder: Path
    verbs: int
    code: int | None = field(default=None)

    def shown(self) -> list[int]:
        """Exit codes of the verbs that are over: what a person was told by now."""
        path = self.folder / "done"
        whole = path.read_text().split("\n")[:-1] if path.exists() else []
        return [int(line) for line in whole]

    @property
    def out(self) -> bytes:
        """What they printed."""
        return self._read("out")

    @property
    def err(self) -> bytes:
        """What they said on the other stream."""
        return self._read("err")

    @property
    def said(self) -> str:
        """Both."""
        return (self.out + self.err).decode("utf-8", "replace")

    def _read(self, name: str) -> bytes:
        path = self.folder / name
        return path.read_bytes() if path.exists() else b""

    def kill(self) -> None:
        """SIGKILL, and it is gone."""
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def wait(self) -> int:
        """Until it has ended: its exit code, negative for a signal."""
        if self.code is None:
            self.code = int(self.nest.ask({"wait": self.pid}))
        return self.code

    def ended(self) -> bool:
        return len(self.shown()) == self.verbs


class Nest:
    """The process that is forked from. One request at a time, so that threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="desk-nest-")
        self._begun = itertools.count(1)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forked"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )

    def ask(self, order: dict[str, Any]) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def begin(
        self, folder: Path, *script: SCRIPT, env: dict[str, str], program: str = "desk", typed: str = ""
    ) -> Running:
        """Starts these verbs; what they print and how they end is written into that folder."""
        folder.mkdir(parents=True, exist_ok=True)
        order = {"script": script, "folder": str(folder), "env": env, "program": program, "typed": typed}
        return Running(self, int(self.ask(order)), folder, len(script))

    def run(self, folder: Path, *words: str, env: dict[str, str], program: str = "desk", typed: str = "") -> Running:
        """One verb, to its end."""
        made = self.begin(folder, words, env=env, program=program, typed=typed)
        made.wait()
        return made

    def once(self, *words: str, env: dict[str, str], program: str = "desk", typed: str = "") -> Running:
        """One verb, to its end, with a folder of its own until the nest closes."""
        folder = Path(self._folder.name) / str(next(self._begun))
        return self.run(folder, *words, env=env, program=program, typed=typed)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        self._folder.cleanup()


def _serve() -> None:
    """Forks as it is told. Has one thread only, and no store open: neither survives a fork."""
    import importlib
    import pkgutil

    for package in (
        "desk.cli",
        "desk.line",
        "db",
        "backend",
        "backend.cli",
        "backend.log",
        "backend.people",
        "backend.doors",
    ):
        for found in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
            if not found.name.endswith(("__main__", "demo")):
                importlib.import_module(found.name)
    for module in ("desk.keymap", "alembic.command", "httpx", "uvicorn"):
        importlib.import_module(module)
    assert threading.active_count() == 1
    gc.collect()
    gc.freeze()  # what is imported stays as it is: no process that is forked copies it to look at it
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            answer = os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1])
        elif (answer := os.fork()) == 0:
            os._exit(_act(order))
        print(answer, flush=True)


def _act(order: dict[str, Any]) -> int:
    """The forked process: its own standard streams, then one verb after the other."""
    os.setsid()
    folder = Path(order["folder"])
    os.environ.clear()
    os.environ.update(order["env"])
    sys.path[:0] = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    tempfile.tempdir = None
    time.tzset()
    typed = folder / "typed"
    typed.write_text(order["typed"], encoding="utf-8")
    told = os.open(folder / "done", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(typed, os.O_RDONLY), 0)
    for stream, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - the streams of a process
    sys.stdout = open(1, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115
    if order["program"] == "desk":
        from desk.__main__ import main
    else:
        from backend.__main__ import main
    code = 0
    for words in order["script"]:
        try:
            code = main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        except BaseException:
            import traceback

            traceback.print_exc()
            code = 70
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(told, f"{code}\n".encode())
    return code


if __name__ == "__main__":
    _serve()
