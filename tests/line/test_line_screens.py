"""What the app shows of the line: a conflict side by side, and every state of the line at the foot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from db.people import own_actor
from desk.app import DeskApp
from desk.line import words
from desk.line.state import Brought, LineState
from desk.line.trouble import KNOWN, say
from desk.messages import LineMoved
from desk.screens.conflicts import ConflictsScreen
from tests.line.office import Desk, Office

NOW = "2024-11-01T09:30:00+08:00"
PHASES = ("off", "start", "step", "working", "filling", "waiting", "other", "stopped")


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.screens.queue.REST", 0)
    monkeypatch.setattr("desk.screens.queue_beside.ON", False)
    monkeypatch.setattr("desk.app.DeskApp.line_up", lambda _self: None)  # no worker: what comes is sent by the tests
    monkeypatch.setenv("DESK_NOW", NOW)
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.delenv("NO_COLOR", raising=False)


def fought_over(office: Office) -> Desk:
    """Zhou's desk: he forwarded and chased what li had forwarded elsewhere before."""
    li, zhou = office.desk("li"), office.desk("zhou")
    case = li.letter("七号楼电梯停运")
    li.do("accepted", case)
    li.sync()
    zhou.sync()
    li.forward(case, "500112", "渝北区")
    zhou.forward(case, "500103", "渝中区")
    zhou.do("chased", case, facts={"level": 1}, words={"text": "请尽快派人维修。"})
    li.sync()
    zhou.sync()
    return zhou


def app_of(desk: Desk) -> DeskApp:
    return DeskApp(desk.store, own_actor(desk.store), desk.store.home)


@pytest.mark.parametrize(("size", "language"), [((120, 40), "zh_CN"), ((80, 24), "en")])
def test_a_conflict_as_it_is_drawn(
    office: Office,
    snap_compare: Callable[..., bool],
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    language: str,
) -> None:
    monkeypatch.setenv("DESK_LANG", language)
    assert snap_compare(app_of(fought_over(office)), press=["9", "C"], terminal_size=size)


async def test_a_conflict_is_settled_by_one_key(office: Office) -> None:
    desk = fought_over(office)
    app = app_of(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("9", "C")
        await pilot.pause()
        assert isinstance(app.screen, ConflictsScreen)
        await pilot.press("c")
        await pilot.pause()
        assert not isinstance(app.screen, ConflictsScreen)
    assert not desk.refused()
    desk.sync()
    assert not desk.refused()
    (case,) = desk.rows()
    assert [d.district for d in desk.case(case).dispatches] == ["500112", "500103"]


async def test_words_are_dropped_only_when_asked_twice(office: Office) -> None:
    desk = fought_over(office)
    app = app_of(desk)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("9", "C", "d")
        await pilot.pause()
        assert len(desk.refused()) == 2
        await pilot.press("d")
        await pilot.pause()
    assert not desk.refused()


@pytest.mark.parametrize("phase", PHASES)
async def test_every_state_of_the_line_can_be_shown(office: Office, phase: str) -> None:
    app = app_of(office.desk("li"))
    for pending, refused in ((0, 0), (3, 2)):
        state: Any = LineState(phase, "offline", 1_730_424_000_000, pending, refused, 0.5, 1_730_425_000_000)
        async with app_of(office.desks[0]).run_test(size=(80, 24)) as pilot:
            pilot.app.post_message(LineMoved(state, Brought(many=True, refused=refused)))
            await pilot.pause()
            await pilot.press("j")
            await pilot.pause()
        assert words.sentence(state) or phase == "start"
    assert app.store is office.desks[0].store


@pytest.mark.parametrize("code", sorted(KNOWN))
def test_every_trouble_has_a_sentence_in_both_languages(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from db.words import speak

    said = set()
    for language in ("zh_CN", "en"):
        monkeypatch.setenv("DESK_LANG", language)
        speak(language)
        said.add(say(code))
    speak("zh_CN")
    assert len(said) == 2
    assert code not in said
