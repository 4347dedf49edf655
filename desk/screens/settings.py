"""`,`: what one likes and what the newsroom decides, list by list, with a key for each thing to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from db.initials import initials
from db.model import Refusal, Role
from db.words import N_, _, term
from desk.deciding.blank import Blank
from desk.deciding.lists import SECTIONS, Answer, Row, View
from desk.screens.dialog import Dialog
from desk.theme import chosen
from desk.widgets.foot import Foot
from desk.widgets.sheet import BLANK, Line, line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.text_field import LineField
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from desk.deciding.lists import Section
    from desk.shelf import Shelf

DETAILS = 6
"""Lines under the list for what is told of the row under the cursor."""


class FilterLine(LineField):
    """What the list shows while it is typed; its own keys are few."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, tooltip=N_("all lines again"), id="settings.unfilter")
    ]

    def action_leave(self) -> None:
        screen = self.screen
        assert isinstance(screen, SettingsScreen)
        screen.unfilter()


def _fits(row: Row, wanted: str) -> bool:
    """Whether a row's words, or the initials of their pinyin, hold what is looked for."""
    if not wanted:
        return True
    text = " ".join(row.cells).casefold()
    return wanted in text or (wanted.isascii() and any(wanted in initials(cell) for cell in row.cells))


class SettingsScreen(Dialog[None]):
    """Numbers switch the lists, j and k move, n e d make, change and end; nothing is decided without a look at what it brings."""

    covers = True

    DEFAULT_CSS = """
    SettingsScreen { background: $background; layout: vertical; }
    SettingsScreen .tabs { height: auto; padding: 0 1; background: $panel; }
    SettingsScreen .rows { height: 1fr; margin-top: 1; }
    SettingsScreen .told { height: 6; }
    SettingsScreen .foot { height: auto; max-height: 3; padding: 0 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,comma", "leave", show=False, tooltip=N_("back"), id="settings.close"),
        Binding("j,down", "move(1)", show=False, tooltip=N_("the next line"), id="settings.down"),
        Binding("k,up", "move(-1)", show=False, tooltip=N_("the line before"), id="settings.up"),
        Binding("pagedown,ctrl+d,ctrl+f", "page(1)", show=False, tooltip=N_("a page down"), id="settings.page_down"),
        Binding("pageup,ctrl+u,ctrl+b", "page(-1)", show=False, tooltip=N_("a page up"), id="settings.page_up"),
        Binding("g,home", "move(-9999)", show=False, tooltip=N_("the first line"), id="settings.top"),
        Binding("G,end", "move(9999)", show=False, tooltip=N_("the last line"), id="settings.bottom"),
        Binding(
            "tab,right,l", "section(1)", show=False, tooltip=N_("the next list (also its number)"), id="settings.next"
        ),
        Binding("shift+tab,left,h", "section(-1)", show=False, tooltip=N_("the list before"), id="settings.previous"),
        Binding("slash", "filter", show=False, tooltip=N_("only lines that hold what is typed"), id="settings.filter"),
        Binding("n", "add", show=False, tooltip=N_("a new entry"), id="settings.add"),
        Binding("enter,e", "change", show=False, tooltip=N_("change this entry"), id="settings.change"),
        Binding("d", "end", show=False, tooltip=N_("end this entry, from a day on"), id="settings.end"),
        Binding("ctrl+o", "file", show=False, tooltip=N_("your own settings file, in your editor"), id="settings.file"),
        *(Binding(str(n), f"to({n - 1})", show=False) for n in range(1, len(SECTIONS) + 1)),
    ]

    def __init__(self, shelf: Shelf, section: str = "own") -> None:
        """Raises StoreError."""
        super().__init__()
        self.shelf = shelf
        self.view = View(shelf)
        self.at_of = dict.fromkeys((s.id for s in SECTIONS), 0)
        self.section: Section = next(s for s in SECTIONS if s.id == section)
        self.rows: list[Row] = []
        self.filter_line = FilterLine(_("what to look for; enter keeps it, esc takes it away"))
        self.tabs = Foot(joint="  ", classes="tabs")
        self.list = SheetView(self._lines, "paper")
        self.told = SheetView(self._details, "paper")
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        self.list.add_class("rows")
        self.told.add_class("told")
        yield self.tabs
        yield self.list
        yield self.told
        yield self.filter_line
        yield self.foot

    def on_mount(self) -> None:
        self.filter_line.display = False
        self.refill()

    def on_resize(self) -> None:
        self._in_view()

    # drawing

    @property
    def at(self) -> int:
        return self.at_of[self.section.id]

    @property
    def row(self) -> Row | None:
        return self.rows[self.at] if self.at < len(self.rows) else None

    def refill(self, said: str = "", tone: str = "") -> None:
        """The list as it is now; a store that cannot be read says so."""
        from db.store_error import StoreError

        try:
            self.view.reread()
            wanted = self.filter_line.value.strip().casefold()
            self.rows = [row for row in self.section.rows(self.view) if _fits(row, wanted)]
        except StoreError as e:
            said, tone = e.sentence(), "bad"
        self.at_of[self.section.id] = min(self.at, max(0, len(self.rows) - 1))
        self.tell(said, tone)

    def tell(self, said: str = "", tone: str = "") -> None:
        """Tabs, list, details and foot; `said` stands in the foot until the next key."""
        self.tabs.update(Content("  ").join(self._tab(n, s) for n, s in enumerate(SECTIONS, 1)))
        self.list.tell()
        self._in_view()
        self.told.tell()
        style = {"bad": "bold $error", "good": "bold $success", "warn": "bold $warning"}.get(tone, "$faint")
        self.foot.update(Content.styled(said or self._keys(), style if said else "$faint"))

    def _tab(self, n: int, section: Section) -> Content:
        here = section.id == self.section.id
        return Content.styled(f"{n} {term('settings', section.id)}", chosen(self.app.theme) if here else "$faint")

    def _keys(self) -> str:
        s = self.section
        parts = [
            _("n new") if s.add else "",
            _("enter changes") if s.change else "",
            _("d ends or cancels") if s.end else "",
            _("ctrl+o opens the file") if s.own else "",
            _("/ filters"),
            _("1–{n} lists · ? all keys · esc", n=len(SECTIONS)),
        ]
        return " · ".join(part for part in parts if part)

    def _lines(self, width: int) -> list[Line]:
        if not self.rows:
            return paragraph(_("Nothing was decided here yet."), width, "faint")
        return [self._row(i, row, width) for i, row in enumerate(self.rows)]

    def _row(self, i: int, row: Row, width: int) -> Line:
        here = i == self.at
        widths = [*self.section.widths[: len(row.cells) - 1]]
        rest = max(8, width - sum(widths) - len(widths) * 2 - 2)
        cells = [pad(cell, w) + "  " for cell, w in zip(row.cells, [*widths, rest], strict=False)]
        role = "strong" if here and row.role == "ink" else row.role
        roles = ["faint" if row.role == "ink" and n == 0 and not here else role for n in range(len(cells))]
        return line(("▌ " if here else "  ", "seal"), *zip(cells, roles, strict=True), bold=here)

    def _details(self, width: int) -> list[Line]:
        if self.row is None:
            return []
        told = [part for text in self.row.details for part in paragraph(text, width, "faint")]
        return [BLANK, *told[: DETAILS - 1]]

    def _in_view(self) -> None:
        top, height = self.list.top, max(1, self.list.size.height)
        self.list.scroll_by(min(0, self.at - top) or max(0, self.at - top - height + 1))

    # keys

    def action_move(self, by: int) -> None:
        self.at_of[self.section.id] = min(max(0, self.at + by), max(0, len(self.rows) - 1))
        self.tell()

    def action_page(self, by: int) -> None:
        self.action_move(by * max(1, self.list.size.height - 1))

    def action_leave(self) -> None:
        """Out of the filter first, then out of the screen."""
        if self.filter_line.value:
            self.unfilter()
        else:
            self.dismiss(None)

    def action_filter(self) -> None:
        self.filter_line.display = True
        self.set_focus(self.filter_line)

    def unfilter(self) -> None:
        self.filter_line.value = ""
        self.filter_line.display = False
        self.set_focus(None)
        self.refill()

    def on_edited(self) -> None:
        self.at_of[self.section.id] = 0
        self.refill()

    def on_onward(self) -> None:
        """Enter: the filter stays, the keys are the list's again."""
        if not self.filter_line.value:
            self.filter_line.display = False
        self.set_focus(None)

    def action_to(self, n: int) -> None:
        self.filter_line.value = ""
        self.filter_line.display = False
        self.section = SECTIONS[n]
        self.list.top = 0
        self.refill()

    def action_section(self, by: int) -> None:
        self.action_to((SECTIONS.index(self.section) + by) % len(SECTIONS))

    def action_add(self) -> None:
        if self.section.add is None:
            self.tell(_("Nothing is added to this list: enter changes what is there."), "warn")
        elif self._may():
            self._answer(self.section.add(self.view))

    def action_change(self) -> None:
        if self.section.change is None:
            hint = (
                _("n reads a year's notice.") if self.section.add else _("The log only grows; the other lists decide.")
            )
            self.tell(hint, "warn")
        elif self.row is not None and self._may():
            self._answer(self.section.change(self.view, self.row))

    def action_end(self) -> None:
        if self.section.end is None:
            self.tell(_("Nothing of this list ends."), "warn")
        elif self.row is not None and self._may():
            self._answer(self.section.end(self.view, self.row))

    def _may(self) -> bool:
        """The newsroom's decisions are a supervisor's."""
        if self.section.own or self.shelf.actor.role is Role.SUPERVISOR:
            return True
        from db.sentences import say

        self.tell(say(Refusal("supervisor_only", {"kind": "configured"})), "warn")
        return False

    def _answer(self, answer: Answer) -> None:
        from desk.screens.settings_form import SettingsForm, look_before

        if isinstance(answer, str):
            self.tell(answer, "warn")
        elif isinstance(answer, Blank):
            self.app.push_screen(SettingsForm(self.shelf, answer), self._done)
        else:
            self.app.push_screen(look_before(self.shelf, answer), self._done)

    def _done(self, said: str | None) -> None:
        """Back from a blank: the sentence of what was done, "" where something was only kept as typed."""
        self.refill(said or "", "good" if said else "")

    def action_file(self) -> None:
        """ctrl+o: the person's own file, in their own editor."""
        from desk.screens.settings_file import edit_file

        if not self.section.own:
            self.tell(_("Only your own settings are a file."), "warn")
            return
        said, good = edit_file(self.app, self.shelf.likes)
        self.refill(said, "good" if good else "warn")
