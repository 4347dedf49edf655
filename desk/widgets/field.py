"""A field of a dialog: its label, what is typed into, and under it what that means or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from db.text import one_line, safe
from db.words import language
from desk.action_fields import Field


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

Note = Callable[[Any], str]
"""What a typed value means, as a sentence; "" if there is nothing to say."""


def plain(text: str, style: str = "") -> Content:
    """Safe text, never markup."""
    return Content.styled(safe(text), style) if style else Content(safe(text))


class FieldRow(Widget):
    """Label, control, and a line for what the typed value means or why it cannot be taken."""

    DEFAULT_CSS = """
    FieldRow { layout: grid; grid-size: 2; grid-columns: 14 1fr; grid-rows: auto; height: auto; padding: 0 2 0 0; }
    FieldRow.english { grid-columns: 18 1fr; }
    FieldRow > .label { width: 1fr; height: auto; color: $foreground 70%; }
    FieldRow:focus-within > .label { color: $warning; text-style: bold; }
    FieldRow > .cell { height: auto; layout: vertical; }
    FieldRow .note { height: auto; color: $foreground 55%; display: none; }
    FieldRow .note.said { display: block; }
    FieldRow .note.wrong { display: block; color: $error; text-style: bold; }
    """

    def __init__(self, field: Field, control: Widget, required: bool, note: Note | None = None) -> None:
        super().__init__()
        self.field = field
        self.inner = control
        self.note_of = note
        self.required = required
        self._label = Static(classes="label")
        self._note = Static(classes="note")
        self._wrong = ""
        self._drawn: tuple[str, bool] | None = None
        self._marked = ""
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
        yield self._label
        with Widget(classes="cell"):
            yield self.inner
            yield self._note

    def on_mount(self) -> None:
        self.set_class(language() == "en", "english")  # English labels need more room
        self.mark()
        self.explain()

    def mark(self) -> None:
        """The label; a bar where the cursor is, for colour alone says nothing; a star for what must be filled in."""
        bar = "▌" if self.has_focus_within else " "
        star = "*" if self.required else ""
        label = f"{bar} {one_line(self.field.label)}{star}"
        if label != self._marked:
            self._marked = label
            self._label.update(Content(label), layout=False)

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
        if (said, bool(self._wrong)) == self._drawn:
            return  # a new layout for every key would cost two frames
        self._drawn = (said, bool(self._wrong))
        self._note.set_class(bool(said), "said")
        self._note.set_class(bool(self._wrong), "wrong")
        self._note.update(plain(f"✗ {said}" if self._wrong else said))

    def require(self, required: bool) -> None:
        """Whether it must be filled in may depend on another field."""
        if required != self.required:
            self.required = required
            self.mark()
