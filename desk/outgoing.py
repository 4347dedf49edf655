"""What is drawn goes to the terminal at once, in one write, where the terminal has room for it.

Textual (8.2) hands every piece to a thread: for a key that repaints two lines that thread woke up three times (a begin, the lines, an
end), and each time waited for the interpreter. Here a picture is put together first; a small one is written on the spot while
the terminal takes it, all others by the thread as before: a line that has stopped never stops the desk.
"""

from __future__ import annotations

import os
import select
import threading
from io import TextIOWrapper
from queue import SimpleQueue

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.drivers import linux_driver
from textual.drivers._writer_thread import WriterThread

AT_ONCE = 2_000
"""Bytes that a terminal with room for any takes without waiting: Linux says it has room from some 3,800 on, others from more."""


class Outgoing(WriterThread):
    """The thread of a driver, and what spares it work. Invariant: what was given first is written first."""

    def __init__(self, file: TextIOWrapper) -> None:
        super().__init__(file)
        self._fd = file.fileno()
        self._coding = (file.encoding, file.errors or "strict")
        self._room = select.poll()
        self._room.register(self._fd, select.POLLOUT)
        self._lock = threading.Lock()
        self._waiting = 0  # given to the thread and not yet written
        self._coming: SimpleQueue[bytes | None] = SimpleQueue()
        self._picture: list[str] | None = None

    def write(self, text: str) -> None:
        """Takes what is to be written; of a picture nothing before its end."""
        if text == SYNC_START:
            self._picture = []
        if self._picture is not None:
            self._picture.append(text)
            if text != SYNC_END:
                return
            text, self._picture = "".join(self._picture), None
        data = text.encode(*self._coding)
        with self._lock:
            if not self._waiting and len(data) <= AT_ONCE and self._room.poll(0):
                self._out(data)
                return
            self._waiting += 1
        self._coming.put(data)

    def _out(self, data: bytes) -> None:
        """All of it; what a terminal that went away no longer takes is lost (`desk/hangup.py` ends the desk)."""
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except OSError:
            return

    def run(self) -> None:
        """Writes what did not go out at once, in its order."""
        while (data := self._coming.get()) is not None:
            self._out(data)
            with self._lock:
                self._waiting -= 1

    def stop(self) -> None:
        """Ends when all is written."""
        if self._picture is not None:
            text, self._picture = "".join(self._picture), None
            self._coming.put(text.encode(*self._coding))
        self._coming.put(None)
        self.join()


def install() -> None:
    """For the driver of this process."""
    linux_driver.WriterThread = Outgoing  # type: ignore[attr-defined,assignment]
