"""`L`: the letters that one is merged or linked with: go to one, or take a merged one out again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from db.model import State
from db.text import one_line
from db.words import N_, _, term
from desk.messages import Changed, Said
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.widgets.due import moment
from desk.widgets.foot import Foot
from desk.widgets.sheet import Line, line
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from db.model import Case, CaseId
    from desk.shelf import Shelf


class RelatedScreen(Dialog["CaseId | None"]):
    """Dismissed with the letter to go to, or None."""

    DEFAULT_CSS = (
        f"RelatedScreen {{ {LAYOUT} }}"
        "RelatedScreen SheetView { height: auto; min-height: 2; max-height: 24; }"
        "RelatedScreen .foot { height: auto; padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,L", "leave", show=False, tooltip=N_("back"), id="related.leave"),
        Binding("j,down", "move(1)", show=False, tooltip=N_("the next line"), id="related.down"),
        Binding("k,up", "move(-1)", show=False, tooltip=N_("the line before"), id="related.up"),
        Binding("enter", "go", show=False, tooltip=N_("to this letter"), id="related.go"),
        Binding("U", "unmerge", show=False, tooltip=N_("take it out of its master again"), id="related.unmerge"),
    ]

    def __init__(self, shelf: Shelf, ids: Sequence[CaseId]) -> None:
        super().__init__()
        self.shelf = shelf
        self.ids = tuple(dict.fromkeys(ids))
        self.at = 0
        self.cases: list[Case] = []
        self.sheet = SheetView(self._lines)
        self.foot = Foot()
        self._read()

    def _read(self) -> None:
        from db.queries import cases_of

        found = cases_of(self.shelf.store, self.ids)
        self.cases = [found[i] for i in self.ids if i in found]

    def compose(self) -> ComposeResult:
        with Panel():
            yield Static(Content.styled(_("Merged and linked letters"), "bold $warning"), classes="head")
            yield self.sheet
            yield self.foot

    def on_mount(self) -> None:
        self._tell()

    def _lines(self, width: int) -> list[Line]:
        from db.clock import now_ms

        now, lines = now_ms(), []
        for i, case in enumerate(self.cases):
            here = i == self.at
            lines.append(
                line(
                    ("▌ " if here else "  ", "seal"),
                    (f"{pad(one_line(case.code), 21)} ", "faint"),
                    (f"{pad(term('state', case.state), 11)} ", "amber"),
                    (f"{pad(moment(case.received_at, now), 12)} ", "faint"),
                    (pad(one_line(case.title), max(8, width - 52)), "strong" if here else "ink"),
                    bold=here,
                )
            )
        return lines

    def _tell(self, text: str = "") -> None:
        self.sheet.styles.height = max(2, min(24, len(self.cases)))
        self.sheet.tell()
        keys = _("enter goes there · U takes a merged letter out again · esc closes")
        self.foot.update(Content.styled(text or keys, "$warning" if text else "$faint"))

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.at = min(max(0, self.at + by), max(0, len(self.cases) - 1))
        self._tell()

    def action_go(self) -> None:
        if self.cases:
            self.dismiss(self.cases[self.at].id)

    def action_unmerge(self) -> None:
        """The letter under the cursor stands for itself again, as far as the rules allow."""
        if not self.cases:
            return
        case = self.cases[self.at]
        if case.state is not State.MERGED:
            self._tell(_("{code} is not merged into another letter.", code=one_line(case.code)))
            return
        from desk import contexts
        from desk.actions import BY_ID
        from desk.sending import send

        found = contexts.of_cases(self.shelf.store, self.shelf.actor, [case.id])
        sent = send(self.shelf.store, BY_ID["unmerge"], found, {}, {})
        if sent.refused:
            self._tell(sent.refused[0])
            return
        self.app.post_message(Changed(sent.changed, "unmerge"))
        self.app.post_message(Said(sent.sentence, "good"))
        self._read()
        self._tell(sent.sentence)
