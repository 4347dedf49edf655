"""One dialog for every decision: asks, keeps what is typed, shows what it brings, and only then writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from db.clock import day_of, now_ms
from db.text import one_line
from db.words import N_, _
from desk.deciding.blank import Ask, Blank, Read
from desk.drafting import Drafting
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel, SendLine
from desk.widgets.choice_field import ChoiceField, FlagField
from desk.widgets.field import Edited, FieldRow, Leaving, Onward, plain
from desk.widgets.foot import Foot
from desk.widgets.picker import Option, PickerField, SeveralField
from desk.widgets.sheet import BLANK, Line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.text_field import DayField, LineField, LongField

if TYPE_CHECKING:
    from db.commands import Command
    from desk.action_fields import Field
    from desk.shelf import Shelf

NEWSROOM = "newsroom"
"""Under this instead of a letter half-filled blanks are kept."""


class AskRow(FieldRow):
    """A question of a blank: of a field it has what a row draws (name, kind, label, hint)."""

    def __init__(self, ask: Ask, control: Widget, note: Callable[[Any], str] | None) -> None:
        super().__init__(cast("Field", ask), control, ask.required, note)
        self.ask = ask


def control(ask: Ask) -> Widget:
    """What a question is typed into."""
    match ask.kind:
        case "long":
            return LongField()
        case "choice":
            return ChoiceField(lambda: ask.options, may_be_empty=not ask.required)
        case "flag":
            return FlagField(ask.hint)
        case "day":
            return DayField(ask.hint)
        case "district":
            return PickerField(_districts, _district_name, placeholder=ask.hint)
        case "districts":
            return SeveralField(_districts, _district_name, placeholder=ask.hint)
        case _:
            return LineField(ask.hint)


def _districts(typed: str) -> Sequence[Option]:
    from db import places

    found = places.load().filter(typed, day_of(now_ms()))
    return [Option(d.code, d.name, f"{d.initials} {d.code}") for d in found]


def _district_name(code: str) -> str | None:
    from db import places

    division = places.load().get(code)
    return division.name if division else None


class SettingsForm(Dialog["str | None"]):
    """Dismissed with the sentence of what was done, or None when left; what was typed is kept then."""

    DEFAULT_CSS = (
        f"SettingsForm {{ {LAYOUT} }} SettingsForm Panel FieldRow {{ margin-bottom: 0; grid-columns: 22 1fr; }}"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s,ctrl+enter",
            "send",
            show=False,
            priority=True,
            tooltip=N_("see what it brings, then decide"),
            id="decide.send",
        ),
        Binding(
            "escape",
            "leave",
            show=False,
            priority=True,
            tooltip=N_("leave; what is typed is kept and comes back"),
            id="decide.leave",
        ),
        Binding(
            "ctrl+r", "discard", show=False, priority=True, tooltip=N_("throw away what was typed"), id="decide.discard"
        ),
        Binding("tab", "step(1)", show=False, priority=True, tooltip=N_("the next field"), id="decide.next"),
        Binding(
            "shift+tab", "step(-1)", show=False, priority=True, tooltip=N_("the field before"), id="decide.previous"
        ),
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
    ]

    def __init__(self, shelf: Shelf, blank: Blank) -> None:
        super().__init__()
        self.shelf = shelf
        self.blank = blank
        self.values: dict[str, Any] = {ask.name: ask.first for ask in blank.asks}
        self.drafting = Drafting(shelf.store, NEWSROOM, blank.draft)
        self.draft = self.drafting.begin(self.values)
        self.rows: list[AskRow] = []
        self.said = Static(classes="said")
        self.send_line = SendLine(_("Look at what it brings"))

    def compose(self) -> ComposeResult:
        self.rows = [AskRow(ask, control(ask), _day_note if ask.kind == "day" else None) for ask in self.blank.asks]
        with Panel():
            yield Static(Content.styled(one_line(self.blank.title), "bold $warning"), classes="head")
            if self.blank.about:
                yield Static(Content.styled(one_line(self.blank.about), "$faint"), classes="head")
            self.body = VerticalScroll(*self.rows, can_focus=False)
            yield self.body
            yield self.said
            yield self.send_line

    def on_mount(self) -> None:
        if self.draft is not None:
            self.values |= {name: value for name, value in self.draft.items() if name in self.values}
            self.say(_("Your draft is back; ctrl+r starts anew."), "kept")
        self._put()
        self.set_focus(self.rows[0].control.enter())

    def on_resize(self) -> None:
        height = self.app.size.height
        self.set_class(height < 30, "low")
        self.body.styles.max_height = max(4, height - 8)

    def _put(self) -> None:
        for row in self.rows:
            with self.prevent(Edited):
                row.put(self.values[row.ask.name])
            row.complain("")

    def say(self, text: str, tone: str = "") -> None:
        self.said.set_classes(f"said {tone}")
        sign = {"bad": "✗ ", "kept": "✎ "}.get(tone, "")
        self.said.update(plain(sign + text) if text else Content(""))
        self.said.display = bool(text)

    # keys

    def action_step(self, by: int) -> None:
        stops: list[Widget] = [*(row.control.enter() for row in self.rows), self.send_line]
        at = next((i for i, row in enumerate(self.rows) if row.has_focus_within), len(stops) - 1)
        self.set_focus(stops[(at + by) % len(stops)])  # at once: what was typed ahead belongs there

    def on_onward(self, event: Onward) -> None:
        event.stop()
        if self.send_line.has_focus or self.rows[-1].has_focus_within:
            self.action_send()
        else:
            self.action_step(1)

    def on_leaving(self, event: Leaving) -> None:
        event.stop()
        self.action_step(event.by)

    def on_edited(self, event: Edited) -> None:
        event.stop()
        self._read_typed()
        for row in self.rows:
            row.complain("") if row.has_focus_within else row.explain()

    def _read_typed(self) -> None:
        self.values = {row.ask.name: row.typed() for row in self.rows}

    def keep(self) -> None:
        """Writes what is typed as a draft; a store that cannot write says so."""
        from db.store_error import StoreError

        try:
            self.drafting.keep(self.values)
        except StoreError as e:
            self.say(e.sentence(), "bad")

    def action_discard(self) -> None:
        self.values = {ask.name: ask.first for ask in self.blank.asks}
        self._put()
        self.keep()
        self.say(_("The draft is gone; the dialog is as it was at first."))
        self.set_focus(self.rows[0].control.enter())

    def action_leave(self) -> None:
        self._read_typed()
        self.keep()
        self.dismiss(None)

    def action_send(self) -> None:
        """Reads the answers; decisions are looked at before they are made, one's own settings are simply set."""
        for picker in self.query(PickerField):
            picker.settle()
        self._read_typed()
        self.keep()
        read = self.blank.read(self.values)
        for row in self.rows:
            row.complain(read.wrong.get(row.ask.name, ""))
        if read.wrong:
            first = next((row for row in self.rows if row.ask.name in read.wrong), self.rows[0])
            self.set_focus(first.control.enter())
            self.say(
                _("Not done: {n} things are missing or unclear. What you typed is kept.", n=len(read.wrong)), "bad"
            )
        elif read.own is not None:
            self._set(read)
        elif not read.commands:
            self.say(_("Nothing is different from how it stands."), "bad")
        else:
            self.app.push_screen(look_before(self.shelf, list(read.commands)), self._decided)

    def _set(self, read: Read) -> None:
        assert read.own is not None
        if problem := self.shelf.likes.put(read.own.name, read.own.value):
            self.say(str(problem), "bad")
            return
        liked = getattr(self.app, "liked", None)
        if liked is not None:
            liked()
        self._decided(
            _("{name}: in force, and written into {file}.", name=self.blank.title, file=self.shelf.likes.path.name)
        )

    def _decided(self, said: str | None) -> None:
        if said is None:
            return
        self.drafting.drop()
        self.dismiss(said)


def _day_note(typed: Any) -> str:
    """Which day is meant, and its weekday."""
    from db.newsroom import default_calendar
    from db.words import term
    from desk.action_values import day_typed

    found = day_typed(str(typed), day_of(now_ms()), default_calendar())
    return f"{found.isoformat()} {term('weekday', str(found.weekday()))}" if found else ""


class Look(Dialog["str | None"]):
    """What decisions would bring, or why they may not stand. Dismissed with the sentence once they are written."""

    DEFAULT_CSS = (
        f"Look {{ {LAYOUT} }} Look SheetView {{ height: auto; min-height: 4; max-height: 20; }} "
        "Look .foot { padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "do", show=False, tooltip=N_("decide it"), id="look.do"),
        Binding("escape,q", "leave", show=False, tooltip=N_("back; nothing is decided"), id="look.leave"),
        Binding("j,down", "scroll(1)", show=False, tooltip=N_("a line down"), id="look.down"),
        Binding("k,up", "scroll(-1)", show=False, tooltip=N_("a line up"), id="look.up"),
        Binding("pagedown", "scroll(10)", show=False),
        Binding("pageup", "scroll(-10)", show=False),
    ]

    def __init__(
        self, shelf: Shelf, commands: Sequence[Command], told: Sequence[tuple[str, str]], refused: str
    ) -> None:
        super().__init__()
        self.shelf = shelf
        self.commands = list(commands)
        self.told = told
        self.refused = refused
        self.sheet = SheetView(self._lines)

    def compose(self) -> ComposeResult:
        foot = (
            _("enter decides it: saved here, to be sent · esc goes back")
            if not self.refused
            else _("esc goes back; what you typed is kept.")
        )
        with Panel():
            yield Static(Content.styled(_("What it brings"), "bold $warning"), classes="head")
            yield self.sheet
            yield Foot(Content.styled(foot, "$faint"))

    def on_mount(self) -> None:
        self.sheet.styles.height = min(20, max(4, len(self._lines(self.app.size.width - 12))))

    def _lines(self, width: int) -> list[Line]:
        lines = [part for text, role in self.told for part in paragraph(text, width, role)]
        if self.refused:
            lines += [BLANK, *paragraph("✗ " + self.refused, width, "late", bold=True)]
        return [*lines, BLANK]

    def action_scroll(self, by: int) -> None:
        self.sheet.scroll_by(by)

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_do(self) -> None:
        if self.refused:
            return
        from desk.deciding.doing import decide

        done, said, moved = decide(self.shelf, self.commands)
        if not done:
            self.refused = said
            self.sheet.tell()
            return
        if moved:
            from desk.messages import Changed

            self.app.post_message(Changed(moved))
        self.dismiss(said)


def look_before(shelf: Shelf, commands: Sequence[Command]) -> Look:
    """The preview of decisions: what stands and what would, from when, what it does to letters, what forbids it."""
    from desk.deciding.doing import brings, forbidden

    return Look(shelf, commands, brings(shelf, commands), forbidden(shelf, commands))
