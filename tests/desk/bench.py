"""A bare app on a real store that opens one dialog and listens to what it says."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import App
from textual.pilot import Pilot

from db.model import Actor, CaseId
from db.people import own_actor
from db.store import Store
from desk import contexts
from desk.actions import BY_ID
from desk.messages import Changed, Said
from desk.screens.form import Form
from desk.theme import INK, themes


class Bench(App[None]):
    def __init__(self, store: Store, first: tuple[str, tuple[CaseId, ...]] | None = None) -> None:
        """`first`: an action and letters whose dialog is open from the start."""
        super().__init__()
        self.store = store
        self.first = first
        self.changed: list[str] = []
        self.said: list[str] = []
        for theme in themes():
            self.register_theme(theme)
        self.theme = INK.name

    def on_mount(self) -> None:
        if self.first:
            self.push_screen(self.form(self.first[0], *self.first[1]))

    def on_changed(self, event: Changed) -> None:
        self.changed += event.cases

    def on_said(self, event: Said) -> None:
        self.said.append(event.text)

    def action_help_quit(self) -> None:
        """As on the desk: ctrl+c leaves nothing behind."""

    def form(self, action: str, *cases: CaseId, actor: Actor | None = None) -> Form:
        found = contexts.of_cases(self.store, actor or own_actor(self.store), cases)
        return Form(self.store, BY_ID[action], found)

    async def open(self, pilot: Pilot[Any], action: str, *cases: CaseId, actor: Actor | None = None) -> Form:
        form = self.form(action, *cases, actor=actor)
        await self.push_screen(form)
        await pilot.pause()
        await pilot.pause()
        return form


async def paste(pilot: Pilot[Any], text: str) -> None:
    """What a terminal sends for a paste, and for what an input method commits at once."""
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()


def screen_text(app: App[Any]) -> str:
    """What stands on the screen, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)
