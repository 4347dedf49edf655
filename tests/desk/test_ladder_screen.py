"""A supervisor walks the chases that are due: send, skip with a reason, another level, all at once, documents delivered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from db import commands, configuring
from db.clock import day_of
from db.people import own_actor
from db.store import Store
from desk.app import DeskApp
from desk.screens.ladder import LadderScreen
from tests.desk import inbox
from tests.desk.test_queue_drawn import keys
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]


@asynccontextmanager
async def walking(desk: Desk) -> AsyncIterator[tuple[Seat, LadderScreen]]:
    """The ladder open, its first proposal under the cursor."""
    async with seated(desk()) as seat:
        await seat.press("colon", *"ladder", "enter")
        await came(seat)
        screen = seat.app.screen
        assert isinstance(screen, LadderScreen)
        yield seat, screen


async def came(seat: Seat) -> None:
    await seat.app.workers.wait_for_complete()
    await seat.settled()


def chases(store: Store) -> list[tuple[str, str]]:
    return store.rows("SELECT facts, words FROM event WHERE kind = 'chased' ORDER BY n DESC")


async def test_one_key_sends_and_the_next_proposal_is_there(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    before = len(chases(store))
    async with walking(desk) as (seat, screen):
        many = len(screen.items)
        assert many
        await seat.press("c")
        await came(seat)
        assert len(screen.items) == many - 1
        assert "已发出催办 1 件" in "\n".join(seat.lines)
        await seat.press("u")
        await came(seat)
        assert len(screen.items) == many
    assert len(chases(store)) == before


async def test_who_was_called_is_kept_with_the_chase(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with walking(desk) as (seat, _screen):
        await seat.press("w", "c", *"李科长", "enter")
        await came(seat)
    facts, words = chases(store)[0]
    assert '"channel":"phone"' in facts.replace(" ", "")
    assert '"delivered":"reached"' in facts.replace(" ", "")
    assert "李科长" in words


async def test_a_chase_is_put_off_with_its_reason_only(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    before = len(chases(store))
    async with walking(desk) as (seat, screen):
        many = len(screen.items)
        await seat.press("x", "enter")
        assert "要写几个字" in "\n".join(seat.lines)
        await seat.press(*"周一回复", "enter")
        await came(seat)
        assert len(screen.items) == many - 1
        assert "今天不催：1" in "\n".join(seat.lines)
    assert len(chases(store)) == before


async def test_a_lower_level_by_hand_is_not_proposed_again_today(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with walking(desk) as (seat, screen):
        many = len(screen.items)
        await seat.press("1", "c")
        await came(seat)
        assert len(screen.items) == many - 1


async def test_all_go_at_once_after_a_look(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    before = len(chases(store))
    async with walking(desk) as (seat, screen):
        many = len(screen.items)
        await seat.press("A")
        assert "一起发" in "\n".join(seat.lines)
        await seat.press("escape")
        assert len(chases(store)) == before, "a look sends nothing"
        await seat.press("A", "enter")
        await came(seat)
        assert screen.items == []
    assert len(chases(store)) == before + many


async def test_a_document_is_written_and_recorded_as_delivered(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with walking(desk) as (seat, screen):
        await seat.press("P")
        await came(seat)
        await seat.press("A")
        assert "另写 1 份文书" in "\n".join(seat.lines)
        await seat.press("escape", "c")
        await came(seat)
        assert list((store.home / "notices").glob("*.docx"))
        await seat.press("tab")
        waiting = len(screen.items)
        assert waiting
        await seat.press("v", *"已签收", "space", *"王主任", "enter")
        await came(seat)
        assert len(screen.items) == waiting - 1


@pytest.mark.parametrize(("size", "lang"), [((80, 24), "zh_CN"), ((120, 40), "zh_CN"), ((120, 40), "en")])
def test_the_ladder(
    size: tuple[int, int], lang: str, store: Store, desk: Desk, snap_compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    inbox.busy(store)
    assert snap_compare(desk(), terminal_size=size, run_before=keys("D", "P"))


async def test_a_forward_to_a_district_on_paper_writes_its_document_at_once(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    paper = configuring.paper(inbox.YUBEI, day_of(inbox.NOW), on=True)
    assert commands.run(store, own_actor(store), [paper], inbox.NOW).ok
    async with seated(desk()) as seat:
        await seat.press("f", *"渝北", "enter", "ctrl+s")
        await came(seat)
        assert "转办函 1 份" in "\n".join(seat.lines)
    assert [path.name for path in (store.home / "notices").glob("*.docx")]
