"""The part of a long list that is in memory: contiguous rows, moved by keyset pages, never by OFFSET."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from db.queries import Page, Row

PAGE = 120
"""Rows a read: more than the tallest terminal shows, small enough to be read within a millisecond."""

FIRST = 48
"""Rows read when a list is shown: what most terminals show at once. On a cold, encrypted file a row costs up to 50 µs."""

SPARE = 12
"""Rows read beyond the view when letters changed: after every action, so no more than one that leaves has to be followed by."""

KEEP = 1200
"""Rows kept, about a megabyte; those farthest from where the person reads are let go."""


class Fetch(Protocol):
    """Reads one page of the queue in view; `end` asks for its last rows."""

    def __call__(
        self, *, after: Row | None = None, before: Row | None = None, end: bool = False, limit: int
    ) -> Page: ...


class Window:
    """Rows `start … start + len(rows)` of a list of `total` rows.

    Always holds: the rows are contiguous in the list's order, and `start == 0` exactly when the first row of the
    list is among them (or the list is empty).
    """

    def __init__(self, fetch: Fetch, count: Callable[[], int | None]) -> None:
        self._fetch = fetch
        self._count = count
        self.rows: list[Row] = []
        self.start = 0
        self.ended = True  # the list's last row is among ours

    @property
    def total(self) -> int:
        """Rows of the whole list; a lower bound while a search has not been read to its end."""
        held = self.start + len(self.rows)
        return held if self.ended else max(held + 1, self._count() or 0)

    @property
    def exact(self) -> bool:
        """Whether `total` is the number and not a lower bound."""
        return self.ended or self._count() is not None

    def __getitem__(self, index: int) -> Row | None:
        at = index - self.start
        return self.rows[at] if 0 <= at < len(self.rows) else None

    def index_of(self, case: str) -> int | None:
        """Where a letter stands, if it is in memory."""
        return next((self.start + i for i, row in enumerate(self.rows) if row.id == case), None)

    def to_top(self) -> None:
        page = self._fetch(limit=FIRST)
        self.rows, self.start, self.ended = list(page.rows), 0, not page.more

    def to_bottom(self) -> None:
        """Reads the last rows; where the count is not known, their numbers are a lower bound."""
        counted = self._count() or self.start + len(self.rows) + PAGE
        page = self._fetch(end=True, limit=PAGE)
        self.rows, self.ended = list(page.rows), True
        self.start = max(counted - len(self.rows), 1) if page.more else 0

    def reach(self, first: int, last: int) -> int:
        """Reads on, up or down, until rows `first … last` (fewer than `KEEP`) are in memory or the list ends.

        Returns by how much the numbers of all rows moved: 0, unless the count from which they were reckoned was
        wrong and the list's beginning came into sight.
        """
        while last >= self.start + len(self.rows) and not self.ended:
            self._grow_down()
        moved = 0
        while first + moved < self.start:
            moved += self._grow_up()
        return moved

    def reread(self, last: int, gone: Collection[str] = ()) -> None:
        """Reads the same stretch again, as far as row `last`, after letters changed: same place, new content.

        `gone`: letters that most likely left the list; that many rows less are read, and the rest where they are still there.
        """
        held = min(last + 1 - self.start, len(self.rows))
        fewer = sum(row.id in gone for row in self.rows[:held]) if gone else 0
        limit = max(FIRST, held - fewer + SPARE)
        edge = None
        if self.start > 0 and self.rows:
            above = self._fetch(before=self.rows[0], limit=1).rows
            edge = above[-1] if above else None
        page = self._fetch(after=edge, limit=limit)
        self.rows, self.ended = list(page.rows), not page.more
        if edge is None:
            self.start = 0
        while fewer and not self.ended and len(self.rows) < held and any(row.id in gone for row in self.rows):
            self._grow_down()
        if not self.rows and self.start:
            self.to_bottom()

    def between(self, first: Row, last: Row, limit: int) -> list[Row]:
        """The rows from `first` to `last`, both among them, at most so many; also those that are not in memory."""
        found = [first]
        while found[-1].id != last.id and len(found) < limit:
            page = self._fetch(after=found[-1], limit=min(PAGE, limit - len(found)))
            for row in page.rows:
                found.append(row)
                if row.id == last.id:
                    break
            if not page.rows:
                break
        return found

    def _grow_down(self) -> None:
        page = self._fetch(after=self.rows[-1] if self.rows else None, limit=PAGE)
        self.rows += page.rows
        self.ended = not page.more
        spare = len(self.rows) - KEEP
        if spare > 0:
            del self.rows[:spare]
            self.start += spare

    def _grow_up(self) -> int:
        page = self._fetch(before=self.rows[0], limit=PAGE)
        self.rows[:0] = page.rows
        reckoned = self.start - len(page.rows)
        self.start = max(reckoned, 1) if page.more else 0
        spare = len(self.rows) - KEEP
        if spare > 0:
            del self.rows[-spare:]
            self.ended = False
        return self.start - reckoned
