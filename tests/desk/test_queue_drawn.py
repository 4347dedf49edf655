"""How the queue looks: each picture was looked at before it was kept (`make snapshots` draws them anew)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from db.store import Store
from desk.app import DeskApp
from tests.desk import inbox
from tests.desk.test_queue_hostile import fill

Desk = Callable[[], DeskApp]

SIZES = [(80, 24), (120, 40), (200, 50)]


async def settle(pilot: Any) -> None:
    for _ in range(4):
        await pilot.pause()
    await pilot.pause(0.1)  # the cursor has rested, the pane follows
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def keys(*pressed: str) -> Callable[[Any], Any]:
    """Presses keys and waits until what follows the cursor has followed."""

    async def before(pilot: Any) -> None:
        await settle(pilot)
        for key in pressed:
            await pilot.press(key)
            await settle(pilot)

    return before


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_the_queue(
    size: tuple[int, int], lang: str, store: Store, desk: Desk, snap_compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    inbox.busy(store)
    assert snap_compare(desk(), terminal_size=size, run_before=keys("space", "j"))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_letter_being_read(
    size: tuple[int, int], lang: str, store: Store, desk: Desk, snap_compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    inbox.busy(store)
    assert snap_compare(desk(), terminal_size=size, run_before=keys("4", *("enter",) * (size[0] < 160)))


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
def test_an_empty_desk(size: tuple[int, int], store: Store, desk: Desk, snap_compare: Any) -> None:
    assert snap_compare(desk(), terminal_size=size, run_before=keys())


def test_an_emptied_inbox(store: Store, desk: Desk, snap_compare: Any) -> None:
    for case in inbox.arrive(store):
        inbox.forward(store, case)
    assert snap_compare(desk(), terminal_size=(120, 40), run_before=keys())


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_hostile_letter(size: tuple[int, int], store: Store, desk: Desk, snap_compare: Any) -> None:
    fill(store)
    assert snap_compare(desk(), terminal_size=size, run_before=keys("5", *("enter",) * (size[0] < 160)))


def test_the_help(store: Store, desk: Desk, snap_compare: Any) -> None:
    inbox.busy(store)
    assert snap_compare(desk(), terminal_size=(120, 40), run_before=keys("question_mark"))


def test_a_filter(store: Store, desk: Desk, snap_compare: Any) -> None:
    inbox.busy(store)
    assert snap_compare(desk(), terminal_size=(120, 40), run_before=keys("slash", *"电梯"))


def test_a_refusal_at_the_foot(store: Store, desk: Desk, snap_compare: Any) -> None:
    inbox.busy(store)
    assert snap_compare(desk(), terminal_size=(80, 24), run_before=keys("y"))


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_bulk_before_it_happens(
    size: tuple[int, int], lang: str, store: Store, desk: Desk, snap_compare: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_LANG", lang)
    inbox.busy(store)
    assert snap_compare(desk(), terminal_size=size, run_before=keys("0", "asterisk", "c", "ctrl+s"))


@pytest.mark.parametrize("theme", ["paper", "contrast", "sixteen", "plain"])
def test_a_theme(theme: str, store: Store, desk: Desk, snap_compare: Any) -> None:
    inbox.busy(store)
    app = desk()
    app.choose_theme(theme)
    assert snap_compare(app, terminal_size=(120, 40), run_before=keys("space", "j", "4", "enter", "c"))
