"""Codes of letters: `RMLX-20241015-03-0007` = day of receipt, number of the device it came in at, running number."""

from __future__ import annotations

from typing import Any

from db.clock import day_of
from db.model import Ms

PREFIX = "RMLX"
SPENT = "code."
"""Setting, with a code's beginning: the highest running number of a letter that was taken away again."""

BACKEND = 0
"""Device number of codes given by the backend."""


def device_number(conn: Any) -> int:
    """This terminal's number, 1 to 99."""
    return int(conn.execute("SELECT number FROM device WHERE own = 1 ORDER BY since LIMIT 1").fetchone()[0])


class Codes:
    """Gives the next code of each day. Only within a write transaction: nobody else gives one meanwhile."""

    def __init__(self, conn: Any, device: int | None = None) -> None:
        self._conn = conn
        self._device = device
        self._last: dict[str, int] = {}

    def next(self, received_at: Ms) -> str:
        """The next free code for a letter received at that moment (UTC ms; its day in Asia/Shanghai counts)."""
        if self._device is None:
            self._device = device_number(self._conn)
        stem = f"{PREFIX}-{day_of(received_at):%Y%m%d}-{self._device:02d}-"
        if stem not in self._last:
            self._last[stem] = self._taken(stem)
        self._last[stem] += 1
        return f"{stem}{self._last[stem]:04d}"

    def _taken(self, stem: str) -> int:
        """The highest running number in use; past 9999 the numbers grow longer, so length goes before order."""
        found = self._conn.execute(
            "SELECT code FROM cases WHERE code >= ? AND code < ? ORDER BY length(code) DESC, code DESC LIMIT 1",
            (stem, stem[:-1] + "."),  # "." follows "-"
        ).fetchone()
        tail = found[0][len(stem) :] if found else ""
        spent = self._conn.execute("SELECT value FROM setting WHERE name = ?", (SPENT + stem,)).fetchone()
        return max(int(tail) if tail.isdecimal() else 0, int(spent[0]) if spent else 0)


def spent(conn: Any, code: str) -> None:
    """That code's letter is taken away: nobody gets it again, for a paper or the backend may know it."""
    stem, _dash, tail = code.rpartition("-")
    if stem.startswith(PREFIX) and tail.isdecimal():
        name = f"{SPENT}{stem}-"
        before = conn.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        if before is None or int(before[0]) < int(tail):
            conn.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (name, str(int(tail))))
