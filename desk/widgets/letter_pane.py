"""The reading pane: the letter, its dispatches with clocks, drafts that wait, what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.strip import Strip
from textual.widget import Widget

from db.model import Ms
from db.text import one_line, safe
from db.words import _, term
from desk.theme import inks
from desk.widgets.dispatches import dispatch_lines, forward_clock
from desk.widgets.due import moment
from desk.widgets.row import Names, strip
from desk.widgets.sheet import BLANK, Line, Piece, flow, heading, paragraph
from desk.widgets.timeline import Who, timeline_lines

if TYPE_CHECKING:
    from textual import events

    from db.queries import Letter

MEASURE = 92
"""Widest line of running text, in cells: 46 characters, what a reader's eye follows without losing its place."""


def letter_lines(letter: Letter, width: int, now: Ms, names: Names, who: Who) -> list[Line]:
    """All lines of a letter for a pane of that width; everything of a citizen's or a district's making is made safe."""
    width = max(16, min(width, MEASURE))
    case = letter.case
    lines = paragraph(one_line(case.title) or _("(no title)"), width, "strong", bold=True)
    lines += flow(_meta(letter, names), width)
    lines += flow(_origin(letter, now, who), width)
    if letter.refused:
        lines += [BLANK, *_refused(letter, width)]
    lines += [BLANK, *paragraph(safe(letter.body), width), BLANK]
    clocks = forward_clock(case, now) + dispatch_lines(case, width, now)
    if clocks:
        lines += [heading(_("Dispatches"), width), *clocks, BLANK]
    if letter.drafts:
        lines += [heading(_("Drafts waiting"), width), *_drafts(letter, width), BLANK]
    lines.append(heading(_("What happened"), width))
    return lines + timeline_lines(letter.events, letter.pending, width, now, who, names)


def _meta(letter: Letter, names: Names) -> list[Piece]:
    case = letter.case
    pieces: list[Piece] = [(one_line(case.code), "faint"), (term("state", case.state), "amber")]
    if case.urgency != "normal":
        pieces.append((term("urgency", case.urgency), "late"))
    if case.result:
        pieces.append((term("result", case.result), "leaf"))
    pieces += [
        (term("kind", case.kind), "ink"),
        (one_line(term("topic", case.topic)) if case.topic else _("no topic"), "ink"),
        (one_line(names(case.district)) if case.district else _("district unknown"), "ink"),
    ]
    if case.confidential:
        pieces.append((_("confidential"), "late"))
    if case.promised:
        pieces.append((_("promised {day}", day=case.promised), "today"))
    pieces += [(term("publication", p.as_), "water") for p in case.publications]
    pieces += [("#" + one_line(tag), "water") for tag in case.tags]
    return pieces


def _origin(letter: Letter, now: Ms, who: Who) -> list[Piece]:
    case = letter.case
    return [
        (_("received {when}", when=moment(case.received_at, now)), "faint"),
        (one_line(term("source", case.channel)), "faint"),
        (one_line(letter.sender), "ink"),
        (one_line(case.place), "ink"),
        (_("assigned to {name}", name=one_line(who(case.assignee))) if case.assignee else "", "faint"),
    ]


def _refused(letter: Letter, width: int) -> list[Line]:
    return [part for sentence in letter.refused for part in paragraph("✗ " + safe(str(sentence)), width, "late")]


def _drafts(letter: Letter, width: int) -> list[Line]:
    lines: list[Line] = []
    for action in letter.drafts:
        lines += paragraph("✎ " + _("{action}: as you left it", action=term("action", action)), width, "amber")
    return lines


class LetterPane(Widget):
    """Scrolls over the lines of one letter; the screen says which."""

    DEFAULT_CSS = "LetterPane { display: none; }"

    def __init__(self, names: Names, who: Who) -> None:
        super().__init__(id="letter")
        self.names = names
        self.who = who
        self.letter: Letter | None = None
        self.now: Ms = 0
        self.beside = False
        self.top = 0
        self._lines: list[Line] = []

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
            self._lines = letter_lines(self.letter, self.size.width - 3, self.now, self.names, self.who)
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
            pieces += [(text, ink.on(role, bold=content.bold)) for text, role in content.pieces]
        pieces.append((" " * width, ink.on("ink")))
        return strip(pieces, width)

    def _rule(self, width: int) -> str:
        below = len(self._lines) - self.top - self._height
        more = f" ↓{below} " if below > 0 else ""
        return "─" * max(0, width - len(more) - 2) + more + "──"
