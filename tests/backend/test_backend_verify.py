"""`desk-backend verify`: whatever is done to the database behind the log's back is found and named."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, func, insert, select, update

from backend.cli import run
from backend.database import Database
from backend.log import reading
from backend.log.held import CASES
from db import chain, clock
from db.model import CaseId
from tests.backend.desks import Newsroom

EVENTS, COUNTER = reading.EVENTS, reading.COUNTER


@pytest.fixture
async def letters(newsroom: Newsroom) -> list[CaseId]:
    """Three letters with some history: eight events, one letter merged, one erased."""
    li, he = newsroom.li, newsroom.he
    first, second, third = (li.letter(title) for title in ("电梯停运", "路灯不亮", "井盖破损"))
    await li.sync(first, second, third)
    await li.sync(li.forward(first.id))
    await li.sync(li.event("signed", first.id), li.event("noted", second.id, words={"text": "来过电话"}))
    await he.sync()
    await he.sync(he.event("merged", second.id, facts={"into": first.id}))
    await he.sync(he.event("erased", third.id, facts={"reason": "law"}))
    return [first.id, second.id, third.id]


@pytest.fixture
def look(db: Database, capsys: pytest.CaptureFixture[str]) -> Callable[..., list[tuple[str, int | None]]]:
    """What verify names: (what, number) of each fault; the exit code must agree."""

    def looked(*more: str) -> list[tuple[str, int | None]]:
        capsys.readouterr()
        code = run(["verify", "--database", db.url, "--json", *more])
        told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert told[-1]["faults"] == len(told) - 1
        assert code == (4 if len(told) > 1 else 0)
        return [(fault["what"], fault["seq"]) for fault in told[:-1]]

    return looked


def tamper(db: Database, *statements: object) -> None:
    def work(conn: Connection) -> None:
        for statement in statements:
            conn.execute(statement)  # type: ignore[call-overload]

    db.write(work)


def test_an_untouched_log_is_well_also_after_an_erasure(
    letters: list[CaseId], look: Callable[..., list[object]]
) -> None:
    assert look() == []


@pytest.mark.parametrize("part", ['"actor":"li"', '"title":"路灯不亮"', '"code":"RMLX-'])
def test_a_changed_event_is_named(
    db: Database, letters: list[CaseId], look: Callable[..., list[object]], part: str
) -> None:
    with db.read() as conn:
        wire = conn.execute(select(EVENTS.c.wire).where(EVENTS.c.seq == 2)).scalar_one()
    assert part in wire
    tamper(db, update(EVENTS).where(EVENTS.c.seq == 2).values(wire=wire.replace(part, part[:-1] + "X" + part[-1])))
    assert look("--log-only") == [("content", 2)]


def test_an_event_changed_with_its_digest_and_hash_is_found_at_the_next(
    db: Database, letters: list[CaseId], look: Callable[..., list[object]]
) -> None:
    with db.read() as conn:
        before = conn.execute(select(EVENTS.c.hash).where(EVENTS.c.seq == 1)).scalar_one()
    forged = b"x" * 32
    tamper(db, update(EVENTS).where(EVENTS.c.seq == 2).values(digest=forged, hash=chain.following(before, 2, forged)))
    assert look("--log-only") == [("content", 2), ("changed", 3)]


def test_a_removed_event_is_named(db: Database, letters: list[CaseId], look: Callable[..., list[object]]) -> None:
    tamper(db, delete(EVENTS).where(EVENTS.c.seq == 6))
    assert ("removed", 6) in look()


def test_a_removed_event_is_found_when_the_later_ones_move_up(
    db: Database, letters: list[CaseId], look: Callable[..., list[object]]
) -> None:
    up = [update(EVENTS).where(EVENTS.c.seq == n).values(seq=n - 1) for n in (6, 7, 8)]
    tamper(db, delete(EVENTS).where(EVENTS.c.seq == 5), *up)
    assert look("--log-only") == [("removed", 5)]


def test_a_log_cut_short_is_found(db: Database, letters: list[CaseId], look: Callable[..., list[object]]) -> None:
    tamper(db, delete(EVENTS).where(EVENTS.c.seq >= 7))
    assert ("removed", 7) in look("--log-only")


def test_an_inserted_event_is_named(db: Database, letters: list[CaseId], look: Callable[..., list[object]]) -> None:
    with db.read() as conn:
        row = dict(conn.execute(select(EVENTS).where(EVENTS.c.seq == 6)).mappings().one())
    other = "018f0000-0000-7000-8000-000000000001"
    wire = json.dumps(json.loads(row["wire"]) | {"id": other}, ensure_ascii=False, separators=(",", ":"))
    down = [update(EVENTS).where(EVENTS.c.seq == n).values(seq=n + 1) for n in (8, 7, 6)]
    tamper(db, *down, insert(EVENTS).values(row | {"id": other, "wire": wire, "seq": 6, "digest": b"y" * 32}))
    assert ("inserted", 6) in look("--log-only")


def test_columns_that_say_otherwise_than_the_event_are_named(
    db: Database, letters: list[CaseId], look: Callable[..., list[object]]
) -> None:
    tamper(db, update(EVENTS).where(EVENTS.c.seq == 4).values(actor="zhou"))
    assert look("--log-only") == [("columns", 4)]


def test_a_row_that_no_event_made_is_named(
    db: Database, letters: list[CaseId], look: Callable[..., list[object]]
) -> None:
    with db.read() as conn:
        row = conn.execute(select(CASES.c.row).where(CASES.c.id == letters[0])).scalar_one()
    tamper(
        db,
        update(CASES).where(CASES.c.id == letters[0]).values(row=row.replace("电梯停运", "电梯正常")),
    )
    assert look() == [("row", None)]


def test_a_log_written_anew_as_a_whole_is_found_by_a_witness(
    db: Database, letters: list[CaseId], look: Callable[..., list[object]]
) -> None:
    with db.read() as conn:
        end = reading.head(conn)
    witness = f"{end.seq}:{end.short}"
    assert look("--witness", witness) == []
    with db.read() as conn:
        hash_ = chain.genesis(reading.epoch(conn))
        digests = [bytes(d) for (d,) in conn.execute(select(EVENTS.c.digest).order_by(EVENTS.c.seq))]
    last = len(digests) - 1
    anew = []
    for seq, digest in enumerate(digests[:last], 1):  # as if the last event had never been
        hash_ = chain.following(hash_, seq, digest)
        anew.append(update(EVENTS).where(EVENTS.c.seq == seq).values(hash=hash_))
    tamper(db, *anew, delete(EVENTS).where(EVENTS.c.seq > last), update(COUNTER).values(seq=last, hash=hash_))
    assert look("--log-only") == []
    assert look("--log-only", "--witness", witness) == [("witness", end.seq)]


def test_verify_says_what_to_note_and_what_a_witness_is(
    db: Database, letters: list[CaseId], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", "--database", db.url]) == 0
    with db.read() as conn:
        count = conn.execute(select(func.count()).select_from(EVENTS)).scalar_one()
    out = capsys.readouterr().out
    assert str(count) in out
    assert f"{count}:" in out
    assert run(["verify", "--database", db.url, "--witness", "later"]) == 2


def test_the_clock_stands_nowhere_in_it(
    letters: list[CaseId], look: Callable[..., list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verified a year later, the rows still follow: lateness is no part of them."""
    monkeypatch.setenv("DESK_NOW", clock.to_iso(clock.now_ms() + 366 * clock.DAY))
    assert look() == []
