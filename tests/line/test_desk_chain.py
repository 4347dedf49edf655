"""A desk follows the backend's chain of hashes over what it holds: changed, removed and inserted events are named."""

from __future__ import annotations

from typing import Any

import pytest

from backend.snapshot.cutting import MANIFESTS
from db import audit, log, turns
from db.audit import Followed
from db.replica_page import Page
from desk.cli import main
from tests.line.office import Desk, Office


@pytest.fixture
def li(office: Office) -> Desk:
    """A desk that was filled when the log had some events, and has read some more."""
    first = office.desk("zhou")
    first.letter()
    first.sync()
    office.db.write(lambda conn: conn.execute(MANIFESTS.delete()))  # or the empty one of the beginning would serve
    desk = office.desk("li")
    case = desk.letter("路灯不亮")
    desk.forward(case)
    for n in range(3):
        desk.do("noted", case, words={"text": f"{n}"})
    desk.sync()
    first.sync()
    return desk


def _numbers(desk: Desk) -> tuple[int, int]:
    found = audit.followed(desk.store)
    assert found is not None
    assert found.what == "whole"
    return found.first, found.last


def test_what_was_read_follows_to_the_cursor_on_every_desk(office: Office, li: Desk) -> None:
    first, last = _numbers(li)
    assert (first, last) == (2, 6)
    assert [audit.followed(d.store) for d in office.desks] == [Followed("whole", 1, 6), Followed("whole", 2, 6)]


def test_a_removed_event_is_named(li: Desk) -> None:
    first, _last = _numbers(li)
    with li.store.write() as conn:
        conn.execute("DELETE FROM event WHERE seq = 4")
    assert audit.followed(li.store) == Followed("removed", first, 3)


def test_the_last_event_removed_is_named(li: Desk) -> None:
    first, _last = _numbers(li)
    with li.store.write() as conn:
        conn.execute("DELETE FROM event WHERE seq = 6")
    assert audit.followed(li.store) == Followed("removed", first, 5)


def test_an_inserted_event_is_named(li: Desk) -> None:
    first, last = _numbers(li)
    with li.store.write() as conn:
        conn.execute("UPDATE event SET seq = 7 WHERE seq = 6")
        row = list(conn.execute(f"SELECT {', '.join(log.EVENT_COLUMNS)} FROM event WHERE seq = 7").fetchone())
        row[0], row[1], row[log.EVENT_COLUMNS.index("seq")] = 9_999, "forged", 6
        conn.execute(log.INSERT, row)
    assert audit.followed(li.store) == Followed("inserted", first, last)


def test_an_event_changed_with_its_own_digest_shows_in_the_chain(li: Desk) -> None:
    first, last = _numbers(li)
    with li.store.write() as conn:
        conn.execute("UPDATE event SET digest = ? WHERE seq = 4", (b"x" * 32,))
    assert audit.followed(li.store) == Followed("changed", first, last)


def test_what_came_out_of_a_snapshot_ends_the_check_without_an_alarm(li: Desk) -> None:
    first, _last = _numbers(li)
    with li.store.write() as conn:
        conn.execute("UPDATE event SET digest = x'' WHERE seq = 4")
    assert audit.followed(li.store) == Followed("part", first, 3)


def test_the_doctor_names_it_and_lets_the_next_sync_mend_it(
    office: Office, li: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    home = str(li.store.home)
    assert main(["doctor", "--home", home]) == 0
    with li.store.write() as conn:
        conn.execute("DELETE FROM event WHERE seq = 6")
    capsys.readouterr()
    assert main(["doctor", "--home", home]) == 4
    assert "缺第 6 号" in capsys.readouterr().out
    assert main(["doctor", "--repair", "--home", home]) == 4
    li.sync()
    office.settled()
    found = audit.followed(li.store)
    assert found is not None
    assert found.what in ("whole", "part")


class Killed(BaseException):
    """The process was killed here."""


def test_a_page_that_was_broken_off_is_no_alarm_and_comes_again(
    office: Office, li: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its events stand beyond the cursor until the whole of it is in: a power cut in between looks like an insertion."""
    zhou = office.desks[0]
    case = zhou.letter("电梯停运")
    for n in range(4):
        zhou.do("noted", case, words={"text": f"{n}"})
    zhou.sync()
    first, last = _numbers(li)
    laid = 0

    def lay(page: Page, *given: Any) -> None:
        nonlocal laid
        laid += 1
        if laid == 3:
            raise Killed
        whole(page, *given)

    whole = Page.lay
    monkeypatch.setattr("db.replica.FIRST", 2)
    monkeypatch.setattr(turns, "LARGEST", 2)
    monkeypatch.setattr(turns, "SMALLEST", 2)
    monkeypatch.setattr(Page, "lay", lay)
    with pytest.raises(Killed):
        li.sync()
    assert [seq for (seq,) in li.store.rows("SELECT seq FROM event WHERE seq > ?", (last,))]
    assert audit.followed(li.store) == Followed("whole", first, last)
    monkeypatch.setattr(Page, "lay", whole)
    li.sync()
    assert _numbers(li)[1] == last + 5


def test_the_doctor_waits_with_rows_until_a_fill_is_in(
    office: Office, li: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", "zh_CN")
    he = office.desk("he", fill=False)
    seen = set()
    for _step in range(100):
        assert main(["doctor", "--home", str(he.store.home)]) == 0
        seen.add("还有来信" in capsys.readouterr().out)
        if not (he.rounds.fill_step() or he.rounds.round().more or he.rounds.tie().fill):
            break
    assert seen == {True, False}
