"""Texts to begin from: chosen with a preview of what would stand there, made and changed on the spot."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from db import templates
from db.model import Refusal
from db.sentences import say
from db.templates import Filled, Template
from db.text import one_line, safe
from db.words import N_, _, term
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.screens.twice import Twice
from desk.widgets.field import plain
from desk.widgets.foot import Foot
from desk.widgets.sheet import BLANK, Line, heading, line, paragraph, prose
from desk.widgets.sheet_view import SheetView
from desk.widgets.text_field import Line as LineInput
from desk.widgets.text_field import LongField
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from db.model import Actor
    from db.store import Store

NAMES = 8
"""Lines of names above the preview; the list scrolls with the choice."""


def warning(filled: Filled) -> str:
    """What still stands in braces, as a sentence; "" where all is filled."""
    said = []
    if filled.empty:
        said.append(
            _("This letter has no {names}: it stays in braces, fill it in by hand.", names="、".join(filled.empty))
        )
    if filled.unknown:
        said.append(
            _(
                "Unknown: {names}. There are: {known}.",
                names="、".join(filled.unknown),
                known="、".join(templates.names()),
            )
        )
    return " ".join(said)


class Templates(Twice, Dialog["str | None"]):
    """Dismissed with the filled text, or None. `typed`: what stands in the field, which `n` makes a template of."""

    DEFAULT_CSS = f"Templates {{ {LAYOUT} }} Templates SheetView {{ height: auto; }} Templates .foot {{ padding: 0 2; height: auto; }}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", show=False, priority=True, tooltip=N_("back"), id="templates.leave"),
        Binding("enter", "take", show=False, tooltip=N_("take this template"), id="templates.take"),
        Binding("j,down", "move(1)", show=False, tooltip=N_("the next line"), id="templates.down"),
        Binding("k,up", "move(-1)", show=False, tooltip=N_("the line before"), id="templates.up"),
        Binding("n", "make", show=False, tooltip=N_("a new template"), id="templates.make"),
        Binding("e", "change", show=False, tooltip=N_("change this template"), id="templates.change"),
        Binding("d", "remove", show=False, tooltip=N_("take this template away"), id="templates.remove"),
    ]

    def __init__(
        self,
        store: Store,
        action: str,
        values: Mapping[str, str],
        topic: str | None,
        unit: str | None,
        typed: str,
        actor: Actor | None = None,
        chosen: Collection[Any] = (),
    ) -> None:
        super().__init__()
        self.store = store
        self.actor = actor  # who decides for the newsroom; before a first login whoever sits here
        self.action = action
        self.values = values
        self.topic = topic
        self.unit = unit
        self.chosen = chosen  # values of the dialog: a reason, a result
        self.typed = typed
        self.close = 0  # so many of `found` are for this letter, the others for another topic or unit
        self.found: list[Template] = []
        self._find()
        self.at = 0
        self.sheet = SheetView(self._lines)
        self.said = Foot()

    def _find(self) -> None:
        close = templates.fitting(self.store, self.action, self.topic, self.unit, self.chosen)
        self.close = len(close)
        self.found = [*close, *templates.elsewhere(self.store, self.action, self.topic, self.unit)]

    def compose(self) -> ComposeResult:
        with Panel():
            yield Static(
                Content.assemble((_("Templates"), "bold $warning"), ("  " + term("action", self.action), "bold")),
                classes="head",
            )
            yield self.sheet
            yield self.said

    def on_mount(self) -> None:
        self._tell()

    def _lines(self, width: int) -> list[Line]:
        if not self.found:
            return paragraph(_("None for this action yet: n makes one of what you typed."), width, "faint")
        first = max(0, min(self.at - NAMES // 2, len(self.found) - NAMES))
        lines = []
        for i, t in enumerate(self.found[first : first + NAMES], first):
            if i == self.close:
                lines.append(heading(_("For another topic or unit"), width))
            narrow = " · ".join(one_line(part) for part in (t.topic, t.unit) if part)
            whose = _("ours") if t.own else _("shipped")
            lines.append(
                line(
                    ("▌" if i == self.at else " ", "seal"),
                    (pad(one_line(t.name), 28) + " ", "strong" if i == self.at else "ink"),
                    (pad(narrow, max(8, width - 42)) + " ", "water"),
                    (pad(whose, 8), "faint"),
                    bold=i == self.at,
                )
            )
        filled = templates.fill(self.found[self.at].body, self.values)
        lines += [BLANK, heading(_("As it would stand there"), width)]
        lines += prose(filled.text, width)
        if warned := warning(filled):
            lines += [BLANK, *paragraph(warned, width, "today")]
        return lines

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """As high as what there is to read, where the screen has so many rows."""
        width = min(97, int(self.app.size.width * 0.96) - 6)
        self.sheet.styles.height = max(4, min(len(self._lines(width)), self.app.size.height - 8))

    def _tell(self, text: str = "") -> None:
        self._fit()
        self.sheet.tell()
        keys = _("enter takes it · n new, of what you typed · e changes · d takes away · esc")
        self.said.update(Content.styled(text, "$warning") if text else Content.styled(keys, "$faint"))

    def _again(self, chosen: str = "") -> None:
        self._find()
        self.at = next(
            (i for i, t in enumerate(self.found) if t.id == chosen), min(self.at, max(0, len(self.found) - 1))
        )
        self._tell()

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_take(self) -> None:
        if self.found:
            self.dismiss(templates.fill(self.found[self.at].body, self.values).text)

    def action_move(self, by: int) -> None:
        self.at = min(max(0, self.at + by), max(0, len(self.found) - 1))
        self.spare()
        self._tell()

    def action_make(self) -> None:
        self._edit(Template("", self.action, "", self.typed))

    def action_change(self) -> None:
        if self.found:
            self._edit(self.found[self.at])

    def action_remove(self) -> None:
        from db.store_error import StoreError

        if not self.found:
            return
        gone = self.found[self.at]
        if not gone.own:
            self._tell(_("This one is shipped with the desk: e makes one of your own of it."))
            return
        if not self.sure(gone, gone.name):
            return
        try:
            no = templates.drop(self.store, gone.id, self.actor)
        except StoreError as e:
            self._tell(e.sentence())
            return
        if no is not None:
            self._tell(say(no))
            return
        self._again()
        self._tell(_("Taken away: {name}. Texts already written keep their words.", name=one_line(gone.name)))

    def _edit(self, template: Template) -> None:
        def done(made: Template | None) -> None:
            if made is not None:
                self._again(made.id)

        self.app.push_screen(EditTemplate(self.store, template, self.values, self.actor), done)


class EditTemplate(Dialog["Template | None"]):
    """One template: name, topic and unit it is for, its words, and how they would stand in the letter in view."""

    DEFAULT_CSS = (
        f"EditTemplate {{ {LAYOUT} }}"
        "EditTemplate .label { height: 1; padding: 0 2; } EditTemplate Line, EditTemplate LongField { margin: 0 2; }"
        "EditTemplate .foot { height: auto; padding: 0 2; max-height: 10; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "leave", show=False, priority=True, tooltip=N_("leave; nothing is changed"), id="template.leave"
        ),
        Binding("ctrl+s", "save", show=False, priority=True, tooltip=N_("keep the template"), id="template.save"),
        Binding("tab", "app.focus_next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", show=False, priority=True),
    ]

    def __init__(self, store: Store, template: Template, values: Mapping[str, str], actor: Actor | None = None) -> None:
        super().__init__()
        self.store = store
        self.actor = actor
        self.template = template
        self.values = values
        self.name_line, self.topic_line, self.unit_line = (
            LineInput(),
            LineInput(_("any topic")),
            LineInput(_("any unit")),
        )
        self.body = LongField()
        self.shown = Foot()
        self.left = False

    def compose(self) -> ComposeResult:
        with Panel(), Vertical():
            yield Static(Content.styled(_("Template"), "bold $warning"), classes="head")
            for label, control in (
                (_("name"), self.name_line),
                (_("topic"), self.topic_line),
                (_("unit"), self.unit_line),
                (_("words; variables: {names}", names=" ".join(f"{{{n}}}" for n in templates.names())), self.body),
            ):
                yield Static(plain(label), classes="label")
                yield control
            yield self.shown

    def on_mount(self) -> None:
        self.name_line.value = self.template.name
        self.topic_line.value = self.template.topic or ""
        self.unit_line.value = self.template.unit or ""
        self.body.put(self.template.body)
        self.set_focus(self.name_line)
        self._show()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        self._show()

    def on_edited(self) -> None:
        self._show()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.app.action_focus_next()

    def on_leaving(self) -> None:
        self.app.action_focus_next()

    def _show(self, text: str = "") -> None:
        filled = templates.fill(self.body.text, self.values)
        keys = _("ctrl+s keeps it · esc leaves it; once more: without keeping")
        said = [safe(filled.text), "", warning(filled), text or keys]
        self.shown.update(plain("\n".join(part for part in said if part)))

    def action_leave(self) -> None:
        changed = self.body.text != safe(self.template.body) or self.name_line.value != self.template.name
        if changed and not self.left:
            self.left = True
            self._show(_("Not kept yet: ctrl+s keeps it, esc once more leaves it."))
            return
        self.dismiss(None)

    def action_save(self) -> None:
        from db.store_error import StoreError

        name = one_line(self.name_line.value).strip()
        if not name or not self.body.text.strip():
            self._show(_("A template needs a name and words."))
            return
        made = Template(
            self.template.id,
            self.template.action,
            name,
            self.body.text,
            self.topic_line.value.strip() or None,
            self.unit_line.value.strip() or None,
            self.template.own,
        )
        try:
            kept = templates.put(self.store, made, self.actor)
        except StoreError as e:
            self._show(e.sentence())
            return
        if isinstance(kept, Refusal):
            self._show(say(kept))
        else:
            self.dismiss(kept)
