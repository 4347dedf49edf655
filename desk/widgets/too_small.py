"""What is shown instead of the desk when the terminal has no room for it."""

from __future__ import annotations

from textual.geometry import Size
from textual.strip import Strip

from db.words import _
from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.row import strip
from desk.widgets.wrap import wrap

SMALLEST = (60, 16)
"""Columns and rows that the desk needs."""


def is_small(size: Size) -> bool:
    """Whether a terminal of that size has no room for the desk or for what opens over it."""
    return size.width < SMALLEST[0] or size.height < SMALLEST[1]


class TooSmall(Drawn):
    """A sentence with both sizes; everything else waits, nothing is lost. `over`: what is hidden opened over the desk."""

    DEFAULT_CSS = "TooSmall { display: none; width: 1fr; height: 1fr; }"

    def __init__(self, *, over: bool = False) -> None:
        super().__init__()
        self.over = over

    def render_line(self, y: int) -> Strip:
        ink, (width, height) = inks(self.app.theme), self.size
        sentence = _(
            "This window is {width}×{height}; the desk needs {columns}×{rows}. Make it larger, nothing is lost.",
            width=width,
            height=height,
            columns=SMALLEST[0],
            rows=SMALLEST[1],
        )
        if self.over:
            sentence += " " + _("esc goes back.")
        lines = ["", *wrap(sentence, max(4, width - 2))]
        text = " " + lines[y] if y < len(lines) else ""
        return strip([(text, ink.on("strong")), (" " * width, ink.on("ink"))], width)
