"""热力活动: every survey with how many answered; define and change in the own editor, open, close."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from db import commands, survey_rows, surveying
from db.clock import now_ms
from db.model import Refusal, Role
from db.sentences import say
from db.survey_checks import BadSurveyError
from db.survey_model import SurveyState
from db.survey_words import fault
from db.words import _, sentences
from desk.screens.dialog import Dialog
from desk.screens.keyed import Keyed, bound
from desk.widgets import survey_lines
from desk.widgets.foot import Foot
from desk.widgets.sheet import Line
from desk.widgets.sheet_view import SheetView

if TYPE_CHECKING:
    from db.commands import Command
    from db.survey_model import Survey
    from db.survey_rows import Shown
    from desk.shelf import Shelf

EVERY = 2.0
"""Seconds between looks at what the line has brought."""

CSS = """
    background: $background; layout: vertical;
    & .head { height: auto; padding: 0 2; background: $panel; }
    & SheetView { height: 1fr; margin-top: 1; }
    & .foot { height: auto; max-height: 3; padding: 0 1; background: $panel; }
"""


_OF_ONE = frozenset({"look", "change", "open", "end"})
_DECIDES = {"open": "o", "end": "x", "change": "e"}
"""Id of a key → what is to be decided."""


class Deciding(Keyed, Dialog[None]):
    """What both screens of surveys share: a foot that speaks, and decisions that want their key twice."""

    covers = True
    asked = ""  # the key that waits to be pressed once more

    def __init__(self, shelf: Shelf, of: str = "") -> None:
        """`of`: the survey's id, where it is one."""
        super().__init__()
        self.shelf = shelf
        self.head = "  ".join(filter(None, (_("Surveys"), of)))
        self.sheet = SheetView(self._lines, "paper")
        self.foot = Foot()
        self.said = ("", "")

    def compose(self) -> ComposeResult:
        yield Static(Content.styled(self.head, "bold $warning"), classes="head")
        yield self.sheet
        yield self.foot

    def on_mount(self) -> None:
        self.refill()
        self.tell()
        self.set_interval(EVERY, self.refill)

    @abstractmethod
    def _lines(self, width: int) -> list[Line]:
        """What the sheet shows."""

    def tell(self, said: str = "", tone: str = "") -> None:
        self.said = said, tone
        style = {"bad": "bold $error", "good": "bold $success", "warn": "bold $warning"}.get(tone, "$faint")
        self.foot.update(Content.styled(said or self.foot_text(max(20, self.app.size.width - 4), 2), style))

    def on_resize(self) -> None:
        if self.is_mounted:
            self.tell(*self.said)  # coming back from the editor is a new size too: what it says of the text stays

    @abstractmethod
    def refill(self) -> None:
        """What the store now says."""

    def why_not_decide(self, key: str, survey: Survey) -> str | None:
        """Why a survey cannot be opened (o), closed (x) or changed (e); None where it can."""
        if self.shelf.actor.role is not Role.SUPERVISOR:
            return say(Refusal("supervisor_only", {"kind": "survey_opened"}))
        if key == "x":
            return say(Refusal("as_it_stands")) if survey.state is SurveyState.CLOSED else None
        if key == "o":
            return None if survey_lines.opens(survey.state) else say(Refusal("as_it_stands"))
        fixed = not survey_lines.opens(survey.state) or survey.opened_at is not None
        return say(Refusal("survey_fixed", {"title": survey.title})) if fixed else None

    def decide(self, key: str, question: str, made: Callable[[], Command], done: str) -> None:
        """Asks first; the same key again does it."""
        if self.asked != key:
            self.asked = key
            self.tell(question, "warn")
        else:
            self.asked = ""
            self.run_command(made(), done)

    def run_command(self, command: Command, done: str) -> None:
        from db.store_error import StoreError

        try:
            result = commands.run(self.shelf.store, self.shelf.actor, [command])
        except StoreError as e:
            self.tell(e.sentence(), "bad")
            return
        self.refill()
        if result.refused:
            self.tell(say(result.refused[0][1]), "warn")
        else:
            self.tell(done, "good")

    def open_or_close(self, one: Shown, key: str) -> None:
        title = one.survey.title
        if no := self.why_not_decide(key, one.survey):
            self.tell(no, "warn")
        elif key == "o":
            question = _("“{title}”: answers are taken, and what it asks is fixed. o once more opens it.", title=title)
            self.decide(
                key, question, lambda: surveying.open_(one.survey), _("Opened; it goes out with the next sync.")
            )
        else:
            question = _("“{title}”: no more answers. x once more closes it.", title=title)
            self.decide(
                key, question, lambda: surveying.close(one.survey), _("Closed; its last counts come by themselves.")
            )


class SurveysScreen(Deciding):
    """The list: enter looks into one, n and e define in the own editor, o opens, x closes."""

    DEFAULT_CSS = f"SurveysScreen {{ {CSS} }}"
    BINDINGS: ClassVar[list[BindingType]] = bound("surveys")
    keys_of = "surveys"

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(shelf)
        self.found: list[Shown] = []
        self.at = 0
        self.typed = ""  # what was written in the editor and could not be asked

    @property
    def one(self) -> Shown | None:
        return self.found[self.at] if self.at < len(self.found) else None

    def refill(self) -> None:
        """The surveys as they now are; where the store cannot be read, as they were."""
        from db.store_error import StoreError

        try:
            found = survey_rows.read(self.shelf.store)
        except StoreError as e:
            self.tell(e.sentence(), "bad")
            return
        if found != self.found or not found:
            self.found = found
            self.at = min(self.at, max(0, len(found) - 1))
            self.sheet.tell()

    def _lines(self, width: int) -> list[Line]:
        return survey_lines.listed(self.found, self.at, now_ms(), width)

    def why_not(self, key: str) -> str | None:
        """Who may, and what may become of the survey under the cursor."""
        if key in _OF_ONE and self.one is None:
            return _("There is no survey yet.")
        if key == "add" and self.shelf.actor.role is not Role.SUPERVISOR:
            return say(Refusal("supervisor_only", {"kind": "survey_defined"}))
        if self.one is not None and key in _DECIDES:
            return self.why_not_decide(_DECIDES[key], self.one.survey)
        return None

    # keys

    def action_move(self, by: int) -> None:
        self.asked = ""
        self.at = min(max(0, self.at + by), max(0, len(self.found) - 1))
        self.sheet.tell()
        top, height = self.sheet.top, max(1, self.sheet.size.height)
        self.sheet.scroll_by(min(0, self.at - top) or max(0, self.at - top - height + 1))
        self.tell()

    def action_look(self) -> None:
        from desk.screens.survey import SurveyScreen

        if self.one is not None:
            self.app.push_screen(SurveyScreen(self.shelf, self.one), lambda _done: self.refill())

    def action_decide(self, key: str) -> None:
        if self.one is not None:
            self.open_or_close(self.one, key)

    def action_add(self) -> None:
        self._edit(self.typed or surveying.template(now_ms()))

    def action_change(self) -> None:
        if self.one is None:
            return
        if no := self.why_not_decide("e", self.one.survey):
            self.tell(no, "warn")
            return
        self._edit(self.typed or surveying.to_toml(self.one.survey))

    def _edit(self, text: str) -> None:
        """In the own editor; what cannot be asked is kept for the next n or e, and the foot says what is wrong."""
        from textual.app import SuspendNotSupported

        from desk.editor import edit

        if self.shelf.actor.role is not Role.SUPERVISOR:
            self.tell(say(Refusal("supervisor_only", {"kind": "survey_defined"})), "warn")
            return
        try:
            with self.app.suspend():
                edited = edit(text, self.shelf.store.home)
        except SuspendNotSupported:
            self.tell(_("This terminal cannot be lent to an editor: desk survey new FILE reads a file."), "warn")
            return
        if edited.text is None:
            self.tell(edited.sentence, "warn")
            return
        self.written(edited.text)

    def written(self, text: str) -> None:
        """A survey as it was written."""
        now = now_ms()
        try:
            made = surveying.from_toml(text, now)
        except BadSurveyError as bad:
            self.typed = text
            self.tell(sentences(fault(bad), _("What you wrote is kept: n brings it back.")), "warn")
            return
        self.typed = ""
        before = next((one.survey for one in self.found if one.survey.id == made.id), None)
        self.run_command(surveying.define(made, before, now), _("Saved here. enter looks at it, o opens it."))
