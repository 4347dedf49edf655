"""One dialog for every action: draws its fields, keeps what is typed, sends it, and says why when a rule refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from db.words import N_, _
from desk import asides
from desk.action_fields import Context
from desk.drafting import DEBOUNCE, Drafting
from desk.messages import Said
from desk.screens.dialog import Dialog
from desk.screens.form_hints import FormHints
from desk.screens.form_parts import LAYOUT, Panel, SendLine, letters_line
from desk.screens.form_sending import FormSending
from desk.screens.form_texts import FormTexts
from desk.widgets.aside import AsideBox
from desk.widgets.controls import row
from desk.widgets.field import Edited, FieldRow, Leaving, Onward, plain
from desk.widgets.outcome_field import OutcomeField

if TYPE_CHECKING:
    from db.store import Store
    from db.suggest import Hint
    from desk.actions import Action
    from desk.bulk import Line as Blocked


class Form(FormSending, FormHints, FormTexts, Dialog[bool]):
    """Dismissed with True once the action is done; with False when left, and then what was typed is kept."""

    DEFAULT_CSS = f"Form {{ {LAYOUT} }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s,ctrl+enter", "send", show=False, priority=True, tooltip=N_("send"), id="form.send"),
        Binding(
            "escape",
            "leave",
            show=False,
            priority=True,
            tooltip=N_("leave; what is typed is kept and comes back"),
            id="form.leave",
        ),
        Binding(
            "ctrl+r", "discard", show=False, priority=True, tooltip=N_("throw away what was typed"), id="form.discard"
        ),
        Binding(
            "ctrl+t", "template", show=False, priority=True, tooltip=N_("begin from a template"), id="form.template"
        ),
        Binding(
            "ctrl+o", "editor", show=False, priority=True, tooltip=N_("write in your own editor"), id="form.editor"
        ),
        Binding("tab", "tab(1)", show=False, priority=True, tooltip=N_("the next field"), id="form.next"),
        Binding("shift+tab", "tab(-1)", show=False, priority=True, tooltip=N_("the field before"), id="form.previous"),
        Binding(
            "equals_sign",
            "take",
            show=False,
            priority=True,
            tooltip=N_("take the suggestion of this field"),
            id="form.take",
        ),
        Binding("plus", "take_all", show=False, priority=True, tooltip=N_("take all suggestions"), id="form.take_all"),
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
    ]

    def __init__(
        self,
        store: Store,
        action: Action,
        contexts: Sequence[Context],
        preset: Mapping[str, Any] | None = None,
        blocked: Sequence[Blocked] = (),
        known: Mapping[str, Hint] | None = None,
    ) -> None:
        """`contexts`: the letters it can be done to; `blocked`: others, and why not; `known`: suggestions looked up already."""
        super().__init__()
        self.store = store
        self.action = action
        self.contexts = list(contexts)
        self.blocked = tuple(blocked)
        self.ctx = self.contexts[0]
        many = self.ctx.many
        self.drafting = Drafting(store, self.ctx.case.id, action.id, many=many)
        self.values: dict[str, Any] = {}
        for f in action.fields:
            self.values[f.name] = (preset or {}).get(f.name, f.first(self.ctx, self.values))
        self.draft = self.drafting.begin(self.values)
        self.rows: list[FieldRow] = []
        self.known = known
        self.hints = {}
        self._rest: Timer | None = None
        self._done = False
        self._unkept = ""  # why the store did not take the draft; "" where it did
        self._leaving = False  # esc was pressed with a draft that is not kept

    # drawing

    def compose(self) -> ComposeResult:
        values = self.values | (self.draft or {})
        self.values = {name: values[name] for name in self.values}
        self.before = AsideBox(lambda width: asides.before(self.action.id, self.ctx, self.values, width))
        self.after = AsideBox(lambda width: asides.after(self.action.id, self.ctx, self.values, width), most=6)
        self.rows = [row(f, self.ctx, lambda: self.values) for f in self.action.fields]
        self.said = Static(classes="said")
        self.send_line = SendLine(self.action.label, texts=any(f.kind == "long" for f in self.action.fields))
        self.body = VerticalScroll(self.before, *self.rows, self.after, can_focus=False)
        with Panel():
            yield letters_line(self.action, [c.case for c in self.contexts], len(self.blocked))
            yield self.body
            yield self.said
            yield self.send_line

    def on_mount(self) -> None:
        for r in self.rows:
            with self.prevent(Edited):
                r.put(self.values[r.field.name])
            self._reveal(r)
        if self.draft is not None:
            self.say(_("Your draft is back; ctrl+r starts anew."), "kept")
        self.make_room()
        self.set_focus(self._first())
        self.ask_hints()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """`=` and `+` are characters wherever they take no suggestion."""
        if action in ("take", "take_all") and not self.opening:
            return self.can_take(action == "take_all")
        return super().check_action(action, parameters)

    def on_resize(self) -> None:
        self.make_room()

    def make_room(self) -> None:
        """On a low screen what is read gets less room than what is typed."""
        height = self.app.size.height
        self.before.tell(most=4 if height < 30 else max(6, height // 4))
        self.set_class(height < 30, "low")
        self.body.styles.max_height = max(4, height - (7 if height < 30 else 12))

    def _first(self) -> Widget:
        """Where the keys go first: to the first field that is not surely filled in, else straight to sending."""
        for r in self.shown():
            value = self.values[r.field.name]
            needed = r.field.required(self.ctx, self.values)
            untouched = self.draft is None or value == self.drafting.untouched.get(r.field.name)
            if (needed and value in ("", [], False)) or (untouched and not r.field.sure(self.ctx, self.values)):
                return r.control.enter()
        if self.draft is None and any(r.field.required(self.ctx, self.values) for r in self.shown()):
            return self.send_line
        shown = self.shown()
        return shown[0].control.enter() if shown else self.send_line

    def shown(self) -> list[FieldRow]:
        return [r for r in self.rows if r.display]

    def say(self, text: str, tone: str = "") -> None:
        """A sentence above the send line; several lines where several letters are refused."""
        self.said.set_classes(f"said {tone}")
        sign = {"bad": "✗ ", "kept": "✎ "}.get(tone, "")
        self.said.update(plain(sign + text) if text else Content(""))
        self.said.display = bool(text)

    # keys

    def action_tab(self, by: int) -> None:
        """As a step; inside the rows of outcomes from cell to cell first."""
        found = next((r.inner for r in self.shown() if r.has_focus_within), None)
        if not (isinstance(found, OutcomeField) and found.step(by)):
            self.action_step(by)

    def action_step(self, by: int) -> None:
        """To the next or previous field; after the last comes the send line."""
        stops: list[Widget] = [*(r.control.enter() for r in self.shown()), self.send_line]
        at = next((i for i, r in enumerate(self.shown()) if r.has_focus_within), len(stops) - 1)
        self.set_focus(stops[(at + by) % len(stops)])  # at once: what was typed ahead belongs there

    def action_page(self, by: int) -> None:
        if self.before.longer:
            self.before.page(by)
        else:
            self.body.scroll_page_down(animate=False) if by > 0 else self.body.scroll_page_up(animate=False)

    def on_onward(self, event: Onward) -> None:
        event.stop()
        shown = self.shown()
        at = next((i for i, r in enumerate(shown) if r.has_focus_within), len(shown))
        if at >= len(shown) - 1:
            self.action_send()
        else:
            self.action_step(1)

    def on_leaving(self, event: Leaving) -> None:
        event.stop()
        self.action_step(event.by)

    def on_key(self, event: events.Key) -> None:
        """On the send line a letter or number means the first field."""
        if self.focused is not self.send_line or not event.is_printable or event.key == "space" or not self.shown():
            return
        first = self.shown()[0].control.enter()
        event.stop()
        self.set_focus(first)
        first.post_message(events.Key(event.key, event.character))

    # what is typed

    def on_edited(self, event: Edited) -> None:
        event.stop()
        was = dict(self.values)
        for r in self.rows:
            self.values[r.field.name] = r.typed()
        if self.values == was:
            return
        for r in self.rows:
            self._reveal(r)
            r.require(r.field.required(self.ctx, self.values))
            if r.has_focus_within:
                r.complain("")
            else:
                r.control.refreshed()
                r.explain()
        self.after.tell()
        self.before.tell()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(DEBOUNCE, self.keep)

    def _reveal(self, r: FieldRow) -> None:
        shown = r.field.shown(self.ctx, self.values)
        if shown != r.display:
            r.display = shown

    def keep(self) -> bool:
        """Writes the draft; True if there is one. A store that cannot write says so; the screen loses nothing."""
        from db.store import StoreError

        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        if self._done:
            return False
        try:
            kept = self.drafting.keep(self.values)
        except StoreError as e:
            self._unkept = e.sentence()
            self.say(self._unkept, "bad")
            return False
        self._unkept = ""
        return kept

    def action_discard(self) -> None:
        """The dialog as it was before anything was typed."""
        self.values = dict(self.drafting.untouched)
        with self.prevent(Edited):
            for r in self.rows:
                r.put(self.values[r.field.name])
                self._reveal(r)
                r.control.refreshed()
                r.complain("")
        self.draft = None
        self.keep()
        self.after.tell()
        self.before.tell()
        self.say(_("The draft is gone; the dialog is as it was at first."))
        self._first().focus()

    def action_leave(self) -> None:
        kept = self.keep()
        if self._unkept and not self._leaving:
            self._leaving = True
            self.say(
                _("What you typed could not be kept: esc once more leaves without it. {why}", why=self._unkept), "bad"
            )
            return
        if kept:
            left = self.action.label
            said = _("Left {action}; what you typed is kept and comes back with the same key.", action=left)
            self.app.post_message(Said(said))
        self.dismiss(False)

    def on_unmount(self) -> None:
        """The app ends while something waits to be kept."""
        if self._rest is not None:
            self.keep()
