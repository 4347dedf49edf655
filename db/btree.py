"""SQLite's b-tree pages read directly (https://www.sqlite.org/fileformat2.html): cells, records, overflow. Pure.

Nothing here trusts a page: what does not parse raises BadPageError, and the caller goes on with the next one.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from db.pages import USABLE

TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER = 0x0D, 0x05, 0x0A, 0x02
KINDS = frozenset({TABLE_LEAF, TABLE_INNER, INDEX_LEAF, INDEX_INNER})
MOST_PAYLOAD = 64 << 20
HEAD_OF_FILE = 100

Value = int | float | str | bytes | None
Fetch = Callable[[int], bytes | None]


class BadPageError(Exception):
    """These bytes are no such page, or what belongs to it cannot be read."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One row: its rowid (None in a table without one, or an index) and its values."""

    rowid: int | None
    values: tuple[Value, ...]


def kind(page: bytes, n: int) -> int:
    """What sort of page it is; 0 for none of a b-tree."""
    found = page[HEAD_OF_FILE if n == 1 else 0]
    return found if found in KINDS else 0


def children(page: bytes, n: int) -> list[int]:
    """The pages below an inner one, in order. Raises BadPageError."""
    base = HEAD_OF_FILE if n == 1 else 0
    found = [int.from_bytes(page[at : at + 4], "big") for at in _cells(page, base, 12)]
    return [*found, int.from_bytes(page[base + 8 : base + 12], "big")]


def rows(page: bytes, n: int, fetch: Fetch) -> Iterator[Cell | None]:
    """The rows in a page, inner pages of indexes included; None for each that cannot be read. Raises BadPageError."""
    sort = kind(page, n)
    if sort in (0, TABLE_INNER):
        return
    base = HEAD_OF_FILE if n == 1 else 0
    for at in _cells(page, base, 12 if sort == INDEX_INNER else 8):
        try:
            yield _cell(page, at, sort, fetch)
        except (BadPageError, IndexError, UnicodeDecodeError, struct.error):
            yield None


def _cells(page: bytes, base: int, head: int) -> list[int]:
    count = int.from_bytes(page[base + 3 : base + 5], "big")
    first = base + head
    if count * 2 + first > USABLE:
        raise BadPageError
    found = [int.from_bytes(page[first + 2 * i : first + 2 * i + 2], "big") for i in range(count)]
    if any(not first <= at < USABLE for at in found):
        raise BadPageError
    return found


def _cell(page: bytes, at: int, sort: int, fetch: Fetch) -> Cell:
    if sort == INDEX_INNER:
        at += 4
    size, at = varint(page, at)
    rowid: int | None = None
    if sort == TABLE_LEAF:
        rowid, at = varint(page, at)
        rowid = rowid - (1 << 64) if rowid >= 1 << 63 else rowid
    if size > MOST_PAYLOAD:
        raise BadPageError
    most = USABLE - 35 if sort == TABLE_LEAF else (USABLE - 12) * 64 // 255 - 23
    return Cell(rowid, record(_payload(page, at, size, most, fetch)))


def _payload(page: bytes, at: int, size: int, most: int, fetch: Fetch) -> bytes:
    """A record's bytes: in the page, or begun there and gone on in overflow pages."""
    if size <= most:
        if at + size > USABLE:
            raise BadPageError
        return page[at : at + size]
    least = (USABLE - 12) * 32 // 255 - 23
    local = least + (size - least) % (USABLE - 4)
    if local > most:
        local = least
    parts = [page[at : at + local]]
    got, following = local, int.from_bytes(page[at + local : at + local + 4], "big")
    while got < size:
        more = fetch(following)
        if more is None:
            raise BadPageError
        part = more[4 : 4 + min(size - got, USABLE - 4)]
        parts.append(part)
        got, following = got + len(part), int.from_bytes(more[:4], "big")
    return b"".join(parts)


_INTS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


def record(data: bytes) -> tuple[Value, ...]:
    """The values of a record. Raises BadPageError, UnicodeDecodeError."""
    head, at = varint(data, 0)
    body = head
    found: list[Value] = []
    while at < head:
        serial, at = varint(data, at)
        value, size = _value(data, body, serial)
        found.append(value)
        body += size
    if at != head or body != len(data):
        raise BadPageError
    return tuple(found)


def _value(data: bytes, at: int, serial: int) -> tuple[Value, int]:
    if serial == 0:
        return None, 0
    if serial in _INTS:
        size = _INTS[serial]
        return int.from_bytes(data[at : at + size], "big", signed=True), size
    if serial == 7:
        return float(struct.unpack(">d", data[at : at + 8])[0]), 8
    if serial in (8, 9):
        return serial - 8, 0
    if serial < 12:
        raise BadPageError
    size = (serial - 12) // 2
    raw = data[at : at + size]
    if len(raw) != size:
        raise BadPageError
    return (raw.decode("utf-8"), size) if serial % 2 else (raw, size)


def varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for i in range(8):
        byte = data[at + i]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + i + 1
    return value << 8 | data[at + 8], at + 9
