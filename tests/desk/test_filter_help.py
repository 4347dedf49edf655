"""Typing a filter: what is offered, what tab takes, what is marked in list and letter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.clock import from_iso
from db.model import Actor, Refusal, Role
from db.search import parse
from db.search_complete import offers
from db.store import Store
from desk.app import DeskApp
from desk.shelf import Shelf
from desk.widgets.marking import MATCH, across, marked
from tests.desk import inbox
from tests.desk.bench import paste
from tests.desk.test_queue_screen import seated

Desk = Callable[[], DeskApp]
NOW = from_iso(inbox.NOW_ISO)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("区", "区县:"),
        ("dis", "district:"),
        ("电梯 状", "状态:"),
        ("区县:渝北", "渝北区 "),
        ("区县：ybq", "渝北区 "),
        ("状态:待转", "待转办 "),
        ("state:超", "超期 "),
        ("话题:dtaz", "电梯安装 "),
        ("类型:投", "投诉举报 "),
        ("从:2024-1", "2024-11 "),
        ("标签:回", "回访 "),
        ("经办人:王", "王编辑 "),
        ("状态:待转办,办理", "办理中 "),
        ("-sta", "state:"),
        ("电梯 -状态:已", "已结 "),
        ("征集:老旧", "老旧小区怎么改 "),
    ],
)
def test_what_may_come_next_is_offered(typed: str, first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    found = offers(typed, NOW, people=["王编辑"], tags=["回访"], calls=["老旧小区怎么改"])
    assert found[0].text == first
    assert typed[: found[0].start] + found[0].text


@given(st.text('区县:：渝北状态 电梯ab,，"1-', max_size=30))
@settings(max_examples=150, deadline=None)
def test_whatever_is_offered_is_understood(typed: str) -> None:
    """Taking a value that was offered never makes a search that the desk does not understand, if it did before."""
    for offer in offers(typed, NOW):
        head = typed[: offer.start]
        if offer.text.endswith(":"):
            continue
        before = parse(head.rstrip(":：") if head.endswith((":", "：")) else head, NOW)
        assert not isinstance(parse(head + offer.text, NOW), Refusal) or isinstance(before, Refusal) or ":" in head[:-1]


def test_marks_cut_pieces_and_change_no_character() -> None:
    pieces = [("电梯", "ink"), ("停运十天", "faint")]
    cut = marked(pieces, [(1, 4)])
    assert cut == [("电", "ink"), ("梯", MATCH), ("停运", MATCH), ("十天", "faint")]
    assert "".join(t for t, _ in cut) == "电梯停运十天"


def test_a_passage_broken_by_the_line_is_marked_on_both() -> None:
    query = parse("电梯停运", NOW)
    assert not isinstance(query, Refusal)
    lines = ["我家楼里的电梯", "停运十天了"]
    assert across(lines, 0, query.spans) == [(5, 7)]
    assert across(lines, 1, query.spans) == [(0, 2)]


async def test_tab_takes_what_is_offered_and_the_list_follows(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("slash", *"区县:ybq")
        assert "渝北区" in seat.lines[-4]
        await seat.press("tab")
        assert seat.app.queue.query_text == "区县:渝北区"
        await seat.press("enter")
        assert {row.district for row in seat.app.queue.letters.window.rows} == {inbox.YUBEI}


async def test_tab_again_takes_the_next_one(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("slash", *"状态:待", "tab")
        first = seat.app.queue.query_text
        await seat.press("tab")
        assert seat.app.queue.query_text != first
        await seat.press("shift+tab")
        assert seat.app.queue.query_text == first


async def test_what_was_found_is_marked_in_list_and_letter(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("slash", *"电梯", "enter", "enter")
        strips = seat.app.screen._compositor.render_strips()
        found = ["".join(s.text for s in strip if s.style and s.style.underline) for strip in strips]
        assert next(part for part in found if part) == "电梯"
        assert sum("电梯" in part for part in found) >= 3  # two rows and the letter's words
        await seat.press("escape", "escape")
        strips = seat.app.screen._compositor.render_strips()
        assert not any(s.style and s.style.underline for strip in strips for s in strip)


def test_only_who_may_reveal_a_contact_may_look_for_a_sender(store: Store) -> None:
    reader = Shelf(store, Actor("u-r", Role.READER, "desk-1"))
    assert reader.why_no_filter("来信人:陈") is not None
    assert Shelf(store, Actor("u-e", Role.EDITOR, "desk-1")).why_no_filter("来信人:陈") is None


def test_letters_of_an_editor_are_found_by_name(store: Store) -> None:
    cases = inbox.arrive(store)
    inbox.staff(store)
    inbox.do(store, cases[0], "assigned", to="u-wang")
    window = Shelf(store, inbox.actor(store)).window(0, "经办人:王编辑")
    window.to_top()
    assert [row.id for row in window.rows] == [cases[0]]


async def test_the_beginning_of_a_value_is_no_fault_while_it_is_typed(store: Store, desk: Desk) -> None:
    inbox.busy(store)
    async with seated(desk()) as seat:
        await seat.press("slash")
        await paste(seat.pilot, "状态:超")
        await seat.settled()
        assert "! " not in seat.foot
        await seat.press("enter")  # there is only one that so begins
        assert seat.app.queue.query_text == "状态:超"
        assert seat.app.queue.letters.row is not None
        assert "! " not in seat.foot
        await seat.press("slash", "ctrl+u")
        await paste(seat.pilot, "状态:胡乱")
        await seat.settled()
        assert "可用的有：超期、未结、已结、待审核" in "".join(seat.foot.split())


async def test_news_in_an_empty_list_takes_its_sentences_away(store: Store, desk: Desk) -> None:
    case = inbox.many(store, 1)[0]
    async with seated(desk()) as seat:
        await seat.press("slash")
        await paste(seat.pilot, "网格员")
        await seat.press("enter")
        assert "这里没有找到" in "\n".join(seat.lines)
        inbox.do(store, case, "noted", {"text": "已联系网格员"})
        seat.app.queue.refresh_letters((case,))
        await seat.settled()
        assert len(seat.app.queue.letters.window.rows) == 1
        assert "这里没有找到" not in "\n".join(seat.lines)


async def test_the_help_says_how_to_search_and_first_of_all_while_one_searches(store: Store, desk: Desk) -> None:
    """Every example of it is a search that the desk understands."""
    from desk.screens.finding_help import searching

    inbox.many(store, 1)
    _title, entries = searching()
    for entry in entries[:7]:
        assert not isinstance(parse(entry.key, NOW), Refusal), entry.key
    async with seated(desk()) as seat:
        await seat.press("question_mark")
        assert "查找（/）" not in "\n".join(seat.lines[:4])
        await seat.press("escape", "slash", "f1")
        assert "查找（/）" in "\n".join(seat.lines[:4])
        assert "-停运" in "\n".join(seat.lines)
