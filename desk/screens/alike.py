"""`=`: the open letters on the same matter, with what they share; opened, or merged with the letter in view."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from db.text import one_line
from db.words import _, term
from desk.screens.form_parts import LAYOUT, Panel
from desk.widgets.sheet import BLANK, Line, line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from db.model import Case
    from db.similar import Similar
    from db.store import Store

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person wants: a letter opened, or letters merged into a master."""

    opens: str = ""
    into: str = ""  # the master's code
    cases: tuple[str, ...] = ()


class Alike(ModalScreen["Wish | None"]):
    """Dismissed with what is to be done, or None."""

    DEFAULT_CSS = f"Alike {{ {LAYOUT} }} Alike Panel {{ height: 80%; }} Alike .foot {{ padding: 0 2; height: auto; }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,equals_sign", "leave", show=False, id="alike.leave"),
        Binding("j,down", "move(1)", show=False, id="alike.down"),
        Binding("k,up", "move(-1)", show=False, id="alike.up"),
        Binding("space", "mark", show=False, id="alike.mark"),
        Binding("enter", "open", show=False, id="alike.open"),
        Binding("m", "merge_here", show=False, id="alike.merge"),
        Binding("M", "merge_there", show=False, id="alike.merge_there"),
    ]

    def __init__(self, store: Store, case: Case) -> None:
        super().__init__()
        self.store = store
        self.case = case
        self.found: Sequence[Similar] | None = None
        self.marked: set[str] = set()
        self.at = 0
        self.sheet = SheetView(self._lines)

    def compose(self) -> ComposeResult:
        head = Content.assemble((_("On the same matter?"), "bold $warning"), ("  " + one_line(self.case.title), "bold"))
        keys = _(
            "space marks · m merges them into this letter · M merges this one into the one chosen · enter opens · esc"
        )
        with Panel():
            yield Static(head, classes="head")
            yield self.sheet
            yield Static(Content.styled(keys, "$foreground 60%"), classes="foot")

    def on_mount(self) -> None:
        self.run_worker(self._look(), exclusive=True)

    async def _look(self) -> None:
        from db.similar import similar

        self.found = await asyncio.to_thread(similar, self.store, self.case.id, SHOWN)
        self.sheet.tell()

    def _lines(self, width: int) -> list[Line]:
        from db.similar_words import reasons

        if self.found is None:
            return paragraph(_("looking …"), width, "faint")
        if not self.found:
            return paragraph(_("No open letter is like it."), width, "faint")
        lines: list[Line] = []
        for i, one in enumerate(self.found):
            row, here = one.row, i == self.at
            lines.append(
                line(
                    ("▌" if here else " ", "seal"),
                    ("✓ " if row.id in self.marked else "  ", "amber"),
                    ("= " if one.likely else "~ ", "leaf" if one.likely else "faint"),
                    (pad(one_line(row.title), max(10, width - 40)) + " ", "strong" if here else "ink"),
                    (one_line(row.code) + " ", "faint"),
                    (term("state", row.state), "water"),
                    bold=here,
                )
            )
            lines += paragraph(" · ".join(reasons(one)), width - 8, "faint", indent=6)
            lines.append(BLANK)
        return lines

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        if self.found:
            self.at = min(max(0, self.at + by), len(self.found) - 1)
            self.sheet.tell()

    def action_mark(self) -> None:
        if self.found:
            self.marked ^= {self.found[self.at].row.id}
            self.action_move(1)
            self.sheet.tell()

    def action_open(self) -> None:
        if self.found:
            self.dismiss(Wish(opens=self.found[self.at].row.code))

    def _chosen(self) -> tuple[str, ...]:
        """The marked letters, else the one the cursor is on."""
        if not self.found:
            return ()
        marked = tuple(one.row.id for one in self.found if one.row.id in self.marked)
        return marked or (self.found[self.at].row.id,)

    def action_merge_here(self) -> None:
        if self.found:
            self.dismiss(Wish(into=self.case.code, cases=self._chosen()))

    def action_merge_there(self) -> None:
        if self.found:
            master = self.found[self.at].row
            others = tuple(c for c in self.marked if c != master.id)
            self.dismiss(Wish(into=master.code, cases=(self.case.id, *others)))
