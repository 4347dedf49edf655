"""`@`: a person's macros: run one on the letter in view, make one of what was just done, give it a key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from db.people import names
from db.text import one_line
from db.words import N_, _, term
from desk import macros
from desk.actions import BY_ID
from desk.macros import Course, Macro, Step
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.screens.preview import Preview
from desk.screens.twice import Twice
from desk.widgets.foot import Foot
from desk.widgets.name_line import Named, NameLine
from desk.widgets.sheet import BLANK, Line, line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from desk.action_fields import Field
    from desk.sending import Sent
    from desk.shelf import Shelf


def values_line(step: Step, people: Mapping[str, str]) -> str:
    """What a step carries, as a person reads it; what belongs to one letter alone is asked anew, so it is left out.
    `people`: names by id."""
    shown = (_value(field, step.said.get(field.name), people) for field in BY_ID[step.action].fields)
    return one_line(" · ".join(text for text in shown if text))


def _value(field: Field, typed: Any, people: Mapping[str, str]) -> str:
    if not typed or field.to in ("dispatch", "when") or field.kind in ("dispatch", "letter", "letters"):
        return ""
    if field.kind == "flag":
        return field.label
    values = typed if isinstance(typed, list) else [typed]
    return _("、").join(_named(field, value, people) for value in values)


def _named(field: Field, value: Any, people: Mapping[str, str]) -> str:
    """A code in the words of its list."""
    if field.kind in ("choice", "checklist"):
        return term(field.list or field.name, str(value))
    if field.kind in ("district", "districts"):
        from db import places

        return places.load().name(str(value))
    if field.kind == "person":
        return people.get(str(value), str(value))
    return "".join(map(str, value)) if isinstance(value, list) else str(value)


class Macros(Twice, Dialog["Macro | None"]):
    """Dismissed with the macro to run, or None. `taken`: keys of the queue that are no longer free."""

    DEFAULT_CSS = (
        f"Macros {{ {LAYOUT} }}"
        "Macros SheetView { height: auto; min-height: 3; max-height: 24; }"
        "Macros .foot { height: auto; padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,at", "leave", show=False, tooltip=N_("back"), id="macros.leave"),
        Binding("enter", "choose", show=False, tooltip=N_("show what it would do, before it does"), id="macros.choose"),
        Binding("j,down", "move(1)", show=False, tooltip=N_("the next line"), id="macros.down"),
        Binding("k,up", "move(-1)", show=False, tooltip=N_("the line before"), id="macros.up"),
        Binding("space", "tick", show=False, tooltip=N_("tick a step the new macro is made of"), id="macros.tick"),
        Binding("n", "record", show=False, tooltip=N_("make one of what was just done"), id="macros.record"),
        Binding("b", "bind", show=False, tooltip=N_("give it a key"), id="macros.bind"),
        Binding("r", "rename", show=False, tooltip=N_("another name for it"), id="macros.rename"),
        Binding("d", "remove", show=False, tooltip=N_("take it away"), id="macros.remove"),
    ]

    def __init__(self, shelf: Shelf, taken: Collection[str]) -> None:
        super().__init__()
        self.shelf = shelf
        self.taken = taken
        self.macros = macros.load(shelf.store)
        self.people = names(shelf.store)
        self.at = 0
        self.recording: list[Step] = []  # what was done lately, while a macro is made of it
        self.ticked: set[int] = set()
        self.renames: str | None = None
        self.binding_key = False
        self.sheet = SheetView(self._lines)
        self.name_line = NameLine()
        self.said = Foot()

    def compose(self) -> ComposeResult:
        with Panel():
            yield Static(Content.styled(_("Macros"), "bold $warning"), classes="head")
            yield self.sheet
            yield self.name_line
            yield self.said

    def on_mount(self) -> None:
        self._tell()

    # drawing

    def _lines(self, width: int) -> list[Line]:
        if self.recording:
            return [self._step(i, s, width) for i, s in enumerate(self.recording)]
        if not self.macros:
            return paragraph(_("None yet: do to one letter what you often do, then press n here."), width, "faint")
        lines = []
        for i, m in enumerate(self.macros):
            steps = " → ".join(term("action", s.action) for s in m.steps)
            lines.append(
                line(
                    ("▌" if i == self.at else " ", "seal"),
                    (pad(m.key or "–", 4), "amber"),
                    (pad(one_line(m.name), 20) + " ", "strong" if i == self.at else "ink"),
                    (pad(steps, max(10, width - 28)), "faint"),
                    bold=i == self.at,
                )
            )
        return lines

    def _step(self, i: int, step: Step, width: int) -> Line:
        return line(
            ("▌" if i == self.at else " ", "seal"),
            ("[x] " if i in self.ticked else "[ ] ", "amber"),
            (pad(term("action", step.action), 12) + " ", "strong"),
            (pad(values_line(step, self.people), max(10, width - 20)), "faint"),
        )

    def _tell(self, text: str = "") -> None:
        rows = len(self.recording) if self.recording else len(self.macros)
        self.sheet.styles.height = max(3, min(24, rows))
        self.sheet.tell()
        keys = _("enter shows what it would do · n makes one of what was just done · b key · r name · d away · esc")
        if self.recording:
            keys = _("space ticks the steps it is made of · enter names it · esc leaves it")
        self.said.update(Content.styled(text or keys, "$warning" if text else "$faint"))

    # keys

    def action_leave(self) -> None:
        if self.recording:
            self.recording, self.at = [], 0
            self._tell()
        else:
            self.dismiss(None)

    def action_move(self, by: int) -> None:
        rows = len(self.recording) if self.recording else len(self.macros)
        self.at = min(max(0, self.at + by), max(0, rows - 1))
        self.spare()
        self.sheet.tell()

    def action_choose(self) -> None:
        if self.recording:
            if self.ticked:
                self._ask_name("")
            else:
                self._tell(_("Tick at least one step with space."))
        elif self.macros:
            self.dismiss(self.macros[self.at])

    def action_record(self) -> None:
        self.recording = macros.lately(self.shelf.store, self.shelf.actor)
        if not self.recording:
            self._tell(_("Nothing was done yet that a macro could be made of."))
            return
        self.at = len(self.recording) - 1
        self.ticked = {self.at}
        self._tell()

    def action_tick(self) -> None:
        if self.recording:
            self.ticked ^= {self.at}
            self.sheet.tell()

    def action_rename(self) -> None:
        if self.macros and not self.recording:
            self._ask_name(self.macros[self.at].name)

    def action_remove(self) -> None:
        if self.macros and not self.recording:
            gone = self.macros[self.at]
            if not self.sure(gone, gone.name):
                return
            self._keep([m for i, m in enumerate(self.macros) if i != self.at])

    def action_bind(self) -> None:
        if self.macros and not self.recording:
            self.binding_key = True
            self._tell(_("Press the key that shall run it; esc takes its key away."))

    def on_key(self, event: events.Key) -> None:
        if not self.binding_key:
            return
        event.stop()
        event.prevent_default()
        self.binding_key = False
        if event.key == "escape":
            self._give("")
        elif event.key in self.taken or any(m.key == event.key for m in self.macros):
            self._tell(_("“{key}” does something else already. Press b and choose another.", key=event.key))
        else:
            self._give(event.key)

    def _give(self, key: str) -> None:
        self._keep([replace(m, key=key) if i == self.at else m for i, m in enumerate(self.macros)])

    def _ask_name(self, before: str) -> None:
        self.renames = before
        self.name_line.ask(before)
        self._tell(_("A name for the macro, then enter; esc leaves it."))

    def on_named(self, event: Named) -> None:
        """Back to the macros, with a new or changed name or (``) with nothing changed."""
        name = event.name
        self.name_line.put_away()
        before, self.renames = self.renames, None
        if not name:
            self._tell()
        elif before:
            self._keep([replace(m, name=name) if m.name == before else m for m in self.macros])
        else:
            steps = tuple(self.recording[i] for i in sorted(self.ticked))
            self.recording = []
            self._keep([*(m for m in self.macros if m.name != name), Macro(name, steps)])
            self.at = len(self.macros) - 1
            self._tell()

    def _keep(self, made: list[Macro]) -> None:
        from db.store_error import StoreError

        try:
            macros.keep(self.shelf.store, made)
        except StoreError as e:
            self._tell(e.sentence())
            return
        self.macros = made
        self.at = min(self.at, max(0, len(made) - 1))
        self._tell()


def course_lines(course: Course, people: Mapping[str, str], width: int) -> list[Line]:
    """Each step: what it does and says, the state before and after, or why it stops there."""
    lines: list[Line] = []
    for nr, seen in enumerate(course.steps, 1):
        states = term("state", seen.before.state)
        if seen.after is not None and seen.after.state != seen.before.state:
            states += " → " + term("state", seen.after.state)
        sign = ("✓ ", "leaf") if seen.after is not None else ("? ", "today") if seen.asks else ("✗ ", "late")
        lines.append(line((f"{nr} ", "faint"), sign, (pad(seen.action.label, 12) + " ", "strong"), (states, "water")))
        lines += paragraph(values_line(Step(seen.action.id, seen.said), people), width - 6, "faint", indent=6)
        if seen.why:
            lines += paragraph(seen.why, width - 6, "today", indent=6)
    return lines


def step_lines(macro: Macro, people: Mapping[str, str], width: int) -> list[Line]:
    """Each step with the values it carries, before it is done to several letters."""
    lines: list[Line] = []
    for nr, step in enumerate(macro.steps, 1):
        label = pad(term("action", step.action), 12) + " "
        lines.append(
            line((f"{nr} ", "faint"), (label, "strong"), (pad(values_line(step, people), max(8, width - 16)), "faint"))
        )
    return [*lines, BLANK]


def look_before(macro: Macro, found: Sequence[Course], people: Mapping[str, str], run: Callable[[], Sent]) -> Preview:
    """A macro on several letters: its steps, which letters they change, which are left out and why."""
    return Preview(
        one_line(macro.name),
        macros.plan(found),
        lambda _told: run(),
        above=lambda width: step_lines(macro, people, width),
    )


class CoursePreview(Dialog[bool]):
    """Dismissed with True once the person says so."""

    DEFAULT_CSS = f"CoursePreview {{ {LAYOUT} }} CoursePreview SheetView {{ height: 16; }} CoursePreview .foot {{ padding: 0 2; }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "do", show=False, tooltip=N_("do it"), id="course.do"),
        Binding("escape,q", "leave", show=False, tooltip=N_("back; nothing is done"), id="course.leave"),
        Binding("j,down", "scroll(1)", show=False, tooltip=N_("a line down"), id="course.down"),
        Binding("k,up", "scroll(-1)", show=False, tooltip=N_("a line up"), id="course.up"),
    ]

    def __init__(self, course: Course, title: str, people: Mapping[str, str]) -> None:
        super().__init__()
        self.course = course
        self.title_ = title
        self.sheet = SheetView(lambda width: course_lines(course, people, width))

    def compose(self) -> ComposeResult:
        head = Content.assemble((one_line(self.course.macro.name), "bold $warning"), ("  " + self.title_, "bold"))
        stop = self.course.stop
        if stop is None:
            foot = _("enter does all of it in one step that u takes back · esc: nothing is done")
        elif stop.asks:
            foot = _("enter does the steps before it and opens its dialog · esc: nothing is done")
        else:
            foot = _("It cannot be done here, so none of it is. esc goes back.")
        with Panel():
            yield Static(head, classes="head")
            yield self.sheet
            yield Foot(Content.styled(foot, "$faint"))

    def action_scroll(self, by: int) -> None:
        self.sheet.scroll_by(by)

    def action_leave(self) -> None:
        self.dismiss(False)

    def action_do(self) -> None:
        if self.course.runs:
            self.dismiss(True)
