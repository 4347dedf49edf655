"""`?`: every key of this place, what it does, and why it does not apply to the letter under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.strip import Strip

from db.text import one_line
from db.words import _
from desk.screens.dialog import Dialog
from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.row import strip
from desk.widgets.sheet import BLANK, Line, heading, line, paragraph
from desk.widgets.wheel import Wheel
from desk.widgets.wrap import pad, wrap


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of the help: `why_not` is a sentence where it does not apply now, else None."""

    key: str
    label: str
    help: str = ""
    why_not: str | None = None


Group = tuple[str, Sequence[Entry]]

SIGNS = {
    "asterisk": "*",
    "plus": "+",
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "full_stop": ".",
    "comma": ",",
    "escape": "esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "up": "↑",
    "left": "←",
    "right": "→",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "apostrophe": "'",
    "equals_sign": "=",
    "at": "@",
    "down": "↓",
}


def shown(keys: str) -> str:
    """Keys as they are printed on a keyboard: `j,down` → j ↓."""
    return " ".join(SIGNS.get(key, key) for key in keys.split(","))


def help_lines(groups: Sequence[Group], width: int) -> list[Line]:
    """All groups under their headings; keys in a column, sentences wrapped beside them."""
    lines: list[Line] = []
    for title, entries in groups:
        lines += [heading(title, width)]
        keys = max((cell_len(e.key) for e in entries), default=0) + 2
        labels = min(18, max((cell_len(e.label) for e in entries), default=0)) + 2
        for e in entries:
            said = e.why_not or e.help
            parts = wrap(said, max(12, width - keys - labels - 2))
            role, tone = ("faint", "today") if e.why_not else ("strong", "faint")
            sign = "· " if e.why_not else "  "
            lines.append(
                Line(
                    (
                        (sign + pad(e.key, keys), "amber" if not e.why_not else "faint"),
                        (pad(e.label, labels), role),
                        (parts[0], tone),
                    )
                )
            )
            lines += [Line(((" " * (2 + keys + labels) + part, tone),)) for part in parts[1:]]
        lines.append(BLANK)
    return lines


COLUMN = 78
"""Cells that a column of the help wants, so that most sentences stand on one line."""


def in_columns(groups: Sequence[Group], width: int, height: int) -> list[Line]:
    """The groups below each other; where they are higher than `height` and `width` has room for two columns, the later
    ones beside the first: cut where both are most alike in height.
    """
    one = help_lines(groups, min(width, 110))
    half = (width - 2) // 2
    if len(groups) < 2 or len(one) <= height or half < COLUMN:
        return one
    pairs = [(help_lines(groups[:n], half), help_lines(groups[n:], half)) for n in range(1, len(groups))]
    left, right = min(pairs, key=lambda pair: max(map(len, pair)))
    return [
        Line((*a.pieces, (" " * (half + 2 - cell_len(a.text)), "ink"), *b.pieces)) if b.pieces else a
        for a, b in zip_longest(left, right, fillvalue=BLANK)
    ]


class HelpSheet(Wheel, Drawn):
    DEFAULT_CSS = "HelpSheet { width: 1fr; height: 1fr; }"

    def __init__(self, groups: Sequence[Group]) -> None:
        super().__init__()
        self.groups = groups
        self.top = 0
        self.needle: str | None = None
        self._lines: list[Line] = []

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Lines are made for the new size at once, before it is drawn, not after."""
        changed = super()._size_updated(size, virtual_size, container_size, layout)
        if changed:
            self._set()
        return changed

    def _set(self) -> None:
        width = self.size.width - 4
        said = _("A dot before a key: it does not apply now, and why. esc goes back, j k scroll, / looks for words.")
        intro = paragraph(said, width, "faint")
        if self.needle is not None:
            intro = [line(("/ ", "amber"), (self.needle + "▏", "strong"))]
        found = self._sought()
        height = self.size.height - len(intro) - 1
        lines = in_columns(found, width, height) if found else paragraph(_("No key says that."), width, "today")
        self._lines = [*intro, BLANK, *lines]
        self.top = min(self.top, max(0, len(self._lines) - self.size.height))

    def seek(self, needle: str | None) -> None:
        """Only the keys whose words hold what is typed; None: all of them."""
        self.needle = needle
        self.top = 0
        self._set()
        self.refresh()

    def _sought(self) -> Sequence[Group]:
        if not self.needle:
            return self.groups
        wanted = self.needle.casefold()
        found = [
            (title, [e for e in entries if wanted in f"{e.key} {e.label} {e.help} {e.why_not or ''}".casefold()])
            for title, entries in self.groups
        ]
        return [(title, entries) for title, entries in found if entries]

    def scroll_by(self, by: int) -> None:
        self.top = min(max(0, self.top + by), max(0, len(self._lines) - self.size.height))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        ink, width = inks(self.app.theme), self.size.width
        index = self.top + y
        pieces = [("  ", ink.on("ink", "raised"))]
        if index < len(self._lines):
            pieces += [(text, ink.on(role, "raised")) for text, role in self._lines[index].pieces]
        pieces.append((" " * width, ink.on("ink", "raised")))
        return strip(pieces, width)


class HelpScreen(Dialog[None]):
    """Scrolls by the same keys as the list; esc, q and ? close it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", show=False, id="help.close"),
        Binding("j,down", "scroll(1)", show=False, id="help.down"),
        Binding("k,up", "scroll(-1)", show=False, id="help.up"),
        Binding("pagedown,ctrl+f,ctrl+d,space", "scroll(12)", show=False, id="help.page_down"),
        Binding("pageup,ctrl+b,ctrl+u", "scroll(-12)", show=False, id="help.page_up"),
        Binding("g,home", "scroll(-9999)", show=False, id="help.top"),
        Binding("G,end", "scroll(9999)", show=False, id="help.bottom"),
    ]

    def __init__(self, groups: Sequence[Group]) -> None:
        super().__init__()
        self.sheet = HelpSheet(groups)

    def compose(self) -> ComposeResult:
        yield self.sheet

    def on_key(self, event: events.Key) -> None:
        """After `/` letters are words to look for, until enter or esc."""
        needle = self.sheet.needle
        if needle is None:
            if event.key == "slash":
                event.stop()
                event.prevent_default()
                self.sheet.seek("")
            return
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.sheet.seek(None)
        elif event.key == "backspace":
            self.sheet.seek(needle[:-1])
        elif event.is_printable and event.character:
            self.sheet.seek(needle + one_line(event.character))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While words are typed, letters do not scroll."""
        return self.sheet.needle is None

    def on_paste(self, event: events.Paste) -> None:
        self.sheet.seek((self.sheet.needle or "") + one_line(event.text))

    def action_scroll(self, by: int) -> None:
        self.sheet.scroll_by(by)
