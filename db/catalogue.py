"""One language's compiled sentences, each looked up when it is first asked for.

GNU's format of `desk.mo`: a header of numbers, two tables of (length, offset), msgids in the order of their bytes. The standard
library's `gettext` reads them all at once: some 3,000, of which the first frame shows forty (6 ms of the desk's start).
"""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path
from struct import Struct

_MAGIC = 0x950412DE
_HEAD = Struct("<5I")  # magic, revision, how many, where the table of msgids is, where that of translations
_PLACE = Struct("<2I")

MOST = 8_192
"""Sentences remembered: all there are, but not without end what others wrote and no catalogue knows."""


class Catalogue:
    """The sentences of one file. Raises OSError, ValueError where it is none."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        magic, _revision, self._count, self._msgids, self._texts = _HEAD.unpack_from(self._data)
        if magic != _MAGIC:
            raise ValueError(f"{path} holds no catalogue")
        self._found: dict[str, str] = {}

    def gettext(self, msgid: str) -> str:
        """Its translation; itself where there is none."""
        found = self._found.get(msgid)
        if found is None:
            if len(self._found) >= MOST:
                self._found.clear()
            found = self._found[msgid] = self._look_up(msgid)
        return found

    def _look_up(self, msgid: str) -> str:
        wanted = msgid.encode(errors="surrogatepass")
        n = bisect_left(range(self._count), wanted, key=lambda n: self._read(self._msgids, n))
        known = n < self._count and self._read(self._msgids, n) == wanted
        return self._read(self._texts, n).decode() if known else msgid

    def _read(self, table: int, n: int) -> bytes:
        length, offset = _PLACE.unpack_from(self._data, table + n * _PLACE.size)
        return self._data[offset : offset + length]
