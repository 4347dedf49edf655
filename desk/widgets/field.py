"""A field of a dialog: its label, what is typed into, and under it what that means or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from db.text import one_line, safe
from db.words import language
from desk.action_fields import Field
from desk.widgets.wrap import pad, wrap


class Edited(Message):
    """Something was typed into a field."""


class Onward(Message):
    """Enter: this field is done, the next one please; on the last one, send."""


class Leaving(Message):
    """An arrow at the edge of a field: to the one before (-1) or after (1)."""

    def __init__(self, by: int) -> None:
        self.by = by
        super().__init__()


class Control(Protocol):
    """What can be typed into. The value is as typed: it may be stored as a draft at any moment and put back."""

    def typed(self) -> Any: ...

    def put(self, typed: Any) -> None: ...

    def enter(self) -> Widget:
        """The widget that takes the keys."""
        ...

    def refreshed(self) -> None:
        """Other fields changed: what it offers may be another list now."""
        ...


HINTED = frozenset({"choice", "dispatch", "checklist", "long", "outcomes"})
"""Kinds of field that have no room of their own for what to type."""

LABEL, LABEL_ENGLISH = 14, 18
"""Cells of the column of labels; English ones need more room."""

Note = Callable[[Any], str]
"""What a typed value means, as a sentence; "" if there is nothing to say."""


def plain(text: str, style: str = "") -> Content:
    """Safe text, never markup."""
    return Content.styled(safe(text), style) if style else Content(safe(text))


class FieldRow(Widget):
    """Label, control, and a line for what the typed value means or why it cannot be taken.

    Label and note are drawn here, not widgets: with a dozen rows those were half of what opening a dialog cost.
    """

    DEFAULT_CSS = f"""
    FieldRow {{ layout: vertical; height: auto; padding: 0 2 0 0; }}
    FieldRow > * {{ margin-left: {LABEL}; }}
    FieldRow.english > * {{ margin-left: {LABEL_ENGLISH}; }}
    """

    def __init__(self, field: Field, control: Widget, required: bool, note: Note | None = None) -> None:
        super().__init__()
        self.field = field
        self.inner = control
        self.note_of = note
        self.required = required
        self.room = LABEL_ENGLISH if language() == "en" else LABEL
        self.set_class(self.room == LABEL_ENGLISH, "english")
        self._wrong = ""
        self._noted = ""
        self._marked = ("", False)  # the label as drawn, and whether the keys are here
        self._put: tuple[Any, Any] = (None, None)  # what was put in, and as what the control holds it
        self._hint: tuple[Any, str] = (None, "")  # a suggested value, and what is said of it

    @property
    def control(self) -> Control:
        return cast("Control", self.inner)

    def put(self, typed: Any) -> None:
        self.control.put(typed)
        self._put = (typed, self.control.typed())

    def typed(self) -> Any:
        """What is typed; while untouched exactly what was put in, though a control shows outside text made safe."""
        given, held = self._put
        now = self.control.typed()
        return given if now == held else now

    def compose(self) -> ComposeResult:
        yield self.inner

    def on_mount(self) -> None:
        self.mark()
        self.explain()

    # drawing

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        control = super().get_content_height(container, viewport, width)
        return max(len(self._label()), control + len(self._note(width)))

    def render(self) -> Content:
        """The label in its column, and the note under the control."""
        label, note = self._label(), self._note(self.size.width)
        above = max(len(label) - len(note), self.inner.outer_size.height)
        lines = []
        for y in range(max(len(label), above + len(note))):
            left = label[y] if y < len(label) else ""
            line = Content.styled(pad(left, self.room - 1) + " ", "bold $warning" if self._marked[1] else "$faint")
            if 0 <= y - above < len(note):
                line += Content.styled(note[y - above], "bold $error" if self._wrong else "$faint")
            lines.append(line)
        return Content("\n").join(lines)

    def _label(self) -> list[str]:
        return wrap(self._marked[0], self.room - 1)  # a cell stays free before what is typed

    def _note(self, width: int) -> list[str]:
        return wrap(self._noted, max(8, width - self.room)) if self._noted else []

    def mark(self) -> None:
        """The label; a bar where the cursor is, for colour alone says nothing; a star for what must be filled in."""
        here = self.has_focus_within
        marked = (f"{'▌' if here else ' '} {one_line(self.field.label)}{'*' if self.required else ''}", here)
        if marked != self._marked:
            self._marked = marked
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click on the label or the note is one on the field."""
        if self.screen.get_widget_at(*event.screen_offset)[0] is self:
            self.screen.set_focus(self.control.enter())

    def on_descendant_focus(self) -> None:
        self.mark()
        self.explain()

    def on_descendant_blur(self) -> None:
        self.call_later(self._settle)

    def _settle(self) -> None:
        if self.is_attached:
            self.mark()
            self.explain()

    def complain(self, sentence: str) -> None:
        """Says under the field why it cannot be taken; "" takes that back."""
        self._wrong = sentence
        self.explain()

    def suggest(self, value: Any, said: str) -> None:
        """A suggestion with its reason; said while the field holds something else. It is not put in."""
        self._hint = (value, said)
        self.explain()

    def explain(self) -> None:
        said = self._wrong
        if not said and self.note_of:
            said = self.note_of(self.typed())
        if not said and self._hint[1] and self.typed() != self._hint[0]:
            said = self._hint[1]
        if not said and self.has_focus_within and self.field.kind in HINTED:
            said = self.field.hint
        noted = safe(f"✗ {said}" if self._wrong else said)
        if noted == self._noted:
            return
        width = self.size.width
        lines = len(self._note(width))
        self._noted = noted
        self.refresh(layout=len(self._note(width)) != lines)  # a new layout for every key would cost two frames

    def require(self, required: bool) -> None:
        """Whether it must be filled in may depend on another field."""
        if required != self.required:
            self.required = required
            self.mark()
