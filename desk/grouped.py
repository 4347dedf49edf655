"""Similar letters one after another: a queue by topic and place instead of by urgency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.rows import Page

if TYPE_CHECKING:
    from db.queries import Row
    from desk.widgets.window import Fetch

MOST = 2_000
"""Letters put together; a longer queue is grouped as far as that, from its top."""

READ = 500


class Grouped:
    """A `Fetch` over another: its first letters in the order of topic, district and title.

    They are read anew whenever a list begins at its top, so that what changed stands where it belongs.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._rows: list[Row] = []

    def __call__(self, *, after: Row | None = None, before: Row | None = None, end: bool = False, limit: int) -> Page:
        if (after is None and before is None) or not self._rows:
            self._rows = self._read()
        at = {row.id: i for i, row in enumerate(self._rows)}
        if after is not None:
            first = at.get(after.id, -1) + 1
            return self._page(first, first + limit)
        last = at.get(before.id, 0) if before is not None else len(self._rows)
        if before is not None or end:
            found = self._page(max(0, last - limit), last)
            return Page(found.rows, last - limit > 0)
        return self._page(0, limit)

    @property
    def total(self) -> int | None:
        """How many letters stand together; None before they were read."""
        return len(self._rows) or None

    def _page(self, first: int, last: int) -> Page:
        return Page(self._rows[first:last], last < len(self._rows))

    def _read(self) -> list[Row]:
        rows: list[Row] = []
        while len(rows) < MOST:
            page = self._fetch(after=rows[-1] if rows else None, limit=READ)
            rows += page.rows
            if not page.more or not page.rows:
                break
        return sorted(rows[:MOST], key=lambda row: (row.topic or "\uffff", row.district or "\uffff", row.title))
