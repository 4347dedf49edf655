"""Suggestions in a dialog: under each field what the letter suggests and why; taken by a key, never by themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from db.clock import now_ms
from db.store_error import StoreError
from db.words import _
from desk.widgets.field import Edited, FieldRow

if TYPE_CHECKING:
    from textual.worker import Worker

    from db.store import Store
    from db.suggest import Hint
    from desk.action_fields import Context
    from desk.actions import Action
    from desk.screens.form_parts import SendLine

ON = True
"""Whether dialogs look for suggestions."""

ASKED = frozenset({"classify", "accept", "forward"})
"""Actions that say what a letter is or where it goes."""


class FormHints:
    """What a dialog of `ASKED` does with suggestions. They come when they come: the dialog can be used at once."""

    store: Store
    action: Action
    ctx: Context
    send_line: SendLine
    rows: list[FieldRow]
    hints: Mapping[str, Hint]
    run_worker: Callable[..., Worker[Any]]
    known: Mapping[str, Hint] | None = None
    looking: bool

    def ask_hints(self) -> None:
        """Looks for them beside the dialog; what the queue has found for the letter it reads is there at once."""
        if not ON or self.action.id not in ASKED or self.ctx.many:
            return
        if self.known is not None:
            self._tell_hints(self.known)
        else:
            self.looking = True
            self.run_worker(self._look(), exclusive=True, group="hints", exit_on_error=False)

    async def _look(self) -> None:
        from desk.beside import hints

        ctx = self.ctx
        try:
            found = await asyncio.to_thread(hints, self.store, ctx.case, tuple(ctx.events), now_ms())
        except (StoreError, RuntimeError):  # locked, or closed meanwhile: the dialog does without
            return
        finally:
            self.looking = False
        self._tell_hints(found)

    def _tell_hints(self, found: Mapping[str, Hint]) -> None:
        named = {row.field.name for row in self.rows}
        self.hints = {name: hint for name, hint in found.items() if name in named}
        for row in self.rows:
            if hint := self.hints.get(row.field.name):
                row.suggest(hint.value, _line(hint))
        if any(hint.value for hint in self.hints.values()):
            self.say(_("= takes the suggestion of a field, + all of them."))  # type: ignore[attr-defined]

    def offered(self, row: FieldRow | None) -> str | None:
        """The value that a field could take now; None where it has it or nothing is suggested."""
        hint = self.hints.get(row.field.name) if row is not None and row.display else None
        return hint.value if hint is not None and row is not None and row.typed() != hint.value else None

    def can_take(self, every: bool) -> bool:
        """Whether `=` or `+` means a suggestion where the keys go now, and not a character."""
        at = self._at()
        if at is None:
            return every and any(self.offered(row) for row in self.rows)
        named = at.field.name in self.hints
        return named and (any(self.offered(row) for row in self.rows) if every else self.offered(at) is not None)

    def _at(self) -> FieldRow | None:
        return next((row for row in self.rows if row.has_focus_within), None)

    def action_take(self) -> None:
        """`=`: the suggestion of the field the keys go to; then on to the next."""
        row = self._at()
        if row is not None and self._put(row):
            self.action_step(1)  # type: ignore[attr-defined]

    def action_take_all(self) -> None:
        """`+`: every suggestion, and the keys go to sending."""
        if [row for row in self.rows if self._put(row)]:
            self.send_line.focus()

    def _put(self, row: FieldRow) -> bool:
        value = self.offered(row)
        if value is None:
            return False
        row.control.put(value)
        row.explain()
        _widget(row).post_message(Edited())
        return True


def _widget(row: FieldRow) -> Widget:
    return row.inner


def _line(hint: Hint) -> str:
    from db.suggest_words import because, value_label

    value = value_label(hint)
    return f"= {value} · {because(hint)}" if value else because(hint)
