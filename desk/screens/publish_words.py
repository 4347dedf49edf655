"""The words of a publication as a text to work on: cut, rewritten, and anything selected taken out by hand."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from db.store_error import StoreError
from db.words import N_, _, term
from desk.publishing import PARTS, Part, Publishing
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.theme import chosen
from desk.widgets.foot import Foot
from desk.widgets.text_field import LongField


class Words(LongField):
    """All the room there is; the arrows stay inside."""

    DEFAULT_CSS = "Words { height: 1fr; max-height: 100%; margin: 0 2; }"

    def _at_edge(self, by: int, select: bool) -> bool:
        return False


class WordsScreen(Dialog[str]):
    """Dismissed with a sentence on what was done ("": nothing to say). What is typed counts as soon as the part is left."""

    DEFAULT_CSS = (
        f"WordsScreen {{ {LAYOUT} }}"
        "WordsScreen Panel { height: 90%; width: 96%; max-width: 120; }"
        "WordsScreen .foot { height: auto; padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,ctrl+s",
            "done",
            show=False,
            priority=True,
            tooltip=N_("done; the words stay as they are"),
            id="words.done",
        ),
        Binding("tab", "part(1)", show=False, priority=True, tooltip=N_("the next part"), id="words.next"),
        Binding("shift+tab", "part(-1)", show=False, priority=True, tooltip=N_("the part before"), id="words.previous"),
        Binding(
            "ctrl+t",
            "take_out",
            show=False,
            priority=True,
            tooltip=N_("take the marked words out"),
            id="words.take_out",
        ),
    ]

    def __init__(self, publishing: Publishing, part: Part) -> None:
        super().__init__()
        self.publishing = publishing
        self.part = part
        self.head = Static(classes="head")
        self.words = Words()
        self.foot = Foot()

    def compose(self) -> ComposeResult:
        with Panel():
            yield self.head
            yield self.words
            yield self.foot

    def on_mount(self) -> None:
        self._show()
        self.words.focus()

    def _show(self, said: str = "") -> None:
        names = [
            Content.styled(
                f" {term('label', 'pub_' + p)} ",
                chosen(self.app.theme) if p == self.part else "$faint",
            )
            for p in PARTS
        ]
        self.head.update(Content(" ").join(names))
        self.words.load_text(self.publishing.texts[self.part])
        self._say(said)

    def _say(self, said: str) -> None:
        keys = _(
            "shift+arrows select, ctrl+t takes it out everywhere · tab: next part · esc or ctrl+s: back, all of it kept"
        )
        parts = [Content.styled(said, "$warning")] if said else []
        self.foot.update(Content("\n").join([*parts, Content.styled(keys, "$faint")]))

    def _keep(self) -> bool:
        """What is typed becomes the part's text; False where the store could not keep it."""
        if self.words.text == self.publishing.texts[self.part]:
            return True
        try:
            self.publishing.write(self.part, self.words.text)
        except StoreError as e:
            self._say(e.sentence())
            return False
        return True

    def action_part(self, by: int) -> None:
        if self._keep():
            self.part = PARTS[(PARTS.index(self.part) + by) % len(PARTS)]
            self._show()

    def action_take_out(self) -> None:
        chosen = self.words.selected_text
        if not chosen.strip():
            self._say(_("Select the words first: shift and the arrows, or the mouse."))
            return
        if not self._keep():
            return
        n = self.publishing.take_out(chosen)
        self._say(_("Taken out by hand in {n} places; c changes what stands there instead.", n=n))

    def action_done(self) -> None:
        if self._keep():
            self.dismiss("")
