"""Before a bulk happens: which letters it changes and how, which are refused and why. Enter does it, all at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from db.clock import now_ms
from db.words import N_, _, sentences
from desk.bulk import Line as Letter
from desk.bulk import Plan, units
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.widgets.due import due_moment
from desk.widgets.foot import Foot
from desk.widgets.sheet import BLANK, Line, heading, line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from db.store import Store
    from desk.action_fields import Context, Values
    from desk.actions import Action
    from desk.sending import Sent

AT_ONCE = 150
"""Letters done on the spot, within a few frames; more are done in a thread, with progress."""

SPEAK = 0.1
"""Seconds between two words of progress: each one is a repaint that the work would wait for."""

Work = Callable[[Callable[[int, int], None] | None], "Sent"]
"""Does the bulk; is told whom to tell how far it is."""


def preview_lines(plan: Plan, width: int, *, by_unit: bool) -> list[Line]:
    """Every letter of the plan: code, title, state before and after, due; then the refused with their reasons."""
    now, lines = now_ms(), list[Line]()
    grouped = units(plan.lines) if by_unit else {}
    unit = None
    for letter in plan.lines:
        if by_unit and letter.unit != unit:
            unit = letter.unit
            lines += [BLANK] if lines else []
            count = _("{unit}: one notice for {n}", unit=unit or "–", n=len(grouped.get(unit, ())))
            lines.append(heading(count, width))
        lines.append(_done(letter, width, now))
    if plan.refused:
        lines += [BLANK] if lines else []
        lines.append(heading(_("Left out: {n}", n=len(plan.refused)), width))
        reasons: dict[str, list[Letter]] = {}
        for letter in plan.refused:
            reasons.setdefault(letter.why, []).append(letter)
        for why, letters in reasons.items():
            lines += paragraph(why, width, "today")
            for letter in letters:
                lines.append(line(("✗ ", "late"), (f"{pad(letter.code, 21)} ", "faint"), (letter.title, "ink")))
    return lines


def _done(letter: Letter, width: int, now: int) -> Line:
    change = letter.before if letter.after in ("", letter.before) else f"{letter.before} → {letter.after}"
    change = letter.level or change
    due = _("due {due}", due=due_moment(letter.due, now)) if letter.due else ""
    side = 44 if width >= 96 else 28
    room = max(10, width - 2 - 22 - side)
    tail = f"{change}  {due}" if width >= 96 else change
    return line(
        ("✓ ", "leaf"),
        (pad(letter.code, 21) + " ", "faint"),
        (pad(letter.title, room), "ink"),
        (pad(tail, side), "water"),
    )


def look_before(
    store: Store,
    action: Action,
    contexts: Sequence[Context],
    values: Values,
    typed: Values,
    blocked: Sequence[Letter] = (),
) -> Preview:
    """The preview of an action on several letters. Raises StoreError."""
    from desk.bulk import plan
    from desk.sending import send

    planned = plan(store, action, contexts, values)
    planned = replace(planned, refused=(*planned.refused, *blocked))

    def work(progress: Callable[[int, int], None] | None) -> Sent:
        sent = send(store, action, planned.going, values, typed, progress, planned.commands)
        if action.id == "chase" and sent.changed:
            from desk.papers import after_chase

            papers = after_chase(store, sent.changed)
            sent = replace(sent, sentence=sentences(sent.sentence, papers))
        return sent

    return Preview(action.label, planned, work, by_unit=action.id == "chase")


class _StoppedError(Exception):
    """The person pressed esc while the letters were gone through; the transaction is rolled back."""


class Preview(Dialog["Sent | None"]):
    """Dismissed with what came of it; with None when left, and then nothing was done."""

    DEFAULT_CSS = (
        f"Preview {{ {LAYOUT} }}"
        "Preview Panel { height: 90%; width: 96%; max-width: 150; }"
        "Preview .head { padding: 0 2; } Preview .foot { padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "do", show=False, priority=True, tooltip=N_("do it to all that can"), id="preview.do"),
        Binding(
            "escape,q", "leave", show=False, priority=True, tooltip=N_("back; nothing is done"), id="preview.leave"
        ),
        Binding("j,down", "scroll(1)", show=False, tooltip=N_("a line down"), id="preview.down"),
        Binding("k,up", "scroll(-1)", show=False, tooltip=N_("a line up"), id="preview.up"),
        Binding(
            "pagedown,ctrl+d,ctrl+f,space", "page(1)", show=False, tooltip=N_("a page down"), id="preview.page_down"
        ),
        Binding("pageup,ctrl+u,ctrl+b", "page(-1)", show=False, tooltip=N_("a page up"), id="preview.page_up"),
    ]

    def __init__(
        self,
        label: str,
        plan: Plan,
        work: Work,
        *,
        by_unit: bool = False,
        above: Callable[[int], list[Line]] | None = None,
    ) -> None:
        """`above`: what stands over the letters, made to a width: the steps of a macro."""
        super().__init__()
        self.label = label
        self.plan = plan
        self.work = work
        self.by_unit = by_unit
        self.sheet = SheetView(
            lambda width: [*(above(width) if above else ()), *preview_lines(plan, width, by_unit=by_unit)]
        )
        self.foot = Foot()
        self.busy = False
        self.stopping = False

    def compose(self) -> ComposeResult:
        going, out = len(self.plan.lines), len(self.plan.refused)
        head = [Content.styled(self.label, "bold $warning")]
        change = _("{n} letters will change", n=going) if going != 1 else _("one letter will change")
        head.append(Content.styled(f"  {change}", "bold"))
        if out:
            left = _("{n} are left out", n=out) if out > 1 else _("one is left out")
            head.append(Content.styled(f"  {left}", "bold $error"))
        with Panel():
            yield Static(Content("").join(head), classes="head")
            yield self.sheet
            yield self.foot

    def on_mount(self) -> None:
        if self.plan.lines:
            keys = _("enter does it, in one step that u takes back · esc goes back, nothing is done")
        else:
            keys = _("None of them can be done. esc goes back; nothing was changed.")
        self.tell(keys)

    def tell(self, text: str) -> None:
        self.foot.update(Content.styled(text, "$faint"))

    def action_scroll(self, by: int) -> None:
        self.sheet.scroll_by(by)

    def action_page(self, by: int) -> None:
        self.sheet.page(by)

    def action_leave(self) -> None:
        if not self.busy:
            self.dismiss(None)
            return
        self.stopping = True  # one transaction: it is given up whole, or too far on, and then `u` takes it back
        self.tell(_("Stopping …"))

    async def action_do(self) -> None:
        if self.busy or not self.plan.lines:
            return
        self.busy = True
        if len(self.plan.lines) <= AT_ONCE and not self.by_unit:  # letters to units take their time to write
            self.dismiss(self.work(None))
            return
        self.run_worker(self._at_length(), exclusive=True)

    async def _at_length(self) -> None:
        loop, spoken = asyncio.get_running_loop(), monotonic()

        def told(done: int, of: int) -> None:
            nonlocal spoken
            if self.stopping:
                raise _StoppedError
            if monotonic() - spoken >= SPEAK:  # and never waiting for the screen: the work goes on
                spoken = monotonic()
                loop.call_soon_threadsafe(self.tell, _("{done} of {of} …  esc stops it", done=done, of=of))

        if self.by_unit:
            self.tell(_("The chases are recorded, then a notice is written for each unit …"))
        try:
            sent = await asyncio.to_thread(self.work, told)
        except _StoppedError:
            self.busy = self.stopping = False
            self.tell(_("Stopped; nothing was changed. enter does it after all · esc goes back"))
            return
        self.dismiss(sent)
