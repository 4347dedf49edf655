"""A person's own keys: in force, shown everywhere, and named where they cannot be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from db.store import Store
from desk.app import DeskApp
from desk.keymap import faults_of, shipped, understood
from tests.desk import inbox
from tests.desk.test_queue_screen import Seat, seated

Desk = Callable[[], DeskApp]


async def with_keys(seat: Seat, lines: str) -> None:
    """The person writes the settings file while the desk is open."""
    path = seat.app.shelf.likes.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"theme = 'ink'\n\n[keys]\n{lines}\n", encoding="utf-8")
    seat.app.look_at_likes()
    await seat.settled()


async def test_an_action_moves_to_another_key_everywhere(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await with_keys(seat, '"do.note" = "N"')
        await seat.press("j")
        await seat.pilot.pause(0.2)
        assert "N 备注" in seat.lines[-1]
        assert "n 备注" not in seat.lines[-1]
        await seat.press("n")  # nothing any more
        assert len(seat.app.screen_stack) == 1
        await seat.press("N", "x", "ctrl+s")
        assert [e.kind for e in inbox.letter(store, case).events] == ["received", "noted"]
        await seat.press("question_mark")
        assert any(line.strip().startswith("N ") and "备注" in line for line in seat.lines)


async def test_an_action_without_a_key_can_get_one(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await with_keys(seat, 'tag = "f6"')
        await seat.press("f6")
        assert len(seat.app.screen_stack) == 2


async def test_what_is_wrong_is_said_with_its_line(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await with_keys(seat, '"do.note" = "N"\n"do.forward" = "a"')
        assert "5" in seat.foot
        assert "do.accept" in seat.foot
        await seat.press("f")  # stays where it was
        assert len(seat.app.screen_stack) == 2


@pytest.mark.parametrize(
    ("wanted", "own", "faults"),
    [
        ({"forward": "F"}, {"do.forward": "F"}, []),
        ({"do.forward": "n", "do.note": "F"}, {"do.forward": "n", "do.note": "F"}, []),
        ({"do.forward": "?"}, {}, ["do.forward"]),
        ({"do.forward": "3"}, {}, ["do.forward"]),
        ({"do.forward": "escape"}, {}, ["do.forward"]),
        ({"do.forward": "hello"}, {}, ["do.forward"]),
        ({"fly": "F"}, {}, ["fly"]),
        ({"move.down": "n,down", "do.note": "j"}, {"move.down": "n,down", "do.note": "j"}, []),
        ({"do.forward": "ctrl+t", "note": "ctrl+t"}, {"do.forward": "ctrl+t"}, ["note"]),
    ],
)
def test_keys_are_understood_or_named(wanted: dict[str, str], own: dict[str, str], faults: list[str]) -> None:
    keymap, wrong = understood(wanted)
    assert (dict(keymap.own), [f.id for f in wrong]) == (own, faults)


def test_no_two_shipped_keys_clash() -> None:
    keys = [key for value in shipped().values() for key in value.split(",") if key]
    assert len(keys) == len(set(keys))


async def test_a_clash_leaves_the_key_that_was_good_in_force_also_over_a_restart(store: Store, desk: Desk) -> None:
    (case,) = inbox.many(store, 1)
    async with seated(desk()) as seat:
        await with_keys(seat, '"do.note" = "N"')
        await with_keys(seat, '"do.note" = "a"')
        assert "do.accept" in seat.foot
        await seat.press("N", "x", "ctrl+s")
        assert [e.kind for e in inbox.letter(store, case).events] == ["received", "noted"]
    async with seated(desk()) as seat:
        await seat.settled()
        await seat.press("N")
        assert len(seat.app.screen_stack) == 2


async def test_the_settings_list_names_a_key_that_cannot_be(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await with_keys(seat, '"do.note" = "a"')
        await seat.press("comma")
        assert any("!" in line and "第 4 行" in line and "do.accept" in line for line in seat.lines)


async def test_of_a_file_that_cannot_be_read_no_old_clash_is_told(store: Store, desk: Desk) -> None:
    inbox.many(store, 1)
    async with seated(desk()) as seat:
        await with_keys(seat, '"do.note" = "c"')
        assert [p.line for p in faults_of(seat.app.shelf.likes)] == [4]
        await with_keys(seat, '"do.note" = "c"\nbroken')
        (only,) = faults_of(seat.app.shelf.likes)
        assert only.whole
        assert only.line == 5
