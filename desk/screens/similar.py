"""`=`: the open letters most like a letter, with what they share; read one, go there, or mark and merge."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from db.store_error import StoreError
from db.text import one_line
from db.words import N_, _, term
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.widgets.foot import Foot
from desk.widgets.sheet import BLANK, Line, heading, line, paragraph, prose
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import pad, wrap

if TYPE_CHECKING:
    from db.model import CaseId
    from db.similar import Similar
    from desk.shelf import Shelf

MOST = 8


class SimilarScreen(Dialog["CaseId | None"]):
    """Dismissed with the letter to go to, or None."""

    DEFAULT_CSS = (
        f"SimilarScreen {{ {LAYOUT} }}"
        "SimilarScreen Panel { height: 94%; width: 96%; max-width: 120; }"
        "SimilarScreen #found { height: auto; max-height: 60%; } SimilarScreen #words { height: 1fr; }"
        "SimilarScreen .foot { height: auto; padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,equals_sign", "leave", show=False, tooltip=N_("back"), id="similar.leave"),
        Binding("j,down", "move(1)", show=False, tooltip=N_("the next letter"), id="similar.down"),
        Binding("k,up", "move(-1)", show=False, tooltip=N_("the letter before"), id="similar.up"),
        Binding("space", "mark", show=False, tooltip=N_("mark the letter"), id="similar.mark"),
        Binding("enter", "go", show=False, tooltip=N_("to this letter"), id="similar.go"),
        Binding(
            "m",
            "merge",
            show=False,
            tooltip=N_("merge the marked letters, or this one, with the letter asked about"),
            id="similar.merge",
        ),
        Binding("pagedown,ctrl+f,J", "page(1)", show=False, tooltip=N_("a page down"), id="similar.page_down"),
        Binding("pageup,ctrl+b,K", "page(-1)", show=False, tooltip=N_("a page up"), id="similar.page_up"),
    ]

    def __init__(self, shelf: Shelf, case: CaseId) -> None:
        super().__init__()
        self.shelf = shelf
        self.case = case
        letter = shelf.letter(case)
        self.title_ = one_line(letter.case.title) if letter else ""
        self.code = one_line(letter.case.code) if letter else ""
        self.found: list[Similar] | None = None  # None: still looking
        self.marked: set[CaseId] = set()
        self.at = 0
        self.list = SheetView(self._found_lines)
        self.list.id = "found"
        self.words = SheetView(self._words)
        self.words.id = "words"
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        head = [Content.styled(_("Letters like this one"), "bold $warning")]
        head.append(Content.styled(f"  {self.code}  {self.title_}", "bold"))
        with Panel():
            yield Static(Content("").join(head), classes="head")
            yield self.list
            yield self.words
            yield self.foot

    def on_mount(self) -> None:
        self.looking = True
        self.run_worker(self._look(), exclusive=True)
        self._tell()

    async def _look(self) -> None:
        from db.similar import similar

        try:
            self.found = await asyncio.to_thread(partial(similar, self.shelf.store, self.case, MOST))
        except StoreError as e:
            self.found = []
            self._tell(e.sentence())
            return
        finally:
            self.looking = False
        self._tell()

    @property
    def here(self) -> Similar | None:
        return self.found[self.at] if self.found else None

    # what is shown

    def _found_lines(self, width: int) -> list[Line]:
        from db.similar_words import reasons

        if self.found is None:
            return paragraph(_("Looking …"), width, "faint")
        if not self.found:
            return paragraph(_("No open letter is like this one."), width, "faint")
        lines: list[Line] = []
        for i, one in enumerate(self.found):
            here = i == self.at
            marks = "✓" if one.row.id in self.marked else " "
            sign = "=" if one.likely else " "
            state = pad(term("state", one.row.state), 11)
            room = max(8, width - 38)
            lines.append(
                line(
                    (f"{'▌' if here else ' '}{marks}{sign} ", "seal"),
                    (f"{pad(one_line(one.row.code), 21)} ", "faint"),
                    (f"{state} ", "amber"),
                    (pad(one_line(one.row.title), room), "strong" if here else "ink"),
                    bold=here,
                )
            )
            said = wrap(" · ".join(reasons(one)), max(12, width - 4))
            lines += [line((f"{'▌' if here else ' '}   ", "seal"), (part, "faint")) for part in said[:2]]
        return lines

    def _words(self, width: int) -> list[Line]:
        """The letter under the cursor, to be read beside the one it is like."""
        letter = self.shelf.letter(self.here.row.id) if self.here else None
        if letter is None:
            return []
        head = heading(f"{one_line(letter.case.code)} {one_line(letter.case.title)}", width)
        return [head, *prose(letter.body, min(width, 92)), BLANK]

    def _tell(self, text: str = "") -> None:
        self.list.styles.height = min(3 * len(self.found or [0]), max(6, self.app.size.height // 2))
        self.list.tell()
        self._keep_in_view()
        self.words.top = 0
        self.words.tell()
        keys = _(
            "enter goes to the letter · space marks · m merges the marked, or this one · those after a = are probably the same · esc"
        )
        self.foot.update(Content.styled(text or keys, "$warning" if text else "$faint"))

    def _keep_in_view(self) -> None:
        """The entry under the cursor stays in the list's window."""
        lines = self._found_lines(max(8, self.list.size.width - 4)) if self.found else []
        marks = [i for i, content in enumerate(lines) if content.pieces and content.pieces[0][0].startswith("▌")]
        if not marks:
            return
        height = max(1, self.list.size.height)
        if marks[0] < self.list.top:
            self.list.scroll_by(marks[0] - self.list.top)
        elif marks[-1] >= self.list.top + height:
            self.list.scroll_by(marks[-1] - self.list.top - height + 1)

    # keys

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.at = min(max(0, self.at + by), max(0, len(self.found or []) - 1))
        self._tell()

    def action_page(self, by: int) -> None:
        self.words.page(by)

    def action_mark(self) -> None:
        if self.here:
            self.marked ^= {self.here.row.id}
            self.action_move(1)

    def action_go(self) -> None:
        if self.here:
            self.dismiss(self.here.row.id)

    def action_merge(self) -> None:
        """The letter asked about with the marked ones, or with the one under the cursor."""
        if not self.here:
            return
        from desk.screens.merge import MergeScreen

        chosen = [s.row.id for s in self.found or [] if s.row.id in self.marked] or [self.here.row.id]

        def merged(done: bool | None) -> None:
            if done:
                self.dismiss(None)

        self.app.push_screen(MergeScreen(self.shelf, [self.case, *chosen]), merged)
