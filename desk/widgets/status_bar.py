"""The two lines at the foot: where one stands, and the keys that apply or, until the next key, a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip

from db.words import _
from desk.messages import Tone
from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.row import strip
from desk.widgets.wrap import pad, wrap

PLACE = 30
"""Cells of the first line's left part: queue, position, marks."""

TONES = {"plain": "strong", "good": "leaf", "warn": "amber", "bad": "seal"}
SIGNS = {"plain": "", "good": "✓ ", "warn": "! ", "bad": "✗ "}


class Hint(NamedTuple):
    """A key, what it does, and whether it applies to the letter under the cursor."""

    key: str
    label: str
    applies: bool = True


class StatusBar(Drawn):
    DEFAULT_CSS = "StatusBar { height: 2; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__(id="status")
        self.place = ""
        self.marks = 0
        self.filtered = ""
        self.pending = 0
        self.clock = ""
        self.line: tuple[str, str, str] | None = None  # where the line stands: words, signs, its colour
        self.hints: tuple[Hint, ...] = ()
        self.said: tuple[str, Tone] | None = None
        self.sayings = 0  # sentences said so far
        self._covered = False  # a sentence stood over the keys when the mouse went down on them

    def stand(self, place: str, marks: int, filtered: str = "") -> None:
        """Where the cursor is, in which filter; repaints the left part only, for it changes with every key."""
        if (place, marks, filtered) != (self.place, self.marks, self.filtered):
            self.place, self.marks, self.filtered = place, marks, filtered
            self.refresh(Region(0, 0, PLACE, 1))

    def outlook(self, pending: int, clock: str, line: tuple[str, str, str] | None = None) -> None:
        """What waits here to be sent, and the time; `line` where there is a backend: words, signs for where
        there is no room for words, and colour."""
        if (pending, clock, line) != (self.pending, self.clock, self.line):
            self.pending, self.clock, self.line = pending, clock, line
            self.refresh(Region(PLACE, 0, max(1, self.size.width - PLACE), 1))

    def offer(self, hints: tuple[Hint, ...]) -> None:
        if hints != self.hints:
            self.hints = hints
            self.refresh(Region(0, 1, self.size.width, 1))

    def say(self, text: str, tone: Tone = "plain") -> None:
        """Shows a sentence (safe text) until `hush`."""
        self.said = (text, tone)
        self.sayings += 1
        self.refresh()

    def hush(self, upto: int | None = None) -> None:
        """Takes the sentence away; of those said later than `upto` none."""
        if self.said is not None and upto in (None, self.sayings):
            self.said = None
            self.refresh()

    def render_line(self, y: int) -> Strip:
        if self.said is not None:
            lines = wrap(SIGNS[self.said[1]] + self.said[0].replace("\n", " "), max(8, self.size.width - 2))
            if len(lines) > 1 or y == 1:
                return self._sentence(lines, y)
        return self._status() if y == 0 else self._keys()

    def _sentence(self, lines: list[str], y: int) -> Strip:
        ink, width = inks(self.app.theme), self.size.width
        line = lines[0] if len(lines) == 1 else lines[y]
        if y == 1 and len(lines) > 2:
            line = pad(line, width - 3).rstrip() + "…"
        role = TONES[self.said[1]] if self.said else "ink"
        return strip([(" " + line, ink.on(role, "raised", bold=True)), (" " * width, ink.on("ink", "raised"))], width)

    def _status(self) -> Strip:
        ink, width = inks(self.app.theme), self.size.width
        marks = "  " + _("✓{n} marked", n=self.marks) if self.marks else ""
        filtered = f"  {self.filtered}" if self.filtered else ""
        left = pad(f" {self.place}{marks}{filtered}", PLACE)
        pending = _("● {n} saved here, not sent", n=self.pending) if self.pending else _("nothing waits to be sent")
        role = "water" if self.pending else "faint"
        if self.line is not None:
            pending, signs, role = self.line
            if PLACE + cell_len(pending) + cell_len(self.clock) + 4 > width:
                pending = signs
        if self.line is None and PLACE + cell_len(pending) + cell_len(self.clock) + 4 > width:
            pending = f"● {self.pending}" if self.pending else ""
        gap = max(1, width - PLACE - cell_len(pending) - cell_len(self.clock) - 3)
        room = width - PLACE - cell_len(self.clock) - 4
        if cell_len(pending) > room:
            pending = pad(pending, max(0, room))
        water = ink.on(role, "raised")
        return strip(
            [
                (left, ink.on("strong", "raised")),
                (" " * gap + pending + "  ", water),
                (self.clock + " ", ink.on("ink", "raised")),
            ],
            width,
        )

    def _keys(self) -> Strip:
        ink, width = inks(self.app.theme), self.size.width
        pieces: list[tuple[str, Style]] = [(" ", ink.on("faint", "raised"))]
        for hint, key, label in self._laid_out():
            pieces.append((key, ink.on("amber" if hint.applies else "faint", "raised")))
            pieces.append((label + "  ", ink.on("ink" if hint.applies else "faint", "raised")))
        return strip(pieces, width)

    def _laid_out(self) -> Iterator[tuple[Hint, str, str]]:
        """The hints that have room, each with its key and its words as they are drawn, two blanks between."""
        used = 1
        for hint in self.hints:
            key, label = (hint.key, " " + hint.label) if hint.applies else (f"({hint.key}", f" {hint.label})")
            used += cell_len(key) + cell_len(label) + 2
            if used > self.size.width:
                return
            yield hint, key, label

    def on_mouse_down(self, event: events.MouseDown) -> None:
        self._covered = self.said is not None  # the screen takes it away next

    def on_click(self, event: events.Click) -> None:
        """A key at the foot that is clicked on is pressed; one that does not apply says why, as the key does.

        A click on a sentence only takes it away: nobody has seen the key below it.
        """
        from desk.widgets import pressed

        x = 1
        for hint, key, label in self._laid_out() if event.y == 1 and not self._covered else ():
            wide = cell_len(key) + cell_len(label)
            if x <= event.x < x + wide and "–" not in hint.key:
                self.app.post_message(pressed.key(hint.key))
                return
            x += wide + 2
