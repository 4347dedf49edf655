"""The sheet for the next shift and the editors' load, to read; what stands on the sheet comes from `desk/handing.py`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from db import handover
from db.clock import day_of, midnight, now_ms
from db.text import one_line
from db.words import N_, _
from desk import handing
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.widgets.foot import Foot
from desk.widgets.sheet import BLANK, Line, heading, line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from desk.shelf import Shelf


class Sheet(Dialog[None]):
    """Something to read: j k scroll, esc closes."""

    DEFAULT_CSS = f"Sheet {{ {LAYOUT} }} Sheet Panel {{ height: 90%; }} Sheet .foot {{ padding: 0 2; }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", show=False, tooltip=N_("back"), id="sheet.close"),
        Binding("j,down", "scroll(1)", show=False, tooltip=N_("a line down"), id="sheet.down"),
        Binding("k,up", "scroll(-1)", show=False, tooltip=N_("a line up"), id="sheet.up"),
        Binding(
            "pagedown,ctrl+d,ctrl+f,space", "scroll(12)", show=False, tooltip=N_("a page down"), id="sheet.page_down"
        ),
        Binding("pageup,ctrl+u,ctrl+b", "scroll(-12)", show=False, tooltip=N_("a page up"), id="sheet.page_up"),
    ]

    def __init__(self, title: str, make: Callable[[int], list[Line]]) -> None:
        super().__init__()
        self.title_ = title
        self.sheet = SheetView(make)
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        with Panel():
            yield Static(Content.styled(self.title_, "bold $warning"), classes="head")
            yield self.sheet
            yield self.foot

    def on_mount(self) -> None:
        self.tell(self.keys())

    def keys(self) -> str:
        """What stands at its foot."""
        return _("j k scroll · esc closes")

    def tell(self, text: str, style: str = "$faint") -> None:
        self.foot.update(Content.styled(text, style))

    def action_scroll(self, by: int) -> None:
        self.sheet.scroll_by(by)


def load_lines(shelf: Shelf, width: int) -> list[Line]:
    """Who has how much: open letters as a bar, the late ones in it."""
    found = handover.loads(shelf.store, now_ms())
    most = max((one.open for one in found), default=0)
    if not most:
        return paragraph(_("No letter is assigned to anybody: w assigns."), width, "faint")
    room = max(10, width - 44)
    lines = [
        line(
            (
                pad(_("who"), 14)
                + pad(_("open"), 6, right=True)
                + pad(_("late"), 6, right=True)
                + pad(_("to check"), 9, right=True),
                "faint",
            )
        )
    ]
    for one in found:
        cells = max(1, one.open * room // most) if one.open else 0
        late = one.late * cells // one.open if one.open else 0
        lines.append(
            line(
                (pad(one_line(one.who), 14), "strong"),
                (pad(str(one.open), 6, right=True), "ink"),
                (pad(str(one.late), 6, right=True), "late" if one.late else "faint"),
                (pad(str(one.checks), 9, right=True) + "  ", "ink"),
                ("▓" * late, "late"),
                ("░" * (cells - late), "water"),
            )
        )
    return [
        *lines,
        BLANK,
        *paragraph(_("▓ late, ░ in time. Letters assigned to nobody are not counted here."), width, "faint"),
    ]


class HandoverSheet(Sheet):
    """The sheet for the next shift; `e` keeps it as files, to print or to send."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "export", show=False, tooltip=N_("keep the sheet as files to print"), id="sheet.export")
    ]

    def __init__(self, shelf: Shelf) -> None:
        now = now_ms()
        self.store = shelf.store
        self.found = handover.handover(shelf.store, shelf.actor.id, midnight(day_of(now)), now)
        made = handing.parts(shelf.store, self.found)
        super().__init__(_("Handover sheet") + "  " + handing.head(self.found), partial(_laid, made))

    def keys(self) -> str:
        return _("j k scroll · e keeps it as files to print · esc closes")

    def action_export(self) -> None:
        from db.store_error import StoreError

        try:
            path = handing.write(self.store, self.found)
        except (StoreError, OSError) as e:
            why = e.sentence() if isinstance(e, StoreError) else e.strerror or type(e).__name__
            self.tell(_("The sheet could not be written: {why}", why=why), "$error")
            return
        self.tell(_("Written: {path}, and the same as text beside it.", path=one_line(str(path))), "$success")


def _laid(made: handing.Parts, width: int) -> list[Line]:
    lines: list[Line] = []
    for title, said in made:
        lines.append(heading(title, width))
        for one in said:
            lines += paragraph(one, width - 2, indent=2)
        lines.append(BLANK)
    return lines
