"""Dialogs about a co-handler's dispatch while the lead stands elsewhere."""

from __future__ import annotations

import pytest

from db.model import DispatchState
from db.store import Store
from tests.desk.bench import Bench, paste
from tests.desk.letters import do, fill, forward, read, write_letter


@pytest.fixture
def store(store: Store) -> Store:
    fill(store)
    return store


async def test_a_co_handlers_reply_is_sent_back_while_the_lead_still_works(store: Store) -> None:
    case = write_letter(store)
    forward(store, case)
    forward(store, case, "500106", role="co")
    co = read(store, case).case.dispatches[1].id
    do(store, case, "replied", dispatch=co, text="协办意见")
    app = Bench(store)
    async with app.run_test() as pilot:
        form = await app.open(pilot, "redo", case)
        assert form.values["dispatch"] == co
        await pilot.press("1", "tab")
        await paste(pilot, "请直接答复")
        await pilot.press("ctrl+s")
        await pilot.pause()
    lead, other = read(store, case).case.dispatches
    assert (lead.state, other.state, other.redos) == (DispatchState.SENT, DispatchState.SIGNED, 1)
