"""The reading pane: the letter, its dispatches with clocks, drafts that wait, what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.strip import Strip

from db.model import Ms
from db.model_rules import Calendar
from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.marking import Spans, across, marked
from desk.widgets.row import Names, strip

if TYPE_CHECKING:
    from textual import events

    from db.queries import Letter
    from db.suggest import Hint
    from desk.widgets.sheet import Line


class LetterPane(Drawn):
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
        self._hints: tuple[str, tuple[Hint, ...]] = ("", ())
        self.top = 0
        self._lines: list[Line] = []

    def suggest(self, case: str, hints: Sequence[Hint]) -> None:
        """What a letter suggests, found meanwhile; it is shown if the letter still is."""
        self._hints = (case, tuple(hints))
        if self.letter is not None and self.letter.case.id == case:
            self._compose_lines()

    def hints_of(self, case: str) -> tuple[Hint, ...] | None:
        """What is known to be suggested for a letter; None where nobody has looked."""
        return self._hints[1] if self._hints[0] == case else None

    def show(self, letter: Letter | None, now: Ms) -> None:
        """Another letter, from its beginning; the same one keeps its place."""
        same = letter is not None and self.letter is not None and letter.case.id == self.letter.case.id
        if same and letter == self.letter and now == self.now:
            return
        self.letter, self.now = letter, now
        self.top = self.top if same else 0
        self._compose_lines()

    def _compose_lines(self) -> None:
        if self.letter is None:
            self._lines = []
        else:
            from desk.widgets.letter_lines import letter_lines  # the first frame needs none of it

            width, cal = self.size.width - 3, self.calendar()
            hints = self.hints_of(self.letter.case.id) or ()
            self._lines = letter_lines(self.letter, width, self.now, cal, self.names, self.who, hints)
        self.top = min(self.top, self._last_top)
        self.refresh()

    @property
    def _height(self) -> int:
        return self.size.height if self.beside else self.size.height - 1

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

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_by(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_by(-3)

    def render_line(self, y: int) -> Strip:
        ink, width = inks(self.app.theme), self.size.width
        if not self.beside and y == 0:
            return strip([(self._rule(width), ink.on("rule"))], width)
        index = self.top + (y if self.beside else y - 1)
        margin = "│ " if self.beside else "  "
        pieces = [(margin, ink.on("rule"))]
        if index < len(self._lines):
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
