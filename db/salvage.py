"""What can still be read of a damaged store, row by row, by walking its pages (`db/pages.py`, `db/btree.py`).

Pages are reached from the roots of their tables. What hangs below a page that is lost is an orphan; its rows are told by their
shape: the one table whose columns they fit. If the first page is lost, with the list of tables, every page is an orphan.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.btree import INDEX_INNER, INDEX_LEAF, TABLE_INNER, BadPageError, Cell, children, kind, rows
from db.pages import Pages

ORPHANS = ("event", "cases", "dispatch", "draft", "refused", "sender", "device", "setting", "outbox", "run", "user")
"""Tables whose rows are told by their shape."""

MASTER = "CREATE TABLE sqlite_master(type TEXT, name TEXT, tbl_name TEXT, rootpage INTEGER, sql TEXT)"


@dataclass(frozen=True, slots=True)
class Shape:
    """A table's columns as a record holds them. `alias`: the column that is the rowid and stored as nothing."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    needed: tuple[bool, ...]
    alias: int | None
    index: bool  # kept as an index: a table without rowid

    def fits(self, cell: Cell) -> bool:
        """Whether an orphan's row can be this table's."""
        if (cell.rowid is None) != self.index or len(cell.values) != len(self.columns):
            return False
        for i, value in enumerate(cell.values):
            if i == self.alias:
                fine = value is None
            elif value is None:
                fine = not self.needed[i]
            else:
                fine = isinstance(value, _KINDS[self.types[i]])
            if not fine:
                return False
        told = _TOLD.get(self.name)
        return told is None or told(cell.values)

    def named(self, cell: Cell) -> dict[str, Any]:
        """A row by its columns; those that came later are left out of an older row."""
        made = dict(zip(self.columns, cell.values, strict=False))
        if self.alias is not None:
            made[self.columns[self.alias]] = cell.rowid
        return made


_KINDS: dict[str, Any] = {"int": int, "text": str, "blob": bytes, "any": (int, float, str, bytes)}


def _json(i: int) -> Any:
    return lambda values: str(values[i]).startswith("{")


_TOLD: dict[str, Any] = {
    "draft": _json(2),
    "refused": _json(2),
    "outbox": lambda v: len(str(v[1])) < 100 and not str(v[1]).startswith("{"),
    "setting": lambda v: "." in str(v[0]) or ":" in str(v[0]),
    "sender": lambda v: not v[4] or str(v[4]).startswith("{"),
}


@dataclass(slots=True)
class Found:
    """How the walk went: pages lost, of them (as far as it can be told) by table; rows lost in pages that could be read."""

    pages: int = 0
    bad: int = 0
    checked: bool = True
    hurt: set[str] = field(default_factory=set)  # tables and indexes of which a page is lost
    headless: bool = False  # the list of tables is lost
    torn: int = 0  # rows that go on in a lost page
    orphans: int = 0
    version: int = 0


def shapes(statements: Sequence[str]) -> dict[str, Shape]:
    """Tables by name, from their CREATE statements. What SQLite would not run here (a virtual table) is left out."""
    made: dict[str, Shape] = {}
    for sql in statements:
        blank = sqlite3.connect(":memory:")
        try:
            blank.execute(sql)
            (name,) = blank.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchone()
            info = blank.execute(f"PRAGMA table_info({name!r})").fetchall()
        except sqlite3.Error:
            continue
        finally:
            blank.close()
        index = "WITHOUT ROWID" in sql.upper()
        if index:
            info = sorted((c for c in info if c[5]), key=lambda c: c[5]) + [c for c in info if not c[5]]
        keys = [i for i, c in enumerate(info) if c[5]]
        alias = keys[0] if len(keys) == 1 and not index and info[keys[0]][2].upper() == "INTEGER" else None
        made[name] = Shape(
            name,
            tuple(c[1] for c in info),
            tuple(_kind(c[2]) for c in info),
            tuple(bool(c[3]) for c in info),
            alias,
            index,
        )
    return made


def _kind(declared: str) -> str:
    said = declared.upper()
    if "INT" in said:
        return "int"
    if "BLOB" in said:
        return "blob"
    return "text" if "CHAR" in said or "TEXT" in said else "any"


class Walk:
    """One walk through a file. `known`: the shapes of this desk's tables, for orphans."""

    def __init__(self, pages: Pages, known: dict[str, Shape]) -> None:
        self.pages = pages
        self.known = known
        self.found = Found(pages=pages.count, checked=pages.checked)
        self._seen: set[int] = set()

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(table, row by column) of all that can be read: tables from their roots first, then orphans."""
        roots = self._roots()
        for name, shape, root, table in roots:
            for cell in self._below(root, name, read=table):
                if shape is not None:
                    yield name, shape.named(cell)
        yield from self._orphans()
        self.found.bad = len(set(self.pages.bad))

    def _roots(self) -> list[tuple[str, Shape | None, int, bool]]:
        """Every table and index with its root. Empty where the first page is lost."""
        first = self.pages.get(1) if self.pages.checked else None
        if first is None:
            self.found.headless = True
            return []
        self.found.version = int.from_bytes(first[60:64], "big")
        made = []
        for cell in self._below(1, "sqlite_master"):
            sort, name, _of, root, sql = (*cell.values, None)[:5]
            if sort not in ("table", "index") or not isinstance(root, int) or not root:
                continue
            shape = shapes([str(sql)]).get(str(name)) if sort == "table" and sql else None
            made.append((str(name), shape, root, sort == "table"))
        if "sqlite_master" in self.found.hurt:
            self.found.headless = True
        return made

    def _below(self, root: int, name: str, *, read: bool = True) -> Iterator[Cell]:
        """The rows of a tree, as far as its pages can be read; without `read` only its pages are looked at."""
        waiting = [root]
        while waiting:
            n = waiting.pop()
            if n in self._seen:
                continue
            self._seen.add(n)
            page = self.pages.get(n)
            try:
                if page is None or not (sort := kind(page, n)):
                    raise BadPageError
                if sort in (TABLE_INNER, INDEX_INNER):
                    waiting += reversed(children(page, n))
                if read and sort != TABLE_INNER:
                    yield from self._whole(page, n, name)
            except BadPageError:
                self.found.hurt.add(name)

    def _whole(self, page: bytes, n: int, name: str) -> Iterator[Cell]:
        for cell in rows(page, n, self._overflow):
            if cell is None:
                self.found.torn += 1
                self.found.hurt.add(name)
            else:
                yield cell

    def _overflow(self, n: int) -> bytes | None:
        self._seen.add(n)
        return self.pages.get(n)

    def _orphans(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Rows of pages that no root leads to, if anything was lost that could have led to them."""
        if not self.found.hurt and not self.found.headless:
            return
        wanted = [self.known[name] for name in ORPHANS if name in self.known]
        before = len(self.pages.bad)
        for n in range(1, self.pages.count + 1):
            if n in self._seen:
                continue
            page = self.pages.get(n)
            if page is None or (sort := kind(page, n)) in (0, TABLE_INNER):
                continue
            try:
                cells = list(rows(page, n, self.pages.get))
            except BadPageError:
                continue
            inside = [c for c in cells if c is not None]
            told = _whose(inside, [s for s in wanted if s.index == (sort in (INDEX_LEAF, INDEX_INNER))])
            if told is None:
                continue
            self.found.orphans += len(inside)
            for cell in inside:
                if told.fits(cell):
                    yield told.name, told.named(cell)
        if len(self.pages.bad) > before and self.found.headless:
            self.found.hurt |= set(ORPHANS)


def _whose(cells: Sequence[Cell], wanted: Sequence[Shape]) -> Shape | None:
    """The one table that most rows of a page fit; None where it is nobody's, or two tables'."""
    votes: Counter[str] = Counter()
    by_name: dict[str, Shape] = defaultdict()
    for shape in wanted:
        by_name[shape.name] = shape
        votes[shape.name] = sum(shape.fits(cell) for cell in cells)
    best = votes.most_common(2)
    if not best or not best[0][1] or (len(best) > 1 and best[1][1] == best[0][1]):
        return None
    return by_name[best[0][0]]
