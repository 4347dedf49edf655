"""The late board: counts that are kept agree with the letters, and every figure leads to the letters behind it."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from db import board, board_counts, queries
from db.clock import DAY, day_of, midnight
from db.demo import DEMO_NOW
from db.store import Store
from db.undo import take_back
from tests.db import store_letters as letters
from tests.db.store_letters import NOW, bring, do, forward, receipt

MIGRATION = importlib.import_module("db.migrations.versions.0008_board")


def kept(store: Store) -> list[Any]:
    return sorted(store.rows("SELECT dim, key, open, chases, returns, redos FROM board_count"))


def recounted(store: Store) -> list[Any]:
    """What the migration counts from the rows, for a store that comes from an older desk."""
    found: list[Any] = []
    with store.write() as conn:
        conn.execute(MIGRATION.OPEN)
        for dim in MIGRATION.GROUPS:
            found += conn.execute(
                f"SELECT '{dim}', {dim}, count(*), sum(chases), sum(returns), sum(redos) FROM open_letter GROUP BY 2"
            ).fetchall()
        conn.execute("DROP TABLE open_letter")
    return sorted(found)


@pytest.fixture(scope="module")
def october(demo_read: Store) -> Store:
    return demo_read


def test_counts_of_two_months_are_those_of_the_letters(october: Store) -> None:
    assert kept(october) == recounted(october)
    assert MIGRATION.GROUPS == board_counts.GROUPS


@pytest.mark.parametrize("by", board.GROUPS)
def test_every_figure_leads_to_its_letters(october: Store, by: str) -> None:
    found = board.read(october, by, DEMO_NOW)
    with october.view() as conn:
        for group in found.groups:
            for figure in ("open", "today", "late"):
                behind = board.letters(conn, by, group.key, figure, DEMO_NOW)
                assert len(behind) == getattr(group, figure), (group.key, figure)
            worst = board.letters(conn, by, group.key, "worst", DEMO_NOW)
            assert len(worst) == (group.worst is not None)
            for figure, value in (("chases", group.chases), ("returns", group.returns), ("redos", group.redos)):
                assert bool(board.letters(conn, by, group.key, figure, DEMO_NOW)) == bool(value)
            assert bool(board.letters(conn, by, group.key, "trend", DEMO_NOW)) == any(group.trend)
            assert bool(board.letters(conn, by, group.key, "median", DEMO_NOW)) == bool(group.times)
        late = board.letters(conn, by, "*", "late", DEMO_NOW)
    assert len(late) == found.whole.late == sum(g.late for g in found.groups) == queries.counts(october, DEMO_NOW)[4]


def test_a_figure_is_a_search_like_any_other(october: Store) -> None:
    first = board.read(october, "unit", DEMO_NOW).groups[0]
    page = queries.page(october, queries.ALL, query=f'board:"unit/{first.key}/late"', now=DEMO_NOW)
    assert len(page.rows) == first.late > 0
    with pytest.raises(queries.BadQueryError):
        queries.page(october, queries.ALL, query="board:nothing/x/late", now=DEMO_NOW)


def test_the_list_of_a_counted_figure_counts_nothing_and_loses_what_has_left_the_figure(store: Store) -> None:
    cases = bring(store, *(receipt(str(n)) for n in range(3)))
    for case in cases[:2]:
        forward(store, case)
    asked = ("district", "500104", "open")
    board.count(store, asked, NOW)
    forward(store, cases[2])  # behind the figure since, and in its list when it is counted again
    do(store, "withdrawn", cases[0], facts={"reason": "settled"})

    def listed() -> set[str]:
        return {r.id for r in queries.page(store, queries.ALL, query='board:"district/500104/open"', now=NOW).rows}

    assert listed() == {cases[1]}
    board.count(store, asked, NOW)
    assert listed() == {cases[1], cases[2]}


def test_due_today_is_late_from_midnight_on_and_never_both(store: Store) -> None:
    (case,) = bring(store, receipt("1"))
    forward(store, case, now=NOW)
    [clock] = store.rows("SELECT sort FROM queue_entry WHERE queue = 4")
    tonight = clock[0]
    assert tonight == midnight(day_of(tonight))
    for now, expected in (
        (tonight - DAY, (1, 0)),
        (tonight - 1, (1, 0)),
        (tonight, (0, 1)),
        (tonight - DAY - 1, (0, 0)),
    ):
        whole = board.read(store, "district", now).whole
        assert (whole.today, whole.late) == expected


def test_two_replies_make_no_rate_and_three_do(store: Store) -> None:
    for n in range(3):
        (case,) = bring(store, receipt(str(n)))
        forward(store, case)
        do(store, "replied", case, NOW + (n + 1) * letters.HOUR, words={"text": "已办。"})
        group = next(g for g in board.read(store, "district", NOW + DAY).groups if g.key == "500104")
        assert (group.rate is not None, group.median is not None) == (n == 2, n == 2)
    assert group.rate == 1.0
    assert group.median is not None
    assert 0 < group.median <= (group.slowest or 0)


def test_a_group_goes_when_its_last_letter_closes_and_comes_back_with_undo(store: Store) -> None:
    (case,) = bring(store, receipt("1"), pending=True)
    before = kept(store)
    from db.commands import Command, run
    from db.runs import Doing

    me = letters.actor(store)
    run(store, me, [Command("declined", case, {"reason": "court"})], NOW, doing=Doing("decline", {}))
    assert kept(store) == []
    take_back(store, me, 1)
    assert kept(store) == before == recounted(store)
