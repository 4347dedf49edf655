"""Saved searches as further queues."""

from __future__ import annotations

from collections.abc import Callable

from db.store import Store
from desk.app import DeskApp
from desk.home import settings_file
from desk.settings import Search, load, write
from tests.desk import inbox
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]


def kept(store: Store) -> list[Search]:
    return list(load(settings_file(store.home))[0].searches)


def keep(store: Store, searches: list[Search]) -> None:
    assert write(settings_file(store.home), "searches", searches) is None


async def test_a_filter_is_kept_under_a_name_and_opened_again(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("slash", *"电梯", "enter", "apostrophe", "n")
        await seat.press(*["backspace"] * 4, *"lift", "enter")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        text = "\n".join(seat.lines)
        assert "lift" in text
        assert " 2" in next(line for line in seat.lines if "lift" in line)
        await seat.press("escape", "escape", "apostrophe", "1")
        assert seat.app.queue.query_text == "电梯"
        assert len(seat.app.queue.letters.window.rows) == 2
    assert kept(store) == [Search("lift", "电梯")]


async def test_lists_are_renamed_put_in_order_and_taken_away(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    keep(store, [Search("甲", "电梯"), Search("乙", "路灯")])
    async with seated(desk()) as seat:
        await seat.press("apostrophe", "J")
        assert [s.name for s in kept(store)] == ["乙", "甲"]
        await seat.press("k", "r", "backspace", "b", "enter")
        assert [s.name for s in kept(store)] == ["b", "甲"]
        await seat.press("j", "d")
        assert [s.name for s in kept(store)] == ["b", "甲"]  # not by one wrong key
        assert "再按一次 d" in "\n".join(seat.lines)
        await seat.press("k", "j", "d", "d")
        assert [s.name for s in kept(store)] == ["b"]
        assert "已删除清单" in "\n".join(seat.lines)


async def test_without_a_filter_there_is_nothing_to_save(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    async with seated(desk()) as seat:
        await seat.press("apostrophe", "n")
        assert "现在没有筛选" in "\n".join(seat.lines)
        await seat.press("escape")
    assert kept(store) == []


async def test_a_search_that_is_no_longer_understood_says_so(store: Store, desk: Desk) -> None:
    inbox.arrive(store)
    keep(store, [Search("旧", "nofield:x")])
    async with seated(desk()) as seat:
        await seat.press("apostrophe")
        await seat.app.workers.wait_for_complete()
        await seat.settled()
        assert "?" in next(line for line in seat.lines if "nofield" in line)
        await seat.press("1")
        assert "!" in seat.foot


async def test_the_lists_of_the_day_are_one_letter_away(store: Store, desk: Desk) -> None:
    cases = inbox.busy(store)
    inbox.do(store, cases[0], "assigned", to=inbox.actor(store).id)
    async with seated(desk()) as seat:
        await seat.press("apostrophe", "m")
        assert seat.app.queue.query_text == "list:mine"
        assert [row.id for row in seat.app.queue.letters.window.rows] == [cases[0]]
        await seat.press("apostrophe", "s")
        assert str(seat.app.queue.query_text).startswith("same:RMLX-")


async def test_the_list_says_of_an_erased_letter_that_it_was_erased(store: Store, desk: Desk) -> None:
    first, _other = inbox.many(store, 2)
    async with seated(desk()) as seat:
        inbox.do(store, first, "erased", reason="request")
        seat.app.queue.refresh_letters((first,))
        await seat.settled()
        assert "（已依法抹除）" in "\n".join(seat.lines)
        assert "（无标题）" not in "\n".join(seat.lines)


async def test_esc_leads_from_a_list_back_to_the_letter_it_was_asked_from(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("3", "j")
        stood = (seat.app.queue.queue, seat.title)
        await seat.press("apostrophe", "w")
        assert seat.app.queue.query_text == "list:new"
        await seat.press("apostrophe", "m")
        assert seat.app.queue.query_text == "list:mine"
        await seat.press("escape")
        assert seat.app.queue.query_text == "list:new"
        await seat.press("escape")
        assert (seat.app.queue.queue, seat.title) == stood
        assert seat.app.queue.query_text is None


async def test_a_queue_chosen_meanwhile_is_where_a_filter_leads_back_to(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("3", "apostrophe", "w", "1", "slash", *"电梯", "enter", "escape")
        assert (seat.app.queue.queue, seat.app.queue.query_text) == (1, None)


async def test_a_search_that_is_not_understood_leaves_nothing_to_come_back_from(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("3")
        seat.app.queue.show_found("nofield:x")
        await seat.press("slash", *"电梯", "enter", "escape")
        assert (seat.app.queue.queue, seat.app.queue.query_text) == (3, None)


async def test_an_empty_list_of_the_day_is_called_by_its_name(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("apostrophe", "m")
        said = "\n".join(seat.lines)
        assert "“我的”里没有来信" in said
        assert "list:" not in said


async def test_a_name_typed_for_a_new_list_takes_the_place_of_the_proposed_one(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("slash", *"电梯", "enter", "apostrophe", "n", *"lift", "enter")
    assert kept(store) == [Search("lift", "电梯")]
