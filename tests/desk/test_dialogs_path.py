"""A letter's whole way through the dialogs, key by key, on a real store."""

from __future__ import annotations

import pytest

from db.store import Store
from tests.desk.bench import Bench, paste
from tests.desk.letters import fill, kinds, read, write_letter


@pytest.fixture
def store(store: Store) -> Store:
    fill(store)
    return store


async def test_forwarding_to_the_district_it_is_classified_under_takes_one_more_key(store: Store) -> None:
    case = write_letter(store, district="500104")
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
        await paste(pilot, "区城管局")
        await pilot.press("ctrl+s")
        await pilot.pause()
        lead = read(store, case).case.lead_dispatch
        assert lead is not None
        assert (lead.district, lead.unit) == ("500106", "区城管局")
        await app.open(pilot, "record", case)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert kinds(store, case)[-1] == "signed"
        await app.open(pilot, "chase", case)
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert kinds(store, case)[-1] == "chased"
        await app.open(pilot, "record", case)
        await pilot.press("enter")
        await paste(pilot, "正在研究")
        await pilot.press("ctrl+s")
        await pilot.pause()
        await app.open(pilot, "redo", case)
        await pilot.press("1", "enter")
        await paste(pilot, "请写明时限")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert read(store, case).case.state == "in_progress"
        await app.open(pilot, "record", case)
        await pilot.press("enter")
        await paste(pilot, "11月8日前修好")
        await pilot.press("tab", *"电梯", "enter", "2", "enter", "部", "ctrl+s")
        await pilot.pause()
        assert read(store, case).case.state == "replied"
        await app.open(pilot, "answer", case)
        await pilot.press("1", "2", "3", "4", "5", "enter", "space", "enter")
        await paste(pilot, "您好，电梯8日前修好")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert read(store, case).case.state == "answered"
        await app.open(pilot, "resolve", case)
        await pilot.press("1", "ctrl+s")
        await pilot.pause()
    got = read(store, case).case
    assert (got.state, got.result) == ("resolved", "solved")
    assert [(o.measure, o.count, o.unit) for o in got.outcomes] == [("电梯", 2, "部")]
    assert app.changed.count(case) == 9
