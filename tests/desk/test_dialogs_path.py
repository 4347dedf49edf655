"""A letter's whole way through the dialogs, key by key, on a real store."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot

from db.people import local_actor
from db.store import Store
from desk.actions import BY_ID
from desk.messages import Changed, Said
from desk.screens.form import Form
from desk.theme import INK, themes
from tests.desk.letters import NOW, kinds, open_store, read, write_letter


class Bench(App[None]):
    """A bare app that opens one dialog and listens to what it says."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.changed: list[str] = []
        self.said: list[str] = []
        for theme in themes():
            self.register_theme(theme)
        self.theme = INK.name

    def on_changed(self, event: Changed) -> None:
        self.changed += event.cases

    def on_said(self, event: Said) -> None:
        self.said.append(event.text)

    def action_help_quit(self) -> None:
        """As on the desk: ctrl+c leaves nothing behind."""

    async def open(self, pilot: Pilot[None], action: str, *cases: str) -> Form:
        letters = [read(self.store, case) for case in cases]
        form = Form(self.store, local_actor(self.store), BY_ID[action], letters)
        await self.push_screen(form)
        await pilot.pause()
        await pilot.pause()
        return form


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DESK_NOW", NOW)
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    opened = open_store(tmp_path)
    yield opened
    opened.close()


async def test_forwarding_to_the_district_the_letter_names_takes_one_more_key(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "forward", case)
        await pilot.press("enter")
        await pilot.pause()
    assert kinds(store, case) == ["received", "forwarded"]
    assert read(store, case).case.lead_dispatch.district == "500104"


async def test_accepting_asks_for_the_kind_first(store: Store) -> None:
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "accept", case)
        app.save_screenshot("/tmp/accept.svg")
        await pilot.press("1", "enter", "d", "t", "enter", "2", "enter")
        await pilot.pause()
    got = read(store, case).case
    assert (got.state, got.kind, got.topic, got.urgency) == ("accepted", "complaint", "电梯安装", "urgent")


async def test_a_letter_goes_its_whole_way_by_keys(store: Store) -> None:
    """Accepted, forwarded by initials, signed, chased, replied, sent back, replied again, answered, resolved."""
    case = write_letter(store)
    app = Bench(store)
    async with app.run_test(size=(120, 40)) as pilot:
        await app.open(pilot, "accept", case)
        await pilot.press("1", "ctrl+s")
        await pilot.pause()
        await app.open(pilot, "forward", case)
        await pilot.press("s", "p", "b", "enter")
        await pilot.press(*"区城管局", "ctrl+s")
        app.save_screenshot("/tmp/p.svg")
        await pilot.pause()
        assert read(store, case).case.lead_dispatch.district == "500106"
        assert read(store, case).case.lead_dispatch.unit == "区城管局"
        await app.open(pilot, "record", case)
        await pilot.press("enter", "ctrl+s")
        await pilot.pause()
        assert kinds(store, case)[-1] == "signed"
        await app.open(pilot, "chase", case)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert kinds(store, case)[-1] == "chased"
        await app.open(pilot, "record", case)
        await pilot.press("enter", *"正在研究", "ctrl+s")
        await pilot.pause()
        await app.open(pilot, "redo", case)
        await pilot.press("1", "enter", *"请写明时限", "ctrl+s")
        await pilot.pause()
        assert read(store, case).case.state == "in_progress"
        await app.open(pilot, "record", case)
        await pilot.press("enter", *"11月8日前修好", "tab", *"电梯", "enter", "2", "enter", "部", "ctrl+s")
        await pilot.pause()
        assert read(store, case).case.state == "replied"
        await app.open(pilot, "answer", case)
        await pilot.press("1", "2", "3", "4", "5", "enter", "space", "enter", *"您好，电梯8日前修好", "ctrl+s")
        await pilot.pause()
        assert read(store, case).case.state == "answered"
        await app.open(pilot, "resolve", case)
        await pilot.press("1", "ctrl+s")
        await pilot.pause()
    got = read(store, case).case
    assert (got.state, got.result) == ("resolved", "solved")
    assert [(o.measure, o.count, o.unit) for o in got.outcomes] == [("电梯", 2, "部")]
    assert app.changed.count(case) == 9
