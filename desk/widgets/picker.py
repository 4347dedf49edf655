"""A line to type in with what fits under it: districts, topics, units, people. One value, or several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from db.text import one_line
from db.words import N_, _
from desk.widgets.field import Edited, Leaving, Onward
from desk.widgets.text_field import Line
from desk.widgets.wrap import pad


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be picked: its value, how it is called, and a quiet word beside it."""

    value: str
    label: str
    detail: str = ""


Offers = Callable[[str], Sequence[Option]]
"""What fits what is typed, best first; for "" what is offered unasked."""

Name = Callable[[str], str | None]
"""How a value is called; None if it is none."""

ROWS = 6


class Matches(Widget):
    """The options that fit, at most six at a time; `at` is the one that enter takes, -1 none."""

    DEFAULT_CSS = "Matches { height: auto; display: none; } Matches.open { display: block; }"

    def __init__(self) -> None:
        super().__init__()
        self.options: Sequence[Option] = ()
        self.at = -1
        self.said = ""

    def show(self, options: Sequence[Option], at: int, said: str = "") -> None:
        """`said`: what to say where nothing fits."""
        self.options, self.at, self.said = options, at, "" if options else said
        self.set_class(bool(options or self.said), "open")
        self.refresh(layout=True)

    def hide(self) -> None:
        self.show((), -1)

    @property
    def top(self) -> int:
        return max(0, min(self.at - ROWS // 2, len(self.options) - ROWS))

    @property
    def current(self) -> Option | None:
        return self.options[self.at] if 0 <= self.at < len(self.options) else None

    def render(self) -> Content:
        if self.said:
            return Content.styled(f"  {self.said}", "$error")
        top = self.top
        rows = []
        shown = self.options[top : top + ROWS]
        wide = max((cell_len(one_line(o.label)) for o in shown), default=0)
        for i, option in enumerate(shown, top):
            here = i == self.at
            label = pad(one_line(option.label), wide)
            mark = "▸ " if here else "  "
            rows.append(
                Content.assemble(
                    (mark + label, "bold $warning" if here else "$faint"),
                    ("  " + one_line(option.detail) if option.detail else "", "$faint"),
                )
            )
        rest = len(self.options) - len(shown)
        if rest > 0:
            rows.append(Content.styled(f"  … +{rest}", "$faint"))
        return Content("\n").join(rows)

    def on_click(self, event: events.Click) -> None:
        at = self.top + event.y
        if at < len(self.options):
            self.at = at
            self.post_message(Taken())


class Taken(Onward):
    """An option was pointed at with the mouse."""


class PickLine(Line):
    """The picker's line: arrows, tab and enter mean the list first."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "pick(-1)", show=False, tooltip=N_("the one above in the list")),
        Binding(
            "down",
            "pick(1)",
            show=False,
            tooltip=N_("the one below in the list; enter or tab takes it, a blank shows all"),
        ),
        Binding("pageup", "pick(-6)", show=False),
        Binding("pagedown", "pick(6)", show=False),
        Binding("backspace", "rub_out", show=False, tooltip=N_("a character; of a chosen place or topic, all of it")),
    ]

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """= and + may take a suggestion (`desk/screens/form_hints.py`); no name of a place or topic holds them."""
        return key not in ("equals_sign", "plus") and super().check_consume_key(key, character)

    def action_pick(self, by: int) -> None:
        parent = self.parent
        assert isinstance(parent, PickerField)
        parent.move(by)

    async def _on_key(self, event: events.Key) -> None:
        parent = self.parent
        assert isinstance(parent, PickerField)
        if event.key == "space" and not self.value:
            event.stop()
            event.prevent_default()
            parent.browse()
            return
        if event.is_printable and parent.value and parent.eager:
            self.value = ""  # a chosen value is replaced as a whole, not edited

    def action_rub_out(self) -> None:
        """Backspace: a character; a chosen value as a whole; on an empty line what was added last."""
        parent = self.parent
        assert isinstance(parent, PickerField)
        if not self.value:
            parent.take_back()
        elif parent.value and parent.eager:
            self.value = ""
        else:
            self.action_delete_left()

    def on_blur(self) -> None:
        parent = self.parent
        assert isinstance(parent, PickerField)
        parent.left()


class PickerField(Widget):
    """One value. What is typed filters; enter or tab takes the option marked ▸; space on an empty line browses.

    With `free`, words that fit nothing are taken as they are, and the list marks nothing by itself; with `eager` it marks
    the first that fits all the same, for then what fits is meant.
    """

    DEFAULT_CSS = "PickerField { height: auto; width: 1fr; layout: vertical; }"

    def __init__(
        self, offers: Offers, name: Name, *, free: bool = False, eager: bool = False, placeholder: str = ""
    ) -> None:
        super().__init__()
        self.offers = offers
        self.name_of = name
        self.free = free
        self.eager = eager or not free
        self.value = ""
        self.line = PickLine(placeholder)
        self.matches = Matches()

    def compose(self) -> ComposeResult:
        yield self.line
        yield self.matches

    def typed(self) -> Any:
        return self.value or self.line.value

    def put(self, typed: Any) -> None:
        name = self.name_of(str(typed)) if typed else ""
        self.value = str(typed) if name is not None else ""
        self._write(name if name is not None else str(typed))
        self.matches.hide()

    def _write(self, text: str) -> None:
        with self.prevent(Input.Changed):
            self.line.value = one_line(text)
            self.line.cursor_position = len(self.line.value)

    def enter(self) -> Widget:
        return self.line

    def refreshed(self) -> None:
        if self.line.has_focus:
            self.offer()

    def offer(self) -> None:
        """Shows what fits; nothing once a value stands."""
        if self.value:
            self.matches.hide()
            return
        typed = self.line.value.strip()
        options = self.offers(typed)
        nothing = self._nothing(typed) if typed and not self.free else ""
        self.matches.show(options, 0 if typed and options and self.eager else -1, nothing)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.value = ""
        self.offer()
        self.post_message(Edited())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.entered()

    def entered(self) -> None:
        """Enter: takes what is marked and goes on; stays where nothing fits."""
        if self.accept() or self.value or self.free or not self.line.value.strip():
            self.post_message(Onward())

    def on_taken(self, event: Taken) -> None:
        event.stop()
        self.accept()
        self.line.focus()

    def accept(self) -> bool:
        """Takes the marked option; False if none is marked."""
        option = self.matches.current
        if option is None:
            return False
        self.take(option)
        return True

    def take(self, option: Option) -> None:
        self.value = option.value
        self._write(option.label)
        self.matches.hide()
        self.post_message(Edited())

    def move(self, by: int) -> None:
        """Through the list where it is in use, else out of the field."""
        m = self.matches
        if not m.options or (m.at < 0 and not self.line.value):
            self.post_message(Leaving(1 if by > 0 else -1))
        elif m.at + by < 0 and m.at <= 0:
            self.post_message(Leaving(-1))
        elif m.at + by >= len(m.options) and m.at == len(m.options) - 1:
            self.post_message(Leaving(1))
        else:
            m.show(m.options, min(max(0, m.at + by), len(m.options) - 1))

    def browse(self) -> None:
        """Space on an empty line: all there is, the first one marked."""
        options = self.offers("")
        self.matches.show(options, 0 if options else -1)

    def take_back(self) -> None:
        """Backspace on an empty line."""

    def settle(self) -> None:
        """What was marked while typing is taken, as tab does in any shell."""
        if self.line.value.strip() and not self.value:
            self.accept()

    def left(self) -> None:
        """The keys went elsewhere. What fits nothing stays there, and so does the sentence that says so."""
        self.settle()
        typed = self.line.value.strip()
        self.matches.show((), -1, "" if self.value or self.free or not typed else self._nothing(typed))

    @staticmethod
    def _nothing(typed: str) -> str:
        return _("Nothing fits “{typed}”.", typed=one_line(typed))

    def on_descendant_focus(self) -> None:
        self.offer()


class SeveralField(PickerField):
    """Several values: enter adds, backspace on the empty line takes the last one away."""

    DEFAULT_CSS = (
        "SeveralField > .chips { height: auto; display: none; } SeveralField.some > .chips { display: block; }"
    )

    def __init__(self, offers: Offers, name: Name, *, free: bool = False, placeholder: str = "") -> None:
        super().__init__(offers, name, free=free, placeholder=placeholder)
        self.values: list[str] = []
        self.chips = Static(classes="chips")

    def compose(self) -> ComposeResult:
        yield self.chips
        yield from super().compose()

    def typed(self) -> list[str]:
        unfinished = self.line.value.strip()
        return [*self.values, *([unfinished] if unfinished else [])]

    def put(self, typed: Any) -> None:
        self.values = [str(v) for v in typed if self.free or self.name_of(str(v)) is not None]
        self._write("".join(str(v) for v in typed if str(v) not in self.values))
        self._chips()

    def _chips(self) -> None:
        names = [one_line(self.name_of(v) or v) for v in self.values]
        self.chips.update(Content("  ").join(Content.styled(f"✓ {n}", "bold $warning") for n in names))
        self.set_class(bool(names), "some")

    def entered(self) -> None:
        """Enter: adds; on an empty line the field is done."""
        if not self.accept() and not self.line.value.strip():
            self.post_message(Onward())

    def accept(self) -> bool:
        if super().accept():
            return True
        typed = self.line.value.strip()
        if self.free and typed:
            self.take(Option(typed, typed))
            return True
        return False

    def take(self, option: Option) -> None:
        if option.value not in self.values:
            self.values.append(option.value)
        self._write("")
        self.matches.hide()
        self._chips()
        self.post_message(Edited())

    def take_back(self) -> None:
        if self.values:
            self.values.pop()
            self._chips()
            self.post_message(Edited())

    def offer(self) -> None:
        super().offer()
        if self.matches.options and self.values:
            rest = [o for o in self.matches.options if o.value not in self.values]
            self.matches.show(rest, min(self.matches.at, len(rest) - 1))
