"""A program in a real pty: what it writes, byte by byte."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from types import TracebackType
from typing import Self

COLOURS = re.compile(r"\x1b\[[0-9;:]*m")


class Terminal:
    """Runs `python ARGS` in a terminal of that size; killed when left, if it has not ended by itself."""

    def __init__(self, *args: str, columns: int = 120, rows: int = 40, **env: str) -> None:
        self._main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self._process = subprocess.Popen(
            [sys.executable, *args],
            stdin=side,
            stdout=side,
            stderr=side,
            env=os.environ | {"TERM": "xterm-256color"} | env,
            start_new_session=True,
        )
        os.close(side)
        self.seen = b""

    @property
    def text(self) -> str:
        return self.seen.decode("utf-8", "replace")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def drawn(self) -> str:
        """The same without colours: words that stand side by side in two of them are words side by side."""
        return COLOURS.sub("", self.text)

    def resize(self, columns: int, rows: int) -> None:
        """Gives the window another size, as a person's hand does."""
        fcntl.ioctl(self._main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.kill(self.pid, signal.SIGWINCH)  # the terminal is nobody's controlling one, so the kernel tells nobody

    def press(self, keys: bytes) -> None:
        """Types, and reads what comes of it."""
        os.write(self._main, keys)
        self.read()

    def read(self, wanted: str = "", *, quiet: float = 0.15, within: float = 30) -> None:
        """Reads until `wanted` has come and nothing more for `quiet` seconds, or the program ends. It must come `within` as many."""
        end, last = time.monotonic() + within, time.monotonic()
        while time.monotonic() < end:
            if select.select([self._main], [], [], 0.02)[0]:
                try:
                    part = os.read(self._main, 65536)
                except OSError:
                    return
                self.seen += part
                last = time.monotonic()
            elif time.monotonic() - last > quiet and wanted in self.drawn:
                return
        assert wanted in self.drawn, f"“{wanted}” did not come"

    def ended(self) -> int:
        """Waits for the program to end; its exit code."""
        while self._process.poll() is None:
            self.read(quiet=0.05, within=0.2)
        self.read(quiet=0.05, within=0.2)
        return self._process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._main)
