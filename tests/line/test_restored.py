"""A desk that was restored from a backup, or rebuilt after damage, goes on with its backend: nothing doubled, nothing lost."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from db.backup import backup, restore
from db.rebuild import rebuild
from db.store import FILE, Store
from desk.line import login
from tests.line.office import Desk, Office


def reopened(office: Office, desk: Desk) -> Desk:
    """The same terminal after its files were swapped; its token is where it was."""
    made, line = office.client()
    store = Store.open(desk.store.home)
    again = Desk(store, login.rounds(store, made), line)
    office.desks[office.desks.index(desk)] = again
    return again


def ids(office: Office) -> list[str]:
    return [str(row[1]) for row in office.log()]


def test_restored_from_yesterday_it_catches_up_and_nothing_is_doubled(office: Office, tmp_path: Path) -> None:
    desk, other = office.desk("li"), office.desk("zhou")
    case = office.write()
    desk.sync()
    desk.forward(case)
    mine = desk.letter("昨天记下的")  # pending in the backup, sent after it
    backup(desk.store, tmp_path / "backup.db")
    desk.sync()
    other.sync()
    later = desk.letter("备份以后记下的")  # sent, and not in the backup
    desk.sync()
    before = ids(office)
    desk.store.close()
    made = restore(desk.store.home, tmp_path / "backup.db", None, None)
    assert made.unsent == 2
    desk = reopened(office, desk)
    desk.sync()
    assert ids(office) == before
    assert desk.pending() == 0
    assert not desk.refused()
    assert {case, mine, later} <= set(desk.rows())
    office.settled()


def test_rebuilt_after_damage_it_is_filled_by_the_backend_and_sends_what_waited(office: Office) -> None:
    desk = office.desk("li")
    cases = [office.write(f"路灯 {n}") for n in range(5)]
    desk.sync()
    desk.forward(cases[0])
    desk.sync()
    waiting = desk.letter("还没有发出的")
    before = ids(office)
    desk.store.close()
    file = desk.store.home / FILE
    with file.open("r+b") as f:
        f.write(os.urandom(4096))  # the first page: salt and list of tables
    report = rebuild(desk.store.home)
    assert report.server == "http://backend"
    assert report.unsent >= 1
    desk = reopened(office, desk)
    desk.sync()
    after = ids(office)
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert desk.pending() == 0
    assert {*cases, waiting} <= set(desk.rows())
    office.settled()


def test_a_letter_merged_here_into_one_that_the_backend_lost_stands_alone_again(office: Office, tmp_path: Path) -> None:
    """Its merge waits, in doubt, for the backend's verdict; the letter it went into is in no log any more."""
    zhou, li = office.desk("zhou"), office.desk("li")
    li.sync()
    with closing(sqlite3.connect(office.file)) as now, closing(sqlite3.connect(tmp_path / "backup.db")) as kept:
        now.backup(kept)
    master = zhou.letter("七号楼电梯停了")
    zhou.sync()
    li.sync()
    mine = li.letter("同一部电梯")
    li.do("merged", mine, facts={"into": master})
    assert li.case(mine).state == "merged"
    office.restore(tmp_path / "backup.db")
    for _ in range(3):  # heard of, filled, read: before it is sent
        while li.rounds.fill_step():
            pass
        li.rounds.round(push=False)
    assert master not in li.rows()
    assert li.case(mine).state == "received"
    assert li.pending() == 2
    zhou.sync()  # has its letter still, and offers it again
    li.sync()
    office.settled()
