"""The reading pane: the letter, its dispatches with clocks, drafts that wait, what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.strip import Strip

from db.model_codes import Ms
from db.model_rules import Calendar
from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.marking import Spans, across, marked
from desk.widgets.row import Names, strip
from desk.widgets.wheel import Wheel

if TYPE_CHECKING:
    from db.letters import Letter
    from desk.widgets.sheet import Line


class LetterPane(Wheel, Drawn):
    """Scrolls over the lines of one letter; the screen says which."""

    DEFAULT_CSS = "LetterPane { display: none; }"

    def __init__(self, names: Names, who: Callable[[str], str], calendar: Callable[[], Calendar]) -> None:
        super().__init__(id="letter")
        self.names = names
        self.who = who
        self.calendar = calendar
        self.letter: Letter | None = None
        self.now: Ms = 0
        self.beside = False
        self.find: Spans | None = None
        self.top = 0
        self._lines: list[Line] = []
        self._foot: Callable[[int], list[Line]] | None = None  # what stands beside the letter, made to a width
        self.foot: list[Line] = []

    def show(self, letter: Letter | None, now: Ms) -> None:
        """Another letter, from its beginning; the same one keeps its place."""
        same = letter is not None and self.letter is not None and letter.case.id == self.letter.case.id
        if same and letter == self.letter and now == self.now:
            return
        self.letter, self.now = letter, now
        self.top = self.top if same else 0
        if not same:
            self._foot, self.foot = None, []
        self._compose_lines()

    def tell(self, case: str, foot: Callable[[int], list[Line]]) -> None:
        """What stands beside the letter has come: it is put under its lines, and only they are drawn again."""
        if self.letter is None or self.letter.case.id != case:
            return
        before, self._foot = len(self.foot), foot
        self._compose_foot()
        rows = max(before, len(self.foot))
        if rows:
            self.refresh(Region(0, max(0, self.size.height - rows), self.size.width, rows))
            self.refresh(Region(0, 0, self.size.width, 1))  # how much there is below

    def _compose_foot(self) -> None:
        most = max(0, (self.size.height - 1) * 2 // 5)
        self.foot = self._foot(self.size.width - 3)[:most] if self._foot else []

    def _compose_lines(self) -> None:
        if self.letter is None:
            self._lines = []
        else:
            from desk.widgets.letter_lines import letter_lines  # the first frame needs none of it

            width, cal = self.size.width - 3, self.calendar()
            self._lines = letter_lines(self.letter, width, self.now, cal, self.names, self.who)
        self._compose_foot()
        self.top = min(self.top, self._last_top)
        self.refresh()

    @property
    def _height(self) -> int:
        return max(1, (self.size.height if self.beside else self.size.height - 1) - len(self.foot))

    @property
    def _last_top(self) -> int:
        return max(0, len(self._lines) - max(1, self._height))

    def scroll_by(self, by: int) -> None:
        """By so many lines, within the letter."""
        top = min(max(0, self.top + by), self._last_top)
        if top != self.top:
            self.top = top
            self.refresh()

    def scroll_page(self, by: int) -> None:
        self.scroll_by(by * max(1, self._height - 2))

    def on_resize(self) -> None:
        self._compose_lines()

    def render_line(self, y: int) -> Strip:
        ink, width = inks(self.app.theme), self.size.width
        if not self.beside and y == 0:
            return strip([(self._rule(width), ink.on("rule"))], width)
        index = self.top + (y if self.beside else y - 1)
        margin = "│ " if self.beside else "  "
        pieces = [(margin, ink.on("rule"))]
        below = y - (self.size.height - len(self.foot))
        if below >= 0:
            pieces += [(text, ink.on(role, bold=self.foot[below].bold)) for text, role in self.foot[below].pieces]
        elif index < len(self._lines):
            content = self._lines[index]
            found = self._found(index)
            pieces += [(text, ink.on(role, bold=content.bold)) for text, role in marked(content.pieces, found)]
        pieces.append((" " * width, ink.on("ink")))
        return strip(pieces, width)

    def _found(self, index: int) -> list[tuple[int, int]]:
        """Where this line matches the search in force."""
        if self.find is None:
            return []
        first = max(0, index - 1)
        return across([line.text for line in self._lines[first : index + 2]], index - first, self.find)

    def seek(self, find: Spans | None) -> None:
        """Another search, or none: what it finds is marked from now on."""
        if find is not self.find:
            self.find = find
            self.refresh()

    def _rule(self, width: int) -> str:
        below = len(self._lines) - self.top - self._height
        more = f" ↓{below} " if below > 0 else ""
        return "─" * max(0, width - len(more) - 2) + more + "──"
