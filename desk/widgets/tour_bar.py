"""The tour's sentence, above everything, in two lines: which step, what to press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip

from db.words import _
from desk.theme import inks
from desk.tour import STEPS, look
from desk.widgets.drawn import Drawn
from desk.widgets.row import strip
from desk.widgets.wrap import wrap

if TYPE_CHECKING:
    from desk.app import DeskApp

LOOKS = 0.15
"""Seconds between two looks at what was done."""


class TourBar(Drawn):
    """Goes on by itself when a step was done; F10 leaves it at any time."""

    DEFAULT_CSS = "TourBar { dock: top; height: 3; width: 1fr; }"

    def __init__(self, app: DeskApp) -> None:
        super().__init__(id="tour")
        self.desk = app
        self.at = 0
        self.before = look(app)

    def on_mount(self) -> None:
        self.set_interval(LOOKS, self.look)

    def look(self) -> None:
        """Has the step been done?"""
        now = look(self.desk)
        if STEPS[self.at].done(self.before, now):
            self.at += 1
            self.before = now
            self.refresh()

    def render_line(self, y: int) -> Strip:
        ink, width = inks(self.app.theme), self.size.width
        head = _("Tour {n}/{of}", n=self.at + 1, of=len(STEPS))
        lines = wrap(_(STEPS[self.at].says), max(20, width - 4))
        if y == 0:
            pieces = [
                (f" ▶ {head} ", ink.on("seal", "raised", bold=True)),
                ("  " + _("F10 leaves the tour"), ink.on("faint", "raised")),
            ]
        else:
            text = lines[y - 1] if y - 1 < len(lines) else ""
            pieces = [("  " + text, ink.on("strong", "raised", bold=True))]
        return strip([*pieces, (" " * width, ink.on("ink", "raised"))], width)
