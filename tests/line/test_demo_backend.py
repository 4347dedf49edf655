"""The demo's own backend: the same log as the demo's desk, and people who act on what is sent to them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from backend.database import Database
from backend.demo import LOADER, Players, load
from backend.log import judging
from db import demo, link
from db.refold import stored
from db.store import Store
from desk.line import login
from tests.line.office import Desk, Office

SECRET = "October 2024"


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, made_once: Path) -> Path:
    """A database that has loaded the demo, at the second try."""
    made = tmp_path_factory.mktemp("loaded") / "backend.db"
    shutil.copy(made_once, made)
    db = Database(f"sqlite:///{made}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESK_NOW", "2024-11-01T09:30")
        judging.judge(db, [judging.offer(e) for e in demo.log()[:800]], LOADER, demo.DEMO_NOW)  # then it was killed
        assert load(db, SECRET) == len(demo.log())
    db.close()
    return made


@pytest.fixture
def office(tmp_path: Path, fresh_home: Path, loaded: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office over a copy of it, whose people are the demo's: nobody else is hired."""
    monkeypatch.setenv("DESK_NOW", "2024-11-01T09:30")
    shutil.copy(loaded, tmp_path / "backend.db")
    opened = Office(tmp_path, fresh_home, f"sqlite:///{tmp_path / 'backend.db'}")
    yield opened
    opened.__exit__()


@pytest.fixture
def desk(office: Office, demo_store: Store) -> Desk:
    """The demo's desk, tied to that backend."""
    made, line = office.client()
    seat, _adopted, _where = login.login(demo_store, "http://backend", "何静", SECRET, made)
    seq, hash_ = demo.head(demo_store, seat.epoch)
    with demo_store.write() as conn:
        link.put(conn, cursor=seq, hash=hash_, fill=None, whole=0)
    opened = Desk(demo_store, login.rounds(demo_store, made), line)
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
