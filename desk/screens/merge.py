"""`m`: several letters on one matter become one: which letters, which of them is the master, and what that will bring."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from db.store_error import StoreError
from db.text import one_line
from db.words import N_, _, term
from desk.merging import Merging
from desk.messages import Changed, Said
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.widgets.foot import Foot
from desk.widgets.sheet import BLANK, Line, heading, line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from db.model import CaseId
    from desk.shelf import Shelf


class Code(Input):
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, tooltip=N_("no more letter"), id="merge.uncode")
    ]

    def action_leave(self) -> None:
        screen = self.screen
        assert isinstance(screen, MergeScreen)
        screen.coded("")


class MergeScreen(Dialog[bool]):
    """Dismissed with True once they are merged. One letter alone brings those like it along, unmarked."""

    double = "space"

    DEFAULT_CSS = (
        f"MergeScreen {{ {LAYOUT} }}"
        "MergeScreen Panel { height: auto; max-height: 96%; width: 96%; max-width: 120; }"
        "MergeScreen #letters { height: auto; } MergeScreen #comes { height: auto; max-height: 14; }"
        "MergeScreen .foot { height: auto; padding: 0 2; }"
        "MergeScreen Code { margin: 0 2; border: none; height: 1; padding: 0; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False, tooltip=N_("back; nothing is merged"), id="merge.leave"),
        Binding("j,down", "move(1)", show=False, tooltip=N_("the next letter"), id="merge.down"),
        Binding("k,up", "move(-1)", show=False, tooltip=N_("the letter before"), id="merge.up"),
        Binding("space", "mark", show=False, tooltip=N_("merge this letter too, or not"), id="merge.mark"),
        Binding("m,tab", "master", show=False, tooltip=N_("this letter becomes the master"), id="merge.master"),
        Binding("a", "add", show=False, tooltip=N_("one more letter, by its code"), id="merge.add"),
        Binding("enter,ctrl+s", "send", show=False, tooltip=N_("merge"), id="merge.send"),
    ]

    def __init__(self, shelf: Shelf, cases: Sequence[CaseId]) -> None:
        super().__init__()
        self.shelf = shelf
        self.merging = Merging(shelf.store, shelf.actor, cases)
        self.at = 0
        self.list = SheetView(self._letters)
        self.list.id = "letters"
        self.comes = SheetView(self._comes)
        self.comes.id = "comes"
        self.code = Code(compact=True, select_on_focus=False, placeholder=_("the code of a letter, then enter"))
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        with Panel():
            yield Static(Content.styled(_("Merge letters on one matter"), "bold $warning"), classes="head")
            yield self.list
            yield self.comes
            yield self.code
            yield self.foot

    def on_mount(self) -> None:
        self.code.display = False
        self.code.cursor_blink = False
        self._tell()
        if self.merging.alone:
            self.looking = True
            self.run_worker(self._look(), exclusive=True)

    async def _look(self) -> None:
        from db.similar import similar

        case = self.merging.letters[0].id
        try:
            found = await asyncio.to_thread(partial(similar, self.shelf.store, case))
        except StoreError as e:
            self._tell(e.sentence())
            return
        finally:
            self.looking = False
        for one in found:
            self.merging.offer(one.row.id, likely=one.likely)
        self.at = min(1, len(self.merging.letters) - 1)
        self._tell()

    # what is shown

    def _letters(self, width: int) -> list[Line]:
        merging = self.merging
        lines = []
        for i, case in enumerate(merging.letters):
            here, master = i == self.at, case.id == merging.master
            sign = "★" if master else "✓" if case.id in merging.chosen else "=" if case.id in merging.likely else " "
            followers = _("+{n}", n=len(case.followers)) if case.followers else ""
            lines.append(
                line(
                    (f"{'▌' if here else ' '}{sign} ", "seal"),
                    (f"{pad(one_line(case.code), 21)} ", "faint"),
                    (f"{pad(term('state', case.state), 11)} ", "amber"),
                    (f"{pad(followers, 3)} ", "water"),
                    (pad(one_line(case.title), max(8, width - 41)), "strong" if here or master else "ink"),
                    bold=here,
                )
            )
        return lines

    def _comes(self, width: int) -> list[Line]:
        """What merging will bring, before it does; what is refused and why."""
        plan = self.merging.plan()
        lines = [BLANK, heading(_("What comes of it"), width)]
        for said in plan.brings:
            lines += paragraph(one_line(said), width, "ink")
        for said in plan.refused:
            lines += paragraph("✗ " + one_line(said), width, "late")
        return lines

    def _tell(self, text: str = "") -> None:
        room = max(4, self.app.size.height - 16)
        self.list.styles.height = min(len(self.merging.letters), room)
        self.list.tell()
        self.list.scroll_by(min(0, self.at - self.list.top) or max(0, self.at - self.list.top - room + 1))
        self.comes.styles.height = min(14, len(self._comes(90)))
        self.comes.tell()
        keys = _(
            "space takes a letter in or out · m makes it the master ★ · a adds one by its code · enter merges · esc"
        )
        self.foot.update(Content.styled(text or keys, "$warning" if text else "$faint"))

    # keys

    def action_leave(self) -> None:
        self.dismiss(False)

    def action_move(self, by: int) -> None:
        self.at = min(max(0, self.at + by), len(self.merging.letters) - 1)
        self._tell()

    def action_mark(self) -> None:
        self.merging.turn(self.merging.letters[self.at].id)
        self.action_move(1)

    def action_master(self) -> None:
        self.merging.lead(self.merging.letters[self.at].id)
        self._tell()

    def action_add(self) -> None:
        self.code.value = ""
        self.code.display = True
        self.set_focus(self.code)
        self._tell(_("The code of a letter, then enter; esc leaves it."))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.coded(event.value)

    def coded(self, code: str) -> None:
        """Back from typing a code: that letter joins; (``) none was typed."""
        self.code.display = False
        self.set_focus(None)
        typed = one_line(code).strip()
        wrong = self.merging.add(typed) if typed else ""
        if typed and not wrong:
            self.at = len(self.merging.letters) - 1
        self._tell(wrong)

    def on_key(self, event: events.Key) -> None:
        """Enter in the line for a code is that line's."""
        if self.focused is self.code and event.key == "space":
            event.stop()

    def action_send(self) -> None:
        sent = self.merging.send()
        if sent.refused:
            self._tell("\n".join(one_line(s) for s in sent.refused))
            return
        self.dismiss(True)
        self.app.post_message(Changed(sent.changed, "merge"))
        self.app.post_message(Said(sent.sentence, "good" if sent.changed else "warn"))
