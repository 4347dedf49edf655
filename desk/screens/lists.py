"""`'`: saved searches as further queues: open, save the filter in force, rename, take away, put in order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from db.text import one_line
from db.words import N_, _, term
from desk import saved
from desk.screens.dialog import Dialog
from desk.screens.form_parts import LAYOUT, Panel
from desk.screens.twice import Twice
from desk.settings import Search
from desk.widgets.foot import Foot
from desk.widgets.name_line import Named, NameLine
from desk.widgets.sheet import BLANK, Line, heading, line, paragraph
from desk.widgets.sheet_view import SheetView
from desk.widgets.wrap import pad

if TYPE_CHECKING:
    from desk.screens.help import Entry
    from desk.shelf import Shelf

COUNTED = 200
"""Letters counted of a list; of more it says so. Counting a search to its end may take a second."""


DAY = {"m": "mine", "w": "new", "c": "callbacks"}
"""Keys of the lists that everybody looks through every day; `s`: other letters of this sender."""


class Lists(Twice, Dialog["Search | None"]):
    """Dismissed with the search to show, or None. `query`: the filter in force, which `n` saves."""

    DEFAULT_CSS = (
        f"Lists {{ {LAYOUT} }}"
        "Lists SheetView { height: auto; min-height: 3; max-height: 24; }"
        "Lists .foot { height: auto; padding: 0 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,apostrophe", "leave", show=False, tooltip=N_("back"), id="lists.leave"),
        Binding("enter", "open", show=False, tooltip=N_("open this list (also its number)"), id="lists.open"),
        Binding("j,down", "move(1)", show=False, tooltip=N_("the next line"), id="lists.down"),
        Binding("k,up", "move(-1)", show=False, tooltip=N_("the line before"), id="lists.up"),
        Binding("J", "shift(1)", show=False, tooltip=N_("move this list down"), id="lists.later"),
        Binding("K", "shift(-1)", show=False, tooltip=N_("move this list up"), id="lists.sooner"),
        Binding("n", "save", show=False, tooltip=N_("keep the filter in force as a list"), id="lists.save"),
        Binding("r", "rename", show=False, tooltip=N_("another name for this list"), id="lists.rename"),
        Binding(
            "d",
            "remove",
            show=False,
            tooltip=N_("take this list away; its letters stay where they are"),
            id="lists.remove",
        ),
        *(Binding(str(n), f"pick({n - 1})", show=False) for n in range(1, 10)),
        *(Binding(key, f"day('{key}')", show=False, id=f"lists.{key}") for key in (*DAY, "s")),
    ]

    def __init__(self, shelf: Shelf, query: str | None, code: str = "") -> None:
        """`code`: of the letter in view, "" where there is none."""
        super().__init__()
        self.day = {key: Search(term("list", name), f"list:{name}") for key, name in DAY.items()}
        if code:
            self.day["s"] = Search(_("other letters of this sender"), f"same:{code}")
        self.shelf = shelf
        self.query_text = query
        self.searches = list(shelf.likes.now.searches)
        self.counts: dict[str, str] = {}
        self.at = 0
        self.naming: str | None = None  # the name before: "" while a new one is named
        self.sheet = SheetView(self._lines)
        self.name_line = NameLine()
        self.said = Foot()

    def compose(self) -> ComposeResult:
        with Panel():
            yield Static(Content.styled(_("My lists"), "bold $warning"), classes="head")
            yield self.sheet
            yield self.name_line
            yield self.said

    def on_mount(self) -> None:
        self._tell()
        self.looking = True
        self.run_worker(self._count(), exclusive=True)

    async def _count(self) -> None:
        for s in (*self.searches, *self.day.values()):
            self.counts[s.query] = await asyncio.to_thread(self._counted, s.query)
            if not self.opening:
                self.sheet.tell()
        self.looking = False

    def _counted(self, query: str) -> str:
        """How many letters a search finds, as it is shown; "?" where it is no longer understood."""
        from db.rows import BadQueryError
        from db.store_error import StoreError

        try:
            found = self.shelf.found(query, COUNTED)
        except (BadQueryError, StoreError):
            return "?"
        return f"{COUNTED}+" if found > COUNTED else str(found)

    def _lines(self, width: int) -> list[Line]:
        return [*self._own(width), BLANK, heading(_("Every day"), width), *self._daily(width)]

    def _daily(self, width: int) -> list[Line]:
        says = {key: term("list_says", name) for key, name in DAY.items()} | {"s": _("without saying who it is")}
        return [
            line(
                ("  ", "ink"),
                (f"{key} ", "amber"),
                (pad(s.name, 20) + " ", "ink"),
                (pad(says[key], max(10, width - 34)) + " ", "faint"),
                (pad(self.counts.get(s.query, "…"), 5, right=True), "water"),
            )
            for key, s in self.day.items()
        ]

    def _own(self, width: int) -> list[Line]:
        if not self.searches:
            return paragraph(_("None yet: / filters, then ' and n keep the filter under a name."), width, "faint")
        lines = []
        for i, s in enumerate(self.searches):
            here = i == self.at
            key = f"{i + 1} " if i < 9 else "  "
            name, query = pad(one_line(s.name), 20), pad(one_line(s.query), max(10, width - 34))
            lines.append(
                line(
                    ("▌" if here else " ", "seal"),
                    (key, "amber"),
                    (name + " ", "strong" if here else "ink"),
                    (query + " ", "faint"),
                    (pad(self.counts.get(s.query, "…"), 5, right=True), "water"),
                    bold=here,
                )
            )
        return lines

    def _tell(self, text: str = "") -> None:
        self.sheet.styles.height = min(24, max(1, len(self.searches)) + 2 + len(self.day))
        self.sheet.tell()
        keys = _("enter or 1–9 opens · n saves the filter · r renames · d takes away · J K order · esc closes")
        self.said.update(Content.styled(text or keys, "$warning" if text else "$faint"))

    def _keep(self, searches: list[Search]) -> None:
        if problem := self.shelf.likes.put("searches", searches):
            self._tell(str(problem))
            return
        self.searches = searches
        self.at = min(self.at, max(0, len(searches) - 1))
        self._tell()
        self.looking = True
        self.run_worker(self._count(), exclusive=True)

    # keys

    def further_keys(self) -> list[Entry]:
        """The lists of every day."""
        from desk.screens.help import Entry

        return [Entry(key, "", one_line(search.name)) for key, search in self.day.items()]

    def action_leave(self) -> None:
        self.dismiss(None)

    def action_open(self) -> None:
        self.action_pick(self.at)

    def action_pick(self, index: int) -> None:
        if index < len(self.searches):
            self.dismiss(self.searches[index])

    def action_day(self, key: str) -> None:
        if key in self.day:
            self.dismiss(self.day[key])
        else:
            self._tell(_("There is no letter here to do this to: 1–9 shows another queue."))

    def action_move(self, by: int) -> None:
        self.at = min(max(0, self.at + by), max(0, len(self.searches) - 1))
        self.spare()
        self.sheet.tell()

    def action_shift(self, by: int) -> None:
        if 0 <= self.at + by < len(self.searches):
            made = saved.moved(self.searches, self.at, by)
            self.at += by
            self._keep(made)

    def action_save(self) -> None:
        if not self.query_text:
            self._tell(_("No filter is in force: close this, filter with /, then come back and press n."))
            return
        self._ask_name("", self.query_text[:20])

    def action_rename(self) -> None:
        if self.searches:
            self._ask_name(self.searches[self.at].name, self.searches[self.at].name)

    def action_remove(self) -> None:
        if self.searches:
            gone = self.searches[self.at]
            if not self.sure(gone, gone.name):
                return
            self._keep([s for i, s in enumerate(self.searches) if i != self.at])
            self._tell(_("Taken away: {name}. Its letters are where they were.", name=one_line(gone.name)))

    def _ask_name(self, before: str, proposed: str) -> None:
        self.naming = before
        self.name_line.ask(proposed, over=not before)
        self._tell(_("A name for the list, then enter; esc leaves it."))

    def on_named(self, event: Named) -> None:
        """Back to the lists, with a new or changed name or (``) with nothing changed."""
        name = event.name
        self.name_line.put_away()
        before, self.naming = self.naming, None
        if not name:
            self._tell()
        elif before:
            self._keep([s._replace(name=name) if s.name == before else s for s in self.searches])
        elif self.query_text:
            self._keep(saved.with_one(self.searches, name, self.query_text))
            self.at = next((i for i, s in enumerate(self.searches) if s.name == name), 0)
            self.sheet.tell()
