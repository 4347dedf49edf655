"""`D`: the late board. Groups down the side, the chosen one's letters beside it; every figure opens its letters."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from db.board import GROUPS, Group, read, with_imported
from db.clock import now_ms
from db.store_error import StoreError
from db.text import one_line
from db.words import _, term
from desk.screens.keyed import Keyed, bound
from desk.screens.room import Roomy
from desk.widgets import board_lines as lines_
from desk.widgets.due import time_left
from desk.widgets.row import titled
from desk.widgets.sheet import BLANK, Line, heading, line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from textual.timer import Timer

    from db.board import Board
    from db.queries import Row
    from desk.shelf import Shelf

BESIDE = 110
"""From so many columns the letters stand beside the figures, else below them."""

SHORT = 0.15
"""Seconds for which nothing is said about letters that are still being counted."""

REST = 0.08
"""Seconds the cursor rests before the letters follow it."""

LISTED = 200
"""Letters read of the chosen figure; enter opens all of them."""

ALL = "*"
"""The key of the first line, the sum of all groups."""


@dataclass(slots=True)
class Place:
    """Where a person is on the board, kept while the letters of a figure are looked at."""

    by: str = "district"
    key: str = ALL
    column: str = "late"
    sort: str = "late"
    down: bool = True
    tops: dict[str, int] = field(default_factory=dict)


class BoardScreen(Keyed, Roomy, Screen["str | None"]):
    """Dismissed with the search that opens what was chosen, or None."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = (
        "BoardScreen { layout: vertical; } BoardScreen .table { height: 1fr; } BoardScreen .letters { height: 9; }"
        "BoardScreen .foot { height: 4; }"
        "BoardScreen.beside { layout: grid; grid-size: 2 2; grid-rows: 1fr 3; }"
        "BoardScreen.beside .letters { height: 1fr; } BoardScreen.beside .foot { column-span: 2; height: 3; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = bound("board")
    keys_of = "board"

    def __init__(self, shelf: Shelf, place: Place) -> None:
        super().__init__()
        self.shelf = shelf
        self.place = place
        self.board: Board | None = None
        self.trouble = ""
        self.rows: list[Row] = []
        self.more = False
        self.at_letter: int | None = None  # the cursor among the letters, where it is there
        self.counted = ""  # the search whose letters are counted
        self.opening = False  # enter was pressed, and they are not yet
        self._resting: Timer | None = None
        self.table = SheetView(self._table, "paper")
        self.letters = SheetView(self._letters, "paper")
        self.foot = SheetView(self._foot)
        self.table.add_class("table")
        self.letters.add_class("letters")
        self.foot.add_class("foot")

    def compose(self) -> ComposeResult:
        yield self.table
        yield self.letters
        yield self.foot

    def on_mount(self) -> None:
        self.action_look()

    def on_resize(self) -> None:
        width = self.size.width
        beside = width >= BESIDE
        self.set_class(beside, "beside")
        if beside:
            table = lines_.NARROW + 6 if width < 150 else min(lines_.WIDE + 30, width * 3 // 5)
            self.styles.grid_columns = f"{table} 1fr"

    # figures

    def action_look(self) -> None:
        """Reads the figures in a thread; what is on the screen stays until they are here."""
        self.run_worker(partial(self._read, self.place.by), thread=True, exclusive=True, group="board")

    def _read(self, by: str) -> None:
        """What is counted and indexed first; what was imported, which takes longer, when it is there."""
        try:
            board = read(self.shelf.store, by, now_ms())
            self._hand(board)
            whole = with_imported(self.shelf.store, board)
            if whole is not board:
                self._hand(whole)
        except StoreError as e:
            self._hand(None, e.sentence())
        except RuntimeError:  # the store was closed meanwhile
            return

    def _hand(self, board: Board | None, trouble: str = "") -> None:
        if self.app.is_running:
            self.app.call_from_thread(self._came, board, trouble)

    def _came(self, board: Board | None, trouble: str) -> None:
        self.trouble = trouble
        if board is not None and board.by == self.place.by:
            self.board = board
        self._moved()

    @property
    def groups(self) -> list[Group]:
        """The lines in the order in force: the sum of all on top."""
        if self.board is None:
            return []
        place = self.place
        known = [(lines_.sort_value(g, place.sort), g) for g in self.board.groups]
        said = sorted((p for p in known if p[0] is not None), key=lambda p: p[0] or 0.0, reverse=place.down)
        return [self.board.whole, *(g for _v, g in said), *(g for v, g in known if v is None)]

    def _key(self, group: Group) -> str:
        return ALL if self.board is not None and group is self.board.whole else group.key

    @property
    def group(self) -> Group | None:
        return next((g for g in self.groups if self._key(g) == self.place.key), self.groups[0] if self.groups else None)

    def label(self, key: str) -> str:
        """How a group is called."""
        by = self.place.by
        if key == ALL:
            return _("all")
        if not key or key == "/":
            return term("board_none", by)
        if by == "unit":
            code, _stroke, unit = key.partition("/")
            district = self.shelf.name(code)
            return unit if unit.startswith(district) else f"{district} {unit}".strip()
        if by == "level":
            return term("chase_level", key) if key != "0" else term("board_none", "level")
        if by == "topic":
            return term("topic", key)
        return self.shelf.who(key) if by == "editor" else self.shelf.name(key)

    def _columns(self, width: int) -> tuple[lines_.Column, ...]:
        return lines_.columns(width - 2, imported=bool(self.board and self.board.whole.imported))

    def _table(self, width: int) -> list[Line]:
        title = _("Late board · by {group}", group=term("board_by", self.place.by))
        head = [heading(title, width)]
        if self.board is None:
            return [*head, *paragraph(self.trouble or _("Adding up …"), width, "late" if self.trouble else "faint")]
        cols = self._columns(width)
        ctx = lines_.seen(self.board, self.shelf.calendar(), self.label)
        found = [
            lines_.row(
                g,
                cols,
                ctx,
                self.label(self._key(g)),
                here=g is self.group and self.at_letter is None,
                chosen=self.place.column,
            )
            for g in self.groups
        ]
        room = max(3, self.table.size.height - 2)
        index = next((i for i, g in enumerate(self.groups) if g is self.group), 0)
        top = self.place.tops.get(self.place.by, 0)
        top = min(max(top, index - room + 1), index)
        self.place.tops[self.place.by] = top
        titles = lines_.heads(cols, self.place.column, self.place.sort, down=self.place.down)
        return [*head, titles, *found[top : top + room]]

    # letters

    @property
    def asks(self) -> str:
        """The search that finds what stands behind the chosen figure."""
        figure = next((c.figure for c in self._columns(200) if c.name == self.place.column), "") or "late"
        return f'board:"{self.place.by}/{self.place.key}/{figure}"'

    def _letters(self, width: int) -> list[Line]:
        group = self.group
        if self.board is None or group is None:
            return []
        name = term("board", self.place.column)
        title = _("{group} · {figure}", group=one_line(self.label(self._key(group))), figure=name)
        count = f"{len(self.rows)}+" if self.more else str(len(self.rows))
        made = [heading(f"{title} · {count}", width)]
        if not self.rows:
            return [*made, *paragraph(_("No letter stands behind this figure."), width, "faint")]
        room = max(1, self.letters.size.height - 1)
        at = self.at_letter or 0
        top = max(0, min(at, len(self.rows) - 1) - room + 1)
        return [*made, *(self._letter(i, width) for i in range(top, min(len(self.rows), top + room)))]

    def _letter(self, index: int, width: int) -> Line:
        row = self.rows[index]
        assert self.board is not None
        left, role = time_left(row.next_due, self.board.now, self.shelf.calendar(), paused=bool(row.paused))
        here = index == self.at_letter
        tail = [(pad(left, 9, right=True), role)]
        level = term("chase_level", str(row.chase_level)) if row.chase_level else ""
        head = [("▌ " if here else "  ", "seal")]
        if width >= 60:
            head.append((pad(one_line(row.code), 22), "faint"))
        if width >= 50:
            tail.insert(0, (pad(level, 11, right=True), "today"))
        if width >= 80:
            tail.insert(0, (pad(term("state", row.state), 13), "ink"))
            head.append((pad(self.shelf.name(row.district), 9), "ink"))
        used = sum(self._cells(text) for text, _role in (*head, *tail))
        title = (pad(titled(row.title, erased=bool(row.erased)), max(6, width - used - 1)) + " ", "ink")
        return line(*head, title, *tail, bold=here)

    @staticmethod
    def _cells(text: str) -> int:
        from rich.cells import cell_len

        return cell_len(text)

    def _rest(self) -> None:
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, self._ask) if REST else None
        if not REST:
            self._ask()

    def _ask(self) -> None:
        if self.board is not None:
            self.run_worker(partial(self._list, self.asks), thread=True, exclusive=True, group="letters")

    def _list(self, query: str) -> None:
        from db import queries

        try:
            if figures := self.shelf.figures_in(query):
                self.shelf.count_figures(figures)
            page = queries.page(self.shelf.store, queries.ALL, query=query, limit=LISTED, now=now_ms())
        except (StoreError, RuntimeError) as e:  # locked, or closed meanwhile: the figures stand
            if self.opening and self.app.is_running:
                self.app.call_from_thread(self._came, self.board, e.sentence() if isinstance(e, StoreError) else "")
            return
        if self.app.is_running:
            self.app.call_from_thread(self._listed, query, page.rows, page.more)

    def _listed(self, query: str, rows: list[Row], more: bool) -> None:
        if query == self.asks:
            self.counted = query
            if self.opening and self.is_current:
                self.dismiss(query)
            if self.opening:  # left meanwhile, or something else is on top: nobody waits for it any more
                self.opening = False
                return
            late = self.place.column in ("late", "today", "worst")
            self.rows = sorted(rows, key=lambda r: (r.next_due or 1 << 62, r.n)) if late else rows
            self.more = more
            self.letters.tell()

    # the foot

    def _foot(self, width: int) -> list[Line]:
        group = self.group
        if group is None:
            return [BLANK, BLANK, *self.foot_lines(width)]
        if self.opening:
            return [BLANK, *paragraph(_("Finding the letters …"), width, "water")]
        says = term("board_says", self.place.column)
        made = paragraph(says, width, "ink")[:1]
        made += paragraph(lines_.more_of(group, self.place.column), width, "water")[:1]
        return [*made, *self.foot_lines(width, 1 if self.has_class("beside") else 2)]

    def why_not(self, key: str) -> str | None:
        """Nothing is opened before the figures are there, and no letters where none stand behind a figure."""
        if key in ("open", "letters", "sort", "left", "right") and self.board is None:
            return _("The figures are still being added up.")
        if key == "letters" and not self.rows:
            return _("No letter stands behind this figure.")
        return None

    # keys

    def _moved(self, *, letters: bool = True) -> None:
        self.opening = False
        self.table.tell()
        self.foot.tell()
        if letters:
            self.rows, self.more = [], False
            self._rest()
        else:
            self.letters.tell()

    def action_leave(self) -> None:
        if self.at_letter is not None:
            self.action_letters()
        else:
            self.dismiss(None)

    def action_move(self, by: int) -> None:
        if self.at_letter is not None:
            self.at_letter = min(max(0, self.at_letter + by), max(0, len(self.rows) - 1))
            self.letters.tell()
            return
        groups = self.groups
        if not groups:
            return
        index = next((i for i, g in enumerate(groups) if g is self.group), 0)
        self.place.key = self._key(groups[min(max(0, index + by), len(groups) - 1)])
        self._moved()

    def action_column(self, by: int) -> None:
        names = [c.name for c in self._columns(self.table.size.width - 4) if c.figure]
        index = names.index(self.place.column) if self.place.column in names else 0
        self.at_letter = None
        self.place.column = names[min(max(0, index + by), len(names) - 1)]
        self._moved()

    def action_sort(self) -> None:
        """By the column under the cursor; once more: the other way."""
        place = self.place
        place.down = not place.down if place.sort == place.column else True
        place.sort = place.column
        self._moved(letters=False)

    def action_group(self, by: int) -> None:
        place = self.place
        place.by = GROUPS[(GROUPS.index(place.by) + by) % len(GROUPS)]
        place.key, self.board, self.at_letter = ALL, None, None
        self._moved()
        self.action_look()

    def action_letters(self) -> None:
        """tab: into the letters beside, and back."""
        self.at_letter = 0 if self.at_letter is None and self.rows else None
        self._moved(letters=False)

    def action_open(self) -> None:
        if self.board is None:
            return
        if self.at_letter is not None:
            self.dismiss(f"code:{self.rows[self.at_letter].code}")
        elif self.counted == self.asks:
            self.dismiss(self.asks)
        else:  # opened when its letters are counted: a figure of a million takes a moment
            self.opening = True
            self.set_timer(SHORT, self.foot.tell)
            self._ask()

    def action_ladder(self) -> None:
        from desk.screens.ladder import LadderScreen

        self.app.push_screen(LadderScreen(self.shelf), self._from_ladder)

    def _from_ladder(self, code: str | None) -> None:
        if code:
            self.dismiss(f"code:{code}")
        else:
            self.action_look()
