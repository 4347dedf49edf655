"""The supervisor's morning: chases that are due, one key each or all after a look; documents not yet delivered; 正在问."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input

from db import delivery, proposals
from db.clock import now_ms
from db.store_error import StoreError
from db.words import _, sentences, term
from desk import morning
from desk.messages import Changed
from desk.screens.keyed import Keyed, bound
from desk.screens.room import Roomy
from desk.widgets import ladder_lines as drawn
from desk.widgets.due import time_left
from desk.widgets.sheet import BLANK, Line, Piece, heading, line, paragraph
from desk.widgets.sheet_view import SheetView

if TYPE_CHECKING:
    from db.delivery import Waiting
    from db.proposals import Morning, Proposal, Question
    from desk.shelf import Shelf

VIEWS = ("proposals", "waiting", "questions")
_OF_PROPOSALS = frozenset({"send", "skip", "channel", "all", "level_1", "level_2", "level_3", "level_4"})
_OF_DOCUMENTS = frozenset({"arrived", "document"})


class Answer(Input):
    """One line to type a reason or a name in."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False, id="ladder.unsay")]

    def action_leave(self) -> None:
        screen = self.screen
        assert isinstance(screen, LadderScreen)
        screen.answered(None)


class LadderScreen(Keyed, Roomy, Screen["str | None"]):
    """Dismissed with the code of a letter to open, or None."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = (
        "LadderScreen .list { height: 1fr; } LadderScreen .foot { height: 4; }"
        "LadderScreen Answer { border: none; height: 1; padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = bound("ladder")
    keys_of = "ladder"

    def __init__(self, shelf: Shelf) -> None:
        super().__init__()
        self.shelf = shelf
        self.morning: Morning | None = None
        self.waiting: list[Waiting] = []
        self.paper: frozenset[str] = frozenset()
        self.levels: dict[str, int] = {}
        self.channels: dict[str, str] = {}
        self.view = VIEWS[0]
        self.at = 0
        self.preview: dict[int, str] | None = None  # while all are looked at: index → why one would be left out
        self.told = ""
        self.sheet = SheetView(self._lines, "paper")
        self.foot = SheetView(self._foot)
        self.sheet.add_class("list")
        self.foot.add_class("foot")
        self.answer = Answer(compact=True)
        self._then: Callable[[str], None] | None = None

    def compose(self) -> ComposeResult:
        yield self.sheet
        yield self.answer
        yield self.foot

    def on_mount(self) -> None:
        self.answer.display = False
        self.answer.cursor_blink = False
        self._look()

    # what there is

    def _look(self) -> None:
        self.run_worker(self._read, thread=True, exclusive=True, group="ladder")

    def _read(self) -> None:
        try:
            found = proposals.morning(self.shelf.store, now_ms())
            got = found, delivery.waiting(self.shelf.store), delivery.paper(self.shelf.store)
        except StoreError as e:
            self.app.call_from_thread(self._say, e.sentence())
            return
        except RuntimeError:  # the store was closed meanwhile
            return
        if self.app.is_running:
            self.app.call_from_thread(self._came, *got)

    def _came(self, found: Morning, waiting: list[Waiting], paper: frozenset[str]) -> None:
        self.morning, self.waiting, self.paper = found, waiting, paper
        self.preview = None
        self._tell()

    @property
    def items(self) -> list[Proposal] | list[Waiting] | list[Question]:
        """The lines of the view."""
        if self.morning is None:
            return []
        if self.view == "waiting":
            return self.waiting
        return list(self.morning.proposals) if self.view == "proposals" else list(self.morning.questions)

    @property
    def item(self) -> Proposal | Waiting | Question | None:
        items = self.items
        self.at = min(self.at, max(0, len(items) - 1))
        return items[self.at] if items else None

    def _going(self) -> list[morning.Going]:
        found = self.morning.proposals if self.morning else ()
        return [morning.going(p, self.paper, self.levels, self.channels) for p in found]

    # drawing

    def _lines(self, width: int) -> list[Line]:
        if self.morning is None:
            return paragraph(_("Adding up …"), width, "faint")
        counts = (len(self.morning.proposals), len(self.waiting), len(self.morning.questions))
        tabs: list[Piece] = []
        for name, n in zip(VIEWS, counts, strict=True):
            label = f"{term('ladder_view', name)} {n}"
            tabs += [(f"[{label}]" if name == self.view else f" {label} ", "strong" if name == self.view else "faint")]
            tabs.append(("  ", "ink"))
        if self.morning.skipped:
            tabs.append((_("put off today: {n}", n=self.morning.skipped), "faint"))
        head = [line(*tabs), BLANK]
        if self.preview is not None:
            head = [heading(_("All at once: enter sends, esc goes back"), width), BLANK]
        items = self.items
        if not items:
            return [*head, *paragraph(term("ladder_empty", self.view), width, "faint")]
        room = max(1, self.sheet.size.height - len(head))
        top = max(0, min(self.at - room // 2, len(items) - room))
        return [*head, *(self._item(i, width) for i in range(top, min(len(items), top + room)))]

    def _item(self, index: int, width: int) -> Line:
        """One line of the view."""
        assert self.morning is not None
        here, now = index == self.at, self.morning.now
        if self.view == "waiting":
            w = self.waiting[index]
            return drawn.document(w, morning.paper_name(w), self.shelf.name(w.district), now, width, here=here)
        if self.view == "questions":
            return drawn.question(self.morning.questions[index], width, here=here)
        p = self.morning.proposals[index]
        g = morning.going(p, self.paper, self.levels, self.channels)
        out = (self.preview or {}).get(index, "")
        left = time_left(p.due, now, self.shelf.calendar())
        return drawn.proposal(g, self.shelf.name(p.district), left, out, width, here=here)

    def _foot(self, width: int) -> list[Line]:
        item = self.item
        told = paragraph(self.told, width, "amber")[:1] if self.told else [BLANK]
        about = BLANK
        if item is not None and self.view == "proposals":
            assert self.morning is not None
            p = self.morning.proposals[self.at]
            about = paragraph(drawn.about(p), width, "ink")[0]
        return [*told, about, *self.foot_lines(width, 2)]

    def foot_words(self) -> list[str]:
        """While all are looked at, one key sends them and one goes back."""
        if self.preview is None:
            return super().foot_words()
        return [term("key", "ladder.send_all"), term("key", "ladder.look"), term("key", "ladder.send_none")]

    def why_not(self, key: str) -> str | None:
        """By the view, and by what stands in it."""
        if key in _OF_PROPOSALS:
            if self.view != "proposals":
                return _("This key is for proposals: tab shows them.")
            return term("ladder_empty", "proposals") if self.item is None else None
        if key in _OF_DOCUMENTS:
            if self.view != "waiting":
                return _("This key is for documents: tab shows them.")
            return term("ladder_empty", "waiting") if self.item is None else None
        if key == "paper" and getattr(self.item, "district", None) is None:
            return _("It is for a line with a district.")
        if key == "open" and self.item is None:
            return term("ladder_empty", self.view)
        return None

    def _tell(self) -> None:
        self.sheet.tell()
        self.foot.tell()

    def _say(self, text: str) -> None:
        self.told = text
        self._tell()

    # keys

    def action_leave(self) -> None:
        if self.preview is not None:
            self.preview = None
            self._tell()
        else:
            self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.at = min(max(0, self.at + by), max(0, len(self.items) - 1))
        self._say("")

    def action_view(self) -> None:
        self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]
        self.at, self.preview = 0, None
        self._say("")

    def action_open(self) -> None:
        if self.preview is not None:
            going = self._all()
            self._done(lambda: morning.send(self.shelf.store, self.shelf.actor, going))
        elif (item := self.item) is not None:
            self.dismiss(item.code)

    def _all(self) -> list[morning.Going]:
        """What `A` would send: all but what would be refused."""
        return [g for i, g in enumerate(self._going()) if i not in (self.preview or {})]

    def _proposed(self) -> morning.Going | None:
        if self.view != "proposals" or self.item is None:
            self._say(_("This key is for proposals: tab shows them."))
            return None
        return self._going()[self.at]

    def action_level(self, level: int) -> None:
        if (g := self._proposed()) is not None:
            self.levels[morning.key(g.proposal)] = level
            self._say("")

    def action_channel(self) -> None:
        if (g := self._proposed()) is not None:
            place = morning.CHANNELS.index(g.channel)
            self.channels[morning.key(g.proposal)] = morning.CHANNELS[(place + 1) % len(morning.CHANNELS)]
            self._say("")

    def action_send(self) -> None:
        """`c`: sends this one. Who was called or seen says so: that is the proof."""
        g = self._proposed()
        if g is None:
            return
        if g.channel not in ("phone", "visit"):
            self._done(lambda: morning.send(self.shelf.store, self.shelf.actor, [g]))
            return

        def told(text: str) -> None:
            how, who = way_of(text, "reached")
            self._done(lambda: morning.send(self.shelf.store, self.shelf.actor, [replace(g, delivered=how, words=who)]))

        ways = " ".join(term("delivered", way) for way in ("reached", "no_answer"))
        self._ask(_("Reached ({ways}) and whom", ways=ways), told)

    def action_all(self) -> None:
        """`A`: first a look at what would go, and what would be left out and why."""
        if self._proposed() is not None:
            try:
                self.preview = morning.why_not(self.shelf.store, self.shelf.actor, self._going())
            except StoreError as e:
                self._say(e.sentence())
                return
            going, out = self._all(), len(self.preview)
            said = _("{n} chases would go out, {out} are left out.", n=len(going), out=out)
            if papers := morning.papers(going):
                said = sentences(said, _("{n} notices would be written, one a unit.", n=papers))
            self._say(said)

    def action_skip(self) -> None:
        if (g := self._proposed()) is not None:
            proposal = g.proposal

            def why(text: str) -> None:
                self._done(lambda: morning.skip(self.shelf.store, self.shelf.actor, proposal, text))

            self._ask(_("Why not today? enter keeps the reason, esc leaves it"), why)

    def action_paper(self) -> None:
        """`P`: this district gets documents, for it has no account; once more: no longer."""
        item = self.item
        district = getattr(item, "district", None)
        if district is None:
            return
        on, name = district not in self.paper, self.shelf.name(district)
        self._done(lambda: morning.paper(self.shelf.store, self.shelf.actor, district, name, on=on))

    def action_document(self) -> None:
        item = self.item
        if self.view != "waiting" or item is None:
            self._say(_("This key is for documents: tab shows them."))
            return
        try:
            self._say(morning.document(self.shelf.store, self.waiting[self.at]))
        except (StoreError, OSError) as e:
            self._say(e.sentence() if isinstance(e, StoreError) else str(e.strerror))

    def action_arrived(self) -> None:
        """`v`: it was delivered; to whom is typed, how is its first word if it is one of the ways."""
        if self.view != "waiting" or self.item is None:
            self._say(_("This key is for documents: tab shows them."))
            return
        document = self.waiting[self.at]

        def to(text: str) -> None:
            how, who = way_of(text)
            self._done(lambda: morning.arrived(self.shelf.store, self.shelf.actor, document, how, who))

        ways = " ".join(term("delivered", way) for way in delivery.WAYS)
        self._ask(_("How ({ways}) and to whom", ways=ways), to)

    def action_undo(self) -> None:
        from desk.messages import UNDONE
        from desk.undoing import undo

        came = undo(self.shelf.store, self.shelf.actor)
        if came.done:
            self.app.post_message(Changed(came.cases, UNDONE))
        self._say(came.sentence)
        self._look()

    def _done(self, act: Callable[[], morning.Outcome]) -> None:
        try:
            came = act()
        except StoreError as e:
            self._say(e.sentence())
            return
        if came.changed:
            self.app.post_message(Changed(came.changed))
        self._say(came.sentence)
        self._look()

    # typing

    def _ask(self, hint: str, then: Callable[[str], None]) -> None:
        self._then = then
        self.answer.placeholder = hint
        self.answer.value = ""
        self.answer.display = True
        self.answer.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.answered(event.value.strip())

    def answered(self, text: str | None) -> None:
        """The line was left: with words, or without."""
        if text == "":
            self._say(_("A few words are needed: they are kept with the letter."))
            return
        then, self._then = self._then, None
        self.answer.display = False
        self.set_focus(None)
        if text is not None and then is not None:
            then(text)


def way_of(text: str, usual: str = "received") -> tuple[str, str]:
    """(how, to whom) of what was typed: 已签收 王主任 → received, 王主任; `usual` where it names no way."""
    first, _blank, rest = text.partition(" ")
    for way in delivery.WAYS:
        if first in (way, term("delivered", way)):
            return way, rest.strip()
    return usual, text
