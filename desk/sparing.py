"""What the terminal already shows is not sent to it again: lines that only moved are moved by the terminal itself.

When a letter leaves the list, every line below it stands one higher: 38 lines of 330 bytes each went over the line, and were written,
taken by the terminal and read by the program that draws it. Here is remembered which line was last written to which row of the
terminal; of an update only rows that show something else are written, and a stretch that moved is moved by one scroll of those
rows alone (DECSTBM with IL or DL, which every terminal since the VT102 knows), as curses does it.

Invariant: `Rows.known[y]` is the line that the terminal shows in row y, or None where that is not known. A line is known by the
object that it is: widgets that draw themselves hand the same object on as long as it looks the same (`desk/widgets/drawn.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.app import App

from desk import outgoing, terse

if TYPE_CHECKING:
    from typing import Any

    from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
    from textual.events import Resize
    from textual.geometry import Size
    from textual.screen import Screen
    from textual.strip import Strip

terse.install()
outgoing.install()

STRETCH = 4
"""Rows that must have moved together for a scroll to be worth its own bytes."""

MOST = 3
"""Scrolls of one update: above and below where a dialog stood, and one more."""


class Rows:
    """The rows of the terminal as they were written last."""

    def __init__(self) -> None:
        self.known: list[Strip | None] = []
        self.width = 0

    def forget(self) -> None:
        """Somebody else wrote to the terminal, or it has another size."""
        self.known = []

    def fit(self, width: int, height: int) -> None:
        if width != self.width or height != len(self.known):
            self.width, self.known = width, [None] * height

    def scrolls(self, wanted: Mapping[int, Strip]) -> Iterator[tuple[int, int, int]]:
        """(first, last, by) of stretches that stand `by` rows lower than they shall: each is moved in `known` as it is yielded."""
        for _n in range(MOST):
            found = self._longest(wanted)
            if found is None:
                return
            first, last, by = found
            top, bottom = min(first, first + by), max(last, last + by)
            kept = self.known[top : bottom + 1]
            empty: list[Strip | None] = [None] * abs(by)
            self.known[top : bottom + 1] = [*kept[by:], *empty] if by > 0 else [*empty, *kept[:by]]
            yield found

    def _longest(self, wanted: Mapping[int, Strip]) -> tuple[int, int, int] | None:
        """The longest stretch of wanted rows that stand elsewhere, in one piece; None where none is worth it."""
        stands = {id(line): y for y, line in enumerate(self.known) if line is not None}
        best: tuple[int, int, int] | None = None
        first = last = by = 0
        for y, line in sorted(wanted.items()):
            if self.known[y] is line or (at := stands.get(id(line))) is None:
                continue
            if y != last + 1 or at - y != by or not by:
                first, by = y, at - y
            last = y
            if by and last - first + 1 >= STRETCH and (best is None or last - first > best[1] - best[0]):
                best = (first, last, by)
        return best if best is not None and self._all_known(best, wanted) else None

    def _all_known(self, stretch: tuple[int, int, int], wanted: Mapping[int, Strip]) -> bool:
        """Whether every row that a scroll would change is wanted or known, so that it can be written again."""
        first, last, by = stretch
        rows = range(min(first, first + by), max(last, last + by) + 1)
        return all(y in wanted or self.known[y] is not None for y in rows)


def scrolled(first: int, last: int, by: int) -> str:
    """What moves rows first + by … last + by to first … last, and nothing else. Rows from 0."""
    top, bottom = min(first, first + by) + 1, max(last, last + by) + 1
    return f"\x1b[{top};{bottom}r\x1b[{top};1H\x1b[{abs(by)}{'M' if by > 0 else 'L'}\x1b[r"


class Sent(CompositorUpdate):
    """An update as it goes to the terminal: once it is written, its rows count as shown."""

    def __init__(self, update: ChopsUpdate | LayoutUpdate, rows: Rows, size: Size) -> None:
        self.update = update
        self.rows = rows
        self.size = size

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self.update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """What is to be written."""
        self.rows.fit(*self.size)
        if isinstance(self.update, ChopsUpdate):
            self.update.spans = [uncut(self.update, *span) for span in self.update.spans]
            if any(
                y >= self.size.height for y, _x1, _x2 in self.update.spans
            ):  # drawn before the window became smaller
                self.rows.forget()
                return self.update.render_segments(console)
            return self._some(self.update, console)
        for y, pieces in enumerate(self.update.strips):
            self.rows.known[y] = one_line(pieces, self.size.width)
        return self.update.render_segments(console)

    def _some(self, update: ChopsUpdate, console: Console) -> str:
        """Of the rows of an update those that the terminal does not show yet, after what moves has been moved."""
        known, before = self.rows.known, list(self.rows.known)
        wanted = self._wanted(update)
        rest = [span for span in update.spans if span[0] not in wanted]
        parts = []
        for first, last, by in self.rows.scrolls(wanted):
            parts.append(scrolled(first, last, by))
            for y in range(min(first, first + by), max(last, last + by) + 1):
                if (line := before[y]) is not None:  # its neighbours moved, and it shall stay
                    wanted.setdefault(y, line)
        for y, line in wanted.items():
            if known[y] is not line:
                parts.append(f"\x1b[{y + 1};1H{line.render(console)}")
                known[y] = line
        if rest:
            parts.append(ChopsUpdate(update.chops, rest, update.chop_ends).render_segments(console))
            for y, _x1, _x2 in rest:
                known[y] = None
        return "".join(parts)

    def _wanted(self, update: ChopsUpdate) -> dict[int, Strip]:
        """The rows of an update that are one line from edge to edge."""
        width = self.size.width
        found: dict[int, Strip] = {}
        for y, x1, x2 in update.spans:
            if x1 <= 0 and x2 >= width:
                line = one_line(update.chops[y].values(), width)
                if line is not None:
                    found[y] = line
        return found


def uncut(update: ChopsUpdate, y: int, x1: int, x2: int) -> tuple[int, int, int]:
    """A span of a row, one cell longer where it would end within a character of two cells.

    Textual (8.2) writes a blank for such a half: along the right edge of a dialog that grew smaller every second row below it
    had lost a character.
    """
    if y < len(update.chops):
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x < x2 < end and splits(strip.text, x2 - x):
                return y, x1, x2 + 1
    return y, x1, x2


def splits(text: str, cells: int) -> bool:
    """Whether that many cells of a text end within a character."""
    for char in text:
        if cells <= 0:
            break
        cells -= cell_len(char)
    return cells < 0


def one_line(pieces: Iterable[Strip | None], width: int) -> Strip | None:
    """The one piece that a row is made of; None where it is several."""
    *others, line = pieces
    return line if not others and line is not None and line.cell_length == width else None


class Sparing(App[None]):
    """An app that sends its terminal no line twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = Rows()

    def on_mount(self) -> None:
        for signal in (self.app_suspend_signal, self.app_resume_signal):
            signal.subscribe(self, lambda _app: self.rows.forget(), immediate=True)

    def on_resize(self, event: Resize) -> None:
        """A window that changed its size moved its lines as it likes, also where it has the old size again by now."""
        self.rows.forget()
        if event.size == self.size:
            self.action_redraw_all()

    def action_redraw_all(self) -> None:
        """`ctrl+l`: every row once more, whatever the terminal shows: another program may have written into it."""
        self.rows.forget()
        self.screen.refresh(layout=True)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        if isinstance(renderable, ChopsUpdate) or (
            isinstance(renderable, LayoutUpdate) and renderable.region == self.size.region
        ):
            renderable = Sent(renderable, self.rows, self.size)
        elif renderable is not None:
            self.rows.forget()
        super()._display(screen, renderable)
