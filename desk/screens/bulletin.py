"""`B`: 网上群众工作大数据 on the screen. Every figure can be stood on, and enter opens its letters in the queue.

Reading a period takes a moment where a month is large: it is read in a thread, and no key waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from db.bulletin.names import ASKED
from db.clock import now_ms
from db.model import Refusal, Role
from db.store_error import StoreError
from db.text import one_line, safe
from db.words import _
from desk.screens.keyed import Keyed, bound
from desk.screens.room import Roomy
from desk.widgets.bulletin_lines import Stop, foot_line, page_lines
from desk.widgets.sheet import Line, paragraph
from desk.widgets.sheet_view import SheetView

if TYPE_CHECKING:
    from db.bulletin import Bulletin
    from db.bulletin.frozen_rows import Revision
    from db.figures import Period
    from desk.shelf import Shelf

T = TypeVar("T")

EXPORTED = ("html", "xlsx", "md")
"""Forms that `e` writes into the folder `bulletins` of the home."""


@dataclass(slots=True)
class Place:
    """Where a person is: the period as typed, the frozen page (None: the last, else live), the figure."""

    period: str = ""
    revision: int | None = None
    live: bool = False
    at: int = 0


class BulletinScreen(Keyed, Roomy, Screen["str | None"]):
    """Dismissed with the search that opens the letters of a figure, or None."""

    AUTO_FOCUS = ""
    DEFAULT_CSS = (
        "BulletinScreen { layout: vertical; } BulletinScreen .page { height: 1fr; } BulletinScreen .foot { height: 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = bound("bulletin")
    keys_of = "bulletin"

    def __init__(self, shelf: Shelf, place: Place) -> None:
        super().__init__()
        self.shelf = shelf
        self.place = place
        self.bulletin: Bulletin | None = None
        self.held: list[Revision] = []
        self.stops: list[Stop] = []
        self.said = ""
        self.sure = ""  # what the next press of its key does: signing asks twice
        self.busy = False
        self.page = SheetView(self._lines, "paper")
        self.foot = SheetView(self._foot)
        self.page.add_class("page")
        self.foot.add_class("foot")

    def compose(self) -> ComposeResult:
        yield self.page
        yield self.foot

    def on_mount(self) -> None:
        self._look()

    # reading

    @property
    def period(self) -> Period:
        from db import figures

        return figures.parse(self.place.period) if self.place.period else figures.month_of(now_ms()).before()

    def _look(self) -> None:
        """Reads the period in a thread; what was asked last is shown."""
        self.bulletin = None
        self.page.tell()
        self.run_worker(self._read(), exclusive=True)

    async def _read(self) -> None:
        self.bulletin, self.held = await self._quietly(self._found) or (None, [])
        self.page.tell()
        self._follow()

    def _found(self) -> tuple[Bulletin, list[Revision]]:
        from db import bulletin
        from db.bulletin import frozen_rows

        period, place = self.period, self.place
        held = frozen_rows.revisions(self.shelf.store, period.name)
        shown = held[-1] if held and not place.live else None
        if place.revision is not None:
            shown = next((one for one in held if one.revision == place.revision), shown)
        if shown is not None:
            return frozen_rows.bulletin(self.shelf.store, shown), held
        return bulletin.read(self.shelf.store, period, now=now_ms()), held

    async def _quietly(self, work: Callable[[], T]) -> T | None:
        try:
            return await asyncio.to_thread(work)
        except StoreError as e:
            self._say(e.sentence())
            return None

    # drawing

    def _lines(self, width: int) -> list[Line]:
        if self.bulletin is None:
            return paragraph(_("Counting {period} …", period=self.period.name), width, "faint")
        lines, self.stops = page_lines(self.bulletin.page, width, self.place.at)
        return lines

    def _foot(self, width: int) -> list[Line]:
        stop = self.stops[self.place.at] if self.place.at < len(self.stops) and self.bulletin else None
        return [
            foot_line(self.bulletin.page if self.bulletin else None, stop, self.said, width),
            *self.foot_lines(width),
        ]

    def why_not(self, key: str) -> str | None:
        """Who may sign which month, and what there is to turn through."""
        if key in ("freeze", "revise") and (no := self._why_not_sign(key)):
            return no
        if key in ("revision", "changes") and not self.held:
            return _("This period was never frozen: it is shown as it is known now.")
        if key in ("open", "export") and self.bulletin is None:
            return _("Counting {period} …", period=self.period.name)
        return None

    def _why_not_sign(self, what: str) -> str | None:
        from db.bulletin.freezing import may
        from db.sentences import say

        if self.shelf.actor.role is not Role.SUPERVISOR:
            return say(Refusal("supervisor_only", {"kind": "bulletin_frozen"}))
        if no := may(self.period, now_ms(), frozen=bool(self.held), again=what == "revise"):
            return say(no)
        return None

    def _say(self, text: str) -> None:
        self.said = one_line(text)
        self.foot.tell()

    def _follow(self) -> None:
        """Draws the cursor, and keeps it in view."""
        self.place.at = min(max(0, self.place.at), max(0, len(self.stops) - 1))
        self.page.tell()
        if self.stops:
            line = self.stops[self.place.at].line
            height = max(1, self.page.size.height)
            top = 0 if self.place.at == 0 else min(max(self.page.top, line - height + 2), max(0, line - 1))
            self.page.scroll_by(top - self.page.top)
        self.foot.tell()

    # keys

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_move(self, by: int) -> None:
        self.said, self.sure = "", ""
        self.place.at += by
        self._follow()

    def action_page(self, by: int) -> None:
        """To the first figure a page further on."""
        if not self.stops:
            return
        self.said, self.sure = "", ""
        wanted = self.stops[self.place.at].line + by * max(1, self.page.size.height - 2)
        ahead = [n for n, stop in enumerate(self.stops) if (stop.line >= wanted) == (by > 0)]
        self.place.at = (ahead[0] if by > 0 else ahead[-1]) if ahead else (len(self.stops) - 1 if by > 0 else 0)
        self._follow()

    def action_period(self, by: int) -> None:
        """The period before or after."""
        period = self.period.after() if by > 0 else self.period.before()
        self.place.period, self.place.revision, self.place.live = period.name, None, False
        self.place.at = 0
        self.said, self.sure = "", ""
        self._look()

    def action_open(self) -> None:
        """The letters behind the figure under the cursor; the survey, where it counts answers."""
        if self.bulletin is None or not self.stops:
            return
        figure = self.stops[self.place.at].figure
        if figure.startswith(ASKED):
            self._open_survey(figure.partition(":")[2])
            return
        if not self.bulletin.page["figures"][figure]["letters"]:
            self._say(_("No letter stands behind it."))
            return
        signed = self.bulletin.page.get("signed")
        of = f"{self.period.name}#{signed['revision']}" if signed else self.period.name
        self._say(_("Finding the letters …"))
        self.run_worker(self._handed_over(self.bulletin, f"{of}/{figure}", figure), exclusive=True)

    async def _handed_over(self, shown: Bulletin, asked: str, figure: str) -> None:
        """The queue finds the letters as this page counted them, and counts nothing itself."""
        from db.bulletin import tracing

        def found() -> bool:
            tracing.hold(self.shelf.store, asked, shown.numbers(self.shelf.store, figure))
            return True

        if await self._quietly(found):
            self.dismiss(f'figure:"{asked}"')

    def _open_survey(self, id_: str) -> None:
        from db import survey_rows
        from desk.screens.survey import SurveyScreen
        from desk.screens.surveys import SurveysScreen

        if not id_:
            self.app.push_screen(SurveysScreen(self.shelf))
        elif one := survey_rows.find(self.shelf.store, id_):
            self.app.push_screen(SurveyScreen(self.shelf, one))
        else:
            self._say(_("There is no such survey on this desk."))

    def action_turn(self) -> None:
        """Through the frozen pages of the month, and what is known now."""
        if not self.held:
            self._say(_("This period was never frozen: it is shown as it is known now."))
            return
        order: list[int | None] = [*(one.revision for one in self.held), None]
        signed = self.bulletin.page.get("signed") if self.bulletin else None
        here = order.index(signed["revision"]) if signed else len(order) - 1
        self.place.revision = order[(here + 1) % len(order)]
        self.place.live = self.place.revision is None
        self._look()

    def action_freeze(self) -> None:
        self._sign("freeze")

    def action_revise(self) -> None:
        self._sign("revise")

    def _sign(self, what: str) -> None:
        if self.busy:
            return
        if no := self._why_not_sign(what):
            self._say(no)
            return
        if self.sure != what:
            self.sure = what
            month = self.period.name
            self._say(
                _("F again signs {month} as it stands: it never changes from then on.", month=month)
                if what == "freeze"
                else _("R again signs {month} once more, with what changed and why.", month=month)
            )
            return
        self.sure, self.busy = "", True
        self.run_worker(self._signed(what))

    async def _signed(self, what: str) -> None:
        from db.bulletin import freezing
        from db.sentences import say

        run = freezing.freeze if what == "freeze" else freezing.revise
        made = await self._quietly(lambda: run(self.shelf.store, self.shelf.actor, self.period, now_ms()))
        self.busy = False
        if made is None:
            return
        if isinstance(made, Refusal):
            self._say(say(made))
            return
        self.place.revision, self.place.live = None, False
        await self._read()
        told = {"month": made.month, "n": made.revision, "who": made.by, "hash": made.hash[:12]}
        self._say(_("{month} is frozen: revision {n}, signed by {who}, {hash}", **told))

    def action_changes(self) -> None:
        """What each revision changed, and what is other since."""
        self.run_worker(self._changed(), exclusive=True)

    async def _changed(self) -> None:
        from desk.screens.handover import Sheet

        told = await self._quietly(self._told)
        if told is None:
            return
        if not told:
            self._say(_("This period was never frozen: it is shown as it is known now."))
            return

        def lines(width: int) -> list[Line]:
            return [one for said in told for one in paragraph(safe(said), width)]

        self.app.push_screen(Sheet(_("Revisions of {month}", month=self.period.name), lines))

    def _told(self) -> list[str]:
        from db.bulletin.telling import history

        return history(self.shelf.store, self.period, now_ms())

    def action_export(self) -> None:
        """Writes the page as shown for a browser, a spreadsheet and as Markdown."""
        if self.bulletin is not None:
            self.run_worker(self._exported(self.bulletin), exclusive=True)

    async def _exported(self, shown: Bulletin) -> None:
        try:
            path = await self._quietly(lambda: self._written(shown))
        except OSError as e:
            self._say(_("{path} could not be written: {why}.", path=safe(str(e.filename)), why=str(e.strerror)))
            return
        if path is not None:
            self._say(_("Written to {path}.", path=safe(str(path))))

    def _written(self, shown: Bulletin) -> Path:
        from db.bulletin import written

        folder = self.shelf.store.home / "bulletins"
        folder.mkdir(mode=0o700, exist_ok=True)
        signed = shown.page.get("signed")
        name = _free(folder, shown.page["month"] + (f"-r{signed['revision']}" if signed else ""))
        for form in EXPORTED:
            made = written(self.shelf.store, shown, form)
            with (folder / f"{name}.{form}").open("xb") as f:
                f.write(made)
        return folder / f"{name}.html"


def _free(folder: Path, name: str) -> str:
    """That name, or with the first number under which no form was written yet: nothing is ever written over."""
    numbered = (f"{name}-{n}" if n > 1 else name for n in count(1))
    return next(one for one in numbered if not any((folder / f"{one}.{form}").exists() for form in EXPORTED))
