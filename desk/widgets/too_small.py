"""What is shown instead of the desk when the terminal has no room for it."""

from __future__ import annotations

from textual.strip import Strip

from db.words import _
from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.row import strip
from desk.widgets.wrap import wrap


class TooSmall(Drawn):
    """A sentence with both sizes; everything else waits, nothing is lost."""

    DEFAULT_CSS = "TooSmall { display: none; width: 1fr; height: 1fr; }"

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__()
        self.least = (columns, rows)

    def render_line(self, y: int) -> Strip:
        ink, (width, height) = inks(self.app.theme), self.size
        sentence = _(
            "This window is {width}×{height}; the desk needs {columns}×{rows}. Make it larger, nothing is lost.",
            width=width,
            height=height,
            columns=self.least[0],
            rows=self.least[1],
        )
        lines = ["", *wrap(sentence, max(4, width - 2))]
        text = " " + lines[y] if y < len(lines) else ""
        return strip([(text, ink.on("strong")), (" " * width, ink.on("ink"))], width)
