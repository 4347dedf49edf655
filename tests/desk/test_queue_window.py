"""The list in memory: pages by keyset, nothing twice, nothing skipped, whatever is read in which order."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.widgets.window import FIRST, KEEP, PAGE, Window


class Line(NamedTuple):
    n: int
    id: str


class Drawer:
    """A queue of numbered letters that counts what is read from it."""

    def __init__(self, size: int) -> None:
        self.rows = [Line(n, f"case-{n}") for n in range(size)]
        self.read = 0

    def fetch(self, *, after: Any = None, before: Any = None, end: bool = False, limit: int) -> Any:
        class Page(NamedTuple):
            rows: list[Line]
            more: bool

        here = [r for r in self.rows if (after is None or r.n > after.n) and (before is None or r.n < before.n)]
        part = here[-limit:] if end or before is not None else here[:limit]
        self.read += len(part)
        return Page(part, len(here) > len(part))

    def window(self, *, counted: bool = True) -> Window:
        window = Window(self.fetch, lambda: len(self.rows) if counted else None)
        window.to_top()
        return window


def shown(window: Window) -> list[int]:
    return [row.n for row in window.rows]


def test_the_first_page_is_all_that_is_read_of_a_million_letters() -> None:
    drawer = Drawer(5000)
    window = drawer.window()
    assert (window.total, drawer.read) == (5000, FIRST)


def test_the_last_letter_is_reached_without_reading_those_between() -> None:
    drawer = Drawer(5000)
    window = drawer.window()
    window.to_bottom()
    assert window[4999] == drawer.rows[4999]
    assert drawer.read == FIRST + PAGE


def test_a_search_says_there_is_more_until_its_end_is_read() -> None:
    window = Drawer(PAGE + 1).window(counted=False)
    assert not window.exact
    window.reach(0, PAGE + 5)
    assert (window.exact, window.total) == (True, PAGE + 1)


def test_an_empty_queue_has_no_rows_and_no_letters() -> None:
    window = Drawer(0).window()
    window.reach(0, 50)
    window.reread(50)
    assert (window.total, window[0], window.start) == (0, None, 0)


def test_a_letter_that_left_is_gone_after_rereading_and_nothing_else_is() -> None:
    drawer = Drawer(300)
    window = drawer.window()
    del drawer.rows[3]
    window.reread(40)
    assert shown(window)[:5] == [0, 1, 2, 4, 5]


def test_after_a_bulk_only_what_is_in_view_is_read_again() -> None:
    drawer = Drawer(3000)
    window = drawer.window()
    window.reach(0, 600)
    done = {row.id for row in drawer.rows[:520]}
    drawer.rows = drawer.rows[520:]
    drawer.read = 0
    window.reread(560, done)
    assert (shown(window)[0], drawer.read) == (520, 561 - 520 + 12)


@given(changed=st.sets(st.integers(0, 400), max_size=350), stayed=st.integers(0, 4), last=st.integers(0, 400))
def test_rereading_shows_the_same_stretch_whether_changed_letters_left_or_stayed(
    changed: set[int], stayed: int, last: int
) -> None:
    drawer = Drawer(1000)
    window = drawer.window()
    window.reach(0, 400)
    held = window.rows[: last + 1]
    left = {n for n in changed if stayed == 0 or n % stayed}
    drawer.rows = [row for row in drawer.rows if row.n not in left]
    window.reread(last, {f"case-{n}" for n in changed})
    there = [row.n for row in held if row.n not in left]
    assert window.start == 0
    assert shown(window)[: len(there)] == there


def test_rereading_in_the_middle_keeps_the_stretch_though_its_first_letter_left() -> None:
    drawer = Drawer(5000)
    window = drawer.window()
    window.to_bottom()
    gone = window.start
    del drawer.rows[gone]
    window.reread(window.start + 30)
    assert shown(window)[0] == gone + 1


def test_no_more_rows_are_kept_than_the_limit() -> None:
    window = Drawer(4000).window()
    window.reach(3860, 3900)
    assert len(window.rows) <= KEEP
    assert window[3900] is not None


def test_a_count_that_is_behind_moves_numbers_but_no_letters() -> None:
    drawer = Drawer(3 * PAGE)
    window = Window(drawer.fetch, lambda: PAGE + 5)
    window.to_top()
    window.to_bottom()
    index = window.start
    case = window[index]
    moved = 0
    while window.start:
        moved += window.reach(0, 0)
        assert window[index + moved] == case
    assert (window.start, window[0]) == (0, drawer.rows[0])


MOVES = st.lists(st.one_of(st.just("top"), st.just("bottom"), st.integers(0, 3000)), max_size=12)


@given(size=st.integers(0, 3000), moves=MOVES)
@settings(max_examples=60, deadline=None)
def test_whatever_is_read_the_rows_are_contiguous_and_where_they_say(size: int, moves: list[str | int]) -> None:
    window = Drawer(size).window()
    for move in moves:
        if move == "top":
            window.to_top()
        elif move == "bottom":
            window.to_bottom()
        elif isinstance(move, int):
            window.reach(max(0, min(move, size - 1) - 40), min(move, size - 1) + 40)
        assert shown(window) == list(range(window.start, window.start + len(window.rows)))
        assert window.total == size


@pytest.mark.parametrize("size", [1, PAGE - 1, PAGE, PAGE + 1])
def test_a_list_of_about_one_page_ends_where_it_ends(size: int) -> None:
    window = Drawer(size).window()
    window.reach(0, size + 10)
    assert (window.total, window.ended, shown(window)) == (size, True, list(range(size)))
