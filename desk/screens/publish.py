"""`p`: a letter on its way into the paper: every find decided by a key, what goes out beside it, nothing else goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input

from db.store_error import StoreError
from db.text import one_line
from db.words import _, term
from desk.actions import BY_ID
from desk.messages import Changed, Said
from desk.publishing import PARTS, Find, Part, Publishing
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel, letters_line
from desk.screens.keyed import Keyed, bound
from desk.widgets.foot import Foot
from desk.widgets.outgoing import Mark, wrapped
from desk.widgets.sheet import BLANK, Line, heading, line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import clip, pad

if TYPE_CHECKING:
    from db.model import CaseId

SIGNS = {"": "?", "out": "✓", "kept": "○"}
ROLES = {"": "late", "out": "leaf", "kept": "amber"}
AROUND = 8
"""Characters of the letter shown before and after a find."""


class Instead(Input):
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, id="publish.unchange")]

    def action_leave(self) -> None:
        screen = self.screen
        assert isinstance(screen, PublishScreen)
        screen.changed_to(None)


class PublishScreen(Keyed, Dialog[bool]):
    """Dismissed with True once it is published; with False when left, and then what was decided is kept."""

    DEFAULT_CSS = (
        f"PublishScreen {{ {LAYOUT} }}"
        "PublishScreen Panel { height: 96%; width: 96%; max-width: 124; }"
        "PublishScreen.low Panel { height: 100%; }"
        "PublishScreen #finds { height: auto; } PublishScreen #out { height: 1fr; }"
        "PublishScreen Instead { margin: 0 2; border: none; height: 1; padding: 0; }"
        "PublishScreen .foot { height: auto; padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = bound("publish", "send")
    keys_of = "publish"

    def __init__(self, publishing: Publishing) -> None:
        super().__init__()
        self.publishing = publishing
        self.at = self._undecided_from(0) or 0
        self.finds = SheetView(self._finds)
        self.finds.id = "finds"
        self.out = SheetView(self._out)
        self.out.id = "out"
        self.line = Instead(compact=True, select_on_focus=False, placeholder=_("what stands there instead, then enter"))
        self.foot = Foot()
        self._said = ("", "$warning")
        self._here = 0  # the line of the preview on which the find under the cursor stands

    def compose(self) -> ComposeResult:
        with Panel():
            yield letters_line(BY_ID["publish"], [self.publishing.ctx.case])
            yield self.finds
            yield self.line
            yield self.out
            yield self.foot

    def on_mount(self) -> None:
        self.line.display = False
        self.line.cursor_blink = False
        self._tell(
            _("What you decided before is back; ctrl+r starts anew.") if self.publishing.resumed else "", "$success"
        )

    def on_resize(self) -> None:
        self.set_class(self.app.size.height < 30, "low")
        self._tell(*self._said)

    # what is shown

    def _finds(self, width: int) -> list[Line]:
        finds = self.publishing.finds
        left = self.publishing.undecided
        name = term("publication", self.publishing.as_)
        said = _("{as_}: found {n}, not decided {left}", as_=name, n=len(finds), left=left)
        lines = [heading(said, width)]
        if not finds:
            lines += paragraph(_("Nothing was found that tells who somebody is. Read it all the same."), width, "faint")
        return lines + [self._find(i, find, width) for i, find in enumerate(finds)]

    def _find(self, i: int, find: Find, width: int) -> Line:
        text = self.publishing.texts[find.part]
        before = one_line(text[max(0, find.spot.start - AROUND) : find.spot.start])
        after = one_line(text[find.spot.end : find.spot.end + AROUND])
        here = i == self.at
        head = f"{SIGNS[find.fate]} {pad(term('redaction', find.spot.rule), 10)} {pad(term('label', 'pub_' + find.part), 5)} "
        stays = _("stays") if find.fate == "kept" else f"→ {one_line(find.instead)}"
        room = max(12, width - len(head) - 12)
        return line(
            ("▌" if here else " ", "seal"),
            (head, ROLES[find.fate]),
            (clip(f"…{before}", 12), "faint"),
            (clip(f"【{one_line(find.was)}】", max(10, room - 30)), "strong" if here else "ink"),
            (clip(after, 8), "faint"),
            (f" {stays}", "water"),
            bold=here,
        )

    def _out(self, width: int) -> list[Line]:
        """What goes out, part by part; the place under the cursor is remembered so that it comes into view."""
        lines: list[Line] = [heading(_("This and nothing else goes out"), width)]
        self._here = 0
        for part in PARTS:
            text, marks, here = self._goes(part)
            if not text:
                continue
            if part == "reply":
                lines += [BLANK, line((term("label", "pub_reply"), "faint"))]
            made, starts = wrapped(text, marks, width)
            if here is not None:
                at = max((n for n, start in enumerate(starts) if start <= here), default=0)
                self._here = len(lines) + at
            lines += [Line(one.pieces, bold=True) for one in made] if part == "title" else made
            lines += [BLANK] if part == "title" else []
        return lines

    def _goes(self, part: Part) -> tuple[str, list[Mark], int | None]:
        """The outgoing text of a part before it is trimmed, its marks, and where the find under the cursor stands in it."""
        source, text, marks, here, at = self.publishing.texts[part], "", [], None, 0
        for i, find in enumerate(self.publishing.finds):
            if find.part != part:
                continue
            text += source[at : find.spot.start]
            said = find.was if find.fate == "kept" else find.instead
            if i == self.at:
                here = len(text)
            marks.append((len(text), len(text) + len(said), "match" if i == self.at else ROLES[find.fate]))
            text, at = text + said, find.spot.end
        return text + source[at:], marks, here

    def _tell(self, text: str = "", style: str = "$warning") -> None:
        self._said = (text, style)
        if not self.is_mounted:
            return
        self.at = min(self.at, max(0, len(self.publishing.finds) - 1))
        room = max(3, min(len(self.publishing.finds) + 1, self.app.size.height // 3))
        self.finds.styles.height = max(2, room)
        self.finds.tell()
        row = self.at + 1
        self.finds.scroll_by(min(0, row - self.finds.top) or max(0, row - self.finds.top - room + 1))
        self.out.tell()
        height = max(1, self.out.size.height)
        if not self.out.top <= self._here < self.out.top + height:
            self.out.scroll_by(self._here - height // 2 - self.out.top)
        self.foot.update(self._foot(text, style))

    def _foot(self, text: str, style: str) -> Content:
        keys = self.foot_text(max(40, min(124, self.app.size.width * 96 // 100) - 8), 2)
        parts = [Content.styled(text, style)] if text else []
        return Content("\n").join([*parts, Content.styled(keys, "$faint")])

    # keys

    def why_not(self, key: str) -> str | None:
        """What there is to decide on, and what is missing before it goes out."""
        if key in ("take", "keep", "change") and not self.publishing.finds:
            return _("Nothing was found to decide on: e takes words out by hand, ctrl+s publishes.")
        if key in ("take_all", "next") and not self.publishing.undecided:
            return _("Everything is decided: ctrl+s publishes.")
        return self.publishing.missing() or None if key == "send" else None

    def foot_words(self) -> list[str]:
        """With the key that publishes also while something is missing: what, it says itself."""
        words = super().foot_words()
        send = f"ctrl+s {term('key', 'publish.send')}"
        return words if send in words else [*words[:-2], send, *words[-2:]]

    def _find_here(self) -> Find | None:
        finds = self.publishing.finds
        return finds[self.at] if finds else None

    def _undecided_from(self, at: int) -> int | None:
        finds = self.publishing.finds
        order = [*range(at, len(finds)), *range(min(at, len(finds)))]
        return next((i for i in order if not finds[i].fate), None)

    def action_move(self, by: int) -> None:
        self.at = min(max(0, self.at + by), max(0, len(self.publishing.finds) - 1))
        self._tell()

    def action_open_find(self) -> None:
        """To the next one that is not decided."""
        found = self._undecided_from(self.at + 1)
        if found is None:
            self._tell(_("Everything is decided: ctrl+s publishes."), "$success")
            return
        self.at = found
        self._tell()

    def action_take(self) -> None:
        self._decide("out")

    def action_keep(self) -> None:
        self._decide("kept")

    def _decide(self, fate: str, instead: str | None = None) -> None:
        find = self._find_here()
        if find is None:
            self._tell(_("Nothing was found to decide on: e takes words out by hand, ctrl+s publishes."))
            return
        try:
            self.publishing.decide(find, fate, instead)
        except StoreError as e:
            self._tell(e.sentence(), "$error")
            return
        onward = self._undecided_from(self.at)
        self.at = self.at if onward is None else onward
        self._tell(_("Everything is decided: ctrl+s publishes.") if onward is None else "", "$success")

    def action_take_all(self) -> None:
        try:
            n = self.publishing.decide_rest()
        except StoreError as e:
            self._tell(e.sentence(), "$error")
            return
        self._tell(_("Taken out: {n}. Look through what goes out, then ctrl+s.", n=n), "$success")

    def action_change(self) -> None:
        """Other words instead of the find."""
        find = self._find_here()
        if find is None:
            return
        self.line.value = find.instead
        self.line.display = True
        self.line.focus()
        self._tell(_("What stands there instead; enter takes it, esc leaves it."))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.changed_to(one_line(event.value).strip())

    def changed_to(self, said: str | None) -> None:
        """Back from the line; None: nothing was changed."""
        self.line.display = False
        self.set_focus(None)
        if said is None:
            self._tell()
        else:
            self._decide("out", said)

    def action_write(self) -> None:
        """The texts themselves: cut, rewritten, words taken out by hand."""
        from desk.screens.publish_words import WordsScreen

        find = self._find_here()
        self.app.push_screen(
            WordsScreen(self.publishing, find.part if find else "text"), lambda said: self._tell(said or "")
        )

    def action_anew(self) -> None:
        try:
            self.publishing.anew()
        except StoreError as e:
            self._tell(e.sentence(), "$error")
            return
        self.at = 0
        self._tell(_("The letter's own words again, nothing decided."))

    def action_page(self, by: int) -> None:
        self.out.page(by)

    def action_leave(self) -> None:
        try:
            kept = self.publishing.keep()
        except StoreError as e:
            self._tell(e.sentence(), "$error")
            return
        if kept:
            said = _(
                "Left {action}; what you typed is kept and comes back with the same key.", action=BY_ID["publish"].label
            )
            self.app.post_message(Said(said))
        self.dismiss(False)

    def action_send(self) -> None:
        if self.line.display:
            return
        if missing := self.publishing.missing():
            undecided = self._undecided_from(self.at)
            self.at = self.at if undecided is None else undecided
            self._tell(missing, "$error")
            return
        sent = self.publishing.send()
        if sent.refused:
            self._tell("\n".join(one_line(s) for s in sent.refused), "$error")
            return
        cases: tuple[CaseId, ...] = sent.changed
        self.dismiss(True)
        self.app.post_message(Changed(cases, "publish"))
        self.app.post_message(Said(sent.sentence, "good" if cases else "warn"))
