"""What was open at a midnight is a sum over days: the same as looking at every letter, for all districts and for some."""

from __future__ import annotations

import importlib
from random import Random

import pytest
from test_figures_later import FILED, PERIOD, live

from db import day_counts
from db.clock import DAY
from db.commands import receive
from db.figures.open import is_open
from db.model import Ms
from db.store import Store
from tests.db.store_letters import receipt

MIGRATION = importlib.import_module("db.migrations.versions.0019_days")
EVERY_DAY = "SELECT day, district, received, closed FROM day_count ORDER BY 1, 2"


def looked_at(store: Store, midnight: Ms, districts: frozenset[str] | None) -> int:
    """Letter by letter."""
    return sum(
        received < midnight and is_open(state, closed, midnight)
        for received, state, closed, district in store.rows("SELECT received_at, state, closed_at, district FROM cases")
        if districts is None or district in districts
    )


@pytest.mark.parametrize("seed", range(3))
def test_open_at_every_midnight_is_what_the_letters_say(store: Store, seed: int) -> None:
    rng = Random(seed)
    letters = [receipt(str(n), PERIOD.start + n * 2 * DAY, **FILED) for n in range(10)]
    receive(store, letters, pending=False, now=PERIOD.end)
    live(store, rng, [str(e.case) for e in letters], PERIOD.start + 20 * DAY, PERIOD.end + 20 * DAY, 150)
    with store.view() as conn:
        for midnight in range(PERIOD.start - DAY, PERIOD.end + 25 * DAY, DAY):
            for districts in (None, frozenset({"500104", "500112"}), frozenset[str]()):
                assert day_counts.open_at(conn, midnight, districts) == looked_at(store, midnight, districts)


def test_a_store_of_an_older_desk_is_counted_as_this_one_keeps_it(demo_read: Store) -> None:
    assert sorted(demo_read.rows(MIGRATION.COUNTED)) == demo_read.rows(EVERY_DAY)
