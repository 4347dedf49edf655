"""The sheet for the next shift and the editors' load, as text: for the screen, the command line, a mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from db import handover
from db.clock import day_of, local, midnight, now_ms
from db.text import one_line
from db.words import _, term
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.widgets.sheet import BLANK, Line, heading, line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from desk.shelf import Shelf


class Sheet(Dialog[None]):
    """Something to read: j k scroll, esc closes."""

    DEFAULT_CSS = f"Sheet {{ {LAYOUT} }} Sheet Panel {{ height: 90%; }} Sheet .foot {{ padding: 0 2; }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", show=False, id="sheet.close"),
        Binding("j,down", "scroll(1)", show=False, id="sheet.down"),
        Binding("k,up", "scroll(-1)", show=False, id="sheet.up"),
        Binding("pagedown,ctrl+d,ctrl+f,space", "scroll(12)", show=False, id="sheet.page_down"),
        Binding("pageup,ctrl+u,ctrl+b", "scroll(-12)", show=False, id="sheet.page_up"),
    ]

    def __init__(self, title: str, make: Callable[[int], list[Line]]) -> None:
        super().__init__()
        self.title_ = title
        self.sheet = SheetView(make)

    def compose(self) -> ComposeResult:
        with Panel():
            yield Static(Content.styled(self.title_, "bold $warning"), classes="head")
            yield self.sheet
            yield Static(Content.styled(_("j k scroll · esc closes"), "$foreground 60%"), classes="foot")

    def action_scroll(self, by: int) -> None:
        self.sheet.scroll_by(by)


def load_lines(shelf: Shelf, width: int) -> list[Line]:
    """Who has how much: open letters as a bar, the late ones in it."""
    found = handover.loads(shelf.store, now_ms())
    if not found:
        return paragraph(_("No letter is assigned to anybody: w assigns."), width, "faint")
    most = max(one.open for one in found)
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
        cells = max(1, one.open * room // most)
        late = one.late * cells // one.open
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
    return [*lines, BLANK, *paragraph(_("▓ late, ░ in time."), width, "faint")]


def handover_lines(shelf: Shelf, width: int) -> list[Line]:
    """The sheet on the screen."""
    now = now_ms()
    sheet = handover.handover(shelf.store, shelf.actor.id, midnight(day_of(now)), now)
    lines: list[Line] = []
    for title, said in parts(sheet):
        lines.append(heading(title, width))
        for one in said:
            lines += paragraph(one, width - 2, indent=2)
        lines.append(BLANK)
    return lines


def parts(sheet: handover.Handover) -> list[tuple[str, list[str]]]:
    """Every part of a sheet: its title and its lines, safe text."""
    since = local(sheet.since).strftime("%m-%d %H:%M")
    done = [_("{n} × {what}", n=n, what=term("event", kind)) for kind, n in sheet.done]
    said = [_("{n} letters: {what}", n=sheet.letters, what="、".join(done))] if done else [_("nothing yet")]
    made = [(_("Done since {when}", when=since), said)]
    for part in sheet.parts:
        count = f"{part.count}+" if part.more and part.count >= 200 else str(part.count)
        rows = [one_line(f"{row.code}  {row.title}") for row in part.rows]
        left = part.count - len(rows)
        if left > 0:
            rows.append(_("… and {n} more", n=left))
        made.append((f"{term('handover', part.name)} · {count}", rows or ["–"]))
    drafts = [one_line(f"{code}  {title}（{term('action', action)}）") for code, title, action in sheet.drafts]
    made.append((f"{term('handover', 'drafts')} · {len(drafts)}", drafts or ["–"]))
    made.append((f"{term('handover', 'pending')} · {sheet.pending}", []))
    return made
