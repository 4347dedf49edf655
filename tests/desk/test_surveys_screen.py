"""Surveys at the desk: the list, one with its bars, what can be decided and what cannot; drawn as it was looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db import commands, survey_rows, surveying
from db.demo import surveys as october
from db.model import Actor, Event, Role
from db.store import Store
from db.survey_model import SurveyState
from desk.app import DeskApp
from desk.cli import main
from desk.screens.survey import SurveyScreen
from desk.screens.surveys import SurveysScreen
from tests.desk import inbox
from tests.desk.test_queue_drawn import keys
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]
HOSTILE = "\\u001b]52;c;aGk=\\u0007[red]=1+1[/red]"
SMALL = f"""
id = "small"
title = "门禁卡够不够用{HOSTILE}"
[[question]]
text = "一家几张"
options = ["一张{HOSTILE}", "两张"]
[[question]]
kind = "text"
text = "说说看"
"""


def told(store: Store) -> None:
    """October's two surveys as the newsroom's log has them."""
    events: list[Event] = []
    for n, event in enumerate(october.events(), 1):
        events.append(replace(event, seq=n, heard=event.at))
    got = commands.receive(store, events, pending=False, now=inbox.NOW)
    assert not got.refused


def drafted(store: Store) -> None:
    made = surveying.from_toml(SMALL, inbox.NOW)
    result = commands.run(
        store, Actor("local", Role.SUPERVISOR, "01"), [surveying.define(made, None, inbox.NOW)], inbox.NOW
    )
    assert not result.refused


def state(store: Store, id_: str) -> SurveyState:
    found = survey_rows.find(store, id_)
    assert found is not None
    return found.survey.state


async def test_the_list_says_how_many_answered_and_as_of_when(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    told(store)
    async with seated(desk()) as seat:
        await seat.press("Q")
        text = "\n".join(seat.lines)
        assert "41,286" in text
        await seat.press("enter")
        text = "\n".join(seat.lines)
        assert "1,874" in text
        assert "10-31 18:00" in text


async def test_a_draft_is_opened_by_its_key_twice_and_not_by_another(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    drafted(store)
    async with seated(desk()) as seat:
        await seat.press(*"Q", "o", "j", "o")
        assert state(store, "small") is SurveyState.DRAFT
        await seat.press("o")
        assert state(store, "small") is SurveyState.OPEN
        await seat.press("e")
        assert "已经上线" in "\n".join(seat.lines)
        await seat.press("x", "x")
        assert state(store, "small") is SurveyState.CLOSED


async def test_what_others_wrote_is_shown_as_text(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    drafted(store)
    async with seated(desk()) as seat:
        await seat.press("Q")
        assert "[red]=1+1" in "\n".join(seat.lines)
        await seat.press("enter")
        text = "\n".join(seat.lines)
        assert "\x1b" not in text
        assert "[red]=1+1" in text


async def test_an_editor_looks_and_is_told_why_not_more(store: Store, home: Path) -> None:
    inbox.arrive(store)
    drafted(store)
    async with seated(DeskApp(store, Actor("u-wang", Role.EDITOR, "03"), home)) as seat:
        await seat.press("Q", "o", "o")
        assert state(store, "small") is SurveyState.DRAFT
        assert "主任" in "\n".join(seat.lines) or "主管" in "\n".join(seat.lines)


async def test_what_was_written_in_the_editor_becomes_a_survey_or_is_kept(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    async with seated(desk()) as seat:
        await seat.press("Q")
        screen = seat.app.screen
        assert isinstance(screen, SurveysScreen)
        screen.written(SMALL.replace('options = ["一张', 'options = ["两张", "一张'))
        await seat.settled()
        assert screen.typed
        assert "q1" in "\n".join(seat.lines)
        await seat.pilot.resize_terminal(100, 30)  # coming back from an editor is a new size too
        await seat.settled()
        assert "q1" in "\n".join(seat.lines)
        screen.written(SMALL)
        await seat.settled()
        assert not screen.typed
        assert state(store, "small") is SurveyState.DRAFT


async def test_without_a_line_the_counts_stay_and_the_foot_says_why(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    told(store)
    async with seated(desk()) as seat:
        await seat.press("Q", "j", "enter", "G", "enter")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        assert isinstance(seat.app.screen, SurveyScreen)
        assert "计数不变" in "\n".join(seat.lines)
        await seat.press("g")
        assert "41,286" in "\n".join(seat.lines)


async def test_surveys_are_a_command_too(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    async with seated(desk()) as seat:
        await seat.press("colon", *"surveys", "enter")
        assert isinstance(seat.app.screen, SurveysScreen)


@pytest.mark.parametrize(("size", "lang"), [((80, 24), "zh_CN"), ((120, 40), "zh_CN"), ((120, 40), "en")], ids=str)
def test_one_survey_drawn(
    size: tuple[int, int], lang: str, store: Store, desk: Desk, snap_compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    inbox.busy(store)
    told(store)
    assert snap_compare(desk(), terminal_size=size, run_before=keys("Q", "j", "enter", "j"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
def test_the_list_drawn(size: tuple[int, int], store: Store, desk: Desk, snap_compare: Any) -> None:
    inbox.busy(store)
    told(store)
    drafted(store)
    assert snap_compare(desk(), terminal_size=size, run_before=keys("Q", "j"))


def test_closing_a_closed_survey_says_so_and_writes_nothing(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    drafted(store)
    [shown] = survey_rows.read(store)
    supervisor = Actor("local", Role.SUPERVISOR, "01")
    assert commands.run(store, supervisor, [surveying.open_(shown.survey)], inbox.NOW).ok
    home = str(store.home)
    assert main(["--home", home, "survey", "close", "small"]) == 0
    before = store.rows("SELECT count(*) FROM event")
    assert main(["--home", home, "survey", "close", "small"]) == 0
    assert "已于 2024-11-01 结束，没有改动" in capsys.readouterr().out
    assert store.rows("SELECT count(*) FROM event") == before
