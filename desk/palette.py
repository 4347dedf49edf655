"""ctrl+p beyond the keys of the desk: letters by code or words, districts, lists of one's own.

The palette reads plain strings as markup: what comes from outside goes to it as `Text`, or escaped.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text
from textual.command import Hit, Hits, Provider
from textual.markup import escape

from db.text import one_line
from db.words import _, term

if TYPE_CHECKING:
    from desk.app import DeskApp

LETTERS = 8
DISTRICTS = 6


class Letters(Provider):
    """Letters that what was typed finds, the newest first; a code opens its letter."""

    async def search(self, query: str) -> Hits:
        typed = query.strip()
        if len(typed) < 2:
            return
        app: DeskApp = self.app  # type: ignore[assignment]
        for row in app.shelf.rows(typed, LETTERS):
            title = one_line(f"{row.code}  {row.title}")
            yield Hit(0.9, Text(title), partial(app.queue.show_letter, row.code), title, term("state", row.state))


class Places(Provider):
    """Districts by name, initials or code: all their letters."""

    async def search(self, query: str) -> Hits:
        from db.clock import day_of, now_ms
        from db.places import load

        typed = query.strip()
        if not typed:
            return
        app: DeskApp = self.app  # type: ignore[assignment]
        for district in load().filter(typed, day_of(now_ms()))[:DISTRICTS]:
            title = _("district: {name}", name=district.name)
            yield Hit(
                0.8,
                Text(title),
                partial(app.queue.show_found, f"district:{district.name}"),
                title,
                _("all its letters"),
            )


class Lists(Provider):
    """The person's saved searches."""

    async def search(self, query: str) -> Hits:
        app: DeskApp = self.app  # type: ignore[assignment]
        matcher = self.matcher(query)
        for one in app.shelf.likes.now.searches:
            title = _("list: {name}", name=one_line(one.name))
            if (score := matcher.match(title)) > 0:
                yield Hit(
                    1 + score,
                    Text(title),  # its own highlighting reads markup too
                    partial(app.queue.show_found, one.query),
                    title,
                    escape(one_line(one.query)),
                )
