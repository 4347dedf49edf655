"""The demo's own backend: the same log as the demo's desk, and people who act on what is sent to them."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from backend.demo import LOADER, Players, load
from backend.log import judging
from db import demo, link
from db.refold import stored
from db.store import Store
from desk.line import login
from tests.line.office import Desk, Office

SECRET = "October 2024"


@pytest.fixture
def desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The demo's desk, tied to a backend that has loaded the demo, at the second try."""
    monkeypatch.setenv("DESK_NOW", "2024-11-01T09:30")
    for user in ("li", "zhou", "he"):  # the office has other people of these names
        office.fire(user)
    judging.judge(office.db, [judging.offer(e) for e in demo.log()[:800]], LOADER, demo.DEMO_NOW)  # then it was killed
    assert load(office.db, SECRET) == len(demo.log())
    store = Store.open(office.home())
    demo.prepare(store)
    made, line = office.client()
    seat, _adopted, _where = login.login(store, "http://backend", "何静", SECRET, made)
    seq, hash_ = demo.head(store, seat.epoch)
    with store.write() as conn:
        link.put(conn, cursor=seq, hash=hash_, fill=None, whole=0)
    opened = Desk(store, login.rounds(store, made), line)
    office.desks.append(opened)
    return opened


def test_desk_and_backend_of_the_demo_are_in_step_from_the_first_moment(desk: Desk, office: Office) -> None:
    assert load(office.db, SECRET) == len(demo.log()), "a second load adds nothing"
    with office.db.read() as conn:
        assert conn.execute(text("SELECT count(*) FROM event")).scalar_one() == len(demo.log())
        assert conn.execute(text("SELECT sum(answers) FROM survey")).scalar_one() == 41_286 + 1_874
    (made,) = desk.sync()
    assert not made.news.events
    assert office.cases() == {
        id_: office.dumped(stored(desk.store, id_)) for (id_,) in desk.store.rows("SELECT id FROM cases")
    }


def test_a_district_signs_and_replies_to_what_is_sent_now_and_to_nothing_else(desk: Desk, office: Office) -> None:
    players = Players(office.db, since=len(demo.log()))
    assert players.look(0) == players.look(1_000) == 0
    (case,) = (i for (i,) in desk.store.rows("SELECT id FROM cases WHERE state = 'accepted' LIMIT 1"))
    desk.forward(case)
    desk.sync()
    kinds = []
    for clock in range(2_000, 2_100, 5):
        players.look(clock)
        desk.sync()
        kinds = [e.kind for e in desk.seen(case).events]
        if kinds[-1] in ("replied", "returned"):
            break
    assert "signed" in kinds
    assert kinds[-1] in ("replied", "returned")
