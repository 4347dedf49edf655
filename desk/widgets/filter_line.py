"""`/`: one line to type a filter in; the list follows while typing, enter keeps it, esc takes it away.

What is typed at once is looked for once: nobody reads the list of the first character when the second already waits.

Above it stands what may come next: names of fields, then their values. Tab takes the first, tab again the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from db.search_complete import Offer, all_fields
from db.text import one_line
from db.words import _
from desk.messages import Filtered
from desk.theme import inks
from desk.widgets.drawn import Drawn
from desk.widgets.line_input import LineInput
from desk.widgets.row import strip

Complete = Callable[[str], Sequence[Offer]]

SETTLED = 0.004
"""Seconds without another character before it is looked for: less than anybody sees, more than the rest of a burst (an
input method's word, a paste, keys that a slow line brings together) takes to come through."""


class Prompt(Drawn):
    """The key that opened the line."""

    def render_line(self, y: int) -> Strip:
        return strip([(" / ", inks(self.app.theme).on("amber", "raised"))], self.size.width)


class Offers(Drawn):
    """What may come next, the one taken last in colour and in brackets."""

    DEFAULT_CSS = "Offers { height: 1; width: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.offers: Sequence[Offer] = ()
        self.taken = -1

    def tell(self, offers: Sequence[Offer], taken: int = -1) -> None:
        if (offers, taken) != (self.offers, self.taken):
            self.offers, self.taken = offers, taken
            self.refresh()

    def render_line(self, y: int) -> Strip:
        ink, width = inks(self.app.theme), self.size.width
        if not self.offers:
            return strip([(" " * width, ink.on("faint", "raised"))], width)
        pieces = [(" tab ", ink.on("amber", "raised"))]
        used = 5
        for i, offer in enumerate(self.offers):
            label = one_line(offer.label)
            label = f"[{label}] " if i == self.taken else f" {label}  "
            used += cell_len(label)
            if used > width:
                break
            pieces.append((label, ink.on("strong" if i == self.taken else "ink", "raised", bold=i == self.taken)))
        pieces.append((" " * width, ink.on("ink", "raised")))
        return strip(pieces, width)


class FilterInput(LineInput):
    """Its words are a filter, never markup and never SQL."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, id="filter.give_up"),
        Binding("f1", "screen.help", show=False, id="filter.help"),
        Binding("down", "submit", show=False, id="filter.keep"),
        Binding("tab", "take(1)", show=False, priority=True, id="filter.complete"),
        Binding("shift+tab", "take(-1)", show=False, priority=True, id="filter.complete_back"),
    ]

    def action_give_up(self) -> None:
        line = self.parent
        assert isinstance(line, FilterLine)
        line.finish(None)

    def action_take(self, by: int) -> None:
        line = self.parent
        assert isinstance(line, FilterLine)
        self.call_later(line.take, by)  # a priority key overtakes letters that still wait to be put in


class FilterLine(Widget):
    """Posts `Filtered` with what stands there once nothing more waits to be typed; `done`, at once, when the keys go
    back to the list. Always holds: the last one posted says what the line says.
    """

    DEFAULT_CSS = """
    FilterLine { height: 2; layout: grid; grid-size: 2 2; grid-columns: 3 1fr; grid-rows: 1 1; background: $panel; }
    FilterLine Offers { column-span: 2; }
    FilterLine Prompt { width: 3; height: 1; }
    FilterLine FilterInput, FilterLine FilterInput:focus { width: 1fr; height: 1; padding: 0; border: none;
        background: $panel; }
    """

    def __init__(self, text: str, complete: Complete) -> None:
        super().__init__()
        self.complete = complete
        self.offers = Offers()
        self._base: str | None = None  # what was typed before the first tab
        self._offered = text  # what the offers go on from
        self._finished: str | None = None  # what stood here when the keys last went back to the list
        self._due: asyncio.TimerHandle | None = None  # typed, not yet looked for
        self.input = FilterInput(
            text,
            placeholder=_("words, or district:… topic:… state:late from:2024-10-01"),
            compact=True,
            select_on_focus=False,
        )

    def compose(self) -> ComposeResult:
        yield self.offers
        yield Prompt()
        yield self.input

    def on_mount(self) -> None:
        self.input.cursor_blink = False
        self.screen.set_focus(self.input)
        self._look()

    def _look(self) -> None:
        self._offered = typed = self.input.value
        self.offers.tell(self.complete(typed) if typed.strip() else all_fields())

    def take(self, by: int) -> None:
        """Puts the next offer where the word stood that was being typed."""
        if self.input.value != self._offered:
            self._offer()
        offers = self.offers.offers
        if not offers:
            return
        if self._base is None:
            self._base = self.input.value
            nth = 0 if by > 0 else len(offers) - 1
        else:
            nth = (self.offers.taken + by) % len(offers)
        value = self._base[: offers[nth].start] + offers[nth].text
        base, self._offered = self._base, value
        self.input.value = value
        self.input.cursor_position = len(value)
        self.offers.tell(offers, nth)
        self._base = base
        if len(offers) == 1:  # nothing to choose: on to what may come next
            self._base = None
            self._look()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.input.value != self._finished:  # else: of what was typed before the keys went back to the list
            self._finished = None
            self._later()

    def _later(self) -> None:
        self._drop()
        self._due = asyncio.get_running_loop().call_later(SETTLED, self._settle)

    def _drop(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _settle(self) -> None:
        """Nothing more came: unless something already waits in a queue, this is what is looked for."""
        self._due = None
        if not self.is_attached:
            return
        if any(pump.message_queue_size for pump in (self.app, self.screen, self, self.input)):
            self._later()
            return
        self._offer()
        self.post_message(Filtered(self.input.value.strip() or None))

    def _offer(self) -> None:
        """What may come next, unless the line says just what the last tab put there."""
        offers = self.offers
        chosen = offers.offers[offers.taken] if 0 <= offers.taken < len(offers.offers) else None
        if self._base is None or chosen is None or self.input.value != self._base[: chosen.start] + chosen.text:
            self._base = None
            self._look()

    @property
    def waits(self) -> bool:
        """Whether something was typed that is not looked for yet."""
        return self._due is not None

    def finish(self, query: str | None) -> None:
        """The keys go back to the list, which shows this filter (None: none); here they stay where it is refused."""
        self._drop()
        self._finished = self.input.value
        self.post_message(Filtered(query, done=True))

    def on_unmount(self) -> None:
        self._drop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.finish(event.value.strip() or None)
