"""The mouse in dialogs and screens of their own: a row that is clicked on gets the cursor, a key at the foot is pressed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual import events
    from textual.screen import Screen
    from textual.widget import Widget

    from desk.widgets.sheet_view import SheetView

    Place = Screen[Any]
else:
    Place = object

FURTHEST = 2_000
"""Steps from the cursor to a row that is clicked on: more than any of these lists has."""


class Pointing(Place):
    """Rows are drawn by a `SheetView`, the one under the cursor with a bar before it; `action_move` moves by one of them."""

    double = "enter"
    """The key that a double click on a row is; "" where it is none."""

    def on_click(self, event: events.Click) -> None:
        from desk.widgets import pressed
        from desk.widgets.sheet_view import SheetView

        if self.app.screen is not self:
            return
        widget, region = self.get_widget_at(*event.screen_offset)
        spot = event.screen_offset - region.offset
        if widget is getattr(self, "foot", None) or widget.has_class("foot") or widget.has_class("tabs"):
            self._press(widget, spot.x, spot.y)
        elif isinstance(widget, SheetView) and hasattr(self, "action_move"):
            self._walk(widget, widget.top + spot.y, self.action_move)
            if event.chain == 2 and self.double and widget.top + spot.y in widget.barred():
                self.app.post_message(pressed.key(self.double))

    def _press(self, widget: Widget, x: int, y: int) -> None:
        from textual.geometry import Region

        from desk.widgets import pressed

        (line,) = widget.render_lines(Region(0, y, widget.region.width, 1))
        printed = pressed.at(line.text, x)
        if printed is not None and pressed.key(printed).key in self._bindings.key_to_bindings:
            self.app.post_message(pressed.key(printed))

    def _walk(self, sheet: SheetView, line: int, move: Callable[[int], None]) -> None:
        """The cursor goes row by row until it has that line, or goes no further."""
        for _step in range(FURTHEST):
            barred = sheet.barred()
            if not barred or line in barred or line >= sheet.length:
                return
            by = 1 if line > barred[-1] else -1
            move(by)
            after = sheet.barred()
            if after == barred or (by > 0) != (bool(after) and after[0] > barred[0]):
                return
            if (by > 0 and after[0] > line) or (by < 0 and after[-1] < line):
                return
