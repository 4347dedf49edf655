"""成效: measure, count and unit in rows. Known measures are offered first; an empty row waits for one more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from db.text import one_line
from db.words import _
from desk.widgets.field import Edited, Leaving, Onward
from desk.widgets.picker import Name, Offers, Option, PickerField
from desk.widgets.text_field import Line


class Cell(Line):
    """Count or unit of a row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "leave(-1)", show=False),
        Binding("down", "leave(1)", show=False),
    ]
    DEFAULT_CSS = "Cell.count { width: 10; margin-left: 1; } Cell.unit { width: 10; margin-left: 1; }"

    def __init__(self, name: str, placeholder: str) -> None:
        super().__init__(placeholder)
        self.add_class(name)

    def action_leave(self, by: int) -> None:
        self.post_message(Leaving(by))


class OutcomeRow(Widget):
    DEFAULT_CSS = "OutcomeRow { layout: horizontal; height: auto; }"

    def __init__(self, offers: Offers, name: Name) -> None:
        super().__init__()
        self.measure = PickerField(offers, name, free=True, placeholder=_("measure"))
        self.count = Cell("count", _("count"))
        self.unit = Cell("unit", _("unit"))

    def compose(self) -> ComposeResult:
        yield self.measure
        yield self.count
        yield self.unit

    def typed(self) -> list[str]:
        return [str(self.measure.typed()), self.count.value, self.unit.value]

    def put(self, typed: Sequence[Any]) -> None:
        measure, count, unit = (one_line(str(part)) for part in typed)
        self.measure.put(measure)
        for cell, text in ((self.count, count), (self.unit, unit)):
            with cell.prevent(Input.Changed):
                cell.value = text
                cell.cursor_position = len(text)

    @property
    def empty(self) -> bool:
        return not any(part.strip() for part in self.typed())


class OutcomeField(Widget):
    """Rows of measure, count, unit. Enter goes through a row and on to the next; on an empty measure out of the field.

    `units` gives the unit that usually counts a measure.
    """

    DEFAULT_CSS = "OutcomeField { height: auto; layout: vertical; width: 1fr; }"

    def __init__(self, known: Sequence[Option]) -> None:
        super().__init__()
        self.known = known
        self.units = {option.value: option.detail for option in known}
        self.rows: list[OutcomeRow] = [self._row()]

    def _row(self) -> OutcomeRow:
        return OutcomeRow(self._offers, lambda value: value)

    def _offers(self, typed: str) -> Sequence[Option]:
        return [o for o in self.known if typed in o.label and typed != o.label]

    def compose(self) -> ComposeResult:
        yield from self.rows

    def typed(self) -> list[list[str]]:
        return [row.typed() for row in self.rows if not row.empty]

    def put(self, typed: Any) -> None:
        wanted = [list(row) for row in typed] + [["", "", ""]]
        while len(self.rows) < len(wanted):
            self._add()
        for row, values in zip(self.rows, wanted + [["", "", ""]] * len(self.rows), strict=False):
            row.put(values)

    def _add(self) -> OutcomeRow:
        row = self._row()
        self.rows.append(row)
        if self.is_attached:
            self.mount(row)
        return row

    def enter(self) -> Widget:
        return self.rows[0].measure.line

    def step(self, by: int) -> bool:
        """Tab: to the next or previous cell; False at either end, and out of an empty row."""
        cells: list[Widget] = [c for row in self.rows for c in (row.measure.line, row.count, row.unit)]
        at = next((i for i, c in enumerate(cells) if c.has_focus), -1)
        row = self.rows[at // 3]
        if not 0 <= at + by < len(cells) or (by > 0 and at % 3 == 0 and row.empty):
            return False
        cells[at + by].focus()
        return True

    def refreshed(self) -> None:
        """Known measures stay the same while a dialog is open."""

    def on_edited(self, event: Edited) -> None:
        """A measure was typed or taken: its usual unit comes along, and there is a row for one more."""
        for row in self.rows:
            unit = self.units.get(str(row.measure.typed()))
            if unit and not row.unit.value:
                row.unit.value = unit
        self._room()

    def _room(self) -> None:
        if not self.rows[-1].empty:
            self._add()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._room()
        self.post_message(Edited())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        for i, row in enumerate(self.rows):
            if event.input is row.count:
                (self.rows[i + 1].measure.line if row.unit.value and i + 1 < len(self.rows) else row.unit).focus()
            elif event.input is row.unit:
                self.rows[min(i + 1, len(self.rows) - 1)].measure.line.focus()

    def on_onward(self, event: Onward) -> None:
        """Enter on a measure: to its count; on an empty one the field is done."""
        for row in self.rows:
            if row.measure.line.has_focus and str(row.measure.typed()).strip():
                event.stop()
                row.count.focus()

    def on_leaving(self, event: Leaving) -> None:
        """Up and down: through the rows first."""
        for i, row in enumerate(self.rows):
            if row.has_focus_within and 0 <= i + event.by < len(self.rows):
                event.stop()
                self.rows[i + event.by].measure.line.focus()
                return
