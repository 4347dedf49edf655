"""Lines beside the fields of a dialog: read, not typed into. A long one is a window that page up and down move."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from db.words import _
from desk.theme import inks
from desk.widgets.row import strip
from desk.widgets.sheet import Line

Told = Callable[[int], Sequence[Line]]
"""Lines for a width in cells."""


class AsideBox(Widget):
    """At most `most` lines of it at a time; the last of them says how much more there is."""

    DEFAULT_CSS = "AsideBox { height: auto; width: 1fr; }"

    def __init__(self, told: Told, most: int = 8) -> None:
        super().__init__()
        self.told = told
        self.most = most
        self.top = 0
        self._lines: Sequence[Line] = ()
        self._width = -1

    def on_mount(self) -> None:
        self.display = bool(self.lines(60))

    def lines(self, width: int) -> Sequence[Line]:
        if width != self._width:
            self._width = width
            self._lines = list(self.told(max(10, width - 4)))
        return self._lines

    def tell(self, most: int | None = None) -> None:
        """Something changed: asks again; draws only what is another line now, lays out only another number of lines."""
        before = list(self._lines)
        self._width = -1
        now = self.lines(self.size.width or 60)
        if len(now) != len(before) or (most and most != self.most):
            self.most = most or self.most
            self.display = bool(now)
            self.refresh(layout=True)
        elif now != before:
            self.refresh()

    @property
    def longer(self) -> bool:
        return len(self._lines) > self.most

    def page(self, by: int) -> None:
        step = max(1, self.most - 2)
        self.top = min(max(0, self.top + by * step), max(0, len(self._lines) - self.most + 1))
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return min(self.most, len(self.lines(width)))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        lines = self.lines(width)
        ink = inks(self.app.theme)
        pieces: list[tuple[str, Style]] = [("  ", ink.on("ink", "raised"))]
        shown = self.size.height - 1 if self.longer else self.size.height
        if y >= shown and self.longer:
            rest = len(lines) - self.top - shown
            said = _("PgDn: {n} more lines", n=rest) if rest > 0 else _("PgUp: back to the beginning")
            pieces.append((f"┄ {said}", ink.on("faint", "raised")))
        elif self.top + y < len(lines):
            line = lines[self.top + y]
            pieces += [(text, ink.on(role, "raised", bold=line.bold)) for text, role in line.pieces]
        pieces.append((" " * width, ink.on("ink", "raised")))
        return strip(pieces, width)
