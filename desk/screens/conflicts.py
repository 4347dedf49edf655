"""`C`: what the newsroom refused, theirs and yours side by side, with one key for each way out (DESIGN.md §6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static

from db import conflicts
from db.clock import now_ms
from db.store_error import StoreError
from db.text import one_line, safe
from db.words import N_, _, term
from desk.messages import Changed, Said
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.widgets.conflict_lines import theirs, yours
from desk.widgets.foot import Foot
from desk.widgets.sheet import Line
from desk.widgets.sheet_view import SheetView

if TYPE_CHECKING:
    from db.conflicts import Group, Way
    from db.model import CaseId
    from desk.screens.help import Entry
    from desk.shelf import Shelf

KEYS = {
    conflicts.CO: "c",
    conflicts.MINE: "f",
    conflicts.MASTER: "m",
    conflicts.AGAIN: "r",
    conflicts.NOTE: "n",
    conflicts.DROP: "d",
}
"""Way out → its key."""

FROM = 15, 36
"""Rows of the columns at least, and at most."""


class ConflictsScreen(Dialog["CaseId | None"]):
    """Goes through the groups one by one; dismissed with the letter to show, None if all is settled or left."""

    DEFAULT_CSS = (
        f"ConflictsScreen {{ {LAYOUT} }}"
        "ConflictsScreen Panel { width: 96%; }"
        "ConflictsScreen Horizontal { height: 18; }"
        "ConflictsScreen.low Horizontal { height: 10; }"
        "ConflictsScreen .ways { height: auto; padding: 0 2; }"
        "ConflictsScreen .foot { height: auto; padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,C", "leave", show=False, tooltip=N_("back; nothing is settled"), id="conflicts.leave"),
        Binding("j,down", "turn(1)", show=False, tooltip=N_("the next conflict"), id="conflicts.next"),
        Binding("k,up", "turn(-1)", show=False, tooltip=N_("the conflict before"), id="conflicts.previous"),
        Binding("J,pagedown", "scroll(1)", show=False, tooltip=N_("a page down"), id="conflicts.scroll_down"),
        Binding("K,pageup", "scroll(-1)", show=False, tooltip=N_("a page up"), id="conflicts.scroll_up"),
        Binding("enter", "go", show=False, tooltip=N_("to the letter it is about"), id="conflicts.go"),
        *(Binding(key, f"take('{way}')", show=False, id=f"conflicts.{way}") for way, key in KEYS.items()),
    ]

    def __init__(self, shelf: Shelf, case: CaseId | None = None) -> None:
        super().__init__()
        self.shelf = shelf
        self.case = case
        self.at = 0
        self.groups: Sequence[Group] = ()
        self.ways: Sequence[Way] = ()
        self.sure = False  # dropping words asks twice
        self.head = Static(classes="head")
        self.left = SheetView(self._theirs)
        self.right = SheetView(self._yours)
        self.said = Static(classes="ways")
        self.foot = Foot()
        self._read()

    def _read(self) -> None:
        self.groups = conflicts.groups(self.shelf.store, self.case)
        self.at = min(self.at, max(0, len(self.groups) - 1))
        self.ways = conflicts.ways(self.shelf.store, self.shelf.actor, self.group) if self.groups else ()
        self.sure = False

    @property
    def group(self) -> Group:
        return self.groups[self.at]

    def compose(self) -> ComposeResult:
        with Panel():
            yield self.head
            with Horizontal():
                yield self.left
                yield self.right
            yield self.said
            yield self.foot

    def on_mount(self) -> None:
        self._tell()

    def on_resize(self) -> None:
        self.set_class(self.size.height < 30, "low")

    def _theirs(self, width: int) -> list[Line]:
        if not self.groups:
            return []
        letter = self.shelf.letter(self.group.case) if self.group.case else None
        master = self.shelf.code(letter.case.merged_into) if letter else ""
        return theirs(letter, width, now_ms(), self.shelf.name, self.shelf.who, master)

    def _yours(self, width: int) -> list[Line]:
        return yours(self.group, width, now_ms(), self.shelf.name, self.shelf.who) if self.groups else []

    def _tell(self, text: str = "") -> None:
        if not self.groups:
            self.dismiss(None)
            return
        title = Content.styled(_("Refused: {n} of {of}", n=self.at + 1, of=len(self.groups)), "bold $warning")
        letter = Content(f"  {one_line(self.group.code)}  {one_line(self.group.title)}")
        self.head.update(Content("").join([title, letter]))
        self.left.tell()
        self.right.tell()
        lines = [self._way(way) for way in self.ways]
        self.said.update(Content("\n").join(lines))
        keys = _("j k the next one · J K scroll · enter to the letter · esc closes: it stays until it is settled")
        self.foot.update(Content.styled(text or keys, "$warning" if text else "$faint"))

    def _way(self, way: Way) -> Content:
        label = term("way_out", way.name)
        if way.why_not is None:
            return Content("").join([Content.styled(f" {KEYS[way.name]} ", "bold $warning"), Content(f" {label}")])
        from db.sentences import say

        return Content.styled(f"({KEYS[way.name]}) {label}: {safe(say(way.why_not))}", "$faint")

    def further_keys(self) -> list[Entry]:
        """The ways out, and why one is none here."""
        from db.sentences import say
        from desk.screens.help import Entry

        return [
            Entry(KEYS[way.name], "", term("way_out", way.name), say(way.why_not) if way.why_not else None)
            for way in self.ways
        ]

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_turn(self, by: int) -> None:
        self.at = min(max(0, self.at + by), max(0, len(self.groups) - 1))
        self._read()
        self._tell()

    def action_scroll(self, by: int) -> None:
        self.left.page(by)
        self.right.page(by)

    def action_go(self) -> None:
        self.dismiss(self.group.case if self.groups else None)

    def action_take(self, name: str) -> None:
        """One way out: done at once, with what is written for it; `u` takes that back like anything else."""
        way = next((w for w in self.ways if w.name == name), None)
        if way is None:
            self._tell(_("“{way}” is no way out of this one.", way=term("way_out", name)))
            return
        if name == conflicts.DROP and not self.sure and any(e.event.get("words") for e in self.group.events):
            self.sure = True
            self._tell(_("What you wrote would be gone: d once more drops it, n keeps it as a note."))
            return
        group = self.group
        try:
            result = conflicts.settle(self.shelf.store, self.shelf.actor, group, name)
        except StoreError as e:
            self._tell(e.sentence())
            return
        if result.refused:
            from db.sentences import say

            self._tell(say(result.refused[0][1]))
            return
        self.app.post_message(Changed(result.changed))
        said = _("Settled: {way}.", way=term("way_out", name))
        self.app.post_message(Said(said, "good"))
        self._read()
        self._tell(said)
