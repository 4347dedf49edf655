"""How a dialog sends what was filled in: what is missing, what a bulk would do, and what becomes of the draft."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.timer import Timer

from db.clock import now_ms
from db.text import one_line
from db.words import _
from desk.action_fields import Context
from desk.action_values import read_all
from desk.drafting import Drafting
from desk.messages import Changed, Said
from desk.screens.dialog import Dialog
from desk.sending import Sent, send, stage_all
from desk.widgets.field import FieldRow
from desk.widgets.picker import PickerField

if TYPE_CHECKING:
    from db.store import Store
    from desk.actions import Action
    from desk.bulk import Line as Blocked


class FormSending(Dialog[bool]):
    """ctrl+s of `Form`: nothing typed is lost, whatever is refused."""

    store: Store
    action: Action
    ctx: Context  # of the first letter
    say: Callable[..., None]
    keep: Callable[[], bool]
    contexts: list[Context]
    blocked: Sequence[Blocked]
    values: dict[str, Any]
    rows: list[FieldRow]
    drafting: Drafting
    _rest: Timer | None
    _done: bool

    def action_send(self) -> None:
        if self._done:
            return
        for picker in self.query(PickerField):
            picker.settle()
        for r in self.rows:
            self.values[r.field.name] = r.typed()
            r.complain("")
        values, wrong = read_all(self.action.fields, self.ctx, self.values)
        if wrong:
            by_name = {r.field.name: r for r in self.rows}
            for w in wrong:
                by_name[w.field].complain(w.sentence)
            self.say(_("Not sent: {n} things are missing or unclear. What you typed is kept.", n=len(wrong)), "bad")
            self.set_focus(by_name[wrong[0].field].control.enter())
            self.keep()
            return
        contexts, typed = [replace(c, now=now_ms()) for c in self.contexts], dict(self.values)
        if self.action.tells:
            typed = self._changed(typed)
        if self.ctx.many or self.blocked:
            self._preview(contexts, values, typed)
        elif values.get("files"):
            self._done = True  # until they are read: nothing is sent twice
            self.say(_("Reading the files …"))
            self.run_worker(self._with_files(contexts, values, typed), exclusive=True)
        else:
            self._conclude(send(self.store, self.action, contexts, values, typed))

    def _changed(self, typed: dict[str, Any]) -> dict[str, Any]:
        """What the person made other than the letter is: another letter keeps its own district and urgency."""
        stood: dict[str, Any] = {}
        for f in self.action.fields:
            stood[f.name] = f.first(self.ctx, stood)
        return {name: value for name, value in typed.items() if value != stood[name]}

    async def _with_files(self, contexts: list[Context], values: dict[str, Any], typed: dict[str, Any]) -> None:
        """Files first go into the store, in a thread: a film takes longer than a key may."""
        from db.store import StoreError

        try:
            said = await asyncio.to_thread(stage_all, self.store, contexts, values["files"])
        except StoreError as e:
            said = e.sentence()
        self._done = False
        self._conclude(Sent(refused=(said,)) if said else send(self.store, self.action, contexts, values, typed))

    def _preview(self, contexts: list[Context], values: dict[str, Any], typed: dict[str, Any]) -> None:
        """Several letters: what will happen to which, before it happens."""
        from db.store import StoreError
        from desk.screens.preview import look_before

        self.keep()
        try:
            screen = look_before(self.store, self.action, contexts, values, typed, self.blocked)
        except StoreError as e:
            self.say(e.sentence(), "bad")
            return
        self.app.push_screen(screen, lambda sent: self._conclude(sent) if sent is not None else None)

    def _conclude(self, sent: Sent) -> None:
        if sent.refused:
            self.say("\n".join(one_line(s) for s in sent.refused), "bad")
            self.keep()
            return
        self._done = True
        if self._rest is not None:
            self._rest.stop()
        if sent.draft_used:
            self.drafting.used()
        else:
            self.drafting.drop()
        self.dismiss(True)
        self.app.post_message(Changed(sent.changed, self.action.id))
        self.app.post_message(Said(sent.sentence, "good" if sent.changed else "warn"))
        if sent.shows:
            from desk.screens.confirm import Shown

            self.app.push_screen(Shown(self.action.label, sent.shows))
