"""Unhappy citizens: their letters stand in a list, are offered for reopening, and their unit is supervised for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from db import queries
from db.clock import now_ms
from db.model import Actor, CaseId, Role
from db.ratings import badly_rated
from db.store import Store
from desk.app import DeskApp
from desk.rating import supervise
from desk.screens.form import Form
from desk.screens.ratings import RatingsScreen
from tests.desk.bench import screen_text
from tests.desk.letters import do, editor, fill, forward, read, write_letter

Desk = Callable[[], DeskApp]


def answered(store: Store, number: str, **rating: Any) -> CaseId:
    case = write_letter(store, number, title=f"第{number}件", body="漏水", at="2024-10-20T08:10")
    forward(store, case, unit="住房和城乡建设委员会", at="2024-10-20T09:10")
    do(store, case, "replied", at="2024-10-21T09:10", text="已修。")
    do(store, case, "answered", at="2024-10-22T09:10", text="已修。", checklist=["polite"], redacted=True)
    if rating:
        do(store, case, "rated", at="2024-10-23T09:10", **rating)
    return case


@pytest.fixture
def cases(store: Store) -> list[CaseId]:
    fill(store)
    return [
        answered(store, "1", score=1, solved=False),
        answered(store, "2", score=2),
        answered(store, "3", score=5, solved=True),
        answered(store, "4"),
    ]


def listed(store: Store, name: str) -> set[CaseId]:
    return {row.id for row in queries.page(store, 0, query=f"list:{name}", now=now_ms()).rows}


def test_unhappy_letters_stand_in_their_list_until_somebody_decides(store: Store, cases: list[CaseId]) -> None:
    assert listed(store, "unhappy") == {cases[0], cases[1]}
    do(store, cases[0], "reopened", reason="citizen_unhappy")
    do(store, cases[1], "noted", text="已回访，不重办")
    assert listed(store, "unhappy") == set()


async def test_reopening_proposes_that_the_citizen_is_unhappy(store: Store, cases: list[CaseId], desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.queue.show_found("list:unhappy")
        await pilot.pause()
        assert "☹" in screen_text(app)
        await pilot.press("o")
        await pilot.pause()
        form = app.screen
        assert isinstance(form, Form)
        assert form.values["reason"] == "citizen_unhappy"


def test_a_unit_below_the_threshold_is_listed_with_its_letters(store: Store, cases: list[CaseId]) -> None:
    [unit] = badly_rated(store, now_ms())
    assert (unit.rated, unit.satisfied, unit.share) == (3, 1, 33)
    assert set(unit.unhappy) == {cases[0], cases[1]}


def test_two_ratings_say_nothing_of_a_unit(store: Store) -> None:
    fill(store)
    answered(store, "1", score=1)
    answered(store, "2", score=1)
    assert badly_rated(store, now_ms()) == []


async def test_one_key_writes_the_notice_and_records_it_once(store: Store, cases: list[CaseId], desk: Desk) -> None:
    app = desk()
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.queue.action_ratings()
        await pilot.pause()
        assert isinstance(app.screen, RatingsScreen)
        assert "满意率 33%" in screen_text(app)
        await pilot.press("s")
        await pilot.pause()
        assert "评督〔2024〕1号" in screen_text(app)
    [text] = store.path.parent.joinpath("notices").glob("*.txt")
    said = text.read_text(encoding="utf-8")
    assert "满意率为33%" in said
    assert "未解决，1分" in said
    assert set(read(store, cases[0]).case.tags) == {"评价督办", "人民来信评督〔2024〕1号"}
    assert badly_rated(store, now_ms()) == []  # had its notice
    assert listed(store, "unhappy") == {cases[0], cases[1]}  # whether to reopen is still to decide


def test_an_editor_supervises_no_unit(store: Store, cases: list[CaseId]) -> None:
    [unit] = badly_rated(store, now_ms())
    sent = supervise(store, Actor("e", Role.EDITOR, editor(store).device), unit, now_ms())
    assert sent.refused
    assert not store.path.parent.joinpath("notices").exists()


def test_lists_for_the_paper(store: Store) -> None:
    fill(store)
    late = write_letter(store, "9", title="久拖不办", body="没人管", at="2024-09-02T08:10")
    forward(store, late, at="2024-09-02T09:10")
    idea = write_letter(store, "10", title="建议加灯", body="加灯", kind="suggestion", at="2024-10-30T08:10")
    good, explained = answered(store, "3", score=5, solved=True), answered(store, "4")
    do(store, good, "resolved", result="solved")
    do(store, explained, "resolved", result="explained")
    assert listed(store, "tellable") == {good}
    assert listed(store, "asking") == {late}
    assert listed(store, "suggestions") == {idea}
    do(store, good, "published", **{"as": "told"}, title="修好了", text="漏水修好了")
    do(store, late, "published", **{"as": "open_question"}, title="久拖不办", text="没人管")
    assert listed(store, "tellable") == set()
    assert listed(store, "asking") == set()


@pytest.mark.parametrize("size", [(80, 24)])
def test_the_units_drawn(
    store: Store, cases: list[CaseId], desk: Desk, snap_compare: Any, size: tuple[int, int]
) -> None:
    async def before(pilot: Pilot[Any]) -> None:
        app = pilot.app
        assert isinstance(app, DeskApp)
        await pilot.pause()
        app.queue.action_ratings()
        await pilot.pause()

    assert snap_compare(desk(), run_before=before, terminal_size=size)


async def test_the_digit_pressed_at_a_rating_is_its_score(store: Store, desk: Desk) -> None:
    case = answered(store, "1")
    app = desk()
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("6", "s", "tab", "tab", "4", "ctrl+s")  # an answer is rated, most likely
        await pilot.pause()
    letter = queries.letter(store, case)
    assert letter is not None
    assert letter.case.rating is not None
    assert letter.case.rating.score == 4
