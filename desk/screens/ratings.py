"""来信评价督办: units by how their answers were rated, worst first; their unhappy letters; one key makes the notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from db.clock import now_ms
from db.queries import cases_of
from db.ratings import Unit, badly_rated
from db.store_error import StoreError
from db.text import one_line
from db.words import N_, _, sentences
from desk.messages import Changed, Said
from desk.rating import supervise
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.widgets.foot import Foot
from desk.widgets.sheet import BLANK, Line, heading, line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from desk.shelf import Shelf


class RatingsScreen(Dialog["str | None"]):
    """Dismissed with the search that shows a unit's letters, or None."""

    DEFAULT_CSS = (
        f"RatingsScreen {{ {LAYOUT} }}"
        "RatingsScreen Panel { height: auto; max-height: 96%; width: 96%; max-width: 110; }"
        "RatingsScreen SheetView { height: 16; } RatingsScreen .foot { height: auto; padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False, tooltip=N_("back"), id="ratings.leave"),
        Binding("j,down", "move(1)", show=False, tooltip=N_("the next line"), id="ratings.down"),
        Binding("k,up", "move(-1)", show=False, tooltip=N_("the line before"), id="ratings.up"),
        Binding(
            "enter",
            "letters",
            show=False,
            tooltip=N_("the letters behind this figure, as a list to work through"),
            id="ratings.letters",
        ),
        Binding(
            "s", "supervise", show=False, tooltip=N_("supervise this unit: write the notice"), id="ratings.supervise"
        ),
    ]

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self.shelf = shelf
        self.rules = shelf.store.rulebook().at(now_ms())
        self.units: list[Unit] = []
        self.titles: dict[str, tuple[str, str]] = {}
        self.at = 0
        self.sheet = SheetView(self._lines)
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        with Panel():
            yield Static(Content.styled(_("Supervision for ratings"), "bold $warning"), classes="head")
            yield self.sheet
            yield self.foot

    def on_mount(self) -> None:
        self._read()

    def _read(self, said: str = "", style: str = "$warning") -> None:
        try:
            self.units = badly_rated(self.shelf.store, now_ms())
            cases = cases_of(self.shelf.store, [c for u in self.units for c in u.unhappy])
        except StoreError as e:
            self._tell(e.sentence(), "$error")
            return
        self.titles = {id_: (case.code, case.title) for id_, case in cases.items()}
        self.at = min(self.at, max(0, len(self.units) - 1))
        self._tell(said, style)

    def _lines(self, width: int) -> list[Line]:
        days, floor = self.rules.rating_days, self.rules.rating_floor
        said = _(
            "Rated in the last {days} days, satisfied below {floor} %, three ratings at least", days=days, floor=floor
        )
        lines = [heading(said, width)]
        if not self.units:
            return lines + paragraph(_("No unit is below it."), width, "faint")
        for i, unit in enumerate(self.units):
            here = i == self.at
            lines.append(
                line(
                    ("▌" if here else " ", "seal"),
                    (pad(one_line(unit.name), max(12, width - 44)) + " ", "strong" if here else "ink"),
                    (pad(_("satisfied {share} %", share=unit.share), 14, right=True) + " ", "late"),
                    (pad(_("{n} rated", n=unit.rated), 10, right=True) + " ", "faint"),
                    (pad(_("{n} unhappy", n=len(unit.unhappy)), 12, right=True), "today"),
                    bold=here,
                )
            )
        lines += [BLANK, heading(_("Its unhappy letters"), width)]
        for case in self.units[self.at].unhappy:
            code, title = self.titles.get(case, ("", ""))
            lines.append(line((f"  {one_line(code)} ", "faint"), (pad(one_line(title), max(8, width - 26)), "ink")))
        return lines

    def _tell(self, said: str = "", style: str = "$warning") -> None:
        self.sheet.tell()
        keys = _("enter shows the letters · s writes the notice and records it · esc")
        parts = [Content.styled(said, style)] if said else []
        self.foot.update(Content("\n").join([*parts, Content.styled(keys, "$faint")]))

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.at = min(max(0, self.at + by), max(0, len(self.units) - 1))
        self._tell()

    def action_letters(self) -> None:
        if self.units:
            codes = [self.titles[c][0] for c in self.units[self.at].unhappy if c in self.titles]
            self.dismiss(" ".join(codes[:20]))

    def action_supervise(self) -> None:
        if not self.units:
            self._tell(_("No unit is below it."))
            return
        sent = supervise(self.shelf.store, self.shelf.actor, self.units[self.at], now_ms())
        if sent.refused:
            self._tell(sentences(*sent.refused), "$error")
            return
        self.app.post_message(Changed(sent.changed))
        self.app.post_message(Said(sent.sentence, "good"))
        self._read(sent.sentence, "$success")
