"""A desk that was restored from a backup, or rebuilt after damage, goes on with its backend: nothing doubled, nothing lost."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from db import replica
from db.backup import backup, restore
from db.opening import open_store
from db.rebuild import rebuild
from db.replica_page import Page
from db.store_file import FILE
from desk.line import login
from tests.line.office import Desk, Office


def reopened(office: Office, desk: Desk) -> Desk:
    """The same terminal after its files were swapped; its token is where it was."""
    made, line = office.client()
    store = open_store(desk.store.home)
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


def copy(office: Office, to: Path) -> Path:
    """A backup of the backend."""
    with closing(sqlite3.connect(office.file)) as now, closing(sqlite3.connect(to)) as kept:
        now.backup(kept)
    return to


def test_a_letter_fetched_ahead_of_a_log_that_is_then_lost_does_not_stop_the_desk(
    office: Office, tmp_path: Path
) -> None:
    """Its cursor is in both logs, so the backend sees nothing: what lies beyond it has the numbers of other events now."""
    zhou, li = office.desk("zhou"), office.desk("li")
    kept = copy(office, tmp_path / "backup.db")
    ahead = zhou.letter("七号楼电梯停了")
    zhou.sync()
    replica.keep_whole(li.store, li.rounds.letter(ahead))  # opened by its code, before the news of it came
    office.restore(kept)
    other = office.write("井盖丢了")
    li.sync()
    assert other in li.rows()
    zhou.sync()  # has its letter still, and offers it again
    li.sync()
    assert ahead in li.rows()
    office.settled()


def test_own_letters_of_a_page_that_was_broken_off_are_sent_again_to_a_log_that_lost_them(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = office.desk("li")
    kept = copy(office, tmp_path / "backup.db")
    mine = [desk.letter(f"路灯不亮 {n}") for n in range(replica.FIRST + 4)]
    finish, laid = Page.finish, []

    def cut(page: Page) -> None:
        laid.append(page)
        if len(laid) == 2:
            raise KeyboardInterrupt  # the process was killed between two transactions of one page
        finish(page)

    monkeypatch.setattr(Page, "finish", cut)
    with pytest.raises(KeyboardInterrupt):
        desk.sync()
    assert 0 < desk.pending() < len(mine), "some have numbers of a log that is then lost"
    office.restore(kept)
    desk.sync()
    assert desk.pending() == 0
    assert set(mine) <= set(office.cases())
    office.settled()


def test_a_letter_merged_here_into_one_that_the_backend_lost_stands_alone_again(office: Office, tmp_path: Path) -> None:
    """Its merge waits, in doubt, for the backend's verdict; the letter it went into is in no log any more."""
    zhou, li = office.desk("zhou"), office.desk("li")
    li.sync()
    kept = copy(office, tmp_path / "backup.db")
    master = zhou.letter("七号楼电梯停了")
    zhou.sync()
    li.sync()
    mine = li.letter("同一部电梯")
    li.do("merged", mine, facts={"into": master})
    assert li.case(mine).state == "merged"
    office.restore(kept)
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
