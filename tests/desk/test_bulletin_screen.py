"""The month on the screen: from a figure to its letters and back, other months, signing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from db.bulletin import frozen_rows
from db.store import Store
from desk.app import DeskApp
from desk.screens.bulletin import BulletinScreen
from desk.screens.survey import SurveyScreen
from tests.desk.test_queue_drawn import keys
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]


@pytest.fixture
def october(demo_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The demo's letters, on the morning on which October's page appeared."""
    monkeypatch.setenv("DESK_NOW", "2024-11-06T09:00")
    return demo_store


@pytest.fixture
def store(demo_store: Store) -> Store:
    """What the app is opened on."""
    return demo_store


async def pressed(seat: Seat, *names: str) -> str:
    """What stands on the screen after these keys."""
    await seat.press(*names)
    await seat.app.workers.wait_for_complete()
    await seat.settled()
    return "\n".join(seat.lines)


async def test_enter_on_a_figure_shows_its_letters_and_esc_goes_back_to_it(october: Store, desk: Desk) -> None:
    async with seated(desk()) as seat:
        assert "2024年10月" in await pressed(seat, "B")
        assert "建议：51，51 封来信" in await pressed(seat, "j")
        await pressed(seat, "enter")
        assert seat.app.queue.query_text == 'figure:"2024-10/suggestions"'
        assert seat.app.shelf.found(seat.app.queue.query_text, 100) == 51
        text = await pressed(seat, "escape")
        assert isinstance(seat.app.screen, BulletinScreen)
        assert "建议：51，51 封来信" in text, "the cursor is where it was"


async def test_a_command_names_the_period_and_keys_turn_it(october: Store, desk: Desk) -> None:
    async with seated(desk()) as seat:
        assert "2024年第41周" in await pressed(seat, "colon", *"bulletin", "space", *"2024-W41", "enter")
        assert "2024年第40周" in await pressed(seat, "h")
        assert "2024年第41周" in await pressed(seat, "l")


async def test_signing_asks_twice_and_the_signed_page_stays(october: Store, desk: Desk) -> None:
    async with seated(desk()) as seat:
        await pressed(seat, "B")
        assert "再按 F" in await pressed(seat, "F")
        assert frozen_rows.revisions(october, "2024-10") == []
        assert "再按 F" in await pressed(seat, "j", "F"), "another key in between: asked anew"
        assert "第 1 版" in await pressed(seat, "F")
        assert len(frozen_rows.revisions(october, "2024-10")) == 1
        assert "没有变化" in await pressed(seat, "R", "R")
        assert "未定稿" in await pressed(seat, "v")
        assert "还没有结束" in await pressed(seat, "l", "F", "F")


async def test_the_page_is_written_for_the_browser_and_never_over_an_earlier_one(october: Store, desk: Desk) -> None:
    folder = october.home / "bulletins"
    async with seated(desk()) as seat:
        assert "2024-10.html" in (await pressed(seat, "B", "e")).replace("\n", "")
        folder.joinpath("2024-10.md").write_text("mine", encoding="utf-8")
        assert "2024-10-2.html" in (await pressed(seat, "e")).replace("\n", "")
    assert {path.name for path in folder.iterdir()} == {
        f"{name}.{form}" for name in ("2024-10", "2024-10-2") for form in ("html", "xlsx", "md")
    }
    assert folder.joinpath("2024-10.md").read_text(encoding="utf-8") == "mine"


async def test_the_queue_shows_what_the_page_counted_and_counts_nothing(
    october: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At a million letters a month's figures take longer than a key may."""
    async with seated(desk()) as seat:
        await pressed(seat, "B", "j")
        read: list[str] = []
        monkeypatch.setattr("db.figures.read", lambda *_a, **_k: read.append("counted"))
        await pressed(seat, "enter")
        assert seat.app.queue.query_text == 'figure:"2024-10/suggestions"'
        await pressed(seat, "j", "j")
        assert seat.app.shelf.found(seat.app.queue.query_text, 100) == 51
        assert read == []


async def test_answers_to_a_survey_open_the_survey(october: Store, desk: Desk) -> None:
    async with seated(desk()) as seat:
        await pressed(seat, "B")
        screen = seat.app.screen
        assert isinstance(screen, BulletinScreen)
        screen.place.at = next(n for n, stop in enumerate(screen.stops) if stop.figure == "survey:lifts-2024")
        screen._follow()
        assert "41,286 份答卷" in await pressed(seat, "k", "j")
        assert "老旧小区加装电梯" in await pressed(seat, "enter")
        assert isinstance(seat.app.screen, SurveyScreen)
        await pressed(seat, "escape")
        assert isinstance(seat.app.screen, BulletinScreen)


async def test_a_figure_can_be_searched_for(october: Store, desk: Desk) -> None:
    async with seated(desk()) as seat:
        seat.app.queue.show_found("月报：2024-10/outcome:街巷整治")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        assert len(seat.app.queue.letters.window.rows) == 4
        seat.app.queue.show_found("figure:October/letters")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        assert "2024-10/letters" in "\n".join(seat.lines)


@pytest.mark.parametrize(("size", "lang"), [((80, 24), "zh_CN"), ((120, 40), "zh_CN"), ((120, 40), "en")])
def test_the_month(
    size: tuple[int, int], lang: str, october: Store, desk: Desk, snap_compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    assert snap_compare(desk(), terminal_size=size, run_before=keys("B", *"jjjjjjjjjjjj"))
