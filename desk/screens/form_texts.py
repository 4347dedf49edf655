"""Long texts in a dialog: begun from a template, written in the person's own editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from db.words import _
from desk.widgets.field import FieldRow
from desk.widgets.text_field import LongField

if TYPE_CHECKING:
    from db.store import Store
    from desk.action_fields import Context
    from desk.actions import Action


class FormTexts:
    """ctrl+t and ctrl+o, for the long text the keys go to."""

    store: Store
    action: Action
    ctx: Context
    values: dict[str, Any]
    shown: Callable[[], list[FieldRow]]
    say: Callable[..., None]
    keep: Callable[[], bool]
    app: Any  # Textual's own property

    def _long(self) -> FieldRow | None:
        """The long text the keys go to, else the first one."""
        found = [r for r in self.shown() if r.field.kind == "long"]
        return next((r for r in found if r.has_focus_within), found[0] if found else None)

    def action_template(self) -> None:
        """ctrl+t: a text to begin from, filled in for this letter, put where the cursor stands."""
        from db import templates
        from desk.screens.templates import Templates

        long = self._long()
        if long is None:
            self.say(_("There is no long text here to begin from a template."))
            return
        case, lead = self.ctx.case, self.ctx.case.lead_dispatch
        values = templates.variables(case, self.ctx.now, reply=self.ctx.reply(), editor=self.ctx.editor())
        name = self.values.get("what") if self.action.id in ("record", "citizen", "extend") else ""

        def taken(text: str | None) -> None:
            control = long.control.enter()
            control.focus()
            if text is not None and isinstance(control, LongField):
                control.insert(text) if control.text.strip() else control.put_typed(text)

        unit = lead.unit if lead else None
        chosen = [value for value in self.values.values() if isinstance(value, str)]
        screen = Templates(
            self.store, str(name or self.action.id), values, case.topic, unit, long.typed(), self.ctx.actor, chosen
        )
        self.app.push_screen(screen, taken)

    def action_editor(self) -> None:
        """ctrl+o: the long text in the person's own editor."""
        from textual.app import SuspendNotSupported

        from desk.editor import edit

        long = self._long()
        control = long.control.enter() if long else None
        if not isinstance(control, LongField):
            self.say(_("There is no long text here for an editor."))
            return
        self.keep()
        try:
            with self.app.suspend():
                done = edit(control.text, self.store.path.parent)
        except SuspendNotSupported:
            self.say(_("This terminal cannot be lent to an editor."), "bad")
            return
        if done.text is None:
            self.say(done.sentence)
        else:
            control.put_typed(done.text)
            self.keep()
        control.focus()
