"""The list of letters: draws the lines in view, moves a cursor, keeps marks. Reads through a `Window` only."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.strip import Strip

from db.clock import now_ms
from db.words import language
from desk.messages import CursorMoved, MarksChanged, Opened
from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.due import MINUTE
from desk.widgets.marking import Spans
from desk.widgets.row import Names, draw, strip
from desk.widgets.window import Window

if TYPE_CHECKING:
    from textual import events

    from db.model_rules import Calendar
    from db.queries import Row

MARK_LIMIT = 1000
"""Most letters one key marks: what a bulk can still be previewed for."""


FEW = 4
"""Lines that are asked for one by one; of more, the whole stretch they stand in."""

DRAWN = 400
"""Lines kept as drawn: a few screens of them."""


class LetterList(Drawn):
    """A virtual list: a key that moves within the view repaints two lines, one at the edge half a page."""

    DEFAULT_CSS = "LetterList { width: 1fr; height: 1fr; }"

    def __init__(self, window: Window, names: Names, queue: int, calendar: Callable[[], Calendar]) -> None:
        super().__init__(id="letters")
        self.window = window
        self.names = names
        self.calendar = calendar
        self._cal = calendar()
        self.queue = queue
        self.cursor = 0
        self.top = 0
        self.marks: dict[str, Row] = {}
        self.range_from: int | None = None
        self._range_row: Row | None = None  # the letter the range began at: its number may move
        self.now = now_ms()
        self.counts: dict[int, int] = {}
        self.query_text: str | None = None  # the filter in force, as safe text
        self.find: Spans | None = None  # where it matches
        self.coming = False  # letters are on their way here for the first time
        self._lang = language()
        self._drawn: dict[str, tuple[object, Strip]] = {}  # letter → what its line depends on, its line

    # what is shown

    def show(self, window: Window, queue: int, marks: dict[str, Row]) -> None:
        """Another list: from its top, with the marks it had."""
        self.window, self.queue, self.marks = window, queue, marks
        self.cursor = self.top = 0
        self.range_from, self.now = None, now_ms()
        self._cal = self.calendar()
        self._drawn.clear()
        window.to_top()
        self.refresh()
        self.post_message(CursorMoved(self.row))

    @property
    def row(self) -> Row | None:
        """The letter under the cursor."""
        return self.window[self.cursor]

    @property
    def targets(self) -> list[Row]:
        """What an action applies to: the marked letters, else the one under the cursor."""
        if self.marks:
            return list(self.marks.values())
        return [self.row] if self.row else []

    def render_line(self, y: int) -> Strip:
        row = self.window[self.top + y]
        width, ink = self.across, inks(self.app.theme)
        if row is None:
            return self._empty(y, width) if not self.window.rows else Strip.blank(width, ink.on("ink"))
        index = self.top + y
        marked = row.id in self.marks or self._in_range(index)
        cursor = index == self.cursor
        late = row.next_due is not None and row.next_due <= self.now
        looks = (row, self.now // MINUTE, late, width, self.queue, self._lang, ink, cursor, marked, self.find)
        kept = self._drawn.get(row.id)
        if kept is not None and kept[0] == looks:  # a letter left above it: the same line, only higher up
            return kept[1]
        line = draw(
            row,
            width,
            self.queue,
            self._lang,
            self.now,
            self._cal,
            self.names,
            ink,
            cursor=cursor,
            marked=marked,
            find=self.find,
        )
        if len(self._drawn) >= DRAWN:
            self._drawn.clear()
        self._drawn[row.id] = (looks, line)
        return line

    def _empty(self, y: int, width: int) -> Strip:
        from desk.widgets.empty import empty_lines

        ink = inks(self.app.theme)
        lines = empty_lines(self.queue, self.counts, self.query_text, width, coming=self.coming)
        pieces = [(text, ink.on(role)) for text, role in lines[y].pieces] if y < len(lines) else []
        return strip([*pieces, (" " * width, ink.on("ink"))], width)

    def _line(self, index: int) -> None:
        if 0 <= index - self.top < self.size.height:
            self.refresh(Region(0, index - self.top, self.size.width, 1))

    def expect(self, *, coming: bool) -> None:
        """Whether an empty list is still to be filled by the newsroom."""
        if coming != self.coming:
            self.coming = coming
            if not self.window.rows:
                self.refresh()

    # moving

    def go(self, index: int, *, top: int | None = None) -> None:
        """Puts the cursor on that row (as far as there is one) and repaints as little as shows it."""
        height = max(1, self.size.height)
        if moved := self.window.reach(max(0, index - height), index + height):
            index, self.cursor, self.top = index + moved, self.cursor + moved, self.top + moved
            top = None if top is None else top + moved
            self.range_from = None if self.range_from is None else self.range_from + moved
            self.refresh()
        index = min(max(index, self.window.start), self.window.start + len(self.window.rows) - 1)
        old, self.cursor = self.cursor, max(0, index)
        wanted = self._top_for(self.cursor, height) if top is None else top
        wanted = max(0, min(wanted, self._last_top(height)))
        if not wanted <= self.cursor < wanted + height:
            wanted = self._top_for(self.cursor, height)
        if wanted != self.top:
            self.top = wanted
            self.refresh()
        elif self.range_from is not None:
            for line in range(min(old, self.cursor), max(old, self.cursor) + 1):
                self._line(line)
        elif old != self.cursor:
            self._line(old)
            self._line(self.cursor)
        if old != self.cursor:
            self.post_message(CursorMoved(self.row))

    def _last_top(self, height: int) -> int:
        return max(0, self.window.total - height) if self.window.ended else self.window.start + len(self.window.rows)

    def _top_for(self, index: int, height: int) -> int:
        """Scrolling by half a page at an edge keeps most key presses down to two lines (FACTS, Lists)."""
        if index < self.top:
            return index - height // 2 if index >= self.top - height // 2 else index - height // 4
        if index >= self.top + height:
            return index - height // 2
        return self.top

    def jump(self, by: int) -> None:
        """The view and the cursor together, by so many lines."""
        self.go(self.cursor + by, top=self.top + by)

    def to_top(self) -> None:
        """The first row, wherever the window is."""
        if self.window.start > 0:
            self.window.to_top()
            self.refresh()
        self.go(0, top=0)

    def to_bottom(self) -> None:
        """The last row, read from the list's end."""
        if not self.window.ended:
            self.window.to_bottom()
            self.refresh()
        self.go(self.window.total - 1)

    # marking

    def mark(self) -> None:
        """Marks the letter under the cursor, or takes its mark away, and goes on to the next."""
        row = self.row
        if row is None:
            return
        if self.marks.pop(row.id, None) is None:
            self.marks[row.id] = row
        self._line(self.cursor)
        self.post_message(MarksChanged())
        self.go(self.cursor + 1)

    def mark_range(self) -> None:
        """Begins a range at the cursor; the second press marks everything between."""
        if self.range_from is None:
            self.range_from, self._range_row = self.cursor, self.row
        else:
            ends = (self._range_row, self.row) if self.range_from <= self.cursor else (self.row, self._range_row)
            if ends[0] and ends[1]:
                for row in self.window.between(ends[0], ends[1], MARK_LIMIT - len(self.marks)):
                    self.marks[row.id] = row
            self.range_from = None
        self.refresh()
        self.post_message(MarksChanged())

    def mark_all(self) -> None:
        """Marks every letter of the list in view, up to `MARK_LIMIT`; takes all marks away where there are any."""
        if self.marks:
            self.marks.clear()
        else:
            for row in self._all():
                self.marks[row.id] = row
        self.range_from = None
        self.refresh()
        self.post_message(MarksChanged())

    def _all(self) -> Iterator[Row]:
        if self.window.start > 0:
            self.to_top()
        self.window.reach(0, min(MARK_LIMIT, self.window.total) - 1)
        yield from self.window.rows[:MARK_LIMIT]

    def forget(self, cases: Collection[str]) -> None:
        """Takes the marks of letters away that an action was done to."""
        if gone := self.marks.keys() & set(cases):
            for case in gone:
                del self.marks[case]
            for index in range(self.top, self.top + self.size.height):
                row = self.window[index]
                if row is not None and row.id in gone:  # one that stays as it was would keep its ✓ on the screen
                    self._line(index)
            self.post_message(MarksChanged())

    def unmark(self) -> bool:
        """Takes a begun range or the marks away; False where there was neither."""
        if self.range_from is not None:
            self.range_from = None
        elif self.marks:
            self.marks.clear()
        else:
            return False
        self.refresh()
        self.post_message(MarksChanged())
        return True

    def _in_range(self, index: int) -> bool:
        if self.range_from is None:
            return False
        return min(self.range_from, self.cursor) <= index <= max(self.range_from, self.cursor)

    # news and time

    def reread(self, changed: Collection[str] = ()) -> None:
        """Letters changed: the same stretch again; the cursor stays on its letter or takes the next one that stayed.

        Only lines that show something else are drawn again. `changed`: letters that something was done to.
        """
        old, offset, shown = self.row, self.cursor - self.top, self._shown()
        split = self.cursor - self.window.start
        empty = not self.window.rows  # it said so over many lines
        order = [*self.window.rows[split:], *self.window.rows[:split][::-1]] if old else []
        self.window.reread(self.top + self.size.height, frozenset(changed))
        places = {row.id: i for i, row in enumerate(self.window.rows, self.window.start)}
        index = next((places[row.id] for row in order if row.id in places), 0)
        for row in self.window.rows:
            if row.id in self.marks:
                self.marks[row.id] = row
        self.now = now_ms()
        self.cursor, self.top = index, max(0, min(index - offset, self._last_top(self.size.height)))
        lines = enumerate(zip(shown, self._shown(), strict=True))
        width = self.size.width
        if others := [Region(0, y, width, 1) for y, (before, after) in lines if before != after]:
            self.refresh(*(others if len(others) <= FEW else [Region.from_union(others)]))
        if empty or not self.window.rows:
            self.refresh()
        self.go(index)
        if old != self.row:
            self.post_message(CursorMoved(self.row))

    def _shown(self) -> list[tuple[Row | None, bool, bool]]:
        """What each line of the view says: its letter, whether the cursor is on it, whether it is marked."""
        lines = range(self.top, self.top + self.size.height)
        rows = ((index, self.window[index]) for index in lines)
        return [(row, index == self.cursor, row is not None and row.id in self.marks) for index, row in rows]

    def tick(self, now: int) -> None:
        """A minute passed: only the lines whose words changed are drawn again."""
        old, self.now = self.now, now
        self._cal = self.calendar()
        self._drawn.clear()  # names of places and topics may be others by now
        self._lang = language()
        width = self.size.width
        for y in range(self.size.height):
            if row := self.window[self.top + y]:
                line = [
                    draw(
                        row, width, self.queue, self._lang, t, self._cal, self.names, inks(), cursor=False, marked=False
                    ).text
                    for t in (old, now)
                ]
                if line[0] != line[1]:
                    self._line(self.top + y)

    # the mouse, where people expect it

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(3, event)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(-3, event)

    def _wheel(self, by: int, event: events.MouseEvent) -> None:
        event.stop()
        height = max(1, self.size.height)
        top = max(0, self.top + by)
        self.go(min(max(self.cursor, top), top + height - 1), top=top)

    def on_click(self, event: events.Click) -> None:
        index = self.top + event.y
        if self.window[index] is None:
            return
        self.go(index)
        if event.chain == 2:
            self.post_message(Opened())

    def on_resize(self) -> None:
        self.go(self.cursor)
