"""What the desk writes to its terminal arrives whole and in order, however slowly it is taken."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import given
from hypothesis import strategies as st
from textual._ansi_sequences import SYNC_END, SYNC_START

from desk.outgoing import AT_ONCE, Outgoing


@contextmanager
def outgoing() -> Iterator[tuple[Outgoing, int]]:
    """A writer into a pipe, and the end of it that is read."""
    read, write = os.pipe()
    with os.fdopen(write, "w", encoding="utf-8") as file:
        writer = Outgoing(file)
        writer.start()
        try:
            yield writer, read
        finally:
            writer.stop()
            os.close(read)


def taken(fd: int, count: int) -> bytes:
    got = b""
    while len(got) < count:
        got += os.read(fd, count - len(got))
    return got


@given(st.lists(st.sampled_from(["a", "来信", "b" * (AT_ONCE + 1), "c" * 70_000]), max_size=12))
def test_what_was_given_first_is_written_first(pieces: list[str]) -> None:
    with outgoing() as (writer, read):
        for piece in pieces:  # a full pipe takes nothing more until it is read: the writer must not wait for that
            writer.write(piece)
        wanted = "".join(pieces).encode()
        assert taken(read, len(wanted)) == wanted


def test_a_picture_is_written_whole_at_its_end() -> None:
    with outgoing() as (writer, read):
        writer.write(SYNC_START)
        writer.write("来信")
        os.set_blocking(read, False)
        try:
            early = os.read(read, 100)
        except BlockingIOError:
            early = b""
        writer.write(SYNC_END)
        assert (early, os.read(read, 100).decode()) == (b"", f"{SYNC_START}来信{SYNC_END}")


def test_a_terminal_that_went_away_is_no_fault() -> None:
    read, write = os.pipe()
    with os.fdopen(write, "w", encoding="utf-8") as file:
        writer = Outgoing(file)
        writer.start()
        os.close(read)
        writer.write("nobody")
        writer.write("x" * 10_000)
        writer.stop()
    assert not writer.is_alive()
