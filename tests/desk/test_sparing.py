"""What is left out of what goes to the terminal is never missed on it: each picture is compared, cell by cell, with one sent whole."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region, Size
from textual.strip import Strip

from desk.sparing import Rows, Sent
from desk.terse import render

WIDTH, HEIGHT = 12, 9

COLOURS = st.sampled_from([None, "red", "default", "#123456", "color(200)"])
STYLES = st.none() | st.builds(
    Style,
    color=COLOURS,
    bgcolor=COLOURS,
    bold=st.sampled_from([None, True, False]),
    underline=st.sampled_from([None, True]),
    reverse=st.sampled_from([None, True]),
)
PIECES = st.lists(st.builds(Segment, st.sampled_from(["ab", "来信", "x", " "]), STYLES), max_size=6)
LINES = [
    Strip([Segment(f"{n:02} 来信{n}".ljust(9), Style(color=f"color({n})"))], WIDTH).adjust_cell_length(WIDTH)
    for n in range(14)
]


class Seen:
    """A terminal, and what is written to it."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(WIDTH, HEIGHT)
        self.stream = pyte.Stream(self.screen)
        self.bytes = 0

    def write(self, text: str) -> None:
        self.bytes += len(text)
        self.stream.feed(text)

    @property
    def cells(self) -> list[list[object]]:
        return [[self.screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


def console() -> Console:
    return Console(file=io.StringIO(), color_system="256", force_terminal=True)


def whole(lines: Sequence[Strip]) -> LayoutUpdate:
    return LayoutUpdate([[line] for line in lines], Region(0, 0, WIDTH, HEIGHT))


def some(lines: Sequence[Strip], first: int, last: int) -> ChopsUpdate:
    """Rows first … last of a picture."""
    return ChopsUpdate(
        [{0: line} for line in lines], [(y, 0, WIDTH) for y in range(first, last + 1)], [[WIDTH]] * HEIGHT
    )


def beside(lines: Sequence[Strip], first: int, last: int) -> ChopsUpdate:
    """The same of rows that are two pieces, as under a dialog, of which the second is sent."""
    parts = [line.divide([5, WIDTH]) for line in lines]
    spans = [(y, 5, WIDTH) for y in range(first, last + 1)]
    return ChopsUpdate([{0: a, 5: b} for a, b in parts], spans, [[5, WIDTH]] * HEIGHT)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["take out", "put in", "other", "beside", "whole"]),
        st.integers(0, HEIGHT - 1),
        st.integers(1, 3),
    ),
    max_size=12,
)


@given(steps=STEPS, pool=st.permutations(range(len(LINES))))
def test_the_terminal_shows_what_the_desk_drew_however_little_was_sent(
    steps: list[tuple[str, int, int]], pool: list[int]
) -> None:
    rows, sent, told = Rows(), Seen(), console()
    lines = [LINES[n] for n in pool[:HEIGHT]]
    spare = [LINES[n] for n in pool[HEIGHT:]]
    sent.write(Sent(whole(lines), rows, Size(WIDTH, HEIGHT)).render_segments(told))
    for what, at, many in steps:
        update: ChopsUpdate | LayoutUpdate
        if what == "take out":
            gone = lines[at : at + many]
            lines = [*lines[:at], *lines[at + many :], *spare[: len(gone)]]
            spare = [*spare[len(gone) :], *gone]
            update = some(lines, at, HEIGHT - 1)
        elif what == "put in":
            kept = [*lines[:at], *spare[:many], *lines[at:]]
            spare, lines = [*spare[many:], *kept[HEIGHT:]], kept[:HEIGHT]
            update = some(lines, at, HEIGHT - 1)
        elif what == "other":
            lines = [*lines[:at], spare[0], *lines[at + 1 :]]
            update = some(lines, at, at)
        elif what == "beside":
            update = beside(lines, at, min(HEIGHT - 1, at + many))
        else:
            update = whole(lines)
        sent.write(Sent(update, rows, Size(WIDTH, HEIGHT)).render_segments(told))
        plain = Seen()
        plain.write(whole(lines).render_segments(told))
        assert sent.cells == plain.cells


@pytest.mark.parametrize("edge", range(1, WIDTH))
def test_where_a_dialog_grew_smaller_no_character_at_its_edge_is_lost(edge: int) -> None:
    """Rows that stand whole again are sent as far as the dialog reached: its edge may lie within a character."""
    rows, sent, told = Rows(), Seen(), console()
    lines = [Strip([Segment("签 超16日转办"[n % 3 :])]).adjust_cell_length(WIDTH) for n in range(HEIGHT)]
    covered = [Strip([Segment("│" * WIDTH)], WIDTH).crop(0, edge) for _line in lines]
    under = [[box, line.crop(edge, WIDTH)] for box, line in zip(covered, lines, strict=True)]
    sent.write(Sent(LayoutUpdate(under, Region(0, 0, WIDTH, HEIGHT)), rows, Size(WIDTH, HEIGHT)).render_segments(told))
    spans = [(y, 0, edge) for y in range(HEIGHT)]
    update = ChopsUpdate([{0: line} for line in lines], spans, [[WIDTH]] * HEIGHT)
    sent.write(Sent(update, rows, Size(WIDTH, HEIGHT)).render_segments(told))
    plain = Seen()
    plain.write(whole(lines).render_segments(told))
    assert sent.cells == plain.cells


def test_a_letter_that_leaves_costs_one_line() -> None:
    rows, sent, told = Rows(), Seen(), console()
    sent.write(Sent(whole(LINES[:HEIGHT]), rows, Size(WIDTH, HEIGHT)).render_segments(told))
    before = sent.bytes
    lines = [LINES[0], *LINES[2 : HEIGHT + 1]]
    sent.write(Sent(some(lines, 1, HEIGHT - 1), rows, Size(WIDTH, HEIGHT)).render_segments(told))
    assert sent.bytes - before < 2 * len(LINES[0].render(told)) + 30


def test_after_another_program_had_the_terminal_every_row_is_written() -> None:
    rows, sent, told = Rows(), Seen(), console()
    update = some(LINES[:HEIGHT], 0, HEIGHT - 1)
    Sent(update, rows, Size(WIDTH, HEIGHT)).render_segments(told)
    assert Sent(update, rows, Size(WIDTH, HEIGHT)).render_segments(told) == ""
    rows.forget()
    sent.write(Sent(update, rows, Size(WIDTH, HEIGHT)).render_segments(told))
    plain = Seen()
    plain.write(whole(LINES[:HEIGHT]).render_segments(told))
    assert sent.cells == plain.cells


def test_what_was_drawn_for_a_higher_window_is_written_and_believed_no_more() -> None:
    rows, told = Rows(), console()
    update = some(LINES[:HEIGHT], 0, HEIGHT - 1)
    Sent(update, rows, Size(WIDTH, HEIGHT)).render_segments(told)
    lower = Size(WIDTH, HEIGHT - 3)
    assert Sent(update, rows, lower).render_segments(told) == update.render_segments(told)
    assert rows.known == []


@given(PIECES)
def test_a_line_told_by_its_changes_looks_as_one_told_word_by_word(pieces: list[Segment]) -> None:
    told, terse, wordy = console(), Seen(), Seen()
    terse.write("\x1b[H" + render(Strip(pieces), told))
    system = told._color_system
    assert system is not None
    wordy.write("\x1b[H" + "".join(Strip.render_style(s, text, system) if s else text for text, s, _ in pieces))
    assert terse.cells == wordy.cells
    assert terse.screen.cursor.attrs == wordy.screen.cursor.attrs
