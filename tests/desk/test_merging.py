"""Letters on one matter: found, merged with a chosen master, answered once for all, taken apart again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from db.model import CaseId
from db.store import Store
from desk.app import DeskApp
from desk.merging import Merging
from desk.screens.merge import MergeScreen
from desk.screens.similar import SimilarScreen
from tests.desk.bench import screen_text
from tests.desk.letters import do, editor, fill, forward, kinds, read, write_letter

Desk = Callable[[], DeskApp]

DUST = (
    ("小区旁搅拌站扬尘", "我是丽景新城小区的业主，离小区不到百米建了一个搅拌站，灰尘大得不敢开窗，晚上机器轰鸣。"),
    ("搅拌站粉尘呛得孩子咳嗽", "丽景新城小区门口的搅拌站日夜开工，灰尘落满阳台，不敢开窗，孩子整夜咳嗽。"),
    ("路灯不亮", "文体路从桥头到学校的路灯坏了半个月，晚上一片漆黑。"),
)


@pytest.fixture
def cases(store: Store) -> list[CaseId]:
    fill(store)
    return [
        write_letter(store, str(i), title=title, body=body, at=f"2024-11-01T0{8 - i}:10")
        for i, (title, body) in enumerate(DUST)
    ]


async def settle(pilot: Pilot[Any]) -> None:
    for _ in range(3):
        await pilot.pause()
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def test_similar_letters_are_shown_with_what_they_share(store: Store, cases: list[CaseId], desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("end", "equals_sign")
        await settle(pilot)
        text = screen_text(app)
    assert "搅拌站粉尘呛得孩子咳嗽" in text
    assert "同在丽景新城小区" in text
    assert "灰尘落满阳台" in text  # the letter itself, to be read beside
    assert "文体路" not in text


async def test_from_a_similar_letter_one_goes_there_and_back(store: Store, cases: list[CaseId], desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("end", "equals_sign")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.queue.letters.row is not None
        assert app.queue.letters.row.id == cases[1]
        await pilot.press("escape")
        await settle(pilot)
        assert app.queue.letters.row.id == cases[0]
        assert app.queue.queue == 1


async def test_similar_letters_are_merged_from_their_list(store: Store, cases: list[CaseId], desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("end", "equals_sign")
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        assert isinstance(app.screen, MergeScreen)
        await pilot.press("enter")
        await settle(pilot)
        assert not isinstance(app.screen, (MergeScreen, SimilarScreen))
    assert read(store, cases[0]).case.merged_into == cases[1]  # the older one leads


async def test_marked_letters_are_merged_into_the_master_one_chooses(
    store: Store, cases: list[CaseId], desk: Desk
) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("asterisk", "m")
        await settle(pilot)
        screen = app.screen
        assert isinstance(screen, MergeScreen)
        titles = [c.title for c in screen.merging.letters]
        for _ in range(titles.index(DUST[1][0])):
            await pilot.press("j")
        await pilot.press("m", "enter")
        await settle(pilot)
    assert {read(store, c).case.merged_into for c in (cases[0], cases[2])} == {cases[1]}
    assert set(read(store, cases[1]).case.followers) == {cases[0], cases[2]}


async def test_merging_is_taken_back_by_one_key(store: Store, cases: list[CaseId], desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("asterisk", "m")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("u")
        await settle(pilot)
    assert [read(store, c).case.merged_into for c in cases] == [None, None, None]


async def test_one_letter_is_merged_with_one_it_is_like(store: Store, cases: list[CaseId], desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("end", "m")
        await settle(pilot)
        assert "请至少选两件来信" in screen_text(app)
        await pilot.press("space", "enter")
        await settle(pilot)
    assert read(store, cases[0]).case.merged_into == cases[1]


async def test_a_letter_joins_by_its_code(store: Store, cases: list[CaseId], desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("end", "m")
        await settle(pilot)
        await pilot.press("a", *"RMLX-9", "enter")
        await settle(pilot)
        assert "RMLX-9" in screen_text(app)
        await pilot.press("a", *read(store, cases[2]).case.code, "enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
    assert read(store, cases[0]).case.merged_into == cases[2]


async def test_one_answer_and_one_closing_reach_every_follower(store: Store, cases: list[CaseId], desk: Desk) -> None:
    one, master, _other = cases
    do(store, one, "merged", into=master)
    forward(store, master)
    do(store, master, "replied", text="已停产整改")
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("5", "y")
        await settle(pilot)
        assert "并入" in screen_text(app)
        await pilot.press("1", "2", "3", "4", "5", "enter", "space", "enter", *"ok", "ctrl+s")
        await settle(pilot)
        assert read(store, one).case.answer == read(store, master).case.answer
        await pilot.press("6", "d")
        await settle(pilot)
        await pilot.press("1", "ctrl+s")
        await settle(pilot)
        await settle(pilot)
    assert read(store, master).case.state == "resolved"
    assert read(store, one).case.result == "solved"


async def test_a_master_lists_its_followers_and_a_key_leads_there(
    store: Store, cases: list[CaseId], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.screens.queue_beside.ON", True)
    monkeypatch.setattr("desk.screens.queue_beside.REST", 0)
    do(store, cases[0], "merged", into=cases[1])
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("end", "enter")
        await settle(pilot)
        assert "并入本件：1 件" in screen_text(app)
        await pilot.press("L")
        await settle(pilot)
        assert app.queue.letters.row is not None
        assert app.queue.letters.row.id == cases[0]
        assert "已并入 · L 前往" in screen_text(app)
        await pilot.press("L")
        await settle(pilot)
        assert app.queue.letters.row.id == cases[1]


async def test_of_several_followers_one_is_chosen_and_one_is_taken_out(
    store: Store, cases: list[CaseId], desk: Desk
) -> None:
    for case in (cases[0], cases[2]):
        do(store, case, "merged", into=cases[1])
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("L")
        await settle(pilot)
        text = screen_text(app)
        assert DUST[0][0] in text
        assert DUST[2][0] in text
        await pilot.press("U")
        await settle(pilot)
    assert sorted(kinds(store, c)[-1] for c in (cases[0], cases[2])) == ["merged", "unmerged"]


def test_a_merge_that_the_rules_refuse_says_why_before_it_is_tried(store: Store, cases: list[CaseId]) -> None:
    do(store, cases[2], "declined", reason="insult", text="不予受理")
    merging = Merging(store, editor(store), [cases[0], cases[2]])
    merging.lead(cases[2])
    assert merging.plan().refused
    assert merging.send().refused
    assert read(store, cases[0]).case.merged_into is None


def test_the_letter_whose_work_has_come_farthest_is_proposed_as_master(store: Store, cases: list[CaseId]) -> None:
    forward(store, cases[0])
    assert Merging(store, editor(store), cases[:2]).master == cases[0]


def test_open_dispatches_are_named_before_they_move(store: Store, cases: list[CaseId]) -> None:
    forward(store, cases[0], "500106")
    merging = Merging(store, editor(store), cases[:2])
    merging.lead(cases[1])
    assert any("500106" in said or "沙坪坝" in said for said in merging.plan().brings)


@pytest.mark.parametrize(("size", "lang"), [((120, 40), "zh_CN"), ((80, 24), "en")])
@pytest.mark.parametrize("key", ["equals_sign", "m"])
def test_the_screens(
    store: Store,
    cases: list[CaseId],
    desk: Desk,
    snap_compare: Any,
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    lang: str,
    key: str,
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)

    async def shown(pilot: Pilot[Any]) -> None:
        await pilot.pause()
        await pilot.press("end", key)
        await settle(pilot)
        if key == "m":
            await pilot.press("space")
            await settle(pilot)

    assert snap_compare(desk(), terminal_size=size, run_before=shown)


async def test_the_desks_own_clock_is_told_only_while_it_runs(store: Store, cases: list[CaseId], desk: Desk) -> None:
    do(store, cases[0], "merged", into=cases[1])
    do(store, cases[2], "asked", text="请补充灯杆编号")
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("1", "enter")
        await settle(pilot)
        assert "转办期限" in screen_text(app)
        await pilot.press("2")
        await settle(pilot)
        assert "转办期限" in screen_text(app)
        assert "暂停" in screen_text(app)
        await pilot.press("8")
        await settle(pilot)
        assert DUST[0][0] in screen_text(app)
        assert "转办期限" not in screen_text(app)
