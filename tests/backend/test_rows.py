"""Rows written many at a time come to what was given, whatever stands in them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.database import Database
from backend.log.held import CASES
from backend.rows import insert_rows, update_rows

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30) | st.sampled_from(
    ['"', "\\", '\\"', "{}", "NULL", "null", "", "a,b", "\n", "'", "%s", '{"a":"\\u0000"}']
)
NUMBERS = st.none() | st.integers(-(1 << 63), (1 << 63) - 1)


class RolledBackError(Exception):
    """Nothing stays for the next example."""


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=st.lists(st.tuples(WORDS, NUMBERS), min_size=1, max_size=6))
def test_rows_that_change_are_what_was_given(db: Database, changes: list[tuple[str, int | None]]) -> None:
    ids = [str(UUID(int=n + 1)) for n in range(len(changes))]
    fixed = {"state": "received", "open": 1, "mark": 0, "seq": 1, "received_at": 1, "month": 202410}
    rows = [(i, f"C{n}", "", *fixed.values()) for n, i in enumerate(ids)]
    updates: list[dict[str, Any]] = [
        {"id": i, "row": text, "timer_at": number} for i, (text, number) in zip(ids, changes, strict=True)
    ]
    found: dict[str, tuple[str, int | None]] = {}

    def work(conn: Any) -> None:
        insert_rows(conn, CASES, ("id", "code", "row", *fixed), rows)
        update_rows(conn, CASES, "id", updates)
        c = CASES.c
        found.update({i: (row, timer) for i, row, timer in conn.execute(select(c.id, c.row, c.timer_at))})
        raise RolledBackError

    with pytest.raises(RolledBackError):
        db.write(work)
    assert found == dict(zip(ids, changes, strict=True))
