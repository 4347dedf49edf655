"""Words, one line or many, and days and moments: what is pasted goes through the gate before it is drawn."""

from __future__ import annotations

from typing import Any, Self

from textual import events
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets import Input, TextArea

from db.text import one_line, safe
from desk.widgets.field import Edited, Leaving, Onward


class Line(Input):
    """One line, drawn compactly."""

    DEFAULT_CSS = """
    Line { background: $foreground 6%; width: 1fr; }
    Line:focus { background: $foreground 12%; }
    """

    def __init__(self, placeholder: str = "") -> None:
        super().__init__(compact=True, select_on_focus=False)
        self.cursor_blink = False
        if placeholder:
            self.placeholder = one_line(placeholder)

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """One line stays one line, whatever is typed: no new layout of the dialog for every key (14 ms)."""
        return super().refresh(*regions, repaint=repaint, recompose=recompose)

    def _on_paste(self, event: events.Paste) -> None:
        """Many lines become one; control characters become visible marks."""
        event.stop()
        event.prevent_default()
        text = one_line(event.text.strip())
        if self.selection.is_empty:
            self.insert_text_at_cursor(text)
        else:
            self.replace(text, *self.selection)


class LineField(Line):
    """A line that is a field by itself."""

    def typed(self) -> str:
        return self.value

    def put(self, typed: Any) -> None:
        with self.prevent(Input.Changed):
            self.value = one_line(str(typed))
            self.cursor_position = len(self.value)

    def enter(self) -> Widget:
        return self

    def refreshed(self) -> None:
        """Nothing here depends on other fields."""

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(Edited())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Onward())


class LongField(TextArea):
    """Many lines: enter is a new line, tab goes on, the arrows leave at the first and last line."""

    DEFAULT_CSS = """
    LongField {
        height: auto; min-height: 4; max-height: 12; width: 1fr;
        border: none; padding: 0; background: $foreground 6%;
    }
    LongField:focus { border: none; background: $foreground 12%; }
    LongField.short { max-height: 7; }
    """

    def __init__(self) -> None:
        super().__init__(soft_wrap=True, tab_behavior="focus", show_line_numbers=False, compact=True)
        self.cursor_blink = False
        self.highlight_cursor_line = False

    def typed(self) -> str:
        return self.text

    def put(self, typed: Any) -> None:
        with self.prevent(TextArea.Changed):
            self.load_text(safe(str(typed)))
            self.move_cursor(self.document.end)

    def put_typed(self, text: str) -> None:
        """Other words, as if the person had typed them: they are kept as a draft, and ctrl+z brings the old ones back."""
        self.replace(safe(text), self.document.start, self.document.end)
        self.move_cursor(self.document.end)

    def enter(self) -> Widget:
        return self

    def refreshed(self) -> None:
        """Nothing here depends on other fields."""

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(Edited())

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        if result := self._replace_via_keyboard(safe(event.text), *self.selection):
            self.move_cursor(result.end_location)

    def action_cursor_up(self, select: bool = False) -> None:
        if (not select and self.get_cursor_up_location() == self.cursor_location) or self._at_edge(-1, select):
            self.post_message(Leaving(-1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        if self._at_edge(1, select):
            self.post_message(Leaving(1))
        else:
            super().action_cursor_down(select)

    def _at_edge(self, by: int, select: bool) -> bool:
        """Whether the cursor stands on the first or last line as drawn, wrapped lines counted."""
        if select:
            return False
        y = self.wrapped_document.location_to_offset(self.cursor_location).y
        return y == 0 if by < 0 else y >= self.wrapped_document.height - 1


class DayField(LineField):
    """A day or moment as people type it; the row under it says which one that is."""
