"""The letter's own place on the screen: what it says of a letter, and what stands there when there is none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db.store import Store
from desk.app import DeskApp
from tests.desk import inbox
from tests.desk.letters import do, fill, forward, write_letter
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]


async def test_when_the_last_letter_of_a_list_leaves_the_list_says_it_is_empty_and_one_esc_leads_out(
    store: Store, desk: Desk
) -> None:
    """The letter had the whole screen: what was left of it was a blank one, and the first esc did nothing to be seen."""
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("slash", *"自来水", "enter", "enter", "enter")
        assert not seat.cursor_line
        await seat.press("a", "ctrl+s")
        await seat.settled()
        assert "没有找到“自来水”" in "\n".join(seat.lines)
        await seat.press("escape")
        assert seat.app.queue.query_text is None


async def test_a_letter_that_names_no_district_is_shown_under_the_one_it_went_to(store: Store, desk: Desk) -> None:
    fill(store)
    forward(store, write_letter(store, "1", title="路灯不亮", body="桥头的路灯坏了半个月。"))
    async with seated(desk()) as seat:
        await seat.press("3", "enter")
        assert "待签收" in "\n".join(seat.lines)
        assert "区县不明" not in "\n".join(seat.lines)


@pytest.mark.parametrize(("followers", "counted"), [(4, ""), (5, "另有 2")])
async def test_one_more_follower_is_named_instead_of_counted(
    store: Store, desk: Desk, monkeypatch: pytest.MonkeyPatch, followers: int, counted: str
) -> None:
    monkeypatch.setattr("desk.screens.queue_beside.ON", True)
    monkeypatch.setattr("desk.screens.queue_beside.REST", 0)
    fill(store)
    cases = [
        write_letter(store, str(i), title=f"{i}号楼停水", body="停水三天。", at=f"2024-11-01T0{8 - i}:10")
        for i in range(followers + 1)
    ]
    for case in cases[:-1]:
        do(store, case, "merged", into=cases[-1])
    async with seated(desk()) as seat:
        await seat.press("enter")
        await seat.settled()
        shown = "\n".join(seat.lines)
        assert f"并入本件：{followers} 件" in shown
        assert sum(f"{i}号楼停水" in shown for i in range(followers)) == (4 if not counted else 3)
        assert counted in shown
        assert ("另有" in shown) == bool(counted)


async def test_what_was_typed_for_several_letters_is_called_by_its_action(store: Store, desk: Desk) -> None:
    inbox.many(store, 2)
    async with seated(desk()) as seat:
        await seat.press("asterisk", "n", *"x", "escape")
        await seat.press("asterisk", "enter")
        await seat.settled()
        assert "✎ 备注：" in "\n".join(seat.lines)
        assert "note+" not in "\n".join(seat.lines)


async def test_an_office_that_bears_its_districts_name_is_not_called_by_it_twice(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    inbox.forward(store, case, unit="渝北区住建委")
    async with seated(desk()) as seat:
        await seat.press("3", "c")
        said = "".join(seat.lines)
        assert "渝北区 住建委" in said
        assert "渝北区 渝北区" not in said
