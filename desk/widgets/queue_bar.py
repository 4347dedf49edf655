"""The line on top: queues 1 to 9 with what waits in them, the one in view inverted."""

from __future__ import annotations

from rich.cells import cell_len
from rich.style import Style
from textual import events
from textual.strip import Strip

from db.words import term
from desk.messages import QueueWanted
from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.row import strip

QUEUES = tuple(range(1, 10))
ALL = 0
"""Every letter of the store; on the bar only while it is in view."""

LATE = 4


def short_count(n: int) -> str:
    """A count in at most five cells: 999, 12.3k, 1.0M."""
    if n < 10_000:
        return str(n)
    return f"{n / 1000:.0f}k" if n < 1_000_000 else f"{n / 1_000_000:.1f}M"


class QueueBar(Drawn):
    """Draws names and counts as long as they fit, short names where they do not."""

    DEFAULT_CSS = "QueueBar { height: 1; width: 1fr; }"

    def __init__(self, queue: int, counts: dict[int, int]) -> None:
        super().__init__(id="queues")
        self.queue = queue
        self.counts = counts

    def show(self, queue: int, counts: dict[int, int]) -> None:
        """Another queue or other counts; draws only if something is different."""
        if (queue, counts) != (self.queue, self.counts):
            self.queue, self.counts = queue, dict(counts)
            self.refresh()

    def items(self, width: int) -> list[tuple[int, str]]:
        """(queue, what its place on the bar says) in the roomiest form that fits `width` cells."""
        forms: tuple[tuple[str, str], ...] = (
            ("queue", " {q} {name} {n} "),
            ("queue_short", " {q} {name} {n} "),
            ("queue_short", "{q}{name}{n} "),
        )
        shown = QUEUES if self.queue in QUEUES else (*QUEUES, ALL)
        for terms, form in forms:
            made = [(q, self._item(q, terms, form)) for q in shown]
            if sum(cell_len(text) for _, text in made) <= width:
                return made
        return [
            (q, self._item(q, "queue_short", "{q}{name}{n} ") if q == self.queue else f"{q}·{self._n(q)} ")
            for q in shown
        ]

    def _item(self, queue: int, terms: str, form: str) -> str:
        return form.format(q=queue, name=term(terms, str(queue)), n=self._n(queue))

    def _n(self, queue: int) -> str:
        return short_count(self.counts.get(queue, 0)) if queue in QUEUES else ""

    def render_line(self, y: int) -> Strip:
        width, ink = self.size.width, inks(self.app.theme)
        pieces: list[tuple[str, Style]] = []
        for queue, text in self.items(width):
            if queue == self.queue:
                style = ink.inverse("strong")
            elif not self.counts.get(queue):
                style = ink.on("faint", "raised")
            else:
                style = ink.on("late" if queue == LATE else "ink", "raised")
            pieces.append((text, style))
        pieces.append((" " * width, ink.on("ink", "raised")))
        return strip(pieces, width)

    def on_click(self, event: events.Click) -> None:
        x = 0
        for queue, text in self.items(self.size.width):
            x += cell_len(text)
            if event.x < x:
                self.post_message(QueueWanted(queue))
                return
