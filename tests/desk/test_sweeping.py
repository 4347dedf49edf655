"""What keys leave behind is collected when the hands rest."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest
from textual.geometry import Region

from desk import sweeping
from desk.sweeping import FEW, REMEMBERED, Sweeping


class Knot:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def by_hand() -> Iterator[None]:
    """Python itself does not collect meanwhile."""
    before = gc.get_threshold()
    gc.set_threshold(1_000_000)
    gc.collect()
    yield
    gc.set_threshold(*before)


def left_behind(count: int) -> weakref.ref[Knot]:
    knots = [Knot() for _ in range(count)]
    return weakref.ref(knots[0])


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize(("count", "goes"), [(FEW * 2, True), (3, False)])
async def test_what_a_key_left_behind_goes_at_the_next_rest(
    monkeypatch: pytest.MonkeyPatch, count: int, *, goes: bool
) -> None:
    monkeypatch.setattr(sweeping, "REST", 0.0)
    knot = left_behind(count)
    Sweeping().pressed()
    assert knot() is not None
    for _ in range(3):
        await asyncio.sleep(0)
    assert (knot() is None) is goes


@pytest.mark.usefixtures("by_hand")
async def test_another_key_puts_it_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "REST", 0.0)
    knot, sweep = left_behind(FEW * 2), Sweeping()
    sweep.pressed()
    monkeypatch.setattr(sweeping, "REST", 60.0)
    sweep.pressed()
    for _ in range(3):
        await asyncio.sleep(0)
    assert knot() is not None


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize(("sizes", "kept"), [(REMEMBERED + 1, False), (10, True)])
async def test_what_was_worked_out_for_sizes_long_gone_is_let_go_of_in_a_long_rest(
    monkeypatch: pytest.MonkeyPatch, sizes: int, *, kept: bool
) -> None:
    monkeypatch.setattr(sweeping, "LONG_REST", 0.0)
    Region.intersection.cache_clear()
    for width in range(sizes):
        Region(0, 0, width, 1).intersection(Region(0, 0, 5, 5))
    Sweeping().pressed()
    for _ in range(3):
        await asyncio.sleep(0)
    assert (Region.intersection.cache_info().currsize > 0) is kept
