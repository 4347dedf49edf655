"""`/`: one line to type a filter in; the list follows while typing, enter keeps it, esc takes it away.

Above it stands what may come next: names of fields, then their values. Tab takes the first, tab again the next.
"""

from __future__ import annotations

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
from desk.widgets.row import strip

Complete = Callable[[str], Sequence[Offer]]


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


class FilterInput(Input):
    """Its words are a filter, never markup and never SQL."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", show=False, id="filter.give_up"),
        Binding("down", "submit", show=False, id="filter.keep"),
        Binding("tab", "take(1)", show=False, priority=True, id="filter.complete"),
        Binding("shift+tab", "take(-1)", show=False, priority=True, id="filter.complete_back"),
    ]

    def action_give_up(self) -> None:
        self.post_message(Filtered(None, done=True))

    def action_take(self, by: int) -> None:
        line = self.parent
        assert isinstance(line, FilterLine)
        line.take(by)


class FilterLine(Widget):
    """Posts `Filtered` with every letter typed; `done` when the keys go back to the list."""

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
        self.input.focus()
        self._look()

    def _look(self) -> None:
        typed = self.input.value
        self.offers.tell(self.complete(typed) if typed.strip() else all_fields())

    def take(self, by: int) -> None:
        """Puts the next offer where the word stood that was being typed."""
        offers = self.offers.offers
        if not offers:
            return
        if self._base is None:
            self._base = self.input.value
            nth = 0 if by > 0 else len(offers) - 1
        else:
            nth = (self.offers.taken + by) % len(offers)
        value = self._base[: offers[nth].start] + offers[nth].text
        base = self._base
        self.input.value = value
        self.input.cursor_position = len(value)
        self.offers.tell(offers, nth)
        self._base = base
        if len(offers) == 1:  # nothing to choose: on to what may come next
            self._base = None
            self._look()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        offers = self.offers
        chosen = offers.offers[offers.taken] if 0 <= offers.taken < len(offers.offers) else None
        if self._base is None or chosen is None or event.value != self._base[: chosen.start] + chosen.text:
            self._base = None
            self._look()
        self.post_message(Filtered(event.value.strip() or None))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Filtered(event.value.strip() or None, done=True))
